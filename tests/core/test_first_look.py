"""What a new device finds in an archive is read, but for what is said just now and what no other device has read."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.readers import EXTENDED, reads, run_by
from tests.core.scripted_archive import BOB, OWN, ROOM, SECOND, Archive, Reader, ScriptedLine
from tests.waiting import until
from tui_xmpp.core import live_ends
from tui_xmpp.model.address import Address
from tui_xmpp.model.archive import ArchivePage, ArchiveQuery
from tui_xmpp.model.commands import MarkRead
from tui_xmpp.model.events import MessageChanged
from tui_xmpp.model.message_parts import StanzaId
from tui_xmpp.model.stanzas import DisplayedChanged, DisplayedMark

CAROL = Address.parse("carol@chat.test")
CAROL_THERE = ROOM.with_resource("Carol")


@pytest.fixture
async def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Reader]:
    """A new device, not started yet."""
    reader = Reader(run_by(Archive(), monkeypatch), tmp_path / "alice.db")
    yield reader
    await reader.close()


def unread(reader: Reader, peer: Address = BOB) -> int:
    chat = reader.client.engine.chat(reader.client.key(peer))
    return -1 if chat is None else chat.unread


def mark(reader: Reader, name: str, peer: Address = BOB) -> None:
    """Another device has read up to a message."""
    archive = ROOM if peer == ROOM else OWN
    reader.network.standing.marks.append(DisplayedMark(peer, StanzaId(archive, name)))


async def test_what_the_archive_has_already_when_it_comes_live_is_unread(reader: Reader) -> None:
    """ejabberd has a message in the archive before it hands it over."""
    reader.archive.add(BOB)
    said = reader.archive.add(BOB)
    await reads(reader, 2)
    assert unread(reader) == 0
    reader.line.hear(said)
    await until(lambda: unread(reader) == 1)
    assert reader.bodies() == ["0", "1"]
    assert reader.client.engine.first_unread(reader.client.key(BOB)) == reader.client.history(BOB)[-1].id
    assert [event.message.body for event in reader.client.told(MessageChanged)] == ["1"]


async def test_what_was_said_since_we_are_connected_is_unread_though_it_does_not_come_live(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server may have it before our presence, and hand it over to nobody."""
    monkeypatch.setattr(live_ends, "now", reader.archive.now)
    reader.archive.add(BOB)

    def meanwhile(query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
        if reader.archive.said > 1:
            return page
        reader.archive.add(BOB, pace=SECOND)
        return reader.archive.page(query)

    reader.archive.answer = meanwhile
    await reads(reader, 2)
    assert unread(reader) == 1
    assert reader.client.engine.first_unread(reader.client.key(BOB)) == reader.client.history(BOB)[-1].id


async def test_what_comes_live_while_the_page_is_on_its_way_is_unread(reader: Reader) -> None:
    reader.archive.add(BOB)

    def meanwhile(_query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
        reader.line.hear(reader.archive.kept[-1])
        return page

    reader.archive.answer = meanwhile
    await reads(reader, 1)
    assert unread(reader) == 1


async def test_what_is_said_in_a_room_just_as_one_enters_is_unread(reader: Reader) -> None:
    reader.archive.has_room = True
    reader.archive.add(CAROL_THERE, ROOM)
    said = reader.archive.add(CAROL_THERE, ROOM)
    await reads(reader, 2, ROOM)
    assert unread(reader, ROOM) == 0
    reader.line.hear(said)
    await until(lambda: unread(reader, ROOM) == 1)


async def test_what_was_seen_before_it_comes_live_as_well_stays_read(reader: Reader) -> None:
    said = reader.archive.add(BOB)
    await reads(reader, 1)
    await reader.client.do(MarkRead(reader.client.key(BOB)))
    reader.line.hear(said)
    await reader.session.committed()
    assert unread(reader) == 0


async def test_what_comes_twice_live_is_not_unread_again(reader: Reader) -> None:
    said = reader.archive.add(BOB)
    await reads(reader, 1)
    reader.line.hear(said)
    await until(lambda: unread(reader) == 1)
    await reader.client.do(MarkRead(reader.client.key(BOB)))
    reader.line.hear(said)
    await reader.session.committed()
    assert unread(reader) == 0


@pytest.mark.parametrize(("read_up_to", "expected"), [("id1", 2), ("id3", 0), (None, 0), ("long gone", 4)])
async def test_what_other_devices_have_not_read_is_unread_on_a_new_one(
    reader: Reader, read_up_to: str | None, expected: int
) -> None:
    """XEP-0490; what no device has marked is taken as read."""
    for _ in range(4):
        reader.archive.add(BOB)
    reader.archive.add(CAROL)
    if read_up_to is not None:
        mark(reader, read_up_to)
    await reads(reader, 4)
    assert (unread(reader), unread(reader, CAROL)) == (expected, 0)


async def test_what_we_have_answered_on_another_device_is_read_whatever_is_marked(reader: Reader) -> None:
    for sender, recipient in ((BOB, OWN), (BOB, OWN), (OWN, BOB), (BOB, OWN)):
        reader.archive.add(sender, recipient)
    mark(reader, "id0")
    await reads(reader, 4)
    assert unread(reader) == 1


@pytest.mark.parametrize("is_late", [False, True], ids=["at the start", "later"])
async def test_a_mark_for_what_is_no_message_means_all_before_it(reader: Reader, is_late: bool) -> None:
    """Some clients mark whatever came last, as a reaction."""
    archive = reader.archive
    archive.features = EXTENDED
    archive.answer = lambda _query, page: replace(
        page, messages=tuple(replace(each, body=None) if each.archive_id == "id3" else each for each in page.messages)
    )
    archive.add(BOB)
    await reads(reader, 1)
    for number in range(1, 6):
        said = archive.add(BOB)
        if number != 3 and is_late:
            reader.line.hear(said)
    other = DisplayedMark(BOB, StanzaId(OWN, "id3"))
    if is_late:
        await until(lambda: unread(reader) == 4)
        reader.line.receiver.receive(DisplayedChanged((other,)))
    else:
        reader.network.standing.marks.append(other)
        reader.line.lose(resumable=False)
        await reader.online()
    await until(lambda: (unread(reader), len(reader.bodies())) == (2, 5))
    assert reader.client.engine.first_unread(reader.client.key(BOB)) == reader.client.history(BOB)[-2].id


async def test_marks_that_are_told_late_count_as_those_that_come_first(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, displayed_marks = asyncio.Event(), ScriptedLine.displayed_marks

    async def late(line: ScriptedLine) -> tuple[DisplayedMark, ...]:
        await answer.wait()
        return await displayed_marks(line)

    monkeypatch.setattr(ScriptedLine, "displayed_marks", late)
    for _ in range(3):
        reader.archive.add(BOB)
    mark(reader, "id0")
    await reader.start()
    await reader.has(3)
    assert unread(reader) == 0
    answer.set()
    await until(lambda: unread(reader) == 2)


async def test_a_room_in_which_another_device_has_read_is_unread_from_there(reader: Reader) -> None:
    reader.archive.has_room = True
    for _ in range(3):
        reader.archive.add(CAROL_THERE, ROOM)
    mark(reader, "id0", ROOM)
    await reads(reader, 3, ROOM)
    assert unread(reader, ROOM) == 2
