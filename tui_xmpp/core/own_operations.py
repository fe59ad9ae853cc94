"""What we do with messages: correct, take back, react, moderate, delete; and what of it may be done with which."""

from tui_xmpp.core.allowed import Standing, allowed
from tui_xmpp.core.chat_list import ChatList
from tui_xmpp.core.clock import now
from tui_xmpp.core.composing import fit_text
from tui_xmpp.core.context import Context
from tui_xmpp.core.ids import fresh_id
from tui_xmpp.core.outbox import Outbox
from tui_xmpp.core.outbox_queue import State
from tui_xmpp.core.rooms import Rooms
from tui_xmpp.core.uploads import Uploads
from tui_xmpp.core.wording import NOT_ALLOWED, NOT_DONE
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.events import HistoryExtended
from tui_xmpp.model.graphemes import is_one_grapheme
from tui_xmpp.model.message import Delivery, Direction, Message, Operation
from tui_xmpp.model.text import clean_line
from tui_xmpp.storage.values import Change, NewOperation
from tui_xmpp.storage.writes import Writes

MOST_REACTIONS = 20
"""Most emojis that we put under one message; others do not show more (SECURITY 15)."""


class OwnOperations:
    """Fulfils the wishes of one account about messages that are stored."""

    def __init__(self, context: Context, rooms: Rooms, chats: ChatList, outbox: Outbox, uploads: Uploads) -> None:
        self._context = context
        self._rooms = rooms
        self._chats = chats
        self._outbox = outbox
        self._uploads = uploads

    def allowed(self, message: Message) -> frozenset[Operation]:
        """What may be done with a message now."""
        key = message.chat
        kind = self._chats.kind(key)
        room = None if kind is ChatKind.CONTACT else self._rooms.model(key.peer.bare)
        queued = self._outbox.queue.message(message.id)
        return allowed(
            message,
            Standing(
                kind,
                has_name=bool(self._outbox.name_of(message)) or queued is not None,
                on_its_way=queued is not None and queued.state in {State.WRITTEN, State.CLOSING},
                held=self._uploads.is_held(message) if queued is None else bool(queued.held),
                encrypts=self._context.store.devices.encryption(key).begun,
                may_talk=room is None or room.wanted,
                may_moderate=room is not None and room.we_moderate and room.can_moderate,
            ),
        )

    async def correct(self, key: ChatKey, message_id: int, body: str) -> None:
        """Give another text to an own message. One that nobody can have seen simply has that text."""
        message = self._check(key, message_id, Operation.CORRECT, NOT_DONE[Change.CORRECTION])
        text = fit_text(body, NOT_DONE[Change.CORRECTION])
        if text == message.body:
            return
        queued = self._outbox.queue.message(message_id)
        if queued is None and message.delivery is Delivery.FAILED:
            await self._replace(message_id, text)
        elif queued is not None and queued.state is State.FRESH:
            queued.is_changing = True
            try:
                await self._replace(message_id, text)
            finally:
                queued.is_changing = False
                self._outbox.pump()
        else:
            await self._outbox.begin(message, self._new(message, Change.CORRECTION, body=text))

    async def _replace(self, message_id: int, text: str) -> None:
        await self._context.pen.write(lambda writes: writes.replace_text(message_id, text))
        self._outbox.tell_again(message_id)

    async def retract(self, key: ChatKey, message_id: int) -> None:
        """Take an own message back for everybody. One that was not sent yet is deleted."""
        message = self._check(key, message_id, Operation.RETRACT, NOT_DONE[Change.RETRACTION])
        queued = self._outbox.queue.message(message_id)
        if queued is not None and queued.state is State.FRESH and not queued.is_changing:
            self._outbox.drop(message)
            await self._context.pen.settled()
        else:
            await self._outbox.begin(message, self._new(message, Change.RETRACTION))

    async def react(self, key: ChatKey, message_id: int, emojis: tuple[str, ...]) -> None:
        """Make these our reactions to a message."""
        message = self._check(key, message_id, Operation.REACT, NOT_DONE[Change.REACTIONS])
        wanted = tuple(dict.fromkeys(clean_line(emoji) for emoji in emojis))
        if len(wanted) > MOST_REACTIONS or not all(map(is_one_grapheme, wanted)):
            text = f"A reaction is one emoji, and there can be {MOST_REACTIONS} of them at most."
            raise RequestFailed(text, title=NOT_DONE[Change.REACTIONS])
        if set(wanted) != {reaction.emoji for reaction in message.reactions if reaction.own}:
            await self._outbox.begin(message, self._new(message, Change.REACTIONS, emojis=wanted))

    async def moderate(self, key: ChatKey, message_id: int, reason: str) -> None:
        """Ask the room to take somebody's message back for everybody; it tells all who are there, us too."""
        message = self._check(key, message_id, Operation.MODERATE, NOT_DONE[Change.MODERATION])
        name = self._outbox.name_of(message)
        await self._context.line().moderate(key.peer, name, clean_line(reason))

    async def delete(self, key: ChatKey, message_id: int, *, only_unsent: bool = False) -> None:
        """Delete a message from this store only; it stays away when an archive brings it again."""
        message = self._context.store.messages.get(message_id)
        if message is None or message.chat != key:
            return
        if await self._uploads.drop(message):
            return
        if only_unsent:
            raise RequestFailed("The file has been sent by now.", title="Not stopped")
        queued = self._outbox.queue.message(message_id)
        if queued is not None and queued.state in {State.WRITTEN, State.CLOSING}:
            raise RequestFailed("The message is on its way already.", title="Not deleted")
        unheard = queued is not None and queued.state is State.FRESH
        self._outbox.queue.forget(lambda one: one.message_id == message_id)

        def remove(writes: Writes) -> None:
            if unheard:
                writes.delete_message(message_id)
            else:
                writes.hide_message(message_id, now())

        await self._context.pen.write(remove)
        self._context.hub.publish(HistoryExtended(key, 0))
        self._context.hub.chat_changed(key)

    def _check(self, key: ChatKey, message_id: int, wanted: Operation, title: str) -> Message:
        """The message, if that may be done with it. Raises RequestFailed or, for a room we are not in, Unavailable."""
        message = self._context.store.messages.get(message_id)
        if message is None or message.chat != key:
            raise RequestFailed("This message is not here any more.", title=title)
        if wanted not in self.allowed(message):
            self._rooms.check_may_talk(key, self._chats.kind(key))
            raise RequestFailed(NOT_ALLOWED[wanted], title=title)
        return message

    def _new(self, message: Message, change: Change, *, body: str = "", emojis: tuple[str, ...] = ()) -> NewOperation:
        key = message.chat
        kind = self._chats.kind(key)
        room = self._rooms.known(key.peer) if kind is ChatKind.ROOM else None
        return NewOperation(
            key=key,
            kind=kind,
            change=change,
            target=message.stanza_id,
            direction=Direction.OUT,
            sender=self._context.own if room is None else key.peer.with_resource(room.nick),
            time=self._outbox.queue.tick(now()),
            body=body,
            emojis=emojis,
            nick="" if room is None else room.nick,
            occupant_id="" if room is None else room.own_occupant_id,
            stanza_id=fresh_id(),
            encryption=message.encryption,
        )
