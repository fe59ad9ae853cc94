"""What is said of our messages before they are here: an archive's pages come newest first."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.readers import EXTENDED, run_by
from tests.core.scripted_archive import BOB, OWN, Archive, Reader, live
from tests.waiting import until
from tui_xmpp.core import session
from tui_xmpp.model.archive import ArchivePage, ArchiveQuery
from tui_xmpp.model.events import MessageAdded, MessageChanged
from tui_xmpp.model.message import Delivery, Direction
from tui_xmpp.model.stanzas import MessageReceived


@pytest.fixture(params=["plain", "extended"])
async def reader(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Reader]:
    """A client that has not been started, and an archive of which one page has seven results."""
    archive = Archive(features=EXTENDED) if request.param == "extended" else Archive()
    archive.answer = with_marks
    monkeypatch.setattr(session, "AFTER", 60)
    reader = Reader(run_by(archive, monkeypatch), tmp_path / "alice.db")
    yield reader
    await reader.close()


def with_marks(_query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
    """Some of Bob's say something of a message of ours."""
    return replace(page, messages=tuple(map(as_mark, page.messages)))


def as_mark(message: MessageReceived) -> MessageReceived:
    what, _, name = (message.body or "").partition(" ")
    match what:
        case "displayed":
            return replace(message, body=None, displayed=name)
        case "receipt":
            return replace(message, body=None, receipt_for=name)
        case _:
            return message


def deliveries(reader: Reader) -> list[Delivery]:
    """How far each of ours came."""
    return [message.delivery for message in reader.client.history(BOB) if message.direction is Direction.OUT]


def told(reader: Reader, body: str) -> list[Delivery]:
    """What the screen was told of a message of ours."""
    events = (event for event in reader.client.events if isinstance(event, MessageAdded | MessageChanged))
    return [event.message.delivery for event in events if event.message.body == body]


async def test_what_was_displayed_is_so_on_whichever_page_the_marker_is(reader: Reader) -> None:
    for _ in range(20):
        reader.archive.add(OWN, BOB)
    reader.archive.add(BOB, body="displayed sid17")
    await reader.start()
    await reader.has(20)
    await until(lambda: deliveries(reader) == [Delivery.DISPLAYED] * 18 + [Delivery.SENT] * 2)
    await until(lambda: told(reader, "3")[-1:] == [Delivery.DISPLAYED])


async def test_what_a_marker_or_a_receipt_names_may_come_with_an_older_page(reader: Reader) -> None:
    archive = reader.archive
    for number in range(9):
        archive.add(OWN, BOB, name=f"{number}")
    for number in range(5):
        archive.add(BOB, body=f"receipt {number + 4}")
    archive.add(BOB, body="displayed 3")
    archive.add(BOB, body="yes")
    await reader.start()
    await reader.has(10)
    await until(lambda: deliveries(reader) == [Delivery.DISPLAYED] * 4 + [Delivery.DELIVERED] * 5)


async def test_a_marker_that_comes_live_may_be_quicker_than_the_page(reader: Reader) -> None:
    said = reader.archive.add(OWN, BOB)

    def meanwhile(_query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
        if reader.archive.said == 1:
            marker = live(reader.archive.add(BOB))
            reader.archive.kept.pop()
            reader.line.receiver.receive(replace(marker, body=None, displayed=said.name, stanza_ids=()))
        return page

    reader.archive.answer = meanwhile
    await reader.start()
    await until(lambda: deliveries(reader) == [Delivery.DISPLAYED])
