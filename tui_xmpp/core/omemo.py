"""End-to-end encryption of one account: its parts put together, its chores, and what a person wishes of it."""

import logging
from functools import partial

from tui_xmpp.core.authorship import may_know_of_us
from tui_xmpp.core.contacts import Contacts
from tui_xmpp.core.context import Context
from tui_xmpp.core.devices import Devices
from tui_xmpp.core.encryption import candidates, posture, version_for, wish_of
from tui_xmpp.core.ids import fresh_id
from tui_xmpp.core.judge import Judge
from tui_xmpp.core.keys import Keys
from tui_xmpp.core.opening import Opening, Peer
from tui_xmpp.core.ports import Cipher, Network
from tui_xmpp.core.requests import Requests
from tui_xmpp.core.rooms import Rooms
from tui_xmpp.core.sealing import Sealing
from tui_xmpp.errors import RequestFailed, Unavailable
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.events import EncryptionChanged
from tui_xmpp.model.omemo import ChatSecurity, EncryptionWish, OmemoVersion, Recipient, Security, Trust, undecided
from tui_xmpp.model.omemo import Sealing as SealedFor
from tui_xmpp.model.request import Request
from tui_xmpp.model.stanzas import MessageType, Outgoing
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)


class Omemo:
    """Encryption of one account."""

    def __init__(self, context: Context, contacts: Contacts, requests: Requests, rooms: Rooms, judge: Judge) -> None:
        self._context = context
        self._contacts = contacts
        self._requests = requests
        self._rooms = rooms
        self.keys = Keys(context)
        self.devices = Devices(context, self.keys, requests)
        self.opening = Opening(context, self.keys, self.devices, judge)
        self.opening.idle = self._idle
        self.devices.may_ask = self._may_know
        self.sealing = Sealing(context, self.keys, self.devices, rooms)
        self._healed: set[tuple[Address, int]] = set()
        self._resting = False

    # Life

    def start(self, network: Network) -> None:
        """Load the libraries, and open from now on what comes encrypted."""
        self._context.tasks.spawn(self.keys.load(network), f"keys {self._context.own}")
        self._context.tasks.spawn(self.opening.run(), f"open {self._context.own}")

    def stream_opened(self) -> None:
        """A new stream: what was said meanwhile comes from the archive first."""
        if self._context.has_archive:
            self.opening.hold(self._context.own)

    def stream_gone(self) -> None:
        """The stream is lost for good."""
        self.opening.release_all()
        self.devices.stream_gone()
        self.sealing.stream_gone()
        self._healed.clear()

    # When nothing waits any more

    def _idle(self) -> None:
        if not self._resting and self._context.online and not self.opening.is_catching_up:
            self._resting = True
            self._context.tasks.spawn(self._rest(), f"answer {self._context.own}")

    async def _rest(self) -> None:
        """Give signs of life to devices that wait for them, and renew the keys that they have used up.

        Not before everything is caught up with: one answer then does for all that was said meanwhile.
        """
        try:
            while self.opening.to_answer or self.opening.to_heal:
                for peer in tuple(self.opening.to_answer):
                    self.opening.to_answer.discard(peer)
                    if self._may_answer(peer):
                        await self._say_nothing(peer)
                for peer in tuple(self.opening.to_heal):
                    self.opening.to_heal.discard(peer)
                    await self._heal(peer)
            await self._renew()
        except (RequestFailed, Unavailable) as error:
            log.info("Not all devices were answered: %s", error.message)
        finally:
            self._resting = False
        if self.opening.to_answer or self.opening.to_heal:
            # They came while keys were renewed.
            self._idle()

    def _may_answer(self, peer: Peer) -> bool:
        """Whether they may know that we are here (SECURITY 27): people of our rooms see that anyway."""
        device = self._context.store.devices.get(self._context.own, peer.address, peer.device)
        return device is not None and device.trust.is_sent_to and self._may_know(peer.address)

    def _may_know(self, person: Address) -> bool:
        own = person == self._context.own
        return own or may_know_of_us(self._contacts.get(person)) or self._rooms.is_among_us(person)

    async def _say_nothing(self, peer: Peer, *, recipient: Recipient | None = None) -> None:
        to = recipient or Recipient(peer.address, peer.device, peer.version)

        async def seal(cipher: Cipher) -> SealedFor:
            return await cipher.seal({peer.version: None}, [to])

        sealed = await self.keys.do(seal, lambda _writes, made: made)
        if sealed.envelopes:
            message = Outgoing(peer.address, MessageType.CHAT, fresh_id(), envelopes=sealed.envelopes)
            self._context.line().send(message)

    async def _heal(self, peer: Peer) -> None:
        """Begin a new session with a device that just wrote in one which we do not have; once for each stream."""
        who = (peer.address, peer.device)
        device = next((each for each in await self.devices.ask(peer.address) if each.id == peer.device), None)
        if who in self._healed or device is None or not candidates([device]) or not self._may_answer(peer):
            return
        self._healed.add(who)
        version = version_for(device)
        bundle = await self.devices.bundle(peer.address, device)
        if bundle is not None and not self.keys.cipher.has_session(peer.address, peer.device, version):
            healed = Peer(peer.address, peer.device, version)
            to = Recipient(peer.address, peer.device, version, device.fingerprint, bundle)
            await self._say_nothing(healed, recipient=to)

    async def _renew(self) -> None:
        async def renew(cipher: Cipher) -> bool:
            return await cipher.renew()

        if self.devices.is_published and await self.keys.do(renew, lambda _writes, made: made):
            await self.devices.publish_bundles()

    # Reading

    def security(self, key: ChatKey, kind: ChatKind) -> ChatSecurity:
        """How what is written in a chat goes out, as far as it is known without asking."""
        kept = self._context.store.devices.encryption(key)
        wish = wish_of(kept, self._context.settings.encryption)
        room = self._rooms.known(key.peer) if kind is ChatKind.ROOM else None
        is_possible = kind is ChatKind.CONTACT or (room is not None and room.private)
        people = (key.peer,) if kind is ChatKind.CONTACT else self._rooms.addresses(key.peer)
        devices = [device for person in people if person != self._context.own for device in self.devices.of(person)]
        reaches_all = partial(self.sealing.reaches_all, key, kind)
        return posture(kind, kept, wish, devices, is_possible=is_possible, reaches_all=reaches_all)

    def look_ahead(self, key: ChatKey, kind: ChatKind) -> None:
        """Find out whether what is written in a chat will be encrypted, so that it is said before the first message."""
        if self._context.online and self.security(key, kind).state is Security.NONE:
            self._context.tasks.spawn(self._look_ahead(key, kind), f"look ahead {key}")

    async def _look_ahead(self, key: ChatKey, kind: ChatKind) -> None:
        try:
            await self.sealing.ask_people(key, kind)
        except (RequestFailed, Unavailable) as error:
            log.info("It is not known yet who can decrypt in %s: %s", key.peer, error.message)
        else:
            self._context.hub.publish(EncryptionChanged(key))

    # Wishes

    async def set_wish(self, key: ChatKey, kind: ChatKind, wish: EncryptionWish | None) -> None:
        """Set when a chat is encrypted."""

        def write(writes: Writes) -> None:
            writes.set_encryption(key, kind, wish)

        await self._context.pen.write(write)
        self._context.hub.publish(EncryptionChanged(key))

    async def answer(self, request: Request, *, accept: bool) -> None:
        """Trust or distrust the new devices of somebody, all that wait for a decision."""
        trust = Trust.TRUSTED if accept else Trust.DISTRUSTED
        for device in undecided(self.devices.of(request.sender)):
            await self.devices.set_trust(request.sender, device.id, trust)
        await self._requests.remove(request)

    async def reset(self, owner: Address, device: int) -> None:
        """Begin a new session with a device now, where there is a line."""
        await self.devices.reset(owner, device)
        peer = Peer(owner, device, OmemoVersion.LEGACY)
        self._healed.discard((owner, device))
        if self._context.online:
            await self._heal(peer)
