"""Closing a chat or removing a contact, with or without what was written."""

from collections.abc import Iterable

from textual.widget import Widget

from tui_xmpp.ui.screens.dialog import Dialog, Hint
from tui_xmpp.ui.screens.fields import Check
from tui_xmpp.ui.screens.plain import Plain

DELETE = "Delete its messages on this computer, too, for good"


class PutAway(Dialog[bool | None]):
    """A question that gives back whether the history is to be deleted as well; None: nothing is to be done."""

    def __init__(self, title: str, text: str, yes: str) -> None:
        super().__init__(title)
        self._text = text
        self._yes = yes
        self._delete = Check(DELETE, id="delete")

    def body(self) -> Iterable[Widget]:
        """What happens, and the choice."""
        yield Plain(self._text)
        yield self._delete

    def keys(self) -> tuple[Hint, ...]:
        """The two answers."""
        return Hint("confirm", self._yes), Hint("cancel", "Keep")

    async def action_confirm(self) -> None:
        """Give back what is to become of the history."""
        self.dismiss(self._delete.value)
