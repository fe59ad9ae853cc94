"""Who is writing now, and telling others that we are (XEP-0085)."""

import asyncio

from tui_xmpp.core.authorship import may_know_of_us
from tui_xmpp.core.contacts import Contacts
from tui_xmpp.core.context import Context
from tui_xmpp.core.ids import fresh_id
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.events import TypingChanged
from tui_xmpp.model.stanzas import ChatState, MessageType, Outgoing

EXPIRY = 30.0
"""Seconds after which a typing state that was never taken back is over."""

_WRITERS_KEPT = 50
"""Most people shown as writing in one chat."""


class TypingStates:
    """Typing states of one account, both ways."""

    def __init__(self, context: Context, contacts: Contacts) -> None:
        self._context = context
        self._contacts = contacts
        self._writers: dict[ChatKey, dict[Address, tuple[str, asyncio.TimerHandle]]] = {}
        self._told: set[ChatKey] = set()
        """Chats whose other side believes that we are writing."""

    def names(self, key: ChatKey) -> tuple[str, ...]:
        """Who is writing in a chat now, by shown name."""
        return tuple(name for name, _ in self._writers.get(key, {}).values())

    # What comes in

    def heard(self, key: ChatKey, sender: Address, name: str, state: ChatState | None) -> None:
        """A chat state came; any message that is not `composing` ends the writing (`state` None)."""
        writers = self._writers.get(key, {})
        if state is not ChatState.COMPOSING:
            self._over(key, sender)
            return
        known = writers.get(sender)
        if known is not None:
            known[1].cancel()
        elif len(writers) >= _WRITERS_KEPT:
            return
        timer = asyncio.get_running_loop().call_later(EXPIRY, self._over, key, sender)
        self._writers.setdefault(key, {})[sender] = (name, timer)
        if known is None:
            self._tell(key)

    def left(self, who: Address) -> None:
        """Somebody is no longer there, or everybody if it is a bare address, and so writes no longer."""
        for key, writers in list(self._writers.items()):
            for sender in [sender for sender in writers if who in {sender, sender.bare}]:
                self._over(key, sender)

    def _over(self, key: ChatKey, sender: Address) -> None:
        writers = self._writers.get(key)
        known = writers.pop(sender, None) if writers is not None else None
        if writers is None or known is None:
            return
        known[1].cancel()
        if not writers:
            del self._writers[key]
        self._tell(key)

    def _tell(self, key: ChatKey) -> None:
        self._context.hub.publish(TypingChanged(key, self.names(key)))

    def forget(self) -> None:
        """The line is gone: nobody is known to be writing, and nobody knows of us."""
        self._told.clear()
        for key, writers in list(self._writers.items()):
            for _, timer in writers.values():
                timer.cancel()
            del self._writers[key]
            self._tell(key)

    # What goes out

    def may_tell(self, key: ChatKey) -> bool:
        """Whether the other side may know that we are writing: contacts who see our presence, and no room."""
        return key.peer.is_bare and may_know_of_us(self._contacts.get(key.peer))

    def say(self, key: ChatKey, *, writing: bool) -> None:
        """Tell the other side once when we begin and once when we stop; nothing where it may not be known."""
        if writing == (key in self._told) or not self._context.online or not self.may_tell(key):
            return
        state = ChatState.COMPOSING if writing else ChatState.PAUSED
        if writing:
            self._told.add(key)
        else:
            self._told.discard(key)
        self._context.line().send(Outgoing(key.peer, MessageType.CHAT, fresh_id(), chat_state=state, no_store=True))

    def sent(self, key: ChatKey) -> ChatState | None:
        """The state to put into a message that is sent now, which ends the writing."""
        self._told.discard(key)
        return ChatState.ACTIVE if self.may_tell(key) else None
