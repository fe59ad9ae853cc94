"""Which chats are on the list, and what is done with a chat that needs no line."""

import logging

from tui_xmpp.core.clock import now
from tui_xmpp.core.contacts import Contacts
from tui_xmpp.core.context import Context
from tui_xmpp.core.rooms import Rooms
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKey, ChatKind
from tui_xmpp.model.events import ChatClosed
from tui_xmpp.model.notifying import Notify
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)


class ChatList:
    """The chats of one account that are on the list."""

    def __init__(self, context: Context, contacts: Contacts, rooms: Rooms) -> None:
        self._context = context
        self._contacts = contacts
        self._rooms = rooms
        self._open: set[ChatKey] = set()

    def is_open(self, key: ChatKey) -> bool:
        """Whether the chat is on the list; remembered, since every message asks."""
        if key not in self._open and self._context.store.chats.is_open(key):
            self._open.add(key)
        return key in self._open

    def kind(self, key: ChatKey) -> ChatKind:
        """What a chat is, known or not yet."""
        known = self._context.store.chats.kind(key)
        if known is not None:
            return known
        if not key.peer.is_bare:
            return ChatKind.PRIVATE
        return ChatKind.ROOM if self._rooms.is_room(key.peer) else ChatKind.CONTACT

    def title(self, address: Address) -> str:
        """What somebody is called."""
        return self._contacts.title(address)

    async def open(self, key: ChatKey, kind: ChatKind) -> None:
        """Put a chat on the list, at its top if it was not there."""

        def show(writes: Writes) -> Chat:
            return writes.ensure_chat(key, kind, open=True, now=now())

        if self.is_open(key):
            return
        await self._context.pen.write(show)
        self._open.add(key)
        self._context.hub.chat_changed(key)

    async def close(self, key: ChatKey) -> None:
        """Take a chat off the list; its history stays."""
        self._open.discard(key)
        await self._context.pen.write(lambda writes: writes.set_open(key, open=False))
        self._context.hub.publish(ChatClosed(key))

    async def make_contact(self, key: ChatKey, *, open: bool) -> None:  # noqa: A002 (as the store has it)
        """What was taken for a room is somebody to talk with."""
        await self._context.pen.write(lambda writes: writes.ensure_chat(key, ChatKind.CONTACT, open=open))
        if open:
            self._context.hub.chat_changed(key)
        else:
            self._open.discard(key)
            self._context.hub.publish(ChatClosed(key))

    async def save_draft(self, key: ChatKey, text: str) -> None:
        """Keep what was typed but not sent."""
        chat = await self._context.pen.write(lambda writes: writes.set_draft(key, text))
        if chat is not None:
            self._context.hub.chat_changed(key)

    async def set_notify(self, key: ChatKey, notify: Notify | None) -> None:
        """Choose what of a chat makes notifications."""
        chat = await self._context.pen.write(lambda writes: writes.set_notify(key, notify))
        if chat is not None:
            self._context.hub.chat_changed(key)
