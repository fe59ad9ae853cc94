"""What may be meant by a word that is in no dictionary."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.widget import Widget

from tui_xmpp.ui import actions
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.keymap import key_of
from tui_xmpp.ui.screens.dialog import Dialog
from tui_xmpp.ui.screens.rows import Row, Rows

ADD, ACCEPT = "+", "="
"""Answers that are no word: keep it for good, or until the program ends."""
_DIGITS = "123456789"


class SpellingDialog(Dialog[str | None]):
    """Gives the chosen word back, ADD or ACCEPT; the first nine words by their number, too."""

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.SPELLING)]
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
        learn, accept = (key_of(self.app, each) for each in ("learn_word", "accept_word"))
        rows.append(Row(ADD, f"Add “{self._word}” to my dictionary", glyph=learn, glyph_style="bold $accent"))
        rows.append(Row(ACCEPT, "Leave it as it is for now", glyph=accept, glyph_style="bold $accent"))
        self._rows.show_rows(rows)
        self._rows.focus()

    def on_key(self, event: events.Key) -> None:
        """A digit chooses at once."""
        at = _DIGITS.find(event.character or "-")
        if 0 <= at < len(self._offers):
            event.stop()
            self.dismiss(self._offers[at])

    def action_learn_word(self) -> None:
        """Add it to the dictionary."""
        self.dismiss(ADD)

    def action_accept_word(self) -> None:
        """Leave it as it is."""
        self.dismiss(ACCEPT)

    async def action_confirm(self) -> None:
        """Give the chosen one back."""
        self.dismiss(self._rows.chosen)
