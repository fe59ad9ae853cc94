"""What we do with messages: shown at once, kept until the server has it, and taken back where it is refused."""

from pathlib import Path

import pytest

from tests.storage.builders import BOBS, ME, NOON, SECOND, incoming, operation, outgoing
from tui_xmpp.model.message import Delivery, Direction, Message, Quote, Reaction
from tui_xmpp.storage.opening import open_store
from tui_xmpp.storage.values import Change, NewReply, OutgoingOperation
from tui_xmpp.storage.writes import Writes


@pytest.fixture
def own(writes: Writes) -> Message:
    return writes.add_message(outgoing("Helo", delivery=Delivery.SENT)).message


def do(writes: Writes, message: Message, change: Change, number: int = 1, **changes: object) -> OutgoingOperation:
    new = operation(change, message.stanza_id, direction=Direction.OUT, sender=ME, stanza_id=f"x{number}", **changes)
    done = writes.begin_operation(message.id, new)
    assert done is not None
    return done


def now(writes: Writes, message: Message) -> Message:
    found = writes.messages.get(message.id)
    assert found is not None
    return found


def test_what_is_done_waits_until_it_is_settled(writes: Writes, own: Message, path: Path) -> None:
    done = do(writes, own, Change.CORRECTION, body="Hello")
    assert (now(writes, own).body, now(writes, own).waiting) == ("Hello", True)
    again, _ = open_store(path)
    assert Writes(again).outgoing.all(ME) == (done,)
    again.close()
    settled = writes.settle_operation(done)
    assert settled is not None
    assert (settled.body, settled.waiting) == ("Hello", False)
    assert writes.outgoing.all(ME) == ()


def test_it_goes_out_in_the_order_in_which_it_was_done(writes: Writes, own: Message) -> None:
    other = writes.add_message(incoming()).message
    todo = [
        do(writes, own, Change.CORRECTION, 1, body="Hello"),
        do(writes, other, Change.REACTIONS, 2, emojis=("👍",)),
        do(writes, own, Change.CORRECTION, 3, body="Hello!", time=NOON - SECOND),
    ]
    assert list(writes.outgoing.all(ME)) == todo


def test_our_last_word_counts_whatever_the_clock_says(writes: Writes, own: Message) -> None:
    do(writes, own, Change.CORRECTION, 1, body="Hello", time=NOON + 9 * SECOND)
    do(writes, own, Change.CORRECTION, 2, body="Hallo", time=NOON)
    do(writes, own, Change.REACTIONS, 3, emojis=("👍",), time=NOON + 9 * SECOND)
    do(writes, own, Change.REACTIONS, 4, emojis=("❤",), time=NOON)
    assert now(writes, own).body == "Hallo"
    assert now(writes, own).reactions == (Reaction("❤", own=True),)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_refused_corrections_give_back_the_text(writes: Writes, own: Message, order: tuple[int, ...]) -> None:
    done = [do(writes, own, Change.CORRECTION, n, body=f"Text {n}", time=NOON + n * SECOND) for n in (1, 2)]
    writes.undo_operation(done[order[0]])
    assert now(writes, own).body == f"Text {2 - order[0]}"
    assert now(writes, own).waiting
    back = writes.undo_operation(done[order[1]])
    assert back == own
    assert writes.messages.versions(own.id) == ()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_refused_reactions_give_back_those_before(writes: Writes, own: Message, order: tuple[int, ...]) -> None:
    settled = do(writes, own, Change.REACTIONS, 1, emojis=("👍",))
    writes.settle_operation(settled)
    before = now(writes, own)
    done = [
        do(writes, own, Change.REACTIONS, n, emojis=emojis, time=NOON + n * SECOND)
        for n, emojis in ((2, ("❤",)), (3, ()))
    ]
    writes.undo_operation(done[order[0]])
    writes.undo_operation(done[order[1]])
    assert now(writes, own) == before


def test_a_refused_retraction_gives_everything_back(writes: Writes, own: Message) -> None:
    writes.settle_operation(do(writes, own, Change.CORRECTION, 1, body="Hello", time=NOON + SECOND))
    writes.operate(operation(Change.REACTIONS, own.stanza_id, emojis=("👍",), stanza_id="theirs"))
    before, versions = now(writes, own), writes.messages.versions(own.id)
    done = do(writes, own, Change.RETRACTION, 2)
    assert now(writes, own).body == ""
    assert now(writes, own).tombstone is not None
    assert writes.undo_operation(done) == before
    assert writes.messages.versions(own.id) == versions
    chat = writes.chats.get(BOBS)
    assert chat is not None
    assert chat.preview is not None
    assert chat.preview.text == "Hello"


def test_a_refused_retraction_of_an_answer_leaves_it_one(writes: Writes) -> None:
    asked = writes.add_message(incoming("bread?")).message
    answer = writes.add_message(outgoing("yes", delivery=Delivery.SENT, reply=NewReply("s1"))).message
    done = do(writes, answer, Change.RETRACTION)
    assert now(writes, answer).reply is None
    back = writes.undo_operation(done)
    assert back == answer
    assert back.reply == Quote(asked.id, text="bread?")


def test_once_a_retraction_is_settled_nothing_is_kept(writes: Writes, own: Message) -> None:
    done = do(writes, own, Change.RETRACTION)
    again = writes.operate(
        operation(Change.RETRACTION, own.stanza_id, direction=Direction.OUT, sender=ME, time=NOON, stanza_id="x1")
    )
    assert again is not None
    settled = writes.settle_operation(done)
    assert settled is not None
    assert settled.tombstone is not None
    assert not settled.waiting
    assert writes.outgoing.all(ME) == ()


def test_what_was_taken_back_is_not_corrected_any_more(writes: Writes, own: Message) -> None:
    do(writes, own, Change.CORRECTION, 1, body="Hello")
    gone = do(writes, own, Change.RETRACTION, 2)
    assert writes.outgoing.all(ME) == (gone,)


def test_a_pending_message_that_was_taken_back_or_deleted_does_not_go_out(writes: Writes) -> None:
    one = writes.add_message(outgoing("One", stanza_id="o1", origin_id="o1")).message
    two = writes.add_message(outgoing("Two", stanza_id="o2", origin_id="o2")).message
    done = do(writes, one, Change.RETRACTION)
    writes.hide_message(two.id, NOON)
    assert writes.messages.pending(ME) == ()
    settled = writes.settle_operation(done)
    assert settled is not None
    assert settled.delivery is Delivery.SENT


def test_what_nobody_has_seen_is_simply_another_text(writes: Writes) -> None:
    message = writes.add_message(outgoing("Helo")).message
    changed = writes.replace_text(message.id, "Hello")
    assert changed is not None
    assert (changed.body, changed.edited, changed.delivery) == ("Hello", False, Delivery.PENDING)
    assert writes.messages.versions(message.id) == ()


def test_an_operation_goes_with_its_message(writes: Writes, own: Message) -> None:
    do(writes, own, Change.REACTIONS, emojis=("👍",))
    writes.delete_message(own.id)
    assert writes.outgoing.all(ME) == ()
