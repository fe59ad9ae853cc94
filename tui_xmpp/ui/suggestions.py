"""Over the composer: what may be meant by the word that is being written."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui_xmpp.ui.completion import Offer


class Suggestions(Static):
    """A few lines, of which one is marked; empty: it is not there."""

    DEFAULT_CSS = """
    Suggestions { display: none; height: auto; margin: 0 1; padding: 0 1; background: $panel; color: $foreground;
        text-wrap: nowrap; text-overflow: ellipsis; }
    """
    ALLOW_SELECT = False

    class Taken(Message):
        """A line was clicked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def show(self, offers: Sequence[Offer], marked: int | None) -> None:
        """Show other lines; nothing is marked before Tab was pressed."""
        self.display = bool(offers)
        if offers:
            width = max((cell_len(offer.shown) for offer in offers), default=0)
            lines = [self._line(offer, width, index == marked) for index, offer in enumerate(offers)]
            self.update(Content("\n").join(lines))

    def _line(self, offer: Offer, width: int, is_marked: bool) -> Content:
        shown = set_cell_size(offer.shown, min(width, 40))
        return Content.assemble(
            ("› " if is_marked else "  ", "bold $primary"),
            (shown, "bold" if is_marked else ""),
            (f"  {offer.beside}" if offer.beside else "", "$quiet"),
        )

    def on_click(self, event: events.Click) -> None:
        """Take the line under the pointer."""
        event.stop()
        self.post_message(self.Taken(event.y))
