"""Which of several links or files is meant."""

from collections.abc import Iterable, Sequence

from textual import events
from textual.widget import Widget

from tui_xmpp.ui.screens.dialog import Dialog, Hint
from tui_xmpp.ui.screens.rows import Row, Rows

_DIGITS = "123456789"


class ChooseLink(Dialog[int | None]):
    """Gives back which was chosen, counted from 0; the first nine can be by their number, too."""

    def __init__(self, links: Sequence[str], question: str = "Open which link?", word: str = "Open") -> None:
        super().__init__(question)
        self._word = word
        self._links = links
        self._rows = Rows(id="links")

    def body(self) -> Iterable[Widget]:
        """The links."""
        yield self._rows

    def keys(self) -> Sequence[Hint]:
        """What Enter does, in a word, and leaving it."""
        return Hint("confirm", self._word), Hint("cancel", self.cancel_word)

    def on_mount(self) -> None:
        """Show them with their numbers."""
        glyphs = [*_DIGITS, *" " * len(self._links)]
        rows = [Row(str(at), link, glyph=glyphs[at], glyph_style="bold $accent") for at, link in enumerate(self._links)]
        self._rows.show_rows(rows, chosen="0")
        self._rows.focus()

    def on_key(self, event: events.Key) -> None:
        """A digit chooses at once."""
        at = _DIGITS.find(event.character or "-")
        if 0 <= at < len(self._links):
            event.stop()
            self.dismiss(at)

    async def action_confirm(self) -> None:
        """Give the chosen one back."""
        self.dismiss(int(self._rows.chosen or 0))
