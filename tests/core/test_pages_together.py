"""Pages that were asked for one by one and are stored together: nothing of what makes a page one is lost by it."""

from pathlib import Path

import pytest

from tests.core.readers import EXTENDED, read, run_by
from tests.core.scripted_archive import BOB, Archive, Reader
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.archive import ArchivePage, ArchiveQuery
from tui_xmpp.model.events import HistoryExtended
from tui_xmpp.model.stanzas import MessageReceived

HELD, MISSED = 5, 70
EVERYTHING = [str(number) for number in range(HELD + MISSED)]


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch) -> Archive:
    """One that can stop at what is held, and gives seven messages at once."""
    return run_by(Archive(features=EXTENDED), monkeypatch)


async def away(archive: Archive, path: Path) -> Reader:
    """A client that has read the first messages, and has missed the others."""
    reader = await read(archive, path, HELD)
    for _ in range(MISSED):
        archive.add(BOB)
    archive.asked.clear()
    return reader


async def caught_up(reader: Reader) -> None:
    await reader.has(HELD + MISSED)
    await reader.idle()


async def test_the_newest_page_is_shown_alone_and_the_others_in_ever_more(archive: Archive, tmp_path: Path) -> None:
    reader = await away(archive, tmp_path)
    await reader.start()
    await caught_up(reader)
    assert reader.bodies() == EVERYTHING
    assert [event.count for event in reader.client.told(HistoryExtended) if event.count] == [7, 7, 14, 28, 14]
    await reader.close()


async def test_what_is_refused_among_pages_is_asked_for_again(archive: Archive, tmp_path: Path) -> None:
    reader = await away(archive, tmp_path)
    refused: list[ArchiveQuery] = []

    def refuse_each_once(query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
        if query not in refused:
            refused.append(query)
            raise RequestFailed("Not now.", condition="policy-violation")
        return page

    archive.answer = lambda query, page: refuse_each_once(query, page) if len(archive.asked) > 4 else page
    await reader.start()
    await caught_up(reader)
    assert reader.bodies() == EVERYTHING
    assert refused
    await reader.close()


async def test_a_line_that_lasts_for_three_pages_each_time_brings_everything(archive: Archive, tmp_path: Path) -> None:
    reader = await away(archive, tmp_path)
    asked = 0

    def lose_the_line(_query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
        nonlocal asked
        asked += 1
        if asked % 4 == 0:
            reader.line.lose(resumable=False)
        return page

    archive.answer = lose_the_line
    await reader.start()
    await caught_up(reader)
    assert reader.bodies() == EVERYTHING
    await reader.close()


async def test_what_an_archive_gives_on_two_pages_is_one_message(archive: Archive, tmp_path: Path) -> None:
    reader = await away(archive, tmp_path)
    newer: tuple[MessageReceived, ...] = ()

    def begin_with_it_again(_query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
        nonlocal newer
        shown, newer = (*page.messages, *newer[:2]), page.messages
        return ArchivePage(shown, page.first, shown[-1].archive_id if shown else "", page.complete)

    archive.answer = begin_with_it_again
    await reader.start()
    await caught_up(reader)
    assert reader.bodies() == EVERYTHING
    await reader.close()


async def test_an_archive_that_turns_out_to_end_is_asked_no_more(archive: Archive, tmp_path: Path) -> None:
    reader = await away(archive, tmp_path)

    def hide_the_end(query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
        return ArchivePage(page.messages, page.first, page.last, complete=not page.messages)

    archive.answer = hide_the_end
    await reader.start()
    await caught_up(reader)
    assert reader.bodies() == EVERYTHING
    assert len(archive.asked) == MISSED / archive.cap + 1
    await reader.close()
