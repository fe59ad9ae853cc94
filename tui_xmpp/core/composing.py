"""Our messages, and what we do with messages, as stanzas: ids, quotations and addresses as others expect them."""

from tui_xmpp.core.context import Context
from tui_xmpp.core.fallbacks import with_quotation
from tui_xmpp.core.ids import fresh_id
from tui_xmpp.core.rooms import Rooms
from tui_xmpp.core.typing_states import TypingStates
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.message import Delivery, Direction, Encryption, Message
from tui_xmpp.model.message_parts import Fallback, Reactions, ReplyTo
from tui_xmpp.model.room import RoomStatus
from tui_xmpp.model.stanzas import MessageType, Outgoing
from tui_xmpp.model.text import BODY_LIMIT, clean
from tui_xmpp.storage.values import Change, NewMessage, NewReply, OutgoingOperation


class Composing:
    """Makes the stanzas of one account from what the store has."""

    def __init__(self, context: Context, rooms: Rooms, typing: TypingStates) -> None:
        self._context = context
        self._rooms = rooms
        self._typing = typing

    def is_to_room(self, key: ChatKey) -> bool:
        """Whether a chat is a room's, in which everybody hears us."""
        return key.peer.is_bare and self._rooms.is_room(key.peer)

    def kind(self, key: ChatKey) -> ChatKind:
        """What kind of chat it is, as far as sending goes."""
        if not key.peer.is_bare:
            return ChatKind.PRIVATE
        return ChatKind.ROOM if self.is_to_room(key) else ChatKind.CONTACT

    def is_about_encrypted(self, what: Message | OutgoingOperation) -> bool:
        """Whether it changes what was said encrypted, or has a key in it, and therefore must not go out in clear."""
        if isinstance(what, Message):
            return self.has_key(what)
        original = self._context.store.messages.get(what.message_id)
        return original is not None and original.encryption is Encryption.OMEMO

    def check_may_talk(self, key: ChatKey, kind: ChatKind) -> None:
        """Raise Unavailable for a room that we are neither in nor on our way into."""
        self._rooms.check_may_talk(key, kind)

    def new(self, key: ChatKey, kind: ChatKind, text: str, time: int, reply: NewReply | None = None) -> NewMessage:
        """An own message that is still to be sent, under a fresh name."""
        name = fresh_id()
        sender, nick, occupant_id = self._context.own, "", ""
        room = self._rooms.known(key.peer) if kind is ChatKind.ROOM else None
        if room is not None:
            sender, nick, occupant_id = key.peer.with_resource(room.nick), room.nick, room.own_occupant_id
        return NewMessage(
            key=key,
            kind=kind,
            direction=Direction.OUT,
            sender=sender,
            body=text,
            time=time,
            nick=nick,
            occupant_id=occupant_id,
            delivery=Delivery.PENDING,
            stanza_id=name,
            origin_id=name,
            leaves_room=True,
            reply=reply,
        )

    def has_key(self, what: Message | OutgoingOperation) -> bool:
        """Whether it is the link of an encrypted file, which has the key: only the recipients may read it."""
        return isinstance(what, Message) and what.upload is not None and what.upload.has_key

    def may_write(self, key: ChatKey) -> bool:
        """Whether something can be sent to a chat now, if there is a line."""
        room = self._rooms.known(key.peer.bare)
        return room is None or room.status is RoomStatus.JOINED

    def message(self, message_id: int) -> Outgoing | None:
        """A message with its first text; corrections of it follow by themselves. None: it was deleted."""
        message = self._context.store.messages.get(message_id)
        if message is None:
            return None
        versions = self._context.store.messages.versions(message.id) if message.edited else ()
        return self._text(message, versions[0].body if versions else message.body, message.stanza_id)

    def operation(self, operation: OutgoingOperation) -> Outgoing | None:
        """What is done with a message; None: it has no name yet by which others know it."""
        message = self._context.store.messages.get(operation.message_id)
        if message is None:
            return None
        if operation.change is Change.CORRECTION:
            return self._text(message, operation.body, operation.stanza_id, replaces=message.stanza_id)
        name = self.name_of(message)
        if not name:
            return None
        key = operation.key
        is_set = operation.change is Change.REACTIONS
        return Outgoing(
            recipient=key.peer,
            type=self._type(key),
            id=operation.stanza_id,
            origin_id=operation.stanza_id,
            private=not key.peer.is_bare,
            reactions=Reactions(name, operation.emojis) if is_set else None,
            retracts="" if is_set else name,
        )

    def name_of(self, message: Message) -> str:
        """By what id others know a message: the room's where it gives ids, else the sender's (XEP-0444 §4.2).

        Empty: there is none, or the room has not told it yet.
        """
        key = message.chat
        room = self._rooms.known(key.peer) if self.is_to_room(key) else None
        if room is not None and room.assigns_ids:
            return self._context.store.messages.archive_id(message.id, key.peer, self._context.own)
        return message.origin_id or message.stanza_id

    def _text(self, message: Message, body: str, name: str, *, replaces: str = "") -> Outgoing:
        key = message.chat
        private = not key.peer.is_bare
        to_person = not (self.is_to_room(key) or private or key.peer == self._context.own)
        whole, reply_to, fallbacks = self._answer(message, body)
        return Outgoing(
            recipient=key.peer,
            type=self._type(key),
            id=name,
            body=whole,
            origin_id=name,
            chat_state=self._typing.sent(key) if to_person else None,
            request_receipt=to_person and not replaces,
            markable=to_person and not replaces,
            private=private,
            replaces=replaces,
            reply_to=reply_to,
            fallbacks=fallbacks,
            link="" if message.upload is None or message.upload.has_key else message.upload.link,
        )

    def _answer(self, message: Message, body: str) -> tuple[str, ReplyTo | None, tuple[Fallback, ...]]:
        """A text with what it answers (XEP-0461), and quoted for clients that know no answers.

        What was said encrypted is never quoted in clear. An original that others cannot be told is only quoted.
        """
        quoted = None if message.reply is None else message.reply.message_id
        original = None if quoted is None else self._context.store.messages.get(quoted)
        if original is None:
            return body, None, ()
        text = original.body if original.encryption is Encryption.NONE else ""
        whole, fallbacks = with_quotation(body, text)
        name = self.name_of(original)
        if not name:
            return whole, None, ()
        if not self.is_to_room(message.chat):
            name = original.stanza_id or original.origin_id
        return whole, ReplyTo(name, self._author(original)), fallbacks

    def _author(self, original: Message) -> Address:
        """Whose message is answered; in a room's private chat we are known by our nickname alone."""
        if original.direction is Direction.OUT and not original.chat.peer.is_bare:
            room = self._rooms.model(original.chat.peer.bare)
            return room.key.peer.with_resource(room.nick)
        return original.sender

    def _type(self, key: ChatKey) -> MessageType:
        return MessageType.GROUPCHAT if self.is_to_room(key) else MessageType.CHAT


def fit_text(body: str, title: str = "Not sent") -> str:
    """A text that can be sent. Raises RequestFailed."""
    if len(body) > BODY_LIMIT:
        raise RequestFailed(f"A message can have {BODY_LIMIT:,} characters at most.", title=title)
    text = clean(body)
    if not text.strip():
        raise RequestFailed("There is nothing in the message.", title=title)
    return text
