"""Replies (XEP-0461): the original is found before and after the answer, and the quote follows it."""

import pytest

from tests.storage.builders import (
    BOB,
    BOBS,
    EVE,
    EVES,
    NOON,
    ROOM,
    ROOMS,
    SECOND,
    archived,
    correct,
    in_room,
    incoming,
    operation,
    outgoing,
)
from tui_xmpp.model.message import Delivery, Direction, Message, Quote
from tui_xmpp.storage.values import Change, NewMessage, NewReply
from tui_xmpp.storage.writes import Writes

ORIGINAL = incoming("who brings\nbread?")
ANSWER = incoming("me", stanza_id="s2", time=NOON + SECOND, reply=NewReply("s1", quoted="who brings bread?"))


def stored(writes: Writes, *news: NewMessage) -> list[Message]:
    ids = [writes.add_message(new).message.id for new in news]
    return list(writes.messages.by_ids(ids))


@pytest.mark.parametrize("turned", [False, True], ids=["in order", "the answer first"])
def test_an_answer_quotes_its_original(writes: Writes, turned: bool) -> None:
    original, answer = incoming("who brings\nbread?"), ANSWER
    if turned:
        (answered, asked) = stored(writes, answer, archived(original, "a1"))
    else:
        (asked, answered) = stored(writes, original, answer)
    assert answered.reply == Quote(asked.id, text="who brings bread?")
    assert [message.id for message in writes.messages.answers_to(asked.id)] == [answered.id]


def test_without_its_original_an_answer_quotes_what_it_brought(writes: Writes) -> None:
    (answer,) = stored(writes, ANSWER)
    assert answer.reply == Quote(None, text="who brings bread?")


def test_a_quote_says_whose_it_is(writes: Writes) -> None:
    own = outgoing("bread?", delivery=Delivery.SENT)
    answer = incoming("me", stanza_id="s2", reply=NewReply("o1"))
    asked, answered = stored(writes, own, answer)
    assert answered.reply == Quote(asked.id, own=True, text="bread?")
    asked, answered = stored(
        writes,
        in_room("tea?", "carol", archive_ids=((ROOM, "a1"),)),
        in_room("yes", stanza_id="r2", reply=NewReply("a1", ROOM)),
    )
    assert answered.reply == Quote(asked.id, nick="carol", text="tea?")


def test_in_a_room_only_the_rooms_id_counts(writes: Writes) -> None:
    _, answer = stored(
        writes,
        in_room("tea?", stanza_id="r1", archive_ids=((ROOM, "a1"),)),
        in_room("yes", stanza_id="r2", reply=NewReply("r1", ROOM, "tea?")),
    )
    assert answer.reply == Quote(None, text="tea?")


def test_an_own_message_is_found_by_the_id_that_the_room_gives_it_later(writes: Writes) -> None:
    own = in_room("tea?", stanza_id="o1", direction=Direction.OUT)
    asked, answered = stored(writes, own, in_room("yes", stanza_id="r2", reply=NewReply("a1", ROOM)))
    assert answered.reply == Quote(None)
    writes.add_message(in_room("tea?", stanza_id="o1", direction=Direction.OUT, archive_ids=((ROOM, "a1"),)))
    assert writes.messages.newest(ROOMS, 1)[0].reply == Quote(asked.id, nick="bob", own=True, text="tea?")


def test_an_answer_never_quotes_from_another_chat(writes: Writes) -> None:
    _, answer = stored(writes, ORIGINAL, incoming("me", key=EVES, sender=EVE, stanza_id="s2", reply=NewReply("s1")))
    assert answer.reply == Quote(None)
    stored(writes, incoming("more", key=EVES, sender=EVE, stanza_id="s3", reply=NewReply("s9")))
    stored(writes, incoming("later", stanza_id="s9"))
    assert writes.messages.newest(EVES, 1)[0].reply == Quote(None)


def test_a_message_does_not_answer_itself(writes: Writes) -> None:
    (answer,) = stored(writes, incoming("me", reply=NewReply("s1", quoted="?")))
    assert answer.reply == Quote(None, text="?")


def test_the_quote_follows_a_correction_and_a_retraction(writes: Writes) -> None:
    asked, answered = stored(writes, ORIGINAL, ANSWER)
    correct(writes, BOBS, "s1", sender=BOB, body="who brings tea?", time=NOON + SECOND, stanza_id="c1")
    assert writes.messages.by_ids([answered.id])[0].reply == Quote(asked.id, text="who brings tea?")
    writes.operate(operation(Change.RETRACTION, "s1"))
    assert writes.messages.by_ids([answered.id])[0].reply == Quote(asked.id)


def test_of_a_deleted_original_only_the_answers_own_quotation_is_left(writes: Writes) -> None:
    asked, answered = stored(writes, ORIGINAL, ANSWER)
    writes.hide_message(asked.id, NOON)
    assert writes.messages.by_ids([answered.id])[0].reply == Quote(None, text="who brings bread?")


def test_a_corrected_answer_stays_an_answer(writes: Writes) -> None:
    asked, answered = stored(writes, ORIGINAL, ANSWER)
    correct(writes, BOBS, "s2", sender=BOB, body="I do", time=NOON + 2 * SECOND, stanza_id="c1")
    (answer,) = writes.messages.by_ids([answered.id])
    assert (answer.body, answer.reply) == ("I do", Quote(asked.id, text="who brings bread?"))


def test_the_body_as_it_came_is_kept_where_a_part_was_cut(writes: Writes) -> None:
    whole = "> who brings bread?\nme"
    (answer,) = stored(writes, incoming("me", stanza_id="s2", whole=whole, reply=NewReply("s1")))
    assert writes.messages.whole_text(answer.id) == whole
    (plain,) = stored(writes, incoming("plain", stanza_id="s3"))
    assert writes.messages.whole_text(plain.id) == "plain"
    cut = operation(Change.CORRECTION, "s2", body="I do", whole="> who brings bread?\nI do")
    writes.operate(cut)
    assert writes.messages.whole_text(answer.id) == "> who brings bread?\nI do"
