"""Where something is missing in a history is known and said, until it is there."""

from pathlib import Path

import pytest

from tests.core.readers import EXTENDED, again, read, run_by
from tests.core.scripted_archive import BOB, EVE, Archive, Reader
from tests.waiting import until
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.model.archive import ArchivePage, ArchiveQuery


@pytest.fixture(params=["plain", "extended"])
def archive(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Archive:
    return run_by(Archive(features=EXTENDED) if request.param == "extended" else Archive(), monkeypatch)


def gaps(reader: Reader, peer: Address = BOB) -> list[str]:
    """What stands after a gap."""
    found = reader.client.engine.gaps(reader.client.key(peer))
    return [message.body for message in reader.client.history(peer) if message.id in found]


async def test_a_gap_is_where_the_newest_page_begins_until_the_older_ones_are_here(
    archive: Archive, tmp_path: Path
) -> None:
    reader = await read(archive, tmp_path, 10)
    for _ in range(30):
        archive.add(BOB)
    archive.add(EVE)
    hold = True

    def refuse(query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
        if query.before and hold:
            raise RequestFailed("Busy.", condition="internal-server-error")
        return page

    archive.answer = refuse
    await reader.start()
    await reader.has(16)
    assert gaps(reader) == ["34"]
    assert gaps(reader, EVE) == []
    hold = False
    await reader.has(40)
    await until(lambda: not gaps(reader))
    await reader.close()


async def test_without_a_line_it_is_known_too(archive: Archive, tmp_path: Path) -> None:
    reader = await read(archive, tmp_path, 10)
    for _ in range(30):
        archive.add(BOB)

    def lose(query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
        if query.before:
            raise RequestFailed("No.", condition="forbidden")
        return page

    archive.answer = lose
    await reader.start()
    await reader.has(17)
    path = reader.client.path
    await reader.close()
    reader = Reader(archive, path)
    assert gaps(reader) == ["33"]
    await reader.close()


async def test_what_comes_live_while_a_gap_is_looked_into_does_not_hide_it(archive: Archive, tmp_path: Path) -> None:
    """The next start knows of a stretch only that it is held, reads it once more, and is told something meanwhile."""
    reader = await read(archive, tmp_path, 10)
    for _ in range(30):
        archive.add(BOB)

    def refuse(query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
        if query.before:
            raise RequestFailed("No.", condition="forbidden")
        return page

    archive.answer = refuse
    await reader.start()
    await reader.has(17)
    await reader.idle()
    reader = await again(reader)
    asked = 0

    def say_something(_query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
        nonlocal asked
        asked += 1
        if asked == 2:
            reader.line.hear(archive.add(BOB))
        return page

    archive.answer = say_something
    await reader.start()
    await reader.has(18)
    await reader.idle()
    assert reader.bodies() == archive.bodies(BOB)
    assert gaps(reader) == []
    await reader.close()
