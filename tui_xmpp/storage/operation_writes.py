"""Writing what is done with messages: by others, by us, and what we did and the server may not have yet."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from tui_xmpp.model.chat import Chat, ChatKey
from tui_xmpp.model.message import Delivery, Message
from tui_xmpp.storage import beside, corrections, counters, held, operations, outgoing, rows, tombstones
from tui_xmpp.storage.chats import ChatReader
from tui_xmpp.storage.messages import MessageReader
from tui_xmpp.storage.replies import Name
from tui_xmpp.storage.rows import Part
from tui_xmpp.storage.values import Change, NewOperation, OutgoingOperation


class OperationWrites(Part):
    """Writes operations."""

    def operate(self, operation: NewOperation, *, hold: bool = True) -> Message | None:
        """Do something with the message that it names; returns that message if it has changed.

        If nobody has sent a message of this name and `hold`, the operation waits for it, and the author is compared
        when it comes. The same may come any number of times, in any order, and ends the same.
        """
        chat = rows.ensure_chat(self._db, operation.key, operation.kind)
        candidates = operations.meant(self._db, chat, operation)
        for message_id in candidates:
            if operations.is_due_to(self._db, operation, message_id):
                changed = operations.apply(self._db, message_id, operation)
                if operation.change is Change.CORRECTION:
                    names = [Name(0, operation.stanza_id)]
                    changed = operations.learned(self._db, chat, operation.key, message_id, names) or changed
                return MessageReader(self._db).get(message_id) if changed else None
        if not candidates and hold and operation.target:
            held.hold(self._db, chat, operation)
        return None

    def targets(self, operation: NewOperation) -> tuple[Message, ...]:
        """The messages that it may mean, the newest first, also hidden ones."""
        chat = rows.chat_id(self._db, operation.key)
        if chat is None:
            return ()
        reader = MessageReader(self._db)
        ids = operations.meant(self._db, chat, operation)
        return tuple(message for message_id in ids if (message := reader.stored(message_id)) is not None)

    def take_refused(self, messages: Iterable[Message]) -> list[NewOperation]:
        """Corrections that have waited for messages in their authors' names, and are not theirs; they wait no more.

        Of what others have sent under the name of their own, the message may still come.
        """
        if held.is_empty(self._db):
            return []
        by_chat: defaultdict[ChatKey, list[Message]] = defaultdict(list)
        for message in messages:
            by_chat[message.chat].append(message)
        return [refused for key, here in by_chat.items() for refused in self._refused(key, here)]

    def _refused(self, key: ChatKey, messages: Sequence[Message]) -> Iterator[NewOperation]:
        chat = rows.chat_id(self._db, key)
        if chat is None:
            return
        waited = operations.waited_for(self._db, chat, {name for each in messages for name in _names(each)})
        for message in messages:
            if not waited.isdisjoint(_names(message)) and not beside.has(self._db, message.id, beside.SEALED):
                yield from self._refused_for(chat, message)

    def _refused_for(self, chat: int, message: Message) -> Iterator[NewOperation]:
        names = [Name(0, name) for name in _names(message)]
        for row, operation in held.waiting_for(self._db, chat, message.chat, names):
            in_its_name = (operation.direction, operation.sender, operation.occupant_id) == (
                message.direction,
                message.sender,
                message.occupant_id,
            )
            is_due = operations.is_due_to(self._db, operation, message.id)
            if operation.change is Change.CORRECTION and in_its_name and not is_due:
                held.done(self._db, row)
                yield operation

    def is_known_as_ours(self, operation: NewOperation) -> bool:
        """Whether this is what we did, which comes back without proof that it is ours."""
        chat = rows.chat_id(self._db, operation.key)
        found = [] if chat is None else operations.meant(self._db, chat, operation)
        return any(operations.is_known_as_ours(self._db, message_id, operation.stanza_id) for message_id in found)

    def replace_text(self, message_id: int, body: str) -> Message | None:
        """Give another text to an own message that nobody has seen yet."""
        if beside.has(self._db, message_id, beside.TOMBSTONE | beside.HIDDEN):
            return None
        corrections.replace_text(self._db, message_id, body)
        return MessageReader(self._db).get(message_id)

    def hide_message(self, message_id: int, now: int) -> Chat | None:
        """Delete a message here alone; it stays away when it comes again. Returns its chat's new row."""
        message = MessageReader(self._db).get(message_id)
        if message is None:
            return None
        tombstones.hide(self._db, message_id, now)
        chat = rows.chat_id(self._db, message.chat)
        assert chat is not None
        counters.refresh_preview_of(self._db, chat, message_id)
        return ChatReader(self._db).get(message.chat)

    # What we do ourselves

    def begin_operation(self, message_id: int, operation: NewOperation) -> OutgoingOperation | None:
        """Do something ourselves, and keep that it is to be sent. None: it can not be done with this message."""
        if MessageReader(self._db).get(message_id) is None or beside.has(self._db, message_id, beside.TOMBSTONE):
            return None
        return outgoing.begin(self._db, message_id, operation)

    def settle_operation(self, operation: OutgoingOperation) -> Message | None:
        """The server has it. Returns the message; None: it is gone, or is not to be shown."""
        outgoing.end(self._db, operation)
        if operation.change is Change.RETRACTION:
            self._db.run(
                "UPDATE messages SET delivery = ? WHERE id = ? AND delivery = ?",
                (Delivery.SENT, operation.message_id, Delivery.PENDING),
            )
        return MessageReader(self._db).get(operation.message_id)

    def undo_operation(self, operation: OutgoingOperation) -> Message | None:
        """It was refused: everything is as before. Returns the message; None: it is gone, or is not to be shown."""
        outgoing.undo(self._db, operation)
        return MessageReader(self._db).get(operation.message_id)


def _names(message: Message) -> list[str]:
    """The ids by which a correction may name a message."""
    return [name for name in (message.stanza_id, message.origin_id) if name]
