"""Encryption for one message that is sent without a session: by whoever has the store, and by whoever has not.

Both decide as a session would (SECURITY 29), and neither lets a message out in clear that it would encrypt or hold.
"""

import logging
from dataclasses import replace

from tui_xmpp.core.backlog import Backlog
from tui_xmpp.core.clock import now
from tui_xmpp.core.contacts import Contacts
from tui_xmpp.core.context import Context
from tui_xmpp.core.devices import Devices
from tui_xmpp.core.encryption import Circumstances, Course, decide, is_decided, needs_people, wish_of
from tui_xmpp.core.hub import Hub
from tui_xmpp.core.keeping import Keeping
from tui_xmpp.core.keys import Keys
from tui_xmpp.core.loaded import no_web
from tui_xmpp.core.ports import Connection, Network
from tui_xmpp.core.requests import Requests
from tui_xmpp.core.rooms import Rooms
from tui_xmpp.core.sealing import Held, Sealing
from tui_xmpp.core.tasks import Tasks
from tui_xmpp.errors import MustEncrypt, RequestFailed
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.message import Delivery, Direction
from tui_xmpp.model.omemo import ChatEncryption, OmemoVersion
from tui_xmpp.model.stanzas import MessageType, Outgoing, RoomInfo
from tui_xmpp.storage.store import Store
from tui_xmpp.storage.values import NewMessage, Stored
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)

_NOT_KNOWN = "It could not be found out whether the other side reads encrypted messages."


class WithKeys:
    """Has the store for itself: encrypts with this device's keys, and keeps the message, which it could never read."""

    def __init__(self, settings: AccountSettings, network: Network, store: Store) -> None:
        self._network = network
        self._store = store
        self._tasks = Tasks(_report)
        hub = Hub(store.chats.get, store.rooms.state)
        keeping, backlog = Keeping(store, hub), Backlog(store, hub, lambda: False)
        self._context = Context(settings, store, hub, self._tasks, keeping, backlog, no_web)
        self._rooms = Rooms(self._context)
        self._keys = Keys(self._context)
        requests = Requests(self._context, Contacts(self._context))
        self._devices = Devices(self._context, self._keys, requests)
        self._sealing = Sealing(self._context, self._keys, self._devices, self._rooms)
        self._kept = 0

    async def close(self, connection: Connection, outgoing: Outgoing, room: RoomInfo | None, nick: str) -> Outgoing:
        """Return the message as it may go out; `room` says what is known of the room. Raises MustEncrypt, Unavailable.

        What it is encrypted with is on disk by then, and the message is, as one on its way.
        """
        self._context.connection = connection
        key, kind = _place(self._store, self._context.own, outgoing)
        if room is not None:
            self._rooms.model(key.peer).learn(room)
        if not self._sealing.concerns(key, kind):
            return outgoing
        await self._keys.load(self._network)
        if not self._keys.failed and not self._is_listed():
            await self._devices.publish()
        self._kept = (await self._keep(key, kind, outgoing, nick)).message.id
        try:
            closed = await self._sealing.close(key, kind, outgoing, self._kept, must=False)
        except (Held, RequestFailed) as error:
            await self.failed()
            raise MustEncrypt(error.reason if isinstance(error, Held) else error.message) from error
        if not closed.envelopes:
            await self.failed()
        return closed

    def _is_listed(self) -> bool:
        """Whether others know this device, as far as we know."""
        return any(device.own and device.listed == set(OmemoVersion) for device in self._devices.of(self._context.own))

    async def _keep(self, key: ChatKey, kind: ChatKind, outgoing: Outgoing, nick: str) -> Stored:
        new = NewMessage(
            key=key,
            kind=kind,
            direction=Direction.OUT,
            sender=key.peer.with_resource(nick) if kind is ChatKind.ROOM else key.account,
            body=outgoing.body or "",
            time=now(),
            nick=nick if kind is ChatKind.ROOM else "",
            delivery=Delivery.PENDING,
            stanza_id=outgoing.id,
            origin_id=outgoing.origin_id,
            leaves_room=True,
        )

        def keep(writes: Writes) -> Stored:
            writes.ensure_chat(key, kind, open=True)
            return writes.add_message(new)

        return await self._context.pen.write(keep)

    async def arrived(self) -> None:
        """The server has it."""
        kept = self._kept
        if kept:
            await self._context.pen.write(lambda writes: writes.set_delivery(kept, Delivery.SENT))

    async def failed(self) -> None:
        """It did not go out, or was refused: nothing is left of it."""
        kept, self._kept = self._kept, 0
        if kept:
            await self._context.pen.write(lambda writes: writes.delete_message(kept))

    async def end(self) -> None:
        """Stop; what is still on its way is looked for by whoever has the store next."""
        await self._tasks.close()
        await self._store.close()


class WithoutKeys:
    """Has no store, or one that another process writes: lets through only what would go out in clear anyway."""

    def __init__(self, settings: AccountSettings, store: Store | None) -> None:
        self._settings = settings
        self._store = store

    async def close(self, connection: Connection, outgoing: Outgoing, room: RoomInfo | None, nick: str) -> Outgoing:
        """Return the message if it may go out in clear. Raises MustEncrypt, Unavailable."""
        del nick
        key, kind = _place(self._store, self._settings.address, outgoing)
        kept = ChatEncryption() if self._store is None else self._store.devices.encryption(key)
        wish = wish_of(kept, self._settings.encryption)
        is_private = room is not None and room.is_private
        known = () if self._store is None else self._store.devices.of(self._settings.address, key.peer)
        here = Circumstances(kind, wish, kept.begun, is_private, decided=is_decided(known))
        if needs_people(kind, wish, is_private_room=here.is_private_room):
            try:
                here = await self._with_people(connection, key, here)
            except RequestFailed as error:
                raise MustEncrypt(_NOT_KNOWN) from error
        decision = decide(here)
        if decision.course is Course.PLAIN:
            return outgoing
        raise MustEncrypt(decision.reason or self._why())

    async def _with_people(self, connection: Connection, key: ChatKey, here: Circumstances) -> Circumstances:
        people: tuple[Address, ...] = (key.peer,)
        if here.kind is ChatKind.ROOM:
            people = tuple(one for one in await connection.affiliated(key.peer) if one != key.account)
        reachable = set()
        for person in people:
            for version in OmemoVersion:
                if person != key.account and await connection.devices(person, version):
                    reachable.add(person)
        return replace(here, people=people, reachable=frozenset(reachable))

    def _why(self) -> str:
        if self._store is None:
            return "Messages to this chat are encrypted, and there are no keys yet: start tui-xmpp once."
        return (
            "Messages to this chat are encrypted, and the open tui-xmpp has the keys: write it there, or quit it first."
        )

    async def arrived(self) -> None:
        """Nothing was kept."""

    async def failed(self) -> None:
        """Nothing was kept."""

    async def end(self) -> None:
        """Let others have the store."""
        if self._store is not None:
            await self._store.close()


def _place(store: Store | None, own: Address, outgoing: Outgoing) -> tuple[ChatKey, ChatKind]:
    """The chat that a message belongs to."""
    peer = outgoing.recipient
    if outgoing.type is MessageType.GROUPCHAT:
        return ChatKey(own, peer.bare), ChatKind.ROOM
    is_in_room = store is not None and store.chats.kind(ChatKey(own, peer.bare)) is ChatKind.ROOM
    return (ChatKey(own, peer), ChatKind.PRIVATE) if is_in_room else (ChatKey(own, peer.bare), ChatKind.CONTACT)


def _report(name: str, error: Exception) -> None:
    log.warning("%s: %s", name, error)
