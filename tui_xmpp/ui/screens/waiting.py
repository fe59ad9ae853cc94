"""Dialogs that wait for a server or a disk: beside the keys, saying so, and Escape leaves them all the same."""

import logging
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from tui_xmpp.errors import TuiXmppError
from tui_xmpp.ui.screens.dialog import Dialog
from tui_xmpp.ui.wishes import Say, Tone

log = logging.getLogger(__name__)

A = TypeVar("A")
T = TypeVar("T")

_SOON = 0.3
"""Seconds after which it is said what is waited for: most answers are there before."""


class WaitingDialog(Dialog[T], Generic[T]):
    """What was begun goes on though the dialog is left; what then fails is said on the main screen."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._waits: dict[str, str] = {}
        """The words for all that is waited for, by what it is about."""

    def wait_for(
        self, words: str, answer: Coroutine[Any, Any, A], then: Callable[[A], object], *, about: str = ""
    ) -> None:
        """Wait for an answer, and go `then` on with it; about the same thing only one is waited for at a time."""
        if about in self._waits:
            answer.close()
            return
        self._waits[about] = words
        self.panel.show_problem("")
        self.panel.show_progress("")
        self.set_timer(_SOON, self._say)
        # The app's and not the dialog's, with which it would be cancelled half-way.
        self.app.run_worker(self._wait(answer, then, about), group="dialogs", name=words, exit_on_error=False)

    async def _wait(self, answer: Coroutine[Any, Any, A], then: Callable[[A], object], about: str) -> None:
        try:
            found = await answer
        except TuiXmppError as error:
            self._over(about)
            log.info("%s", error)
            if self._is_open:
                self.panel.show_error(error)
            else:
                self.app.post_message(Say(f"{error.title}: {error.message}", Tone.ERROR))
            return
        finally:
            self._over(about)
        if self._is_open:
            then(found)

    @property
    def _is_open(self) -> bool:
        return self in self.app.screen_stack

    def _over(self, about: str) -> None:
        if self._waits.pop(about, None) is not None and self._is_open:
            self._say()

    def _say(self) -> None:
        self.panel.show_progress(next(reversed(self._waits.values()), ""))
