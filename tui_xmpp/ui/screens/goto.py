"""Going to any chat, contact or room by a few letters of its name."""

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Input

from tui_xmpp.core.facade import Facade
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.ui.screens.dialog import Dialog
from tui_xmpp.ui.screens.filtered import FilteredRows
from tui_xmpp.ui.screens.place_rows import new_places, place_row
from tui_xmpp.ui.screens.places import Join, places, ranked, typed_address
from tui_xmpp.ui.screens.rows import Row
from tui_xmpp.ui.screens.wishes import RoomWanted

_SHOWN = 100
"""Most rows shown at once; who types one letter more sees the right ones."""


class GoTo(Dialog[ChatKey | None]):
    """Gives back where to go; an unknown room is asked of the app with `RoomWanted`."""

    confirm_word = "Go"
    tall = True

    def __init__(self, engine: Facade) -> None:
        super().__init__("Go to")
        self._engine = engine
        self._found = FilteredRows("Name, room or address")
        self._places = places(engine)
        self._several = len(engine.accounts()) > 1
        self._targets: dict[str, ChatKey | Join] = {}

    def body(self) -> Iterable[Widget]:
        """The line and the places."""
        yield self._found

    def on_mount(self) -> None:
        """Show all places, unread ones first."""
        self._show()
        self._found.line.focus()

    def on_unmount(self) -> None:
        """Let go of the places, which are many."""
        self._places = []

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter."""
        event.stop()
        self._show()

    def _show(self) -> None:
        query = self._found.query_text
        hits = ranked(query, self._places, _SHOWN)
        lines: list[tuple[Row, ChatKey | Join]] = [
            (place_row(place, hit, several=self._several), place.key) for place, hit in hits
        ]
        address = typed_address(query)
        if address is not None:
            lines += new_places(self._engine, address, self._places)
        self._targets = {row.id: target for row, target in lines}
        self._found.rows.show_rows([row for row, _ in lines], chosen=lines[0][0].id if lines else None)
        self.panel.show_progress("" if lines else _nothing(query))

    async def action_confirm(self) -> None:
        """Go to the chosen place."""
        chosen = self._found.rows.chosen
        if chosen is not None:
            self._go(chosen)

    def _go(self, row: str) -> None:
        target = self._targets[row]
        if isinstance(target, Join):
            self.app.post_message(RoomWanted(target.account, target.room))
            self.dismiss(None)
        else:
            self.dismiss(target)


def _nothing(query: str) -> str:
    if not query:
        return "There are no chats and no contacts yet. Type an address, like name@server, to write to somebody."
    return "Nothing is called so. An address typed in full, like name@server, can be written to or joined."
