"""Reading everything, page by page."""

from itertools import pairwise

import pytest

from tests.storage.builders import (
    BOB,
    BOBS,
    EVE,
    EVES,
    ME,
    NOON,
    OTHER_ME,
    ROOM,
    ROOMS,
    SECOND,
    archived,
    correct,
    in_room,
    incoming,
    outgoing,
)
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.record import Version
from tui_xmpp.storage import history
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.history import HistoryReader
from tui_xmpp.storage.writes import Writes


@pytest.fixture
def reader(db: Connection) -> HistoryReader:
    return HistoryReader(db)


def test_every_chat_is_found_also_those_off_the_list(writes: Writes, reader: HistoryReader) -> None:
    writes.ensure_chat(ROOMS, ChatKind.ROOM, open=True)
    writes.ensure_chat(BOBS, ChatKind.CONTACT, open=False)
    writes.ensure_chat(ChatKey(OTHER_ME, BOB), ChatKind.CONTACT)
    assert [chat.key for chat in reader.chats()] == [BOBS, ROOMS, ChatKey(OTHER_ME, BOB)]


@pytest.mark.parametrize("page", [1, 2, 3, 500])
def test_every_message_comes_once_and_in_order_whatever_the_page(
    writes: Writes, reader: HistoryReader, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr(history, "_PAGE", page)
    for number in range(7):
        writes.add_message(incoming(f"{number}", stanza_id=f"s{number}", time=NOON + number // 3 * SECOND))
    writes.add_message(incoming("Eve", key=EVES, sender=EVE))
    found = [record.message for record in reader.records(BOBS)]
    assert [message.body for message in found] == list("0123456")
    assert all((one.position, one.id) < (two.position, two.id) for one, two in pairwise(found))


@pytest.mark.parametrize(
    ("since", "until", "bodies"),
    [(1, 3, "12"), (0, 1, "0"), (4, 9, ""), (3, 9, "3"), (2, 2, "")],
)
def test_a_time_is_counted_from_its_beginning_to_before_its_end(
    writes: Writes, reader: HistoryReader, since: int, until: int, bodies: str
) -> None:
    for number in range(4):
        writes.add_message(incoming(f"{number}", stanza_id=f"s{number}", time=NOON + number * SECOND))
    found = reader.records(BOBS, NOON + since * SECOND, NOON + until * SECOND)
    assert [record.message.body for record in found] == list(bodies)


def test_it_is_the_time_of_sending_that_counts(writes: Writes, reader: HistoryReader) -> None:
    writes.add_message(incoming("new", stanza_id="s1", time=NOON))
    writes.add_message(incoming("late", stanza_id="s2", time=NOON - 9 * SECOND))
    assert [record.message.body for record in reader.records(BOBS)] == ["new", "late"]
    assert [record.message.body for record in reader.records(BOBS, NOON)] == ["new"]


def test_every_text_and_every_id_of_an_archive_comes_with_a_message(writes: Writes, reader: HistoryReader) -> None:
    writes.add_message(archived(incoming("Helo"), "a1"))
    correct(writes, BOBS, "s1", sender=BOB, body="Hello", time=NOON + SECOND, stanza_id="s2")
    writes.add_message(archived(in_room("Hi", time=NOON + SECOND), "r1", ROOM))
    writes.add_message(outgoing("Bye", time=NOON + 2 * SECOND))
    first, second = reader.records(BOBS)
    assert first.archive_ids == ((ME, "a1"),)
    assert first.versions == (Version("Helo", NOON), Version("Hello", NOON + SECOND))
    assert (second.archive_ids, second.versions) == ((), ())
    assert [record.archive_ids for record in reader.records(ROOMS)] == [((ROOM, "r1"),)]


def test_of_an_unknown_chat_there_is_nothing(reader: HistoryReader) -> None:
    assert list(reader.records(BOBS)) == []
    assert reader.chats() == ()
