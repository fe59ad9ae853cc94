"""What can be done where one is, as a small list beside the pointer or the cursor; each action's own key works too."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.geometry import Offset, Region

from tui_xmpp.model.text import clean_line
from tui_xmpp.ui import actions, keys
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.palette import Offer
from tui_xmpp.ui.screens.plain import plain
from tui_xmpp.ui.screens.rows import Row, Rows
from tui_xmpp.ui.screens.shaded import Shaded

_WIDTH = 34
_EDGES = 2
"""Cells of the border on both sides."""


class Menu(Shaded[str | None], inherit_bindings=False):
    """Gives the id of the chosen action back; `at` is a cell of the screen that it shall stand beside."""

    DEFAULT_CSS = """
    Menu { background: transparent; }
    Menu > #menu {
        width: 34; height: auto; max-height: 100%; border: round $rule; background: $surface; color: $foreground;
        border-title-color: $quiet;
    }
    Menu > #menu > Rows, Menu > #menu > Rows:focus { max-height: 100%; margin-bottom: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings_of("cancel"), *actions.bindings(Where.MENU)]

    def __init__(self, found: Sequence[Offer], at: Offset, title: str = "") -> None:
        super().__init__()
        self._found = found
        self._at = at
        self._title = title
        self._rows = Rows()

    def compose(self) -> ComposeResult:
        """One list."""
        with Vertical(id="menu"):
            yield self._rows

    def on_mount(self) -> None:
        """Show the actions, in one piece on the screen."""
        self.query_one("#menu").border_title = plain(clean_line(self._title))
        self._rows.show_rows(
            [
                Row(
                    offer.action.id,
                    offer.action.title[0].upper() + offer.action.title[1:],
                    right=keys.shown(offer.keys[0]) if offer.keys else "",
                )
                for offer in self._found
            ]
        )
        self._place()

    def on_resize(self) -> None:
        """Stay on the screen."""
        self._place()

    def _place(self) -> None:
        size = self.app.size
        height = min(len(self._found) + _EDGES, size.height)
        below = self._at.y + height <= size.height
        # Over it rather than on it, where there is no room below.
        top = self._at.y if below else max(0, self._at.y - height - 1)
        inside = Region(self._at.x, top, min(_WIDTH, size.width), height).translate_inside(size.region)
        self.query_one("#menu").styles.offset = inside.offset

    def on_click(self, event: events.Click) -> None:
        """A click beside the list closes it."""
        if not self.query_one("#menu").region.contains(event.screen_x, event.screen_y):
            self.dismiss(None)

    def on_key(self, event: events.Key) -> None:
        """Do what a key does outside the menu, too."""
        for offer in self._found:
            if event.key in offer.keys or (event.character is not None and event.character in offer.keys):
                event.stop()
                self.dismiss(offer.action.id)
                return

    def on_rows_taken(self, event: Rows.Taken) -> None:
        """A row was chosen."""
        event.stop()
        self.dismiss(event.row.id)

    def action_cancel(self) -> None:
        """Choose nothing."""
        self.dismiss(None)

    def action_leave_menu(self) -> None:
        """Choose nothing, by the key that leads back to where one was."""
        self.dismiss(None)
