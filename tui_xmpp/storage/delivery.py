"""How far own messages came."""

from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.message import Delivery, Direction, Message
from tui_xmpp.storage import counters, rows
from tui_xmpp.storage.messages import MessageReader
from tui_xmpp.storage.rows import Part

MOST_RETURNED = 500
"""Most messages that `delivered_up_to` reports, the newest; all are changed."""


_NEXT_OF_OURS = """
SELECT delivery FROM (
    SELECT direction, delivery FROM messages WHERE chat_id = ? AND (position, id) > (?, ?)
    ORDER BY position, id LIMIT 200
) WHERE direction = 'out' LIMIT 1
"""
_SELECT = "SELECT id FROM messages"
_UPDATE = "UPDATE messages SET delivery = ?"


class DeliveryWrites(Part):
    """Writes the delivery of own messages."""

    def set_delivery(self, message_id: int, delivery: Delivery, error: str = "") -> Message | None:
        """Set how far an own message came; `error` says why it FAILED. None: nothing changed.

        It only grows; FAILED goes back to PENDING by a retry and on when the other side has the message after all.
        """
        message = MessageReader(self._db).get(message_id)
        if message is None or message.direction is not Direction.OUT or not may_follow(message.delivery, delivery):
            return None
        self._db.run(
            "UPDATE messages SET delivery = ?, error = ? WHERE id = ?",
            (delivery, error if delivery is Delivery.FAILED else "", message_id),
        )
        self._refresh_preview(message.chat, message_id)
        return MessageReader(self._db).get(message_id)

    def delivered_up_to(self, key: ChatKey, message_id: int, delivery: Delivery) -> tuple[Message, ...]:
        """What a marker for one message says of it and of all before it (XEP-0333 §4.1); returns those that changed.

        Messages that are not known to be at the server are left alone: the marker cannot mean them.
        """
        chat = rows.chat_id(self._db, key)
        named = MessageReader(self._db).get(message_id)
        if chat is None or named is None or named.chat != key:
            return ()
        where = (
            "chat_id = ? AND direction = 'out' AND delivery < 3 AND delivery BETWEEN ? AND ?"
            " AND (position, id) <= (?, ?)"
        )
        values = (chat, Delivery.SENT, delivery - 1, named.position, named.id)
        ids = self._db.numbers(
            f"{_SELECT} WHERE {where} ORDER BY position DESC, id DESC LIMIT ?", (*values, MOST_RETURNED)
        )
        if not ids:
            return ()
        self._db.run(f"{_UPDATE} WHERE {where}", (delivery, *values))
        counters.refresh_preview(self._db, chat)
        return MessageReader(self._db).by_ids(ids[::-1])

    def is_below_displayed(self, message: Message) -> bool:
        """Whether the next of ours in its chat was displayed, and with it all before (XEP-0333 §4.1)."""
        chat = rows.chat_id(self._db, message.chat)
        return self._db.number(_NEXT_OF_OURS, (chat, message.position, message.id)) == Delivery.DISPLAYED

    def _refresh_preview(self, key: ChatKey, message_id: int) -> None:
        chat = rows.chat_id(self._db, key)
        if chat is not None:
            counters.refresh_preview_of(self._db, chat, message_id)


def may_follow(old: Delivery, new: Delivery) -> bool:
    """Whether a delivery may take the place of another.

    A late acknowledgement by the server does not undo a refusal by the other side, but its receipt does; and what
    has been delivered to one device stays so when another refuses it.
    """
    match old, new:
        case Delivery.FAILED, _:
            return new in {Delivery.PENDING, Delivery.DELIVERED, Delivery.DISPLAYED}
        case _, Delivery.FAILED:
            return old in {Delivery.PENDING, Delivery.SENT}
        case _:
            return new > old
