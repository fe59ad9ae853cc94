"""Receipts (XEP-0184) and markers (XEP-0333): answering those of others, and believing theirs."""

from collections.abc import Iterable

from tui_xmpp.core.authorship import may_acknowledge, may_know_of_us
from tui_xmpp.core.contacts import Contacts
from tui_xmpp.core.context import Context
from tui_xmpp.core.ids import fresh_id
from tui_xmpp.core.judge import Judged
from tui_xmpp.core.outbox import Outbox
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKey, ChatKind
from tui_xmpp.model.events import MessageChanged
from tui_xmpp.model.message import Delivery, Direction, Message
from tui_xmpp.model.stanzas import MessageType, Outgoing, Route
from tui_xmpp.storage.writes import Writes

MOST_EARLY = 500
"""Most messages that are not here yet of which it is kept that they have arrived or were displayed."""


class Receipts:
    """What one account tells and hears of messages that arrived and were read."""

    def __init__(self, context: Context, contacts: Contacts, outbox: Outbox) -> None:
        self._context = context
        self._contacts = contacts
        self._outbox = outbox
        self._early: dict[tuple[ChatKey, str], Delivery] = {}
        """What was said of messages that are not here yet: pages of an archive come newest first."""

    # What comes in

    def heard(self, judged: Judged) -> None:
        """Take in what a message says of messages that we sent, or our other clients of what was read there."""
        message = judged.message
        if judged.place.direction is Direction.OUT:
            if message.displayed:
                self._read_elsewhere(judged.key, message.displayed, in_room=judged.place.kind is ChatKind.ROOM)
            return
        for acknowledged, delivery in (
            (message.receipt_for, Delivery.DELIVERED),
            (message.received, Delivery.DELIVERED),
            (message.displayed, Delivery.DISPLAYED),
        ):
            if acknowledged:
                self._acknowledged(judged.key, judged.place.kind, acknowledged, delivery)

    def _acknowledged(self, key: ChatKey, kind: ChatKind, acknowledged: str, delivery: Delivery) -> None:
        def acknowledge(writes: Writes) -> tuple[Message, ...] | None:
            found = [m for m in writes.find_by_stanza_id(key, acknowledged) if may_acknowledge(m, kind)]
            if not found:
                return None
            if delivery is Delivery.DISPLAYED:
                return writes.delivered_up_to(key, found[-1].id, delivery)
            changed = writes.set_delivery(found[-1].id, delivery)
            return () if changed is None else (changed,)

        def told(messages: tuple[Message, ...] | None) -> None:
            if messages is not None:
                self._changed(messages)
            elif kind is ChatKind.CONTACT:
                self._keep_early((key, acknowledged), delivery)

        self._context.pen.write_soon(acknowledge, told)

    def _keep_early(self, name: tuple[ChatKey, str], delivery: Delivery) -> None:
        self._early[name] = max(delivery, self._early.pop(name, delivery))
        while len(self._early) > MOST_EARLY:
            del self._early[next(iter(self._early))]

    def stored(self, messages: Iterable[Message]) -> None:
        """These are here now: take in what was said of them before."""
        for message in messages if self._early else ():
            for name in {message.stanza_id, message.origin_id} - {""}:
                delivery = self._early.pop((message.chat, name), None)
                if delivery is not None:
                    self._acknowledged(message.chat, ChatKind.CONTACT, name, delivery)

    def _changed(self, messages: tuple[Message, ...]) -> None:
        for message in messages:
            self._outbox.settled(message)
            self._context.hub.publish(MessageChanged(message))
            self._context.hub.chat_changed(message.chat)

    def _read_elsewhere(self, key: ChatKey, displayed: str, *, in_room: bool) -> None:
        def mark(writes: Writes) -> Chat | None:
            if in_room:
                named = writes.messages.find_by_archive_id(key, key.peer, displayed)
                return None if named is None else writes.mark_read_to(key, named.id)
            found = writes.find_by_stanza_id(key, displayed)
            return writes.mark_read_to(key, found[-1].id) if found else None

        self._context.pen.write_soon(mark, lambda chat: self._row(key, chat))

    def _row(self, key: ChatKey, chat: Chat | None) -> None:
        if chat is not None:
            self._context.hub.chat_changed(key)

    # What goes out

    def committed(self, judged: Judged) -> None:
        """A message from somebody is on disk: tell them, if they asked and may know that we are here."""
        message = judged.message
        if judged.place.direction is Direction.OUT or judged.place.kind is not ChatKind.CONTACT or not message.id:
            return
        if message.receipt_request and message.route is Route.LIVE and self._may_tell(message.sender):
            self._context.line().send(Outgoing(message.sender, MessageType.CHAT, fresh_id(), receipt_for=message.id))

    def _may_tell(self, address: Address) -> bool:
        return self._context.online and may_know_of_us(self._contacts.get(address))
