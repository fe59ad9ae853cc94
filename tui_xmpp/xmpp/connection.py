"""One account's line to its server (core.ports.Connection): puts the capabilities together on one client."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from xml.etree.ElementTree import Element

from slixmpp.jid import JID
from slixmpp.xmlstream import StanzaBase

from tui_xmpp.core.ports import Receiver
from tui_xmpp.errors import ConnectionFailed, RequestFailed, Unavailable
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.archive import ArchivePage, ArchiveQuery
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.omemo import Bundle, ListedDevice, OmemoVersion
from tui_xmpp.model.report import Report
from tui_xmpp.model.room import Affiliation, Bookmark, RoomListing
from tui_xmpp.model.sending import Slot, UploadService
from tui_xmpp.model.stanzas import (
    DisplayedMark,
    OccupantError,
    OccupantReceived,
    Outgoing,
    RoomInfo,
    RosterItem,
    StanzaAcked,
    StreamBegun,
    StreamLost,
    StreamOpened,
)
from tui_xmpp.xmpp import answers, blocking, build, disco, names, parse
from tui_xmpp.xmpp.archive import Archives
from tui_xmpp.xmpp.bookmarks import Bookmarks
from tui_xmpp.xmpp.client import Opened, SafeClient
from tui_xmpp.xmpp.conditions import TIMEOUT
from tui_xmpp.xmpp.dispatch import is_request, is_roster_push, take_stanzas
from tui_xmpp.xmpp.displayed import DisplayedMarks
from tui_xmpp.xmpp.iq import Requests
from tui_xmpp.xmpp.line import Line
from tui_xmpp.xmpp.messages import read_message
from tui_xmpp.xmpp.moderation import moderate
from tui_xmpp.xmpp.omemo import content
from tui_xmpp.xmpp.omemo.nodes import OmemoNodes
from tui_xmpp.xmpp.parse_presence import parse_presence
from tui_xmpp.xmpp.readable import readable
from tui_xmpp.xmpp.room_admin import RoomAdmin
from tui_xmpp.xmpp.room_directory import RoomDirectory
from tui_xmpp.xmpp.rooms import Rooms
from tui_xmpp.xmpp.roster import Roster
from tui_xmpp.xmpp.upload import Uploads

log = logging.getLogger(__name__)

_LOST_AT_ONCE = "The line was lost right after signing in."
_SILENT = "The server did not answer in time."
_ENABLE_CARBONS = names.tag(names.CARBONS, "enable")


class XmppConnection:
    """Implements `core.ports.Connection` with slixmpp."""

    def __init__(self, settings: AccountSettings, receiver: Receiver) -> None:
        self._receiver = receiver
        self._connecting = False
        self._prepared = False
        """The session's set-up was finished; until then a resumption counts as a new session."""
        self._client = SafeClient(
            settings, committed=receiver.committed, on_lost=self._on_lost, on_acked=self._on_acked
        )
        self._line = Line(self._client, settings.address.bare)
        self._requests = Requests(self._line)
        self._archives = Archives(self._line, self._requests)
        self._bookmarks = Bookmarks(self._requests)
        self._omemo = OmemoNodes(self._requests)
        self._displayed = DisplayedMarks(self._requests)
        self._uploads = Uploads(self._line, self._requests)
        self._roster = Roster(self._line, self._requests)
        self._rooms = Rooms(self._line, self._requests)
        self._room_admin = RoomAdmin(self._line, self._requests)
        self._directory = RoomDirectory(self._line, self._requests)
        take_stanzas(self._client, self._on_message, self._on_presence, self._requests.take, self._on_roster_push)
        disco.install(self._client)
        self._client.add_filter("in", self._keep_strangers_out)
        self._client.add_event_handler("session_bind", self._on_bound)

    @property
    def online(self) -> bool:
        """Whether a stream is up and stanzas can be sent.

        Not before `connect` has returned: until then nobody knows whether the last stream lives on, and a message
        would go out before those that were lost with it.
        """
        return self._client.online and not self._connecting

    async def connect(self, password: str) -> StreamOpened:
        """Open a stream or resume the last; on a new one carbons are switched on and the server's features read.

        A loss in between raises ConnectionFailed and is not told to the receiver.
        """
        self._connecting = True
        try:
            opened = await self._client.open(password)
            if opened.resumed and self._prepared:
                stream = StreamOpened(opened.own, resumed=True)
            else:
                stream = await self._prepare(opened)
            if not self._client.online:  # lost in the same breath: the last answers and the end came together
                raise ConnectionFailed(_LOST_AT_ONCE)
            self._prepared = True
            return replace(stream, security=opened.security, peer=opened.peer)
        except Unavailable as lost:
            raise ConnectionFailed(_LOST_AT_ONCE) from lost
        except RequestFailed as silence:
            await self.close()
            raise ConnectionFailed(_SILENT) from silence
        finally:
            self._connecting = False

    async def _prepare(self, opened: Opened) -> StreamOpened:
        self._forget_stream()
        await disco.refresh_capabilities(self._client)
        _, own, server = await asyncio.gather(
            self._enable_carbons(), self._features(opened.own.bare), self._features(Address(opened.own.domain))
        )
        return StreamOpened(opened.own, resumed=False, features=own, server_features=server)

    async def close(self) -> None:
        """End the stream politely and forget it."""
        await self._client.shut()
        self._forget_stream()

    def send(self, message: Outgoing) -> None:
        """Write a message stanza. Raises Unavailable without a stream."""
        stanza = build.message(message)
        if message.envelopes:
            content.close(stanza, message.envelopes)
        self._line.send(stanza)

    # Contacts

    async def roster(self) -> tuple[RosterItem, ...]:
        """Return the contact list."""
        return await self._roster.fetch()

    async def set_roster_item(self, item: RosterItem) -> None:
        """Add or change a contact."""
        await self._roster.change(item)

    async def remove_roster_item(self, address: Address) -> None:
        """Take a contact away, with the subscriptions both ways."""
        await self._roster.change(RosterItem(address, removed=True))

    def send_presence(self, availability: Availability, status: str) -> None:
        """Broadcast our presence, to the rooms too."""
        self._line.send(build.presence(availability, status))
        self._rooms.show_presence(availability, status)

    def subscribe(self, address: Address) -> None:
        """Ask to see presence."""
        self._roster.subscribe(address)

    def answer_subscription(self, address: Address, accept: bool) -> None:
        """Let them see our presence, or not."""
        self._roster.answer_subscription(address, accept)

    # Archive

    async def archive_page(self, query: ArchiveQuery) -> ArchivePage:
        """Return one page, oldest first."""
        return await self._archives.page(query)

    # Rooms

    async def room_info(self, room: Address) -> RoomInfo:
        """Return what a room says of itself."""
        return await self._directory.info(room)

    async def join_room(self, room: Address, nick: str, password: str, *, history: int) -> None:
        """Enter a room. Raises RoomRefused."""
        await self._rooms.join(room, nick, password, history)

    def leave_room(self, room: Address, nick: str) -> None:
        """Leave a room."""
        self._rooms.leave(room, nick)

    async def change_nick(self, room: Address, nick: str) -> None:
        """Take another nickname. Raises RoomRefused."""
        await self._rooms.change_nick(room, nick)

    def set_subject(self, room: Address, subject: str) -> None:
        """Set a room's subject."""
        self._room_admin.set_subject(room, subject)

    def invite(self, room: Address, address: Address, reason: str) -> None:
        """Invite, mediated by the room."""
        self._room_admin.invite(room, address, reason)

    def decline_invitation(self, room: Address, inviter: Address) -> None:
        """Tell the room that we do not come."""
        self._room_admin.decline_invitation(room, inviter)

    async def set_affiliation(self, room: Address, address: Address, affiliation: Affiliation) -> None:
        """Change somebody's standing in a room."""
        await self._room_admin.set_affiliation(room, address, affiliation)

    async def kick(self, room: Address, nick: str, reason: str) -> None:
        """Put somebody out of a room."""
        await self._room_admin.kick(room, nick, reason)

    async def moderate(self, room: Address, archive_id: str, reason: str) -> None:
        """Take a message back for everybody in a room."""
        await moderate(self._requests, room, archive_id, reason)

    async def self_ping(self, room: Address, nick: str) -> bool:
        """Whether we are still in the room."""
        return await self._rooms.self_ping(room, nick)

    async def rooms_of(self, service: Address) -> tuple[RoomListing, ...]:
        """Return the public rooms of a service."""
        return await self._directory.rooms_of(service)

    async def room_services(self) -> tuple[Address, ...]:
        """Return the room services of our server."""
        return await self._directory.services()

    async def archived_xml(self, archive: Address | None, archive_id: str, time: int) -> str:
        """Return one archived stanza as it came."""
        found = await self._archives.stanza(archive, archive_id, time)
        return "" if found is None else readable(found)

    # Keeping somebody away

    async def blocked(self) -> tuple[Address, ...]:
        """Who is kept away now."""
        return await blocking.blocked(self._requests)

    async def block(self, address: Address, report: Report | None) -> None:
        """Keep an address away."""
        await blocking.block(self._requests, address, report)

    async def unblock(self, address: Address) -> None:
        """Let an address write again."""
        await blocking.unblock(self._requests, address)

    # Files

    async def upload_service(self) -> UploadService | None:
        """Return who takes files for our server."""
        return await self._uploads.service()

    async def upload_slot(self, service: Address, name: str, size: int, kind: str) -> Slot:
        """Return a place for a file. Raises UploadRefused."""
        return await self._uploads.slot(service, name, size, kind)

    # Bookmarks

    async def bookmarks(self) -> tuple[Bookmark, ...]:
        """Return all bookmarks."""
        return await self._bookmarks.fetch()

    async def publish_bookmark(self, bookmark: Bookmark) -> None:
        """Store one on the server."""
        await self._bookmarks.publish(bookmark)

    async def retract_bookmark(self, room: Address) -> None:
        """Take one off the server."""
        await self._bookmarks.retract(room)

    # Devices for end-to-end encryption

    async def devices(self, address: Address, version: OmemoVersion) -> tuple[ListedDevice, ...]:
        """Return somebody's device list."""
        return await self._omemo.devices(address, version)

    async def bundle(self, address: Address, device: int, version: OmemoVersion) -> Bundle | None:
        """Return the keys to begin a session with a device."""
        return await self._omemo.bundle(address, device, version)

    async def publish_devices(
        self, version: OmemoVersion, devices: tuple[ListedDevice, ...], signatures: Mapping[int, bytes]
    ) -> None:
        """Set our device list."""
        await self._omemo.publish_devices(version, devices, signatures)

    async def publish_bundle(self, device: int, bundle: Bundle) -> None:
        """Set the keys that others begin sessions with us with."""
        await self._omemo.publish_bundle(device, bundle)

    async def retract_bundle(self, device: int, version: OmemoVersion) -> None:
        """Take the keys of one of our devices away."""
        await self._omemo.retract_bundle(device, version)

    async def affiliated(self, room: Address) -> tuple[Address, ...]:
        """Return a room's owners, admins and members."""
        return await self._room_admin.affiliated(room)

    # What our devices have read

    async def displayed_marks(self) -> tuple[DisplayedMark, ...]:
        """Return all marks that our devices have set."""
        return await self._displayed.fetch()

    async def publish_displayed(self, mark: DisplayedMark) -> None:
        """Set one on the server."""
        await self._displayed.publish(mark)

    # What comes in

    def _on_message(self, stanza: Element) -> None:
        signal = read_message(stanza, self._line.own, self._archives)
        if signal is not None:
            self._receiver.receive(signal)

    def _on_presence(self, stanza: Element) -> None:
        sender = parse.address(stanza.get("from"))
        from_room = sender is not None and self._rooms.includes(sender.bare)
        signal = parse_presence(stanza, self._line.own, from_room=from_room)
        if signal is None or signal.sender == self._line.own:
            return
        self._receiver.receive(signal)
        if isinstance(signal, OccupantReceived | OccupantError):
            self._rooms.take(signal)

    def _on_roster_push(self, stanza: Element) -> None:
        pushed = self._roster.take_push(stanza)
        if pushed is not None:
            self._receiver.receive(pushed)

    def _keep_strangers_out(self, stanza: StanzaBase) -> StanzaBase | None:
        """Refuse requests of those who need not know that we are here, before any handler sees them."""
        request = stanza.xml
        if not is_request(request) or is_roster_push(request):
            return stanza
        sender = request.get("from")
        address = self._line.own.bare if sender is None else parse.address(sender)
        if address is None:
            return None
        if self._may_know(address):
            return stanza
        self._line.send(answers.refusal(request))
        return None

    def _on_bound(self, jid: JID) -> None:
        """A new session: from now on we have this address."""
        self._line.own = Address.parse(jid.full)
        self._prepared = False
        self._receiver.receive(StreamBegun())

    def _on_lost(self, lost: StreamLost) -> None:
        if self._connecting or not lost.resumable:
            self._forget_stream()
        if not self._connecting:
            self._receiver.receive(lost)

    def _on_acked(self, stanza_id: str) -> None:
        self._receiver.receive(StanzaAcked(stanza_id))

    # Helpers

    def _may_know(self, address: Address) -> bool:
        """Whether this sender knows anyway that we are here (SECURITY 27)."""
        own = self._line.own
        known = address.bare in {own.bare, Address(own.domain)}
        return known or self._rooms.includes(address.bare) or self._roster.sees_us(address)

    def _forget_stream(self) -> None:
        """What was bound to the last stream is over: open requests, rooms, what was learnt of the server."""
        self._requests.fail_all()
        self._rooms.reset()
        self._bookmarks.reset()
        self._displayed.reset()
        self._uploads.reset()

    async def _enable_carbons(self) -> None:
        try:
            await self._requests.set(Element(_ENABLE_CARBONS))
        except RequestFailed as refusal:
            _raise_silence(refusal)
            log.info("the server does not copy messages to our other devices: %s", refusal.condition)

    async def _features(self, address: Address) -> frozenset[str]:
        try:
            return (await disco.ask_info(self._requests, address)).features
        except RequestFailed as refusal:
            _raise_silence(refusal)
            log.info("%s does not tell its features: %s", address, refusal.condition)
            return frozenset()


def _raise_silence(refusal: RequestFailed) -> None:
    """Raise it again if nobody has answered: that does not mean that there is no archive, and no copies."""
    if refusal.condition == TIMEOUT:
        raise refusal
