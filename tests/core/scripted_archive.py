"""Archives and a line whose every move a test decides: in what order things come, and what no honest server says.

Real servers stand in for what they do; this is for orders that come by chance there, and for archives that lie.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from pathlib import Path

from tests.engines import Client, MemoryKeeper
from tests.ui.quiet_line import QuietLine, QuietNetwork, Standing
from tests.waiting import until
from tui_xmpp.core.ports import Network, Receiver
from tui_xmpp.core.session import Session
from tui_xmpp.errors import RequestFailed, Unavailable
from tui_xmpp.model.account import AccountSettings, AccountStatus
from tui_xmpp.model.address import Address
from tui_xmpp.model.archive import ArchivePage, ArchiveQuery
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.message_parts import StanzaId
from tui_xmpp.model.room import Bookmark, Role, RoomStatus
from tui_xmpp.model.stanzas import (
    MessageReceived,
    MessageType,
    OccupantReceived,
    Outgoing,
    RoomInfo,
    Route,
    Signal,
    StanzaAcked,
    StreamBegun,
    StreamLost,
    StreamOpened,
)

OWN = Address.parse("alice@chat.test")
BOB = Address.parse("bob@chat.test")
EVE = Address.parse("eve@chat.test")
ROOM = Address.parse("den@rooms.chat.test")
NICK = "Alice"
ROOM_FEATURES = frozenset({"http://jabber.org/protocol/muc", "urn:xmpp:occupant-id:0"})
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
    name: str
    """The id that its sender gave it."""

    @property
    def peer(self) -> Address:
        """Whose chat it is in."""
        return self.recipient if self.sender == OWN else self.sender.bare

    @property
    def archive(self) -> Address:
        """The archive that keeps it."""
        return ROOM if self.peer == ROOM else OWN


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
    has_room: bool = False
    """Whether there is a room that we are in whenever we are online."""

    def add(
        self, sender: Address, recipient: Address = OWN, *, pace: int = SECOND // 10, body: str = "", name: str = ""
    ) -> Kept:
        """Somebody says something, else the next number."""
        self.clock += pace
        number, stamp = self.said, self.clock // SECOND * SECOND
        kept = Kept(f"id{number}", sender, recipient, body or f"{number}", stamp, name or f"sid{number}")
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
        wanted = query.archive or OWN
        found = [kept for kept in self.kept if kept.archive == wanted and query.peer in {None, kept.peer}]
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
    return replace(
        _said(kept),
        route=Route.ARCHIVE,
        outer_sender=kept.archive,
        delay=kept.time,
        delay_by=kept.archive,
        archive_id=kept.id,
    )


def live(kept: Kept, *, held_back: bool = False) -> MessageReceived:
    """As it comes over the stream; of our own, the carbon, or what the room reflects."""
    is_carbon = kept.sender == OWN
    said = replace(_said(kept), stanza_ids=(StanzaId(kept.archive, kept.id),))
    if is_carbon:
        said = replace(said, route=Route.CARBON_SENT, outer_sender=OWN)
    return replace(said, delay=kept.time, delay_by=Address("chat.test")) if held_back else said


def _said(kept: Kept) -> MessageReceived:
    in_room = kept.peer == ROOM
    sender = kept.sender if in_room else kept.sender.with_resource("desk")
    return MessageReceived(
        Route.LIVE,
        sender,
        sender,
        kept.recipient,
        MessageType.GROUPCHAT if in_room else MessageType.CHAT,
        id=kept.name,
        origin_id=kept.name,
        occupant_id=sender.resource.lower() if in_room else "",
        body=kept.body,
    )


class Fate(Enum):
    """What becomes of what we send on a line."""

    HEARD = auto()
    UNANSWERED = auto()
    """It arrives, but nothing comes back before the stream is resumed."""
    LOST = auto()
    """It is on its way for ever; a stream that is resumed sends it again."""


class ScriptedLine(QuietLine):
    """A line to the archive and a room."""

    resumable = False
    archive: Archive

    def __init__(self, settings: AccountSettings, receiver: Receiver, standing: Standing) -> None:
        super().__init__(settings, receiver, standing)
        self.fate = Fate.HEARD
        self.unsure: list[tuple[Outgoing, Fate]] = []
        """What the server has not acknowledged."""
        self.owed: list[Kept] = []
        """What it would have reflected."""
        self._due: list[Signal] = []

    async def connect(self, password: str) -> StreamOpened:
        """Up at once, resumed or anew."""
        resumed, self.resumable = self.resumable, False
        unsure, self.unsure, self.fate = self.unsure, [], Fate.HEARD
        if not resumed:
            self.owed.clear()
            self.receiver.receive(StreamBegun())
        self.online = True
        for message, fate in unsure if resumed else ():
            if fate is Fate.LOST:
                self._take(message)
            else:
                self._soon(StanzaAcked(message.id))
        return StreamOpened(OWN.with_resource("screen"), resumed=resumed, features=self.archive.features)

    async def archive_page(self, query: ArchiveQuery) -> ArchivePage:
        """As the archive has it a moment later, if the line is still up then."""
        await asyncio.sleep(0)
        if not self.online:
            raise Unavailable("The line is down.")
        page = self.archive.page(query)
        await asyncio.sleep(0)
        return page

    def send(self, message: Outgoing) -> None:
        """What is said goes into an archive, and is acknowledged or reflected; anything else is not heard."""
        if not self.online:
            raise Unavailable("The line is down.")
        if message.body is None:
            return
        self.sent.append(message)
        if self.fate is Fate.HEARD:
            self._take(message)
            return
        self.unsure.append((message, self.fate))
        if self.fate is Fate.UNANSWERED:
            kept = self._keep(message)
            if kept.peer == ROOM:
                self.owed.append(kept)

    def _take(self, message: Outgoing) -> None:
        kept = self._keep(message)
        self._soon(StanzaAcked(message.id))
        if kept.peer == ROOM:
            self._soon(live(kept))

    def _keep(self, message: Outgoing) -> Kept:
        in_room = message.recipient == ROOM
        sender, recipient = (ROOM.with_resource(NICK), OWN) if in_room else (OWN, message.recipient)
        return self.archive.add(sender, recipient, body=message.body or "", name=message.id)

    def _soon(self, signal: Signal) -> None:
        self._due.append(signal)
        asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        """What the server says comes in the order in which it happened."""
        due, self._due = self._due, []
        for signal in due:
            self.receiver.receive(signal)

    async def bookmarks(self) -> tuple[Bookmark, ...]:
        """The room, if there is one."""
        return (Bookmark(ROOM, "Den", NICK, autojoin=True),) if self.archive.has_room else ()

    async def room_info(self, room: Address) -> RoomInfo:
        """A room with an archive like ours."""
        return RoomInfo("", ROOM_FEATURES | self.archive.features)

    async def join_room(self, room: Address, nick: str, password: str, *, history: int) -> None:
        """In."""
        us = room.with_resource(nick)
        codes = frozenset({110})
        self.receiver.receive(
            OccupantReceived(
                us, Availability.ONLINE, occupant_id=nick.lower(), status_codes=codes, role=Role.PARTICIPANT
            )
        )

    def lose(self, *, resumable: bool) -> None:
        """The line is cut, and for a moment nobody says anything."""
        self._flush()
        self.archive.clock += AWAY
        self.online, self.resumable = False, resumable
        self.receiver.receive(StreamLost("cut", resumable=resumable))

    def hear(self, *kept: Kept, held_back: bool = False) -> None:
        """These come live."""
        self._flush()
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
        return self.client.engine._of(OWN)

    async def start(self) -> None:
        """Start and sign in."""
        await self.client.engine.start()
        await self.online()

    async def online(self) -> None:
        """Wait for the line."""

        def is_online() -> bool:
            up = OWN in self.network.lines and self.line.online
            return up and self.client.status() is AccountStatus.ONLINE and (not self.archive.has_room or self.is_in())

        await until(is_online, what="online")

    def is_in(self) -> bool:
        """Whether we are in the room."""
        return self.client.engine.room(self.client.key(ROOM)).status is RoomStatus.JOINED

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
