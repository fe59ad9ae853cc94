"""Archives that fail, forget, repeat themselves or say nothing: history stays whole, and asking ends."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.readers import EXTENDED, again, read, reads, run_by
from tests.core.scripted_archive import BOB, OWN, SECOND, Answer, Archive, Fate, Reader
from tests.waiting import until
from tui_xmpp.core import catch_up
from tui_xmpp.core.clock import now
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.archive import ArchivePage, ArchiveQuery
from tui_xmpp.model.commands import LoadOlder
from tui_xmpp.model.events import HistoryExtended, ProblemRaised
from tui_xmpp.model.message import Delivery


@pytest.fixture(params=["plain", "extended"])
def archive(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Archive:
    return run_by(Archive(features=EXTENDED) if request.param == "extended" else Archive(), monkeypatch)


def numbers(*ranges: range) -> list[str]:
    return [str(number) for part in ranges for number in part]


async def test_only_what_is_missing_is_asked_for_where_the_archive_can_say_that(
    archive: Archive, tmp_path: Path
) -> None:
    reader = await read(archive, tmp_path, 20)
    for _ in range(10):
        archive.add(BOB)
    archive.asked.clear()
    await reads(reader, 30)
    assert reader.bodies() == numbers(range(30))
    bounds = {query.after_id for query in archive.asked}
    assert bounds == ({"id19"} if archive.features == EXTENDED else {""})
    await reader.close()


async def test_what_was_purged_is_kept_here_and_what_is_new_is_found(archive: Archive, tmp_path: Path) -> None:
    reader = await read(archive, tmp_path, 20)
    for _ in range(30):
        archive.add(BOB)
    archive.purge(25)
    await reads(reader, 45)
    assert reader.bodies() == numbers(range(20), range(25, 50))
    assert reader.client.engine.archive_begins_here(reader.client.key(BOB))
    await reader.close()


async def test_one_message_that_the_archive_has_lost_breaks_nothing(archive: Archive, tmp_path: Path) -> None:
    reader = await read(archive, tmp_path, 20)
    archive.kept = [kept for kept in archive.kept if kept.id != "id19"]
    for _ in range(30):
        archive.add(BOB)
    await reads(reader, 50)
    # It holds nothing in place any more: what others said before and after it does.
    assert [body for body in reader.bodies() if body != "19"] == numbers(range(19), range(20, 50))
    assert not reader.client.told(ProblemRaised)
    await reader.close()


async def test_an_interrupted_catching_up_goes_on_though_its_place_was_purged(archive: Archive, tmp_path: Path) -> None:
    reader = await read(archive, tmp_path, 10)
    for _ in range(60):
        archive.add(BOB)

    def one_page(query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
        if query.before:
            raise RequestFailed("Busy.", condition="not-allowed")
        return page

    archive.answer = one_page
    await reader.start()
    await reader.has(17)
    await until(lambda: reader.client.told(ProblemRaised))
    reader = await again(reader)
    archive.answer = lambda _query, page: page
    archive.kept = [kept for kept in archive.kept if kept.id != "id63"]
    await reads(reader, 70)
    assert [body for body in reader.bodies() if body != "63"] == numbers(range(63), range(64, 70))
    await reader.close()


@pytest.mark.parametrize("condition", ["internal-server-error", "resource-constraint", "remote-server-timeout"])
async def test_an_archive_that_fails_is_asked_again_until_it_answers(
    archive: Archive, tmp_path: Path, condition: str
) -> None:
    reader = await read(archive, tmp_path, 10)
    for _ in range(20):
        archive.add(BOB)
    left = iter(range(8))

    def fail(_query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
        if next(left, None) is not None:
            raise RequestFailed("The server is busy.", condition=condition)
        return page

    archive.answer = fail
    await reader.start()
    await reader.has(30)
    assert reader.bodies() == numbers(range(30))
    problems = reader.client.told(ProblemRaised)
    assert [problem.title for problem in problems] == ["History could not be fetched, and is tried again"]
    await reader.close()


async def test_while_an_archive_fails_nothing_is_sent_again_that_may_have_arrived(
    archive: Archive, tmp_path: Path
) -> None:
    archive.clock = now()
    reader = await read(archive, tmp_path, 5)
    await reader.start()
    await reader.idle()
    reader.line.fate = Fate.UNANSWERED
    await reader.client.say(BOB, "ours")
    await until(lambda: bool(reader.line.unsure), what="it is under way")
    looks: list[str | None] = []

    def fail(query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
        looks.extend([query.before] if query.peer == BOB else [])
        if len(looks) < 5:
            raise RequestFailed("The server is busy.", condition="internal-server-error")
        return page

    archive.answer = fail
    reader.line.lose(resumable=False)
    await reader.online()
    await until(lambda: reader.client.history(BOB)[-1].delivery is Delivery.SENT)
    await reader.idle()
    assert archive.bodies(BOB).count("ours") == 1
    await reader.close()


async def test_an_archive_that_is_not_for_us_is_not_asked_again(archive: Archive, tmp_path: Path) -> None:
    archive.add(BOB)

    def refuse(_query: ArchiveQuery, _page: ArchivePage) -> ArchivePage:
        raise RequestFailed("No.", condition="forbidden")

    archive.answer = refuse
    reader = Reader(archive, tmp_path / "alice.db")
    await reader.start()
    await reader.idle()
    assert len(archive.asked) == 1
    assert [problem.title for problem in reader.client.told(ProblemRaised)] == ["History could not be fetched"]
    await reader.close()


async def test_the_line_that_is_lost_between_two_pages_leaves_no_gap(archive: Archive, tmp_path: Path) -> None:
    reader = await read(archive, tmp_path, 10)
    for _ in range(60):
        archive.add(BOB)
    turns = iter(range(100))

    def lose(_query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
        if next(turns) in {1, 4, 6}:
            reader.line.lose(resumable=False)
        return page

    archive.answer = lose
    await reads(reader, 70)
    assert reader.bodies() == numbers(range(70))
    await reader.close()


async def test_on_a_bad_line_each_look_for_what_may_have_arrived_goes_on_where_the_last_one_ended(
    archive: Archive, tmp_path: Path
) -> None:
    archive.clock = now()
    reader = await read(archive, tmp_path, 70)
    looks: list[str | None] = []

    def lose(query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
        if query.peer == BOB:
            looks.append(query.before)
            if len(looks) in {4, 8}:
                reader.line.lose(resumable=False)
        return page

    archive.answer = lose
    await reader.start()
    await reader.idle()
    reader.line.fate = Fate.LOST
    await reader.client.say(BOB, "ours")
    await until(lambda: bool(reader.line.unsure), what="it is under way")
    reader.line.lose(resumable=False)
    await until(lambda: "ours" in archive.bodies(BOB), what="it has been sent again")
    await reader.idle()
    deep = [name for name in looks if name]
    assert len(set(deep)) > 8
    # The page on which the line was lost is asked for once more, and no other.
    assert len(deep) - len(set(deep)) <= 2
    assert archive.bodies(BOB).count("ours") == 1
    await reader.close()


async def test_an_archive_that_says_once_that_it_has_nothing_is_not_believed(archive: Archive, tmp_path: Path) -> None:
    archive.features = Archive().features  # asked for what is new alone, it may well have nothing
    reader = await read(archive, tmp_path, 10)
    for _ in range(30):
        archive.add(BOB)
    turns = iter(range(100))

    def forget(_query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
        return ArchivePage((), complete=True) if next(turns) in {0, 2} else page

    archive.answer = forget
    await reads(reader, 40)
    assert reader.bodies() == numbers(range(40))
    await reader.close()


async def test_what_came_live_shows_that_an_archive_is_not_empty(archive: Archive, tmp_path: Path) -> None:
    reader = await read(archive, tmp_path, 10)
    for _ in range(30):
        archive.add(BOB)

    def forget(_query: ArchiveQuery, _page: ArchivePage) -> ArchivePage:
        if archive.said == 40:
            reader.line.hear(archive.add(BOB))
        return ArchivePage((), complete=True)

    archive.answer = forget
    await reader.start()
    await reader.has(11)
    await until(lambda: not reader.session._chores._work, what="it has been asked in vain")
    archive.answer = Archive().answer
    reader = await again(reader)
    await reads(reader, 41)
    assert reader.bodies() == numbers(range(41))
    await reader.close()


class Carousel:
    """Pages by turns, for ever."""

    def __init__(self, *pages: ArchivePage) -> None:
        self._pages = itertools.cycle(pages)

    def __call__(self, _query: ArchiveQuery, _page: ArchivePage) -> ArchivePage:
        return replace(next(self._pages), complete=False)


def nothing(_query: ArchiveQuery, _page: ArchivePage) -> ArchivePage:
    """An empty page that is not the last."""
    return ArchivePage(())


def first_again(query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
    """Pages that say to begin where the page before did."""
    return replace(page, messages=(), first=query.before or "start", last=query.before or "start", complete=False)


@pytest.fixture(params=["same page", "two pages by turns", "nothing", "first again"])
def endless(request: pytest.FixtureRequest, archive: Archive) -> Archive:
    for _ in range(40):
        archive.add(BOB)
    newest = archive.page(ArchiveQuery(before=""))
    older = archive.page(ArchiveQuery(before=newest.first))
    answers: dict[str, Answer] = {
        "same page": Carousel(newest),
        "two pages by turns": Carousel(newest, older),
        "nothing": nothing,
        "first again": first_again,
    }
    archive.asked.clear()
    archive.answer, archive.lies = answers[request.param], True
    return archive


async def test_an_archive_without_end_is_left_alone_soon(endless: Archive, tmp_path: Path) -> None:
    reader = Reader(endless, tmp_path / "alice.db")
    await reader.start()
    await reader.idle()
    assert len(endless.asked) < 6
    bodies = reader.bodies()
    assert len(bodies) == len(set(bodies))
    # Scrolling up asks it again, and then takes it as ended.
    key = reader.client.key(BOB)
    for _ in range(5):
        if not reader.client.engine.archive_begins_here(key):
            await reader.client.do(LoadOlder(key))
    assert reader.client.engine.archive_begins_here(key)
    assert len(endless.asked) < 20
    assert len(reader.bodies()) == len(set(reader.bodies()))
    await reader.close()


async def test_ids_that_repeat_on_a_page_double_nothing(archive: Archive, tmp_path: Path) -> None:
    for _ in range(20):
        archive.add(BOB)
    archive.answer = lambda _query, page: replace(page, messages=page.messages + page.messages[::-1])
    reader = Reader(archive, tmp_path / "alice.db")
    await reads(reader, 20)
    assert reader.bodies() == numbers(range(20))
    await reader.close()


async def test_an_account_without_archive_asks_nothing(tmp_path: Path) -> None:
    archive = Archive(features=frozenset())
    reader = Reader(archive, tmp_path / "alice.db")
    await reader.start()
    reader.line.hear(archive.add(BOB))
    await reader.has(1)
    reader.line.lose(resumable=True)
    await reader.online()
    reader.line.hear(archive.add(BOB))
    await reader.has(2)
    await reader.idle()
    assert archive.asked == []
    assert reader.bodies() == numbers(range(2))
    await reader.close()


async def test_more_than_comes_in_one_go_comes_at_leisure(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catch_up, "DEEPEST", 20)
    monkeypatch.setattr(catch_up, "LEISURE", 0.002)
    reader = await read(archive, tmp_path, 10)
    for _ in range(100):
        archive.add(BOB)
    await reads(reader, 110)
    assert reader.bodies() == numbers(range(110))
    await reader.close()


async def test_scrolling_back_passes_over_pages_without_a_message(archive: Archive, tmp_path: Path) -> None:
    for _ in range(30):
        archive.add(BOB)
    receipts = {kept.id for kept in archive.kept[5:25]}

    def bare(_query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
        return replace(page, messages=tuple(m for m in page.messages if m.archive_id not in receipts))

    archive.answer = bare
    monkey = pytest.MonkeyPatch()
    monkey.setattr(catch_up, "FIRST_VISIT", 5)
    reader = Reader(archive, tmp_path / "alice.db")
    await reads(reader, 5)
    monkey.undo()
    key = reader.client.key(BOB)
    await reader.client.do(LoadOlder(key))
    await reader.has(6)
    assert reader.bodies() == numbers(range(4, 5), range(25, 30))
    assert reader.client.told(HistoryExtended)
    await reader.close()


async def test_scrolling_back_from_a_message_that_was_purged_finds_what_is_left(
    archive: Archive, tmp_path: Path
) -> None:
    for _ in range(40):
        archive.add(BOB, pace=SECOND)
    monkey = pytest.MonkeyPatch()
    monkey.setattr(catch_up, "FIRST_VISIT", 5)
    reader = Reader(archive, tmp_path / "alice.db")
    await reads(reader, 7)
    monkey.undo()
    archive.kept = [kept for kept in archive.kept if kept.id != f"id{40 - len(reader.bodies())}"]
    key = reader.client.key(BOB)
    for _ in range(20):
        if not reader.client.engine.archive_begins_here(key):
            await reader.client.do(LoadOlder(key))
    assert reader.bodies() == numbers(range(40))
    assert {kept.peer for kept in archive.kept} == {BOB}
    assert OWN not in {kept.sender for kept in archive.kept}
    await reader.close()
