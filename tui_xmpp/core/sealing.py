"""Own messages encrypted on their way out: what is decided, who gets them, what holds them back (SECURITY 29, 34)."""

import asyncio
import logging
from dataclasses import replace

from tui_xmpp.core.clock import now
from tui_xmpp.core.context import Context
from tui_xmpp.core.devices import Devices
from tui_xmpp.core.encryption import (
    Circumstances,
    Course,
    candidates,
    decide,
    is_decided,
    is_proven,
    least,
    missing,
    must_be,
    needs_people,
    version_for,
    why_refused,
    wish_of,
    withheld,
)
from tui_xmpp.core.keys import Keys
from tui_xmpp.core.ports import Cipher
from tui_xmpp.core.room_model import RoomModel
from tui_xmpp.core.rooms import Rooms
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.events import EncryptionChanged
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.omemo import (
    ChatEncryption,
    Device,
    EncryptionWish,
    Envelope,
    OmemoVersion,
    Recipient,
    Trust,
)
from tui_xmpp.model.omemo import Sealing as SealedFor
from tui_xmpp.model.stanzas import Outgoing
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)

MEMBERS_KEPT = 60.0
"""Seconds after which a room is asked again who belongs to it: not every room tells of people who are not there."""

_NOT_KNOWN = "It could not be found out who can read encrypted messages here."
_NO_KEYS = "None of the other side's devices can be encrypted to now."
_WAS_ENCRYPTED = "The message was encrypted, so what is done with it cannot go out unencrypted."
_FILE_ENCRYPTED = "The file was encrypted, so its link, which has the key, cannot go out unencrypted."
_FILE_IN_CLEAR = "The file was uploaded unencrypted, and this chat is encrypted now. Retry encrypts it."
_NOT_LOADED = "Encryption could not be loaded. The log says more."


class Held(Exception):
    """A message does not go out now; the reason is for people."""

    def __init__(self, reason: str, *, passing: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.passing = passing
        """It may be over by itself, and is worth another try."""


@frozen
class _Letter:
    """One message that is to be encrypted."""

    key: ChatKey
    kind: ChatKind
    outgoing: Outgoing
    message_id: int | None

    @property
    def words(self) -> str:
        """What the old version is told of what it has no room for: an emoji, as a text."""
        reactions = self.outgoing.reactions
        return "" if reactions is None else " ".join(reactions.emojis) or "took back a reaction"


class Sealing:
    """Encrypts what one account sends."""

    def __init__(self, context: Context, keys: Keys, devices: Devices, rooms: Rooms) -> None:
        self._context = context
        self._keys = keys
        self._devices = devices
        self._rooms = rooms
        self._members: dict[Address, tuple[float, tuple[Address, ...]]] = {}
        self._told: set[tuple[Address, int]] = set()
        """Devices of which a person was told on this stream that they are left out."""

    def stream_gone(self) -> None:
        """Who belongs to rooms may change from now on without our hearing of it."""
        self._members.clear()
        self._told.clear()

    def room_changed(self, room: Address) -> None:
        """Somebody came or left, or the room told of something else (XEP-0045 §9.3): ask again who belongs to it."""
        if room in self._members:
            self._members[room] = (0.0, self._known_members(room))

    def people(self, key: ChatKey, kind: ChatKind) -> tuple[Address, ...]:
        """Who belongs to a chat besides us, as far as it is known."""
        if kind is not ChatKind.ROOM:
            return (key.peer,) if kind is ChatKind.CONTACT else ()
        members = self._known_members(key.peer)
        everybody = dict.fromkeys((*members, *self._rooms.addresses(key.peer)))
        return tuple(person for person in everybody if person != self._context.own)

    def reaches_all(self, key: ChatKey, kind: ChatKind) -> bool:
        """Whether everybody in a chat can decrypt, as far as it is known; a private group changes over only then."""
        asked, _members = self._members.get(key.peer, (0.0, ()))
        people = self.people(key, kind) if kind is not ChatKind.ROOM or asked else ()
        return bool(people) and all(candidates(self._devices.of(person)) for person in people)

    def _known_members(self, room: Address) -> tuple[Address, ...]:
        return self._members.get(room, (0.0, ()))[1]

    async def ask_members(self, key: ChatKey, kind: ChatKind) -> tuple[Address, ...]:
        """Find out who belongs to a chat besides us, there or not. Raises RequestFailed, Unavailable."""
        room = self._rooms.known(key.peer) if kind is ChatKind.ROOM else None
        if room is not None and room.private:
            await self._people(room)
        return self.people(key, kind)

    async def ask_people(self, key: ChatKey, kind: ChatKind) -> None:
        """Find out who is in a chat and which devices they have. Raises RequestFailed, Unavailable."""
        room = self._rooms.known(key.peer) if kind is ChatKind.ROOM else None
        if kind is ChatKind.CONTACT or (room is not None and room.private):
            for person in (key.peer,) if room is None else await self._people(room):
                await self._devices.ask(person)

    # Deciding

    def concerns(self, key: ChatKey, kind: ChatKind) -> bool:
        """Whether what is sent to a chat may have to be encrypted, as far as it can be told without asking."""
        kept, wish = self._wish(key)
        if wish is EncryptionWish.NEVER:
            return False
        known = self._devices.of(key.peer) if kind is ChatKind.CONTACT else ()
        if must_be(kind, wish, begun=kept.begun, decided=is_decided(known)):
            return True
        room = self._rooms.known(key.peer) if kind is ChatKind.ROOM else None
        if kind is not ChatKind.CONTACT:
            return room is not None and room.private
        return not self._devices.is_heard(key.peer) or bool(candidates(known))

    def _wish(self, key: ChatKey) -> tuple[ChatEncryption, EncryptionWish]:
        kept = self._context.store.devices.encryption(key)
        return kept, wish_of(kept, self._context.settings.encryption)

    async def encrypts(self, key: ChatKey, kind: ChatKind) -> bool:
        """Whether what is sent to a chat now goes out encrypted. Raises Held, RequestFailed, Unavailable."""
        decision = decide(await self._circumstances(key, kind))
        if decision.course is Course.HOLD:
            raise Held(decision.reason)
        return decision.course is Course.ENCRYPT

    async def close(
        self, key: ChatKey, kind: ChatKind, outgoing: Outgoing, message_id: int | None, *, must: bool
    ) -> Outgoing:
        """Encrypt a message as its chat wants it; what was made for it is on disk when this returns.

        `must`: it is about something that was said encrypted. Raises Held, RequestFailed, Unavailable.
        """
        circumstances = await self._circumstances(key, kind)
        decision = decide(circumstances)
        if decision.course is Course.HOLD:
            raise Held(decision.reason)
        if decision.course is Course.PLAIN:
            if must:
                raise Held(_WAS_ENCRYPTED if message_id is None else _FILE_ENCRYPTED)
            return outgoing
        if outgoing.link:
            raise Held(_FILE_IN_CLEAR)
        await self._keys.ready()
        if self._keys.failed:
            raise Held(_NOT_LOADED)
        recipients, left_out = await self._recipients(circumstances.people)
        if (
            not any(recipient.address != self._context.own for recipient in recipients)
            and key.peer != self._context.own
        ):
            raise Held(why_refused(self._withheld(circumstances.people) & {Trust.UNDECIDED}) or _NO_KEYS)
        envelopes = await self._seal(
            _Letter(key, kind, outgoing, message_id), circumstances.people, recipients, left_out
        )
        return replace(outgoing, envelopes=envelopes)

    async def _circumstances(self, key: ChatKey, kind: ChatKind) -> Circumstances:
        room = self._rooms.known(key.peer) if kind is ChatKind.ROOM else None
        kept, wish = self._wish(key)
        if room is not None and not room.private and must_be(kind, wish, begun=kept.begun, decided=False):
            # Nothing is held because of what may be an old word of the room.
            await self._rooms.ask(key.peer)
        is_private = room is not None and room.private
        people: tuple[Address, ...] = ()
        reachable: set[Address] = set()
        known: list[Device] = []
        if needs_people(kind, wish, is_private_room=is_private):
            try:
                people = (key.peer,) if room is None else await self._people(room)
                for person in people:
                    devices = await self._devices.ask(person)
                    known += devices
                    if candidates(devices):
                        reachable.add(person)
            except RequestFailed as error:
                log.info("It is not known who can decrypt in %s: %s", key.peer, error.message)
                raise Held(_NOT_KNOWN, passing=True) from error
        return Circumstances(
            kind, wish, kept.begun, is_private, people, frozenset(reachable), withheld(known), is_decided(known)
        )

    async def _people(self, room: RoomModel) -> tuple[Address, ...]:
        """Who belongs to a room, there or not, without us; outcasts never (SECURITY 34)."""
        address, time = room.key.peer, asyncio.get_running_loop().time()
        asked, members = self._members.get(address, (0.0, ()))
        if not asked or time - asked > MEMBERS_KEPT:
            members = await self._context.line().affiliated(address)
            self._members[address] = time, members
        return tuple(member for member in members if member != self._context.own)

    # Encrypting

    async def _recipients(self, people: tuple[Address, ...]) -> tuple[list[Recipient], list[Device]]:
        """The devices to encrypt to, with the keys of those that we never wrote to; and those that have none."""
        own = self._context.own
        await self._devices.ask(own)
        devices = [device for owner in (*people, own) for device in candidates(self._devices.of(owner))]
        found = await asyncio.gather(*(self._recipient(device) for device in devices))
        left_out = [device for device, recipient in zip(devices, found, strict=True) if recipient is None]
        return [recipient for recipient in found if recipient is not None], left_out

    async def _recipient(self, device: Device) -> Recipient | None:
        version = version_for(device)
        bundle = None
        if not is_proven(device) or not self._keys.cipher.has_session(device.address, device.id, version):
            try:
                bundle = await self._devices.bundle(device.address, device)
            except RequestFailed as error:
                log.info("The keys of a device of %s could not be fetched: %s", device.address, error.message)
            if bundle is None:
                return None
        known = self._devices.get(device.address, device.id)
        if known is None or not known.trust.is_sent_to:
            return None
        return Recipient(device.address, device.id, version, known.fingerprint, bundle)

    async def _seal(
        self, letter: _Letter, people: tuple[Address, ...], recipients: list[Recipient], left_out: list[Device]
    ) -> tuple[Envelope, ...]:
        own, key = self._context.own, letter.key

        async def seal(cipher: Cipher) -> SealedFor:
            contents: dict[OmemoVersion, bytes | None] = dict(cipher.contents(letter.outgoing))
            contents.setdefault(OmemoVersion.LEGACY, letter.words.encode())
            return await cipher.seal(contents, recipients)

        def write(writes: Writes, sealed: SealedFor) -> SealedFor:
            if not any(recipient.address != own for recipient in sealed.identities) and key.peer != own:
                raise Held(_NO_KEYS)
            reached = (each for each in sealed.identities if each.address != own or key.peer == own)
            known = (writes.devices.get(own, each.address, each.device) for each in reached)
            trusts = [device.trust for device in known if device is not None]
            writes.begin_encryption(key, letter.kind, now())
            if letter.message_id is not None:
                writes.set_encryption_of(letter.message_id, least(trusts))
            return sealed

        begun = self._context.store.devices.encryption(key).begun
        sealed = await self._keys.do(seal, write)
        self._tell_left_out(people, sealed, left_out)
        if not begun:
            self._context.hub.publish(EncryptionChanged(key))
        return sealed.envelopes

    def _withheld(self, people: tuple[Address, ...]) -> frozenset[Trust]:
        return withheld(device for person in people for device in self._devices.of(person))

    def _tell_left_out(self, people: tuple[Address, ...], sealed: SealedFor, left_out: list[Device]) -> None:
        """Say once on each stream which devices cannot read what is written, and who therefore reads nothing."""
        failed = {(device.address, device.id) for device in left_out}
        failed |= {(recipient.address, recipient.device) for recipient, _why in sealed.left_out}
        counts: dict[Address, int] = {}
        for recipient in sealed.identities:
            counts[recipient.address] = counts.get(recipient.address, 0) + 1
        silent = missing(people, counts)
        failed |= {(person, 0) for person in silent}
        new = failed - self._told
        if not new:
            return
        self._told |= new
        names = ", ".join(sorted({address.shown for address, _device in new}))
        some = "cannot read this" if any(not device for _address, device in new) else "cannot read this on every device"
        self._context.problem(RequestFailed(f"{names} {some}.", title="Some devices were left out"))
