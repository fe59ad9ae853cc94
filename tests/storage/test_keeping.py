"""For how long messages are kept, and what a person deletes: gone for good, and only that."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.storage.builders import (
    BOB,
    BOBS,
    EVE,
    EVES,
    ME,
    NOON,
    ROOM,
    ROOMS,
    SECOND,
    archived,
    correct,
    in_room,
    incoming,
    outgoing,
)
from tui_xmpp.model.message import Delivery
from tui_xmpp.model.notifying import Notify
from tui_xmpp.model.search import parse
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.keeping import WINDOW, Floor, Kept
from tui_xmpp.storage.search import SearchReader
from tui_xmpp.storage.values import NewMessage
from tui_xmpp.storage.writes import Writes

DAY = 24 * 60 * 60 * SECOND


def day(number: int, **changes: object) -> NewMessage:
    """What Bob said on a day, which our archive knows as a1, a2…"""
    new = incoming(f"day {number}", stanza_id=f"s{number}", time=NOON + number * DAY, archive_ids=((ME, f"a{number}"),))
    return replace(new, **changes)  # type: ignore[arg-type]  # any field may be changed


def bodies(writes: Writes) -> list[str]:
    return [message.body for message in writes.messages.newest(BOBS, 99)]


def fill(writes: Writes, days: int = 5) -> None:
    for number in range(days):
        writes.add_message(day(number))
    writes.mark_read(BOBS)


def delete_all(writes: Writes) -> None:
    until = writes.begin_deleting(BOBS)
    while writes.delete_some(BOBS, until, 2):
        pass


def test_what_is_older_goes_in_parts_the_oldest_first(writes: Writes) -> None:
    fill(writes)
    assert writes.let_go(BOBS, NOON + 3 * DAY, 2) == 2
    assert bodies(writes) == ["day 2", "day 3", "day 4"]
    assert writes.let_go(BOBS, NOON + 3 * DAY, 2) == 1
    assert writes.let_go(BOBS, NOON + 3 * DAY, 2) == 0
    assert bodies(writes) == ["day 3", "day 4"]
    assert writes.keeping.floor(BOBS) == Floor(NOON + 3 * DAY, 0)


def test_unread_messages_and_own_ones_that_wait_or_failed_are_not_let_go(writes: Writes) -> None:
    fill(writes, 2)
    writes.add_message(day(2))
    writes.add_message(outgoing("waits", stanza_id="o1", origin_id="o1", time=NOON + 3 * DAY))
    failed = writes.add_message(outgoing("failed", stanza_id="o2", origin_id="o2", time=NOON + 4 * DAY)).message
    writes.set_delivery(failed.id, Delivery.FAILED)
    writes.mark_unread(BOBS, writes.messages.newest(BOBS, 9)[2].id)
    writes.let_go(BOBS, NOON + 9 * DAY, 9)
    assert bodies(writes) == ["day 2", "waits", "failed"]
    writes.mark_read(BOBS)
    writes.let_go(BOBS, NOON + 9 * DAY, 9)
    assert bodies(writes) == ["waits", "failed"]


def test_in_a_muted_chat_unread_ones_go_too_and_are_not_counted_any_more(writes: Writes) -> None:
    writes.add_message(day(0))
    writes.add_message(day(5))
    writes.set_notify(BOBS, Notify.NONE)
    writes.let_go(BOBS, NOON + DAY, 9)
    chat = writes.chats.get(BOBS)
    assert chat is not None
    assert (bodies(writes), chat.unread) == (["day 5"], 1)


@pytest.mark.parametrize("notify", [None, Notify.ALL, Notify.MENTIONS])
def test_in_a_chat_with_any_other_rule_unread_ones_stay(writes: Writes, notify: Notify | None) -> None:
    writes.add_message(day(0))
    writes.add_message(day(5))
    writes.set_notify(BOBS, notify)
    writes.let_go(BOBS, NOON + DAY, 9)
    assert bodies(writes) == ["day 0", "day 5"]


def test_what_was_let_go_is_found_no_more_and_the_list_shows_none_of_it(writes: Writes, db: Connection) -> None:
    fill(writes)
    correct(writes, BOBS, "s4", sender=BOB, body="corrected day", time=NOON + 4 * DAY, stanza_id="c4")
    writes.let_go(BOBS, NOON + 9 * DAY, 9)
    chat = writes.chats.get(BOBS)
    assert chat is not None
    assert chat.preview is None
    assert SearchReader(db).find(parse("day", today=date(2026, 1, 1)), 9).hits == ()
    for table in ("messages", "archive_ids", "versions"):
        assert db.number(f"SELECT count(*) FROM {table}") == 0
    db.run("INSERT INTO messages_text (messages_text, rank) VALUES ('integrity-check', 1)")


def test_letting_go_does_not_open_a_gap(writes: Writes) -> None:
    fill(writes)
    writes.extend_span(ME, ME, [f"a{n}" for n in range(5)], before="", complete=True)
    before = writes.archives.spans(ME, ME)
    writes.let_go(BOBS, NOON + 3 * DAY, 9)
    assert writes.archives.spans(ME, ME) == before


def test_a_correction_that_waits_for_ever_is_let_go(writes: Writes, db: Connection) -> None:
    fill(writes, 1)
    correct(writes, BOBS, "unknown", sender=BOB, body="secret", time=NOON, stanza_id="c")
    writes.let_go(BOBS, NOON + DAY, 9)
    assert db.number("SELECT count(*) FROM held_operations") == 0


def test_each_chat_has_its_own_time(writes: Writes) -> None:
    fill(writes, 1)
    writes.add_message(incoming(key=EVES, sender=EVE))
    writes.set_keep_days(BOBS, 7)
    assert (writes.keeping.days(BOBS), writes.keeping.days(EVES)) == (7, None)
    assert set(writes.keeping.chats()) == {Kept(BOBS, 7), Kept(EVES, None)}
    writes.set_keep_days(BOBS, 0)
    assert writes.keeping.days(BOBS) == 0
    writes.set_keep_days(BOBS, None)
    assert writes.keeping.days(BOBS) is None


def test_a_deleted_history_is_gone_in_parts_and_everything_is_read(writes: Writes) -> None:
    fill(writes)
    writes.add_message(day(6))
    writes.add_message(incoming("Eve", key=EVES, sender=EVE))
    delete_all(writes)
    chat = writes.chats.get(BOBS)
    assert chat is not None
    assert (bodies(writes), chat.unread, chat.preview) == ([], 0, None)
    assert len(writes.messages.newest(EVES, 9)) == 1


def test_what_comes_while_it_is_being_deleted_stays(writes: Writes) -> None:
    fill(writes)
    until = writes.begin_deleting(BOBS)
    writes.delete_some(BOBS, until, 2)
    writes.add_message(day(9))
    while writes.delete_some(BOBS, until, 2):
        pass
    assert bodies(writes) == ["day 9"]


def test_an_own_message_on_its_way_stays_and_a_failed_one_goes(writes: Writes) -> None:
    writes.add_message(outgoing("waits", stanza_id="o1", origin_id="o1"))
    failed = writes.add_message(outgoing("failed", stanza_id="o2", origin_id="o2")).message
    writes.set_delivery(failed.id, Delivery.FAILED)
    delete_all(writes)
    assert bodies(writes) == ["waits"]


NAME = "2c8f6f0e-6d0c-4b59-9d0e-4b8a55c0f3aa"
OURS = outgoing("ours", stanza_id=NAME, origin_id=NAME, time=NOON + 5 * DAY, delivery=Delivery.SENT)

COMES_AGAIN = {
    "with its archive id": (archived(day(4, archive_ids=()), "a4"), True),
    "live, with its stanza id alone": (day(4, archive_ids=()), True),
    "ours, of which we never knew the archive's id": (archived(OURS, "a5"), True),
    "older than all that was stored": (archived(day(4, stanza_id="x", archive_ids=(), time=NOON - WINDOW), "x"), True),
    "new": (archived(day(9, archive_ids=()), "a9"), False),
    "new, with a stanza id that counts from 1": (
        archived(day(9, stanza_id="s4", sender=EVE, archive_ids=()), "a9"),
        False,
    ),
    "new, from who counts ids from 1": (archived(day(9, stanza_id="s4", archive_ids=()), "a9"), False),
    "new and live, from who counts ids from 1": (day(9, stanza_id="s4"), False),
    "new and live, by a clock that was a year ahead": (
        day(4, stanza_id="new", archive_ids=(), time=NOON - 360 * DAY),
        False,
    ),
    "new, by a clock that is behind by two days": (
        archived(day(3, stanza_id="new", archive_ids=()), "a9"),
        False,
    ),
}


@pytest.mark.parametrize(("new", "is_forgotten"), COMES_AGAIN.values(), ids=COMES_AGAIN.keys())
def test_what_was_deleted_is_known_again_and_nothing_else(writes: Writes, new: NewMessage, is_forgotten: bool) -> None:
    assert not writes.is_forgotten(new)
    fill(writes)
    writes.add_message(OURS)
    delete_all(writes)
    assert writes.is_forgotten(new) is is_forgotten


def test_a_clock_that_was_wrong_does_not_keep_out_what_is_said_after_it_was_set(writes: Writes) -> None:
    writes.add_message(day(365))
    until = writes.begin_deleting(BOBS, NOON)
    writes.delete_some(BOBS, until, 9)
    assert not writes.is_forgotten(archived(day(0, archive_ids=()), "a0"))


def test_what_arrived_while_a_history_is_being_deleted_is_known_again(writes: Writes) -> None:
    own = outgoing("waits", stanza_id="o1", origin_id="o1", time=NOON)
    message = writes.add_message(own).message
    until = writes.begin_deleting(BOBS)
    assert not writes.is_forgotten(own)
    writes.set_delivery(message.id, Delivery.SENT)
    writes.delete_some(BOBS, until, 2)
    assert bodies(writes) == []
    assert writes.is_forgotten(own)


def test_a_chat_without_messages_has_nothing_to_delete(writes: Writes) -> None:
    assert writes.begin_deleting(BOBS) == 0
    writes.add_message(in_room("hello", archive_ids=((ROOM, "r1"),)))
    assert not writes.is_forgotten(in_room("hello", archive_ids=((ROOM, "r1"),)))
    assert writes.begin_deleting(ROOMS) > 0
    assert writes.is_forgotten(in_room("hello", archive_ids=((ROOM, "r1"),)))


def test_the_file_gets_shorter(writes: Writes, db: Connection, path: Path) -> None:
    db.run("BEGIN")
    for number in range(300):
        writes.add_message(incoming("long " * 300, stanza_id=f"{number}", time=NOON + number))
    db.run("COMMIT")
    db.text("PRAGMA wal_checkpoint(TRUNCATE)")
    size = path.stat().st_size
    delete_all(writes)
    while writes.give_back(16):
        pass
    db.text("PRAGMA wal_checkpoint(TRUNCATE)")
    assert path.stat().st_size < size / 2
