"""Own messages on their way: stored as pending first, written in order, and pending until somebody proves otherwise.

The outbox is the column `delivery` of the store. What was written on a stream that is lost may or may not have
arrived: those messages are in doubt, and wait until the archive has been asked (DESIGN §3 Delivery).
"""

import logging

from tui_xmpp.core.context import Context, now
from tui_xmpp.core.ids import fresh_id
from tui_xmpp.core.rooms import Rooms
from tui_xmpp.core.typing_states import TypingStates
from tui_xmpp.errors import RequestFailed, Unavailable
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.events import HistoryExtended, MessageAdded, MessageChanged
from tui_xmpp.model.message import Delivery, Direction, Message
from tui_xmpp.model.room import RoomStatus
from tui_xmpp.model.stanzas import MessageType, Outgoing
from tui_xmpp.model.text import BODY_LIMIT, clean
from tui_xmpp.storage.values import NewMessage, Stored
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)

SKEW = 600 * 1_000_000
"""How far a server's clock may be behind ours before an archive is looked through too little, in µs."""


class Outbox:
    """The pending messages of one account, in the order in which they were typed."""

    def __init__(self, context: Context, rooms: Rooms, typing: TypingStates) -> None:
        self._context = context
        self._rooms = rooms
        self._typing = typing
        self._pending = {message.id: message for message in context.store.messages.pending(context.own)}
        self._written: set[int] = set()
        """Written on the stream that lives now."""
        self._doubtful = set(self._pending)
        """Perhaps written on a stream that is gone; after a start nobody knows."""

    # Wishes

    async def send(self, key: ChatKey, kind: ChatKind, body: str) -> None:
        """Store a message as pending, and send it as soon as that can be."""
        if len(body) > BODY_LIMIT:
            raise RequestFailed(f"A message can have {BODY_LIMIT:,} characters at most.", title="Not sent")
        text = clean(body)
        if not text.strip():
            raise RequestFailed("There is nothing in the message.", title="Not sent")
        self._rooms.check_may_talk(key, kind)
        name = fresh_id()
        sender, nick, occupant_id = self._context.own, "", ""
        room = self._rooms.known(key.peer) if kind is ChatKind.ROOM else None
        if room is not None:
            sender, nick, occupant_id = key.peer.with_resource(room.nick), room.nick, room.own_occupant_id
        new = NewMessage(
            key=key,
            kind=kind,
            direction=Direction.OUT,
            sender=sender,
            body=text,
            time=now(),
            nick=nick,
            occupant_id=occupant_id,
            delivery=Delivery.PENDING,
            stanza_id=name,
            origin_id=name,
            leaves_room=True,
        )

        def store(writes: Writes) -> Stored:
            writes.ensure_chat(key, kind, open=True)
            return writes.add_message(new)

        stored = await self._context.pen.write(store)
        self._pending[stored.message.id] = stored.message
        self._context.hub.publish(MessageAdded(stored.message, live=True))
        self._context.hub.chat_changed(key)
        self.pump()

    async def retry(self, message_id: int) -> None:
        """Send a failed message once more, under its old name: whoever has it already knows it again."""
        message = await self._context.pen.write(lambda writes: writes.set_delivery(message_id, Delivery.PENDING))
        if message is None:
            return
        self._pending[message.id] = message
        self._written.discard(message.id)
        self._tell(message)
        self.pump()

    async def delete(self, message_id: int) -> None:
        """Delete an own message that has not gone out."""
        message = self._context.store.messages.get(message_id)
        if message is None:
            return
        if message.direction is not Direction.OUT or message.delivery not in {Delivery.PENDING, Delivery.FAILED}:
            raise RequestFailed("Only a message that has not been sent can be deleted here.", title="Not deleted")
        if message_id in self._written:
            raise RequestFailed("The message is on its way already.", title="Not deleted")
        self._forget(message_id)
        await self._context.pen.write(lambda writes: writes.delete_message(message_id))
        self._context.hub.publish(HistoryExtended(message.chat, 0))
        self._context.hub.chat_changed(message.chat)

    # What comes in

    def acked(self, stanza_id: str) -> None:
        """The server has a stanza of ours. For a room that proves nothing yet: only its reflection does."""
        for message in self._pending.values():
            if message.stanza_id == stanza_id:
                if message.id in self._written and not self._is_to_room(message):
                    self._set(message, Delivery.SENT)
                return

    def refused(self, key: ChatKey, stanza_id: str, condition: str, text: str) -> None:
        """An error came back from the chat's other side for something that we sent there."""
        if condition == "not-acceptable" and self._rooms.thrown_out(key.peer):
            # We were not in the room any more; the message goes out again when we are back in.
            self._put_back(key)
            return

        def fail(writes: Writes) -> Message | None:
            for message in writes.find_by_stanza_id(key, stanza_id):
                if message.direction is Direction.OUT and message.delivery in {Delivery.PENDING, Delivery.SENT}:
                    return writes.set_delivery(message.id, Delivery.FAILED, text)
            return None

        self._context.pen.write_soon(fail, self._failed)

    def _put_back(self, key: ChatKey) -> None:
        for message in self._pending.values():
            if message.chat == key and message.id in self._written:
                self._written.discard(message.id)
                self._doubtful.add(message.id)

    def _failed(self, message: Message | None) -> None:
        if message is not None:
            self._forget(message.id)
            self._tell(message)

    def _set(self, message: Message, delivery: Delivery) -> None:
        def done(changed: Message | None) -> None:
            if changed is not None:
                self.settled(changed)
                self._tell(changed)

        self._context.pen.write_soon(lambda writes: writes.set_delivery(message.id, delivery), done)

    def settled(self, message: Message) -> None:
        """A message is known to have arrived, or to have failed: nothing is to be done for it any more."""
        if message.delivery is not Delivery.PENDING:
            self._forget(message.id)

    def _forget(self, message_id: int) -> None:
        self._pending.pop(message_id, None)
        self._written.discard(message_id)
        self._doubtful.discard(message_id)

    def _tell(self, message: Message) -> None:
        self._context.hub.publish(MessageChanged(message))
        self._context.hub.chat_changed(message.chat)

    # The stream

    def stream_gone(self) -> None:
        """The stream is lost for good: what was written on it may have arrived or not."""
        self._doubtful |= self._written
        self._written.clear()

    def doubts(self, room: Address | None) -> dict[ChatKey, int]:
        """Chats with messages in doubt: those of a room, or (None) all that are in no room.

        Each with the time, µs, back to which its archive must be looked through: our clock may be wrong by `SKEW`.
        """
        doubts: dict[ChatKey, int] = {}
        for message in self._pending.values():
            peer = message.chat.peer
            is_wanted = not self._is_to_room(message) if room is None else peer == room
            if message.id in self._doubtful and is_wanted:
                since = message.time - SKEW
                doubts[message.chat] = min(since, doubts.get(message.chat, since))
        return doubts

    def resolve(self, key: ChatKey) -> None:
        """All that a chat's archive has is stored now: what is still pending never arrived, and goes out again."""
        for message in self._pending.values():
            if message.chat == key:
                self._doubtful.discard(message.id)
        self.pump()

    def pump(self) -> None:
        """Write whatever may be written now, each chat's messages in order."""
        if not self._context.online:
            return
        held: set[ChatKey] = set()
        for message in self._pending.values():
            if message.id in self._written or message.chat in held:
                continue
            if message.id in self._doubtful or not self._is_ready(message):
                held.add(message.chat)
                continue
            try:
                self._write(message)
            except Unavailable:
                return

    def _write(self, message: Message) -> None:
        key = message.chat
        to_room, private = self._is_to_room(message), not key.peer.is_bare
        to_person = not (to_room or private or key.peer == self._context.own)
        self._context.line().send(
            Outgoing(
                recipient=key.peer,
                type=MessageType.GROUPCHAT if to_room else MessageType.CHAT,
                id=message.stanza_id,
                body=message.body,
                origin_id=message.origin_id,
                chat_state=self._typing.sent(key) if to_person else None,
                request_receipt=to_person,
                markable=to_person,
                private=private,
            )
        )
        self._written.add(message.id)

    def _is_ready(self, message: Message) -> bool:
        room = self._rooms.known(message.chat.peer.bare)
        return room is None or room.status is RoomStatus.JOINED

    def _is_to_room(self, message: Message) -> bool:
        return message.chat.peer.is_bare and self._rooms.is_room(message.chat.peer)
