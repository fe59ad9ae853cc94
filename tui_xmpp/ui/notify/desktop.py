"""Notifications of the desktop (Desktop Notifications Specification 1.2). Where there is none, silence.

A chat has one notification, which later ones replace; it goes when the chat has been read, and a click opens it.
"""

import asyncio
import logging
import os
import time
from collections.abc import Callable, Mapping

from tui_xmpp.model.chat import ChatKey
from tui_xmpp.ui.notify.bus import Bus, BusGone
from tui_xmpp.ui.notify.rules import Note

log = logging.getLogger(__name__)

REST = 60.0
"""Seconds after a failure in which it is not tried again."""


class Desktop:
    """Shows notes and takes them back; `opened` hears which one was clicked. Connects with the first note."""

    def __init__(self, opened: Callable[[Note], None], environment: Mapping[str, str] = os.environ) -> None:
        self._opened = opened
        self._environment = environment
        self._bus: Bus | None = None
        self._capabilities: frozenset[object] = frozenset()
        self._shown: dict[ChatKey | None, tuple[int, Note]] = {}
        self._not_before = 0.0
        self._lock = asyncio.Lock()

    async def show(self, note: Note) -> bool:
        """Show a note in place of the one before of the same chat; False: the desktop does not take it."""
        async with self._lock:
            if time.monotonic() < self._not_before:
                return False
            try:
                self._shown[note.key] = (await self._notify(await self._connected(), note), note)
            except BusGone as gone:
                log.info("The desktop shows no notifications: %s", gone)
                self._not_before = time.monotonic() + REST
                await self._let_go()
                return False
            return True

    async def withdraw(self, key: ChatKey | None) -> None:
        """Take the note of a chat off the screen, if it is there."""
        async with self._lock:
            shown = self._shown.pop(key, None)
            if shown is not None and self._bus is not None:
                try:
                    await self._bus.call("CloseNotification", "u", (shown[0],))
                except BusGone as gone:
                    log.info("A notification was gone already: %s", gone)

    async def close(self) -> None:
        """Let go of the desktop."""
        async with self._lock:
            await self._let_go()

    async def _connected(self) -> Bus:
        if self._bus is None:
            self._bus = await Bus.connect(self._environment, self._clicked)
            (capabilities,) = await self._bus.call("GetCapabilities")
            self._capabilities = frozenset(capabilities) if isinstance(capabilities, list) else frozenset()
        return self._bus

    async def _notify(self, bus: Bus, note: Note) -> int:
        from html import escape  # not at the start: it brings all of HTML's characters

        before, _ = self._shown.get(note.key, (0, note))
        # Where the service understands markup, a text that only looks like it has to be escaped.
        text = escape(note.text, quote=False) if "body-markup" in self._capabilities else note.text
        actions = ["default", "Open"] if "actions" in self._capabilities else []
        hints = {"urgency": ("y", 1 if note.urgent else 0), "category": ("s", "im.received")}
        content = ("tui-xmpp", before, "", note.title, text, actions, hints, -1)
        (number,) = await bus.call("Notify", "susssasa{sv}i", content)
        return number if isinstance(number, int) else 0

    def _clicked(self, number: int) -> None:
        note = next((note for known, note in self._shown.values() if known == number), None)
        if note is not None:
            self._opened(note)

    async def _let_go(self) -> None:
        bus, self._bus = self._bus, None
        self._shown.clear()
        if bus is not None:
            await bus.close()
