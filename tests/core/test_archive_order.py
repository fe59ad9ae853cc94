"""In whatever order messages come, they end in the archive's: once each, without a gap."""

import random
from pathlib import Path

import pytest

from tests.core.scripted_archive import AWAY, BOB, OWN, SECOND, Archive, Kept, Reader
from tests.waiting import until
from tui_xmpp.core import backoff, catch_up, judge, pages, session
from tui_xmpp.model.events import HistoryExtended, MessageChanged

EXTENDED = frozenset({"urn:xmpp:mam:2", "urn:xmpp:mam:2#extended"})


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "FIRST", 0.002)
    monkeypatch.setattr(session, "SETTLED_AFTER", 0.02)
    monkeypatch.setattr(catch_up, "LEISURE", 0.0)


@pytest.fixture(params=["plain", "extended"])
def archive(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Archive:
    archive = Archive(features=EXTENDED) if request.param == "extended" else Archive()
    monkeypatch.setattr(judge, "now", archive.now)
    return archive


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


class Life:
    """A client's life by chance: cut lines, resumed and not, kills, and a server that mixes up what it held back."""

    def __init__(self, archive: Archive, path: Path, seed: int) -> None:
        self.archive = archive
        self.path = path
        self.chance = random.Random(seed)
        self.reader = Reader(archive, path)

    async def live(self, turns: int) -> None:
        """So many turns, then one last start that finds whatever is missing."""
        await self.reader.start()
        await self.reader.idle()
        for _ in range(turns):
            self._talk(self.chance.choice([0, 1, 3, 12]))
            await self.chance.choice([self._breathe, self._resume, self._resume, self._anew, self._again])()
        await self._again()
        await self.reader.idle()

    def _say(self) -> Kept:
        peer = BOB
        ours = self.chance.random() < 0.3
        pace = self.chance.choice([SECOND // 10, SECOND // 700])
        return self.archive.add(OWN if ours else peer, peer if ours else OWN, pace=pace)

    def _talk(self, count: int) -> None:
        for _ in range(count):
            self.reader.line.hear(self._say())

    def _miss(self) -> list[Kept]:
        return [self._say() for _ in range(self.chance.choice([0, 1, 4, 30]))]

    async def _breathe(self) -> None:
        await self.reader.session.committed()

    async def _resume(self) -> None:
        """What was held back comes in order, but newer messages may come between."""
        self.reader.line.lose(resumable=True)
        held = self._miss()
        await self.reader.online()
        fresh = [self._say() for _ in range(self.chance.choice([0, 1, 4, 20]))]
        stamped = self.chance.random() < 0.5
        while held or fresh:
            take_held = bool(held) and (not fresh or self.chance.random() < 0.5)
            self.reader.line.hear((held if take_held else fresh).pop(0), held_back=take_held and stamped)
        if self.chance.random() < 0.5:
            await self.reader.idle()

    async def _anew(self) -> None:
        self.reader.line.lose(resumable=False)
        self._miss()
        await self.reader.online()

    async def _again(self) -> None:
        if self.chance.random() < 0.5:
            await self.reader.idle()
        await self.reader.close()
        self.archive.clock += AWAY
        self._miss()
        self.reader = Reader(self.archive, self.path)
        await self.reader.start()


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_many_lives_end_in_the_archives_order(archive: Archive, tmp_path: Path) -> None:
    for seed in range(100, 250):
        archive.kept.clear()
        await _live(archive, tmp_path, seed)


async def _live(archive: Archive, directory: Path, seed: int) -> None:
    chance = random.Random(-seed)
    archive.cap = chance.choice([3, 7, pages.PAGE])
    archive.skew = chance.choice([0, SECOND // 2, 40 * SECOND, -SECOND // 2])
    life = Life(archive, directory / f"{seed}.db", seed)
    # Begin with something, so that all that follows is news.
    archive.add(BOB)
    await life.live(12)
    found = life.reader.client.history(BOB, 100_000)
    assert [m.body for m in found if m.sender == BOB] == archive.bodies(BOB, BOB), seed
    # Our own stand where they were typed, which cannot always be told from where another device sent them.
    assert sorted(m.body for m in found) == sorted(archive.bodies(BOB)), seed
    spans = life.reader.client.store.archives.spans(OWN, OWN)
    assert len(spans) == 1, spans
    await life.reader.close()
