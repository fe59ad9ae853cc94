"""In whatever order messages come, they end in the archive's: once each, without a gap."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.readers import EXTENDED, run_by
from tests.core.scripted_archive import BOB, OWN, SECOND, Archive, Reader, live
from tests.waiting import until
from tui_xmpp.core import catch_up, session
from tui_xmpp.model.archive import ArchivePage, ArchiveQuery
from tui_xmpp.model.events import HistoryExtended, MessageChanged


@pytest.fixture(params=["plain", "extended"])
def archive(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Archive:
    monkeypatch.setattr(catch_up, "LEISURE", 0.0)
    archive = Archive(features=EXTENDED) if request.param == "extended" else Archive()
    return run_by(archive, monkeypatch, settled_after=0.02)


async def test_what_was_held_back_and_comes_after_what_is_newer_moves_to_its_place(
    archive: Archive, tmp_path: Path
) -> None:
    reader = Reader(archive, tmp_path / "alice.db")
    await reader.start()
    await reader.idle()
    reader.line.hear(archive.add(BOB), archive.add(BOB))
    await reader.has(2)
    held = [archive.add(BOB), archive.add(BOB)]
    reader.line.lose(resumable=True)
    await reader.online()
    reader.line.hear(archive.add(BOB), archive.add(BOB))
    reader.line.hear(*held, held_back=True)
    await reader.has(6)
    await until(lambda: reader.bodies() == list("012345"), what=f"{reader.bodies()}")
    await reader.idle()
    moved = {event.message.body for event in reader.client.told(MessageChanged)}
    assert moved == {"2", "3"}
    assert reader.client.told(HistoryExtended)[-1] == HistoryExtended(reader.client.key(BOB), 0)
    preview = reader.client.engine.chats()[0].preview
    assert preview is not None
    assert preview.text == "5"
    await reader.close()


async def test_what_an_archive_left_out_at_first_moves_to_its_place_too(archive: Archive, tmp_path: Path) -> None:
    reader = Reader(archive, tmp_path / "alice.db")
    await reader.start()
    await reader.idle()
    reader.line.hear(archive.add(BOB))
    await reader.has(1)
    held = archive.add(BOB)
    reader.line.lose(resumable=True)
    newer = archive.add(BOB)
    turns = iter(range(100))

    def leave_out(_query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
        if next(turns) > 0:
            return page
        return replace(page, messages=tuple(one for one in page.messages if one.archive_id != newer.id))

    archive.answer = leave_out
    await reader.online()
    reader.line.hear(newer, held)
    await until(lambda: reader.bodies() == list("012"), what=f"{reader.bodies()}")
    await reader.close()


async def test_what_nobody_told_us_while_an_archive_lagged_behind_is_not_lost(archive: Archive, tmp_path: Path) -> None:
    """What comes live between question and answer does not show that there is nothing between it and the page."""
    reader = Reader(archive, tmp_path / "alice.db")
    await reader.start()
    await reader.idle()
    reader.line.hear(archive.add(BOB))
    await reader.has(1)
    reader.line.lose(resumable=False)
    untold: list[str] = []

    def lag(query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
        if untold or query.archive is not None:
            return page
        untold.append(archive.add(BOB).id)
        reader.line.hear(archive.add(BOB))
        return page

    archive.answer = lag
    await reader.online()
    await until(lambda: reader.bodies() == list("012"), what=f"{reader.bodies()}")
    await reader.close()


async def test_what_was_archived_after_the_first_look_and_handed_over_to_nobody_is_found_by_the_second(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "AFTER", 0.05)
    reader = Reader(archive, tmp_path / "alice.db")

    def meanwhile(_query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
        if archive.said < 9:
            archive.add(BOB, body="unheard")
        return page

    for _ in range(8):
        archive.add(BOB)
    archive.answer = meanwhile
    await reader.start()
    await reader.idle()
    assert "unheard" not in reader.bodies()
    reader.line.hear(archive.add(BOB), archive.add(BOB))
    await until(lambda: reader.bodies() == [*"01234567", "unheard", "9", "10"], what=f"{reader.bodies()}")
    chat = reader.client.engine.chat(reader.client.key(BOB))
    assert chat is not None
    assert chat.unread == 3
    await reader.close()


async def test_own_messages_from_another_device_move_to_their_place_too(archive: Archive, tmp_path: Path) -> None:
    reader = Reader(archive, tmp_path / "alice.db")
    await reader.start()
    await reader.idle()
    reader.line.hear(archive.add(OWN, BOB))
    held = archive.add(OWN, BOB)
    reader.line.lose(resumable=True)
    await reader.online()
    reader.line.hear(archive.add(OWN, BOB), held)
    await until(lambda: reader.bodies() == list("012"), what=f"{reader.bodies()}")
    await reader.close()


async def test_a_client_that_is_killed_before_it_could_compare_does_so_at_the_next_start(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "SETTLED_AFTER", 3600)
    archive.cap = 2
    reader = Reader(archive, tmp_path / "alice.db")
    await reader.start()
    await until(lambda: not reader.session._chores._work)
    reader.line.hear(archive.add(BOB))
    held = [archive.add(BOB), archive.add(BOB)]
    reader.line.lose(resumable=True)
    await reader.online()
    reader.line.hear(*(archive.add(BOB) for _ in range(7)))
    reader.line.hear(*held)
    await reader.has(10)
    assert reader.bodies() != list("0123456789")
    await reader.close()
    reader = Reader(archive, tmp_path / "alice.db")
    await reader.start()
    await until(lambda: reader.bodies() == list("0123456789"), what=f"{reader.bodies()}")
    await reader.close()


@pytest.mark.parametrize("comes_live", [False, True], ids=["while we were away", "by carbons without ids"])
async def test_what_another_device_says_that_counts_its_ids_is_all_there(
    archive: Archive, tmp_path: Path, comes_live: bool
) -> None:
    reader = Reader(archive, tmp_path / "alice.db")
    if comes_live:
        await reader.start()
        await reader.idle()
    hour = 3600 * SECOND
    for body, name in (("one", "1"), ("ok", "2"), ("two", "1"), ("ok", "2")):
        said = archive.add(OWN, BOB, pace=hour, body=body, name=name)
        if comes_live:
            reader.line.receiver.receive(replace(live(said), stanza_ids=()))
            await reader.session.committed()
    if not comes_live:
        await reader.start()
        await reader.idle()
    assert reader.bodies() == ["one", "ok", "two", "ok"]
    reader.line.lose(resumable=False)
    await reader.online()
    await reader.idle()
    assert reader.bodies() == ["one", "ok", "two", "ok"]
    await reader.close()
