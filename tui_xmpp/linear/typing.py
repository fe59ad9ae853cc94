"""Telling the other side that one is writing (XEP-0085), from what stands on the line."""

import asyncio

from tui_xmpp.linear.talk import Talk
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.commands import SetTyping

_PAUSE = 8.0
"""Seconds without a key after which one is not writing any more."""


class Typing:
    """Says once that writing began and once that it stopped."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._told: ChatKey | None = None
        self._pausing: asyncio.TimerHandle | None = None

    def changed(self, text: str) -> None:
        """The line has another text; a command is nobody's business."""
        is_message = bool(text.strip()) and (not text.startswith("/") or text.startswith(("//", "/me ")))
        if self._pausing is not None:
            self._pausing.cancel()
            self._pausing = None
        if not is_message or self._talk.key is None:
            self._tell(None)
            return
        self._tell(self._talk.key)
        self._pausing = asyncio.get_running_loop().call_later(_PAUSE, self._tell, None)

    def entered(self) -> None:
        """The line was entered: a message ends the writing by itself."""
        if self._pausing is not None:
            self._pausing.cancel()
            self._pausing = None
        self._tell(None)

    def _tell(self, key: ChatKey | None) -> None:
        before, self._told = self._told, key
        if before == key:
            return
        if before is not None:
            self._talk.wish(SetTyping(before, typing=False))
        if key is not None:
            self._talk.wish(SetTyping(key, typing=True))
