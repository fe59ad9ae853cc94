"""Whether somebody looks, and what the notifier needs of the app."""

import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING

from tui_xmpp.model.chat import ChatKey
from tui_xmpp.ui.notify.rules import Note

if TYPE_CHECKING:
    from tui_xmpp.ui.app import TuiXmppApp

AWAY_AFTER = 90.0
"""Seconds without a key after which nobody looks, where the terminal does not tell whether it has the focus."""


class Attention:
    """Implements `notify.notifier.Surroundings` for the app."""

    def __init__(self, app: "TuiXmppApp") -> None:
        self._app = app
        self.focus_is_told = False
        """The terminal has told once that it got or lost the focus."""
        self._touched = time.monotonic()

    def touched(self) -> None:
        """A key was pressed, or the mouse was moved."""
        self._touched = time.monotonic()

    @property
    def is_here(self) -> bool:
        """Whether somebody looks at the terminal, as far as that can be known."""
        if self.focus_is_told:
            return self._app.app_focus
        return time.monotonic() - self._touched < AWAY_AFTER

    def looks_at(self, key: ChatKey) -> bool:
        """Whether somebody sees this chat now."""
        conversation = self._app.main.split.showing(key)
        return self.is_here and conversation is not None and conversation.is_on_screen

    def opened(self, note: Note) -> None:
        """A notification was clicked: show what it was about."""
        main = self._app.main
        if note.key is None:
            return
        if main.is_current:
            main.open_chat(note.key)

    def write(self, sequence: str) -> None:
        """Have the terminal obey a sequence."""
        self._app.write_to_terminal(sequence)

    def work(self, work: Coroutine[None, None, None]) -> None:
        """Do something in the background, if there is a screen at all."""
        if self._app.is_headless:
            work.close()
        else:
            self._app.run_worker(work, group="notifications", exit_on_error=False)

    def later(self, seconds: float, then: Callable[[], None]) -> None:
        """Call back after a while."""
        self._app.set_timer(seconds, then)
