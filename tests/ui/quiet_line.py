"""A line at the core's port on which a few people stand about: for screens that show somebody online.

It carries no XML and proves nothing about the protocol; tests of that use the real servers.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tui_xmpp.core.ports import Cipher, LoadKey, Receiver, Registration
from tui_xmpp.errors import RegistrationRefused, RequestFailed, RoomRefused
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.archive import ArchivePage, ArchiveQuery
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.omemo import Bundle, ListedDevice, OmemoVersion
from tui_xmpp.model.report import Report
from tui_xmpp.model.room import Affiliation, Bookmark, Role, RoomListing
from tui_xmpp.model.sending import Slot, UploadService
from tui_xmpp.model.stanzas import (
    DisplayedMark,
    OccupantReceived,
    Outgoing,
    PresenceReceived,
    RoomInfo,
    RosterItem,
    StanzaAcked,
    StreamOpened,
)
from tui_xmpp.xmpp.network import XmppNetwork
from tui_xmpp.xmpp.omemo.machine import Machine

InRoom = tuple[str, Affiliation, Availability, str]


@dataclass
class Standing:
    """Who is there."""

    roster: Sequence[RosterItem] = ()
    presences: Mapping[Address, tuple[Availability, str]] = field(default_factory=dict)
    rooms: Mapping[Address, Sequence[InRoom]] = field(default_factory=dict)
    refusal: RoomRefused | None = None
    """What a room answers to who wants in, until it is taken away."""
    archive: bool = False
    """Whether the account has an archive; it is empty."""
    trouble: RequestFailed | None = None
    """What the archive answers, until it is taken away."""
    marks: list[DisplayedMark] = field(default_factory=list)
    """What was read, by us or on another device."""
    asked: list[ArchiveQuery] = field(default_factory=list)
    """What the archive was asked."""
    devices: dict[Address, tuple[ListedDevice, ...]] = field(default_factory=dict)
    """Who has which OMEMO devices."""
    moderator: str = ""
    """The nickname of who may take back what others say."""
    server: frozenset[str] = frozenset()
    """What the server says it can do."""
    kept_away: dict[Address, Report | None] = field(default_factory=dict)
    """Who was blocked, with which report."""
    archived: dict[str, str] = field(default_factory=dict)
    """The XML of archived stanzas by their ids."""
    files: UploadService | None = None
    """Who takes files."""
    moderated: list[tuple[str, str]] = field(default_factory=list)
    """What was taken back so: archive id and reason."""


class QuietNetwork:
    """Implements `core.ports.Network`."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self.lines: dict[Address, QuietLine] = {}
        self.rests: list[float] = []
        """For how long nothing was to be taken in, each time that it was asked for."""

    def rest(self, seconds: float) -> None:
        """Nothing comes by itself here."""
        self.rests.append(seconds)

    def connection(self, settings: AccountSettings, receiver: Receiver) -> "QuietLine":
        """A line for one account."""
        line = QuietLine(settings, receiver, self.standing)
        self.lines[settings.address] = line
        return line

    async def cipher(self, account: Address, load_key: LoadKey) -> Cipher:
        """The real one with few keys, which cost most of it: nothing here is encrypted with it."""
        cipher = await XmppNetwork().cipher(account, load_key)
        assert isinstance(cipher, Machine)
        cipher.pre_keys = 2
        return cipher

    async def open_registration(self, settings: AccountSettings, token: str = "") -> Registration:
        """Nobody registers here."""
        raise RegistrationRefused(f"{settings.address.domain} takes no new accounts.")


class QuietLine:
    """Implements `core.ports.Connection`."""

    def __init__(self, settings: AccountSettings, receiver: Receiver, standing: Standing) -> None:
        self._settings = settings
        self.receiver = receiver
        self._standing = standing
        self.online = False
        self.sent: list[Outgoing] = []

    async def connect(self, password: str) -> StreamOpened:
        """Up at once."""
        self.online = bool(password)
        features = frozenset({"urn:xmpp:mam:2"}) if self._standing.archive else frozenset[str]()
        own = self._settings.address.with_resource("screen")
        return StreamOpened(own, resumed=False, features=features, server_features=self._standing.server)

    async def close(self) -> None:
        """Down."""
        self.online = False

    def send(self, message: Outgoing) -> None:
        """Written and acknowledged."""
        self.sent.append(message)
        if message.body is not None:
            asyncio.get_running_loop().call_soon(self.receiver.receive, StanzaAcked(message.id))

    async def roster(self) -> tuple[RosterItem, ...]:
        """The contacts of the first account; others have none."""
        first = any(item.address.domain == self._settings.address.domain for item in self._standing.roster)
        return tuple(self._standing.roster) if first else ()

    async def set_roster_item(self, item: RosterItem) -> None:
        """Taken."""

    async def remove_roster_item(self, address: Address) -> None:
        """Taken."""

    def send_presence(self, availability: Availability, status: str) -> None:
        """Everybody answers with their own."""
        for address, (their, words) in self._standing.presences.items():
            self.receiver.receive(PresenceReceived(address.with_resource("phone"), their, words))

    def subscribe(self, address: Address) -> None:
        """Heard."""

    def answer_subscription(self, address: Address, accept: bool) -> None:
        """Heard."""

    async def archive_page(self, query: ArchiveQuery) -> ArchivePage:
        """Nothing; and nothing before it in one chat."""
        self._standing.asked.append(query)
        if self._standing.trouble is not None:
            raise self._standing.trouble
        if query.peer is None and query.archive is None:
            return ArchivePage((), first="newest", last="newest")
        return ArchivePage((), complete=True)

    async def archived_xml(self, archive: Address | None, archive_id: str, time: int) -> str:
        """What a test put there."""
        return self._standing.archived.get(archive_id, "")

    async def upload_service(self) -> UploadService | None:
        """Who takes files, if anybody."""
        return self._standing.files

    async def upload_slot(self, service: Address, name: str, size: int, kind: str) -> Slot:
        """A place."""
        return Slot(f"https://{service}/1/{name}", f"https://{service}/1/{name}")

    async def blocked(self) -> tuple[Address, ...]:
        """Who was blocked."""
        return tuple(self._standing.kept_away)

    async def block(self, address: Address, report: Report | None) -> None:
        """Noted."""
        self._standing.kept_away[address] = report

    async def unblock(self, address: Address) -> None:
        """Noted."""
        del self._standing.kept_away[address]

    async def room_info(self, room: Address) -> RoomInfo:
        """A room like any other."""
        return RoomInfo("", frozenset({"http://jabber.org/protocol/muc", "urn:xmpp:message-moderate:1"}))

    async def join_room(self, room: Address, nick: str, password: str, *, history: int) -> None:
        """In, unless refused."""
        if self._standing.refusal is not None:
            raise self._standing.refusal
        people = self._standing.rooms.get(room, ((nick, Affiliation.MEMBER, Availability.ONLINE, ""),))
        for name, affiliation, availability, status in people:
            self.receiver.receive(
                OccupantReceived(
                    room.with_resource(name),
                    availability,
                    status,
                    affiliation,
                    Role.MODERATOR if name == self._standing.moderator else Role.PARTICIPANT,
                    status_codes=frozenset({110}) if name == nick else frozenset(),
                )
            )

    def leave_room(self, room: Address, nick: str) -> None:
        """Out."""

    async def change_nick(self, room: Address, nick: str) -> None:
        """Taken."""

    def set_subject(self, room: Address, subject: str) -> None:
        """Heard."""

    def invite(self, room: Address, address: Address, reason: str) -> None:
        """Heard."""

    def decline_invitation(self, room: Address, inviter: Address) -> None:
        """Heard."""

    async def set_affiliation(self, room: Address, address: Address, affiliation: Affiliation) -> None:
        """Taken."""

    async def kick(self, room: Address, nick: str, reason: str) -> None:
        """Taken."""

    async def moderate(self, room: Address, archive_id: str, reason: str) -> None:
        """Noted."""
        self._standing.moderated.append((archive_id, reason))

    async def devices(self, address: Address, version: OmemoVersion) -> tuple[ListedDevice, ...]:
        """Nobody has a device but those whom a test gives some."""
        return self._standing.devices.get(address, ())

    async def bundle(self, address: Address, device: int, version: OmemoVersion) -> Bundle | None:
        """Devices have no keys."""
        return None

    async def publish_devices(
        self, version: OmemoVersion, devices: tuple[ListedDevice, ...], signatures: Mapping[int, bytes]
    ) -> None:
        """Take our list."""

    async def publish_bundle(self, device: int, bundle: Bundle) -> None:
        """Take our keys."""

    async def retract_bundle(self, device: int, version: OmemoVersion) -> None:
        """Forget them."""

    async def affiliated(self, room: Address) -> tuple[Address, ...]:
        """Nobody belongs to a room."""
        return ()

    async def displayed_marks(self) -> tuple[DisplayedMark, ...]:
        """What was read so far."""
        return tuple(self._standing.marks)

    async def publish_displayed(self, mark: DisplayedMark) -> None:
        """Kept."""
        self._standing.marks.append(mark)

    async def self_ping(self, room: Address, nick: str) -> bool:
        """Still there."""
        return True

    async def rooms_of(self, service: Address) -> tuple[RoomListing, ...]:
        """None."""
        return ()

    async def room_services(self) -> tuple[Address, ...]:
        """None."""
        return ()

    async def bookmarks(self) -> tuple[Bookmark, ...]:
        """The rooms of the first account."""
        first = any(item.address.domain == self._settings.address.domain for item in self._standing.roster)
        if not first:
            return ()
        return tuple(Bookmark(room, room.local.capitalize(), "Alice", autojoin=True) for room in self._standing.rooms)

    async def publish_bookmark(self, bookmark: Bookmark) -> None:
        """Taken."""

    async def retract_bookmark(self, room: Address) -> None:
        """Taken."""
