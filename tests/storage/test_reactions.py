"""Reactions (XEP-0444): one set for each author, the newest, in whatever order they arrive."""

from itertools import permutations

import pytest

from tests.storage.builders import BOB, BOBS, EVES, ME, NOON, ROOM, ROOMS, SECOND, in_room, incoming, operation
from tui_xmpp.model.message import Direction, Reaction
from tui_xmpp.storage import annotations, held, reactions
from tui_xmpp.storage.values import Change, Outcome
from tui_xmpp.storage.writes import Writes


def react(writes: Writes, *emojis: str, number: int = 1, **changes: object) -> None:
    values = {"time": NOON + number * SECOND, "stanza_id": f"x{number}", **changes}
    writes.operate(operation(Change.REACTIONS, "s1", emojis=emojis, **values))


def ours(writes: Writes, *emojis: str, number: int = 1, **changes: object) -> None:
    react(writes, *emojis, number=number, direction=Direction.OUT, sender=ME, **changes)


def shown(writes: Writes) -> tuple[Reaction, ...]:
    return writes.messages.newest(BOBS, 1)[0].reactions


def test_a_reaction_is_shown_under_its_message_and_makes_nothing_unread(writes: Writes) -> None:
    writes.add_message(incoming())
    writes.mark_read(BOBS)
    react(writes, "👍")
    assert shown(writes) == (Reaction("👍", ("",)),)
    chat = writes.chats.get(BOBS)
    assert chat is not None
    assert chat.unread == 0


@pytest.mark.parametrize("order", permutations(range(4)))
def test_the_set_that_was_sent_last_counts_in_any_order(writes: Writes, order: tuple[int, ...]) -> None:
    sets = {1: ("👍", "❤"), 2: (), 3: ("🎉", "❤", "👍")}
    for number in order:
        for _ in range(2):
            if number == 0:
                writes.add_message(incoming())
            else:
                react(writes, *sets[number], number=number)
    assert [reaction.emoji for reaction in shown(writes)] == ["👍", "❤", "🎉"]


def test_taking_all_back_leaves_none(writes: Writes) -> None:
    writes.add_message(incoming())
    react(writes, "👍")
    react(writes, number=2)
    assert shown(writes) == ()


def test_of_one_second_the_later_arrival_counts(writes: Writes) -> None:
    writes.add_message(incoming())
    react(writes, "👍", number=1)
    react(writes, "❤", number=1, stanza_id="x2")
    assert [reaction.emoji for reaction in shown(writes)] == ["❤"]


def test_all_our_devices_are_one_author(writes: Writes) -> None:
    writes.add_message(incoming())
    ours(writes, "👍")
    react(writes, "👍", number=2)
    ours(writes, "👍", "❤", number=3)
    assert shown(writes) == (Reaction("👍", ("",), own=True), Reaction("❤", own=True))
    assert shown(writes)[0].count == 2


def test_in_a_room_the_occupant_id_is_the_author(writes: Writes) -> None:
    writes.add_message(in_room(archive_ids=((ROOM, "s1"),)))
    for number, nick, occupant_id in ((1, "bob", "b"), (2, "robert", "b"), (3, "carol", "")):
        react(
            writes,
            "👍" if number < 3 else "❤",
            number=number,
            key=ROOMS,
            archive=ROOM,
            sender=ROOM.with_resource(nick),
            nick=nick,
            occupant_id=occupant_id,
        )
    (message,) = writes.messages.newest(ROOMS, 1)
    assert message.reactions == (Reaction("👍", ("robert",)), Reaction("❤", ("carol",)))


def test_in_a_room_with_stanza_ids_a_messages_own_id_means_nothing(writes: Writes) -> None:
    writes.add_message(in_room(stanza_id="s1", archive_ids=((ROOM, "a1"),)))
    react(writes, "👍", key=ROOMS, archive=ROOM, sender=ROOM.with_resource("bob"))
    assert writes.messages.newest(ROOMS, 1)[0].reactions == ()


def test_a_reaction_never_crosses_chats(writes: Writes) -> None:
    writes.add_message(incoming())
    react(writes, "👍", key=EVES)
    assert shown(writes) == ()


def test_a_reaction_waits_for_the_id_that_the_room_gives(writes: Writes) -> None:
    message = in_room(stanza_id="s1", direction=Direction.OUT)
    writes.add_message(message)
    react(writes, "👍", key=ROOMS, archive=ROOM, sender=ROOM.with_resource("bob"))
    again = writes.add_message(in_room(stanza_id="s1", direction=Direction.OUT, archive_ids=((ROOM, "s1"),)))
    assert again.outcome is Outcome.UPDATED
    assert [reaction.emoji for reaction in again.message.reactions] == ["👍"]


def test_the_same_set_from_the_archive_takes_the_archives_time(writes: Writes) -> None:
    writes.add_message(incoming())
    ours(writes, "👍", number=500)
    ours(writes, "👍", number=1, stanza_id="x500", from_archive=True)
    ours(writes, "❤", number=2)
    assert [reaction.emoji for reaction in shown(writes)] == ["❤"]


def test_only_so_many_wait_in_a_chat_and_corrections_are_not_crowded_out(
    writes: Writes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "MOST_HELD", 5)
    writes.operate(operation(Change.CORRECTION, body="Hello", stanza_id="c1"))
    for number in range(20):
        react(writes, "👍", number=number, sender=BOB.with_resource(f"{number}"))
    message = writes.add_message(incoming("Helo")).message
    assert message.body == "Hello"
    assert message.reactions[0].count == 5


def test_a_crowd_of_authors_and_emojis_is_cut(writes: Writes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reactions, "MOST_AUTHORS", 10)
    monkeypatch.setattr(annotations, "MOST_EMOJIS", 4)
    writes.add_message(incoming())
    for number in range(20):
        react(writes, chr(0x1F600 + number % 6), number=number, sender=BOB.with_resource(f"{number}"))
    assert len(shown(writes)) == 4
    assert sum(reaction.count for reaction in shown(writes)) == 8


def test_what_was_taken_back_has_no_reactions(writes: Writes) -> None:
    writes.add_message(incoming())
    react(writes, "👍")
    writes.operate(operation(Change.RETRACTION))
    react(writes, "❤", number=2)
    assert shown(writes) == ()
