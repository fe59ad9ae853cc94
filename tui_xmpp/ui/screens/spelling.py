"""What may be meant by a word that is in no dictionary."""

from collections.abc import Iterable, Sequence

from textual import events
from textual.widget import Widget

from tui_xmpp.ui.screens.dialog import Dialog
from tui_xmpp.ui.screens.rows import Row, Rows

ADD, ACCEPT = "+", "="
"""Answers that are no word: keep it for good, or until the program ends."""
_DIGITS = "123456789"


class SpellingDialog(Dialog[str | None]):
    """Gives the chosen word back, ADD or ACCEPT; the first nine words by their number, too."""

    confirm_word = "Choose"

    def __init__(self, word: str, offers: Sequence[str]) -> None:
        super().__init__(f"“{word}” is in no dictionary")
        self._word = word
        self._offers = offers
        self._rows = Rows(id="spellings")

    def body(self) -> Iterable[Widget]:
        """The offers."""
        yield self._rows

    def on_mount(self) -> None:
        """Show them, and what else can be done."""
        rows = [
            Row(offer, offer, glyph=digit, glyph_style="bold $accent")
            for offer, digit in zip(self._offers, _DIGITS, strict=False)
        ]
        rows.append(Row(ADD, f"Add “{self._word}” to my dictionary", glyph="+", glyph_style="bold $accent"))
        rows.append(Row(ACCEPT, "Leave it as it is for now", glyph="=", glyph_style="bold $accent"))
        self._rows.show_rows(rows)
        self._rows.focus()

    def on_key(self, event: events.Key) -> None:
        """A digit, + or = chooses at once."""
        character = event.character or "-"
        at = _DIGITS.find(character)
        if 0 <= at < len(self._offers):
            event.stop()
            self.dismiss(self._offers[at])
        elif character in {ADD, ACCEPT}:
            event.stop()
            self.dismiss(character)

    async def action_confirm(self) -> None:
        """Give the chosen one back."""
        self.dismiss(self._rows.chosen)
