"""A list under a line: typing filters, the arrows choose, without leaving the line."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from tui_xmpp.ui import actions
from tui_xmpp.ui.screens.fields import Line
from tui_xmpp.ui.screens.rows import Rows


class FilteredRows(Vertical):
    """The line and the list; the screen fills the list whenever the line changes."""

    DEFAULT_CSS = """
    FilteredRows { height: 1fr; min-height: 4; }
    FilteredRows > Line { margin-bottom: 1; }
    FilteredRows > Rows { height: 1fr; max-height: 100%; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings_of("row_up", "row_down", "row_page_up", "row_page_down")]

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

    def action_row_up(self) -> None:
        """Choose the row above."""
        self.rows.action_row_up()

    def action_row_down(self) -> None:
        """Choose the row below."""
        self.rows.action_row_down()

    def action_row_page_up(self) -> None:
        """Choose a row one page up."""
        self.rows.action_row_page_up()

    def action_row_page_down(self) -> None:
        """Choose a row one page down."""
        self.rows.action_row_page_down()
