"""One page of the wizard."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.widget import Widget

from tui_xmpp.ui.screens.dialog import Hint, Panel


class Step(Panel):
    """A panel that the wizard shows alone; it posts a message when it is filled in."""

    heading: ClassVar[str] = ""
    confirm_word: ClassVar[str] = "Continue"
    cancel_word: ClassVar[str] = "Back"

    def __init__(self, body: Iterable[Widget], *, heading: str = "", keys: Sequence[Hint] | None = None) -> None:
        standard = (Hint("confirm", self.confirm_word), Hint("cancel", self.cancel_word))
        super().__init__(heading or self.heading, body, standard if keys is None else keys)

    def start(self) -> None:
        """Put the cursor where the page begins."""

    def confirm(self) -> None:
        """Check what was filled in, and post it."""
