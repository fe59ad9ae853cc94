"""For how long the messages of a chat are kept on this computer."""

from collections.abc import Iterable

from textual.widget import Widget

from tui_xmpp.core.facade import Facade
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.commands import SetRetention
from tui_xmpp.ui.history.top import kept_words
from tui_xmpp.ui.screens.dialog import Dialog
from tui_xmpp.ui.screens.plain import Plain
from tui_xmpp.ui.screens.rows import Row, Rows

OFFERED = (7, 30, 365, 0)
"""Days; 0 is for ever."""

_TEXT = (
    "What is older is deleted from this computer, at once and then every day; unread messages when they are read. "
    "The others and the server keep what they have."
)


class KeepMessagesDialog(Dialog[SetRetention | None]):
    """A few lengths of time, with the present one chosen; one that only the settings offer is there as well."""

    confirm_word = "Keep"

    def __init__(self, engine: Facade, key: ChatKey) -> None:
        super().__init__("Keep messages for how long?")
        self._engine = engine
        self._key = key
        self._rows = Rows(id="lengths")

    def body(self) -> Iterable[Widget]:
        """What it means, and the lengths."""
        yield Plain(_TEXT)
        yield self._rows

    def on_mount(self) -> None:
        """Show the lengths with the present one chosen."""
        present = self._engine.retention(self._key)
        offered = OFFERED if present is None or present in OFFERED else (present, *OFFERED)
        rows = [Row("", f"As the settings say: {kept_words(self._engine.keep_days)}")]
        rows += [Row(str(days), kept_words(days).capitalize()) for days in offered]
        self._rows.show_rows(rows, chosen="" if present is None else str(present))
        self._rows.focus()

    async def action_confirm(self) -> None:
        """Give the wish back."""
        chosen = self._rows.chosen
        if chosen is not None:
            self.dismiss(SetRetention(self._key, int(chosen) if chosen else None))
