"""An archive and a line whose every move a test decides: in what order things come, and what no honest server says.

Real servers stand in for what they do; this is for orders that come by chance there, and for archives that lie.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.engines import Client, MemoryKeeper
from tests.ui.quiet_line import QuietLine, QuietNetwork, Standing
from tests.waiting import until
from tui_xmpp.core.ports import Network, Receiver
from tui_xmpp.core.session import Session
from tui_xmpp.errors import RequestFailed, Unavailable
from tui_xmpp.model.account import AccountSettings, AccountStatus
from tui_xmpp.model.address import Address
from tui_xmpp.model.message_parts import StanzaId
from tui_xmpp.model.stanzas import (
    ArchivePage,
    ArchiveQuery,
    MessageReceived,
    MessageType,
    Route,
    StreamBegun,
    StreamLost,
    StreamOpened,
)

OWN = Address.parse("alice@chat.test")
BOB = Address.parse("bob@chat.test")
EVE = Address.parse("eve@chat.test")
SECOND = 1_000_000
AWAY = SECOND // 10
"""µs that it takes at least to be back."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One message in the archive."""

    id: str
    sender: Address
    recipient: Address
    body: str
    time: int

    @property
    def peer(self) -> Address:
        """Whose chat it is in."""
        return self.recipient if self.sender == OWN else self.sender


Answer = Callable[[ArchiveQuery, ArchivePage], ArchivePage]


@dataclass
class Archive:
    """What the server keeps; the clock is its own."""

    features: frozenset[str] = frozenset({"urn:xmpp:mam:2"})
    cap: int = 7
    """Most results that it gives at once, whatever is asked for."""
    clock: int = 1_790_000_000 * SECOND
    skew: int = 0
    """µs that the reader's clock is fast."""
    kept: list[Kept] = field(default_factory=list)
    asked: list[ArchiveQuery] = field(default_factory=list)
    answer: Answer = lambda _query, page: page
    """What becomes of an honest page."""
    lies: bool = False
    """Nothing is looked up for the answer."""
    said: int = 0

    def add(self, sender: Address, recipient: Address = OWN, *, pace: int = SECOND // 10) -> Kept:
        """Somebody says the next number."""
        self.clock += pace
        kept = Kept(f"id{self.said}", sender, recipient, str(self.said), self.clock // SECOND * SECOND)
        self.said += 1
        self.kept.append(kept)
        return kept

    def now(self) -> int:
        """The reader's clock."""
        return self.clock + self.skew

    def purge(self, count: int) -> None:
        """Forget the oldest."""
        del self.kept[:count]

    def bodies(self, peer: Address, author: Address | None = None) -> list[str]:
        """What it has of a chat, or of what somebody said there."""
        return [kept.body for kept in self.kept if kept.peer == peer and author in {None, kept.sender}]

    def page(self, query: ArchiveQuery) -> ArchivePage:
        """What an honest archive answers. Raises RequestFailed."""
        self.asked.append(query)
        if self.lies:
            return self.answer(query, ArchivePage(()))
        found = [kept for kept in self.kept if query.peer in {None, kept.peer}]
        if query.after_id:
            found = found[self._place(query.after_id, found) + 1 :]
        if query.end is not None:
            found = [kept for kept in found if kept.time <= query.end]
        if query.before:
            found = found[: self._place(query.before, found)]
        size = min(query.size, self.cap)
        page = found[-size:]
        first, last = (page[0].id, page[-1].id) if page else ("", "")
        honest = ArchivePage(tuple(map(archived, page)), first, last, complete=len(found) <= size)
        return self.answer(query, honest)

    def _place(self, name: str, found: Sequence[Kept]) -> int:
        place = next((index for index, kept in enumerate(found) if kept.id == name), None)
        if place is None:
            raise RequestFailed("There is no such message.", condition="item-not-found")
        return place


def archived(kept: Kept) -> MessageReceived:
    """As a page has it."""
    return MessageReceived(
        Route.ARCHIVE,
        OWN,
        kept.sender.with_resource("desk"),
        kept.recipient,
        MessageType.CHAT,
        id=f"s{kept.id}",
        body=kept.body,
        delay=kept.time,
        delay_by=OWN,
        archive_id=kept.id,
    )


def live(kept: Kept, *, held_back: bool = False) -> MessageReceived:
    """As it comes over the stream; of our own, the carbon."""
    ours = kept.sender == OWN
    return MessageReceived(
        Route.CARBON_SENT if ours else Route.LIVE,
        OWN if ours else kept.sender.with_resource("desk"),
        kept.sender.with_resource("desk"),
        kept.recipient,
        MessageType.CHAT,
        id=f"s{kept.id}",
        body=kept.body,
        stanza_ids=(StanzaId(OWN, kept.id),),
        delay=kept.time if held_back else None,
        delay_by=Address("chat.test") if held_back else None,
    )


class ScriptedLine(QuietLine):
    """A line to the archive."""

    resumable = False
    archive: Archive

    async def connect(self, password: str) -> StreamOpened:
        """Up at once, resumed or anew."""
        resumed, self.resumable = self.resumable, False
        if not resumed:
            self.receiver.receive(StreamBegun())
        self.online = True
        return StreamOpened(OWN.with_resource("screen"), resumed=resumed, features=self.archive.features)

    async def archive_page(self, query: ArchiveQuery) -> ArchivePage:
        """As the archive has it a moment later, if the line is still up then."""
        await asyncio.sleep(0)
        if not self.online:
            raise Unavailable("The line is down.")
        page = self.archive.page(query)
        await asyncio.sleep(0)
        return page

    def lose(self, *, resumable: bool) -> None:
        """The line is cut, and for a moment nobody says anything."""
        self.archive.clock += AWAY
        self.online, self.resumable = False, resumable
        self.receiver.receive(StreamLost("cut", resumable=resumable))

    def hear(self, *kept: Kept, held_back: bool = False) -> None:
        """These come live."""
        for one in kept:
            self.receiver.receive(live(one, held_back=held_back))


class ScriptedNetwork(QuietNetwork):
    """Implements `core.ports.Network`."""

    def __init__(self, archive: Archive) -> None:
        super().__init__(Standing(archive=True))
        self.archive = archive

    def connection(self, settings: AccountSettings, receiver: Receiver) -> ScriptedLine:
        """A line for one account."""
        line = ScriptedLine(settings, receiver, self.standing)
        line.archive = self.archive
        self.lines[settings.address] = line
        return line


class Reader:
    """A client at such a line; `path` is its store, which outlives it."""

    def __init__(self, archive: Archive, path: Path) -> None:
        self.archive = archive
        self.network = ScriptedNetwork(archive)
        self.client = Client([AccountSettings(OWN)], path, MemoryKeeper({OWN: "secret"}), self._load)

    async def _load(self) -> Network:
        return self.network

    @property
    def line(self) -> ScriptedLine:
        """The account's line."""
        line = self.network.lines[OWN]
        assert isinstance(line, ScriptedLine)
        return line

    @property
    def session(self) -> Session:
        """The engine's side of it."""
        return self.client.engine._sessions[OWN]

    async def start(self) -> None:
        """Start and sign in."""
        await self.client.engine.start()
        await self.online()

    async def online(self) -> None:
        """Wait for the line."""

        def is_online() -> bool:
            up = OWN in self.network.lines and self.line.online
            return up and self.client.status() is AccountStatus.ONLINE

        await until(is_online, what="online")

    async def has(self, count: int, peer: Address = BOB) -> None:
        """Wait until so many messages of a chat are stored."""
        await until(lambda: len(self.bodies(peer)) >= count, what=f"{count} messages: {self.bodies(peer)}")

    async def idle(self) -> None:
        """Wait until nothing is being asked or written."""

        def is_idle() -> bool:
            return not self.session._chores._work and not self.session.sync.unsettled()

        await until(is_idle, what=f"idle: {self.session._chores._work}")
        await self.session.committed()

    def bodies(self, peer: Address = BOB) -> list[str]:
        """What is stored of a chat."""
        return self.client.bodies(peer, 100_000)

    async def close(self) -> None:
        """End."""
        await self.client.close()
