"""Gathers what was said while nobody was connected, over all accounts, for one summary of it."""

import asyncio
from collections import defaultdict
from collections.abc import Callable

from tui_xmpp.core.hub import Hub
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.events import CaughtUp
from tui_xmpp.model.message import Direction, Message
from tui_xmpp.storage.store import Store

PAUSE = 1.0
"""Seconds without backlog after which it may be over."""

LONGEST = 30.0
"""Seconds after which a summary is given, though an archive or a room still keeps us waiting."""


class Backlog:
    """What has come since the last summary; `is_busy` says whether more is to be expected."""

    def __init__(self, store: Store, hub: Hub, is_busy: Callable[[], bool]) -> None:
        self._store = store
        self._hub = hub
        self._is_busy = is_busy
        self._messages: defaultdict[ChatKey, list[int]] = defaultdict(list)
        self._timer: asyncio.TimerHandle | None = None
        self._begun = 0.0
        self._last = 0.0
        """When the newest of it came; the timer is not set anew for each."""

    def add(self, message: Message) -> None:
        """A message was stored that is not said just now."""
        if message.direction is Direction.OUT:
            return
        self._messages[message.chat].append(message.id)
        loop = asyncio.get_running_loop()
        self._last = loop.time()
        if self._timer is None:
            self._begun = self._last
            self._timer = loop.call_later(PAUSE, self._settle)

    def close(self) -> None:
        """There will be no summary any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _settle(self) -> None:
        loop = asyncio.get_running_loop()
        left = self._last + PAUSE - loop.time()
        if left > 0:
            self._timer = loop.call_later(left, self._settle)
            return
        if self._is_busy() and loop.time() - self._begun < LONGEST:
            self._timer = loop.call_later(PAUSE, self._settle)
            return
        self._timer = None
        summary = self._summary()
        self._messages.clear()
        if summary.unread:
            self._hub.publish(summary)

    def _summary(self) -> CaughtUp:
        """Of what has come, that which is still unread; of chats that make no noise only what names us."""
        unread = chats = mentions = 0
        for key, ids in self._messages.items():
            chat = self._store.chats.get(key)
            if chat is None:
                continue
            found = self._store.chats.unread_among(ids)
            waiting = found.mentions if chat.muted else found.messages
            unread, mentions, chats = unread + waiting, mentions + found.mentions, chats + bool(waiting)
        return CaughtUp(unread, chats, mentions)
