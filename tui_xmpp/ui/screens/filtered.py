"""A list under a line: typing filters, the arrows choose, without leaving the line."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from tui_xmpp.ui.screens.fields import Line
from tui_xmpp.ui.screens.rows import Rows


class FilteredRows(Vertical):
    """The line and the list; the screen fills the list whenever the line changes."""

    DEFAULT_CSS = """
    FilteredRows { height: 1fr; min-height: 4; }
    FilteredRows > Line { margin-bottom: 1; }
    FilteredRows > Rows { height: 1fr; max-height: 100%; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move('cursor_down')", "Down", show=False, id="filter.down", tooltip="Choose the next row"),
        Binding("up", "move('cursor_up')", "Up", show=False, id="filter.up", tooltip="Choose the row before"),
        Binding("pagedown", "move('page_down')", "Page down", show=False, id="filter.page_down", tooltip="A page down"),
        Binding("pageup", "move('page_up')", "Page up", show=False, id="filter.page_up", tooltip="A page up"),
    ]

    def __init__(self, placeholder: str, value: str = "") -> None:
        super().__init__()
        self.line = Line(value, placeholder=placeholder, id="filter")
        self.rows = Rows(id="found")
        self.rows.can_focus = False

    def compose(self) -> ComposeResult:
        """The line above the list."""
        yield self.line
        yield self.rows

    @property
    def query_text(self) -> str:
        """What was typed."""
        return self.line.value.strip()

    async def action_move(self, how: str) -> None:
        """Move the choice in the list."""
        await self.rows.run_action(how)
