"""Whatever a life brings, the store ends in the archives' order: once each, without a gap, our own messages too."""

import itertools
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.readers import EXTENDED
from tests.core.scripted_archive import AWAY, BOB, NICK, OWN, ROOM, SECOND, Archive, Fate, Kept, Reader
from tests.waiting import until
from tui_xmpp.core import backoff, catch_up, judge, outbox, pages, session, sync
from tui_xmpp.model.message import Delivery

pytestmark = pytest.mark.timeout(120)

TURNS = 12


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "FIRST", 0.002)
    monkeypatch.setattr(session, "SETTLED_AFTER", 3600)
    monkeypatch.setattr(catch_up, "LEISURE", 0.0)


@pytest.fixture(params=["plain", "extended"])
def archive(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Archive:
    archive = Archive(features=EXTENDED) if request.param == "extended" else Archive()
    archive.has_room = True
    for module in (judge, outbox, session, sync, catch_up):
        monkeypatch.setattr(module, "now", archive.now)
    return archive


class Life:
    """By chance: cut lines, resumed and not, starts, words typed without a line, and what was held back mixed up."""

    def __init__(self, archive: Archive, path: Path, seed: int) -> None:
        self.archive = archive
        self.path = path
        self.chance = random.Random(seed)
        self.reader = Reader(archive, path)
        self._words = (f"word {number}" for number in itertools.count())
        self.typed: list[str] = []

    async def live(self, turns: int) -> None:
        """So many turns, then one last start that finds whatever is missing."""
        await self.reader.start()
        await self._idle()
        for _ in range(turns):
            self._talk(self.chance.choice([0, 1, 3, 12]))
            await self._type(self.chance.choice([0, 0, 1, 3]))
            await self.chance.choice([self._breathe, self._resume, self._resume, self._anew, self._again])()
        await self._again()
        await self._idle()

    async def _idle(self) -> None:
        await self.reader.idle()
        await until(lambda: not list(self.reader.session.outbox.queue), what="all is sent")
        await self.reader.idle()

    def _say(self) -> Kept:
        pace = self.chance.choice([SECOND // 10, SECOND // 700])
        ours = self.chance.random() < 0.3
        if self.chance.random() < 0.5:
            return self.archive.add(ROOM.with_resource(NICK if ours else "Bob"), OWN, pace=pace)
        return self.archive.add(OWN if ours else BOB, BOB if ours else OWN, pace=pace)

    def _talk(self, count: int) -> None:
        for _ in range(count):
            self.reader.line.hear(self._say())

    async def _type(self, count: int) -> None:
        for word in itertools.islice(self._words, count):
            self.archive.clock += SECOND // 10
            await self.reader.client.say(self.chance.choice([BOB, ROOM]), word)
            self.typed.append(word)

    def _miss(self) -> list[Kept]:
        return [self._say() for _ in range(self.chance.choice([0, 1, 4, 30]))]

    async def _breathe(self) -> None:
        await self.reader.session.committed()

    async def _resume(self) -> None:
        """What was held back comes in order, but newer messages may come between."""
        line = self.reader.line
        line.fate = self.chance.choice([*Fate])
        await self._type(self.chance.choice([0, 1, 3]))
        line.lose(resumable=True)
        held = [*line.owed, *self._miss()]
        line.owed.clear()
        await self._type(self.chance.choice([0, 0, 2]))
        await self.reader.online()
        fresh = [self._say() for _ in range(self.chance.choice([0, 1, 4, 20]))]
        stamped = self.chance.random() < 0.5
        for kept, is_held in self._mixed(held, fresh):
            line.hear(kept, held_back=is_held and stamped)
        self._settle()
        if self.chance.random() < 0.5:
            await self.reader.idle()

    def _settle(self) -> None:
        """Time has passed since the stream was resumed."""
        one = self.reader.session

        async def settle() -> None:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(session, "SETTLED_AFTER", 0)
                await one._settle()

        one._chores.do(f"settle {OWN}", settle)

    def _mixed(self, held: list[Kept], fresh: list[Kept]) -> Iterator[tuple[Kept, bool]]:
        while held or fresh:
            take_held = bool(held) and (not fresh or self.chance.random() < 0.5)
            yield (held if take_held else fresh).pop(0), take_held

    async def _anew(self) -> None:
        line = self.reader.line
        line.fate = self.chance.choice([*Fate])
        await self._type(self.chance.choice([0, 1, 3]))
        line.lose(resumable=False)
        self._miss()
        await self._type(self.chance.choice([0, 0, 2]))
        await self.reader.online()

    async def _again(self) -> None:
        """Another start of the program, long after."""
        if self.chance.random() < 0.5:
            await self.reader.idle()
        self.reader.line.fate = self.chance.choice([*Fate])
        await self._type(self.chance.choice([0, 1, 3]))
        await self.reader.close()
        self.archive.clock += AWAY
        self._miss()
        self.reader = Reader(self.archive, self.path)
        await self._type(self.chance.choice([0, 0, 2]))
        await self.reader.start()


@pytest.mark.parametrize("seed", range(6))
async def test_a_life_ends_in_the_archives_order(archive: Archive, tmp_path: Path, seed: int) -> None:
    await _live(archive, tmp_path, seed)


@pytest.mark.long
@pytest.mark.timeout(1800)
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
    archive.add(ROOM.with_resource("Bob"))
    await life.live(TURNS)
    for peer, by in ((BOB, OWN), (ROOM, ROOM)):
        found = life.reader.client.history(peer, 100_000)
        bodies = [message.body for message in found]
        assert bodies == archive.bodies(peer), (seed, str(peer))
        assert Delivery.PENDING not in {message.delivery for message in found}
        assert len(life.reader.client.store.archives.spans(OWN, by)) == 1, (seed, str(by))
    said = [kept.body for kept in archive.kept if kept.body.startswith("word")]
    assert sorted(said) == sorted(life.typed), seed
    await life.reader.close()
