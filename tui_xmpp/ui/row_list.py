"""A list drawn line by line: a thousand rows cost what the visible ones cost."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual import events
from textual.binding import BindingType
from textual.cache import LRUCache
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from tui_xmpp.ui import actions
from tui_xmpp.ui.colours import name_colour
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.ink import ink, names_on
from tui_xmpp.ui.line_view import LineView
from tui_xmpp.ui.rows import INKS, Line, Row, fitted
from tui_xmpp.ui.wishes import RIGHT_BUTTON, MenuWanted

_KEPT = 64
"""Rows of which the painted lines are kept at least; a line with all that Textual keeps of it takes some 10 kB."""


class RowList(LineView, can_focus=True, inherit_bindings=False):
    """A list with a cursor; keyboard, mouse and wheel. Rows are data, so that building them can be tested alone."""

    DEFAULT_CSS = """
    RowList {
        height: 1fr; overflow-x: hidden; overflow-y: auto; background: $surface;
        scrollbar-size-vertical: 1; scrollbar-gutter: stable; scrollbar-color: $rule; scrollbar-color-hover: $quiet;
        scrollbar-color-active: $primary; scrollbar-background: $surface;
        scrollbar-background-hover: $surface; scrollbar-background-active: $surface;
        & .row--selected { background: $panel; }
    }
    RowList:ansi .row--selected { background: ansi_default; text-style: reverse; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"row--selected"}
    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.LIST)]
    ALLOW_SELECT = False
    menu: ClassVar[frozenset[Where]] = frozenset({Where.LIST})
    """Whose actions a click with the right button shows."""

    class Opened(Message):
        """A row was opened with Enter or a click."""

        def __init__(self, rows: "RowList", target: object) -> None:
            super().__init__()
            self.rows = rows
            self.target = target

        @property
        def control(self) -> "RowList":
            """The list."""
            return self.rows

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self.rows: Sequence[Row] = ()
        self.cursor: str | None = None
        """Id of the selected row."""
        self._unchosen = False
        """The cursor was put where it is by itself: it goes to a better place when there is one."""
        self._tops = array("L", [0])
        self._strips: LRUCache[str, tuple[Row, list[Strip]]] = LRUCache(_KEPT)
        self._styles: dict[str, RichStyle] = {}
        self._painted_width = 0

    # Rows
    def show(self, rows: Sequence[Row]) -> None:
        """Show other rows; the cursor stays on its row, or on its place if the row is gone."""
        before = self._index()
        shown, tops = self.rows, self._tops
        self.rows = rows
        self._tops = array("L", accumulate((len(row.lines) for row in rows), initial=0))
        self.virtual_size = Size(self.scrollable_content_region.width, self._tops[-1])
        if self.cursor is not None and self._index() is None:
            self.cursor = None
            if before is not None:
                self._select_near(min(before, len(rows) - 1), -1, keep=True)
        if self.has_focus and (self.cursor is None or self._unchosen):
            self._begin()
        if self._tops == tops:
            self._refresh_changed(shown)
        else:
            self.refresh()

    def _refresh_changed(self, shown: Sequence[Row]) -> None:
        """Paint the rows anew that are others: in a flood it is one, and the whole list takes milliseconds."""
        for top, old, row in zip(self._tops, shown, self.rows, strict=False):
            if old is not row and old != row:
                self.refresh_lines(top, len(row.lines))

    @property
    def selected(self) -> Row | None:
        """The row under the cursor."""
        index = self._index()
        return None if index is None else self.rows[index]

    def select(self, row_id: str) -> None:
        """Put the cursor on a row and that on the screen."""
        self._unchosen = False
        self.cursor = row_id
        index = self._index()
        if index is not None:
            self._show_index(index)
        self.refresh()

    def _index(self) -> int | None:
        if self.cursor is None:
            return None
        return next((index for index, row in enumerate(self.rows) if row.id == self.cursor), None)

    def _select_near(self, index: int, step: int, *, keep: bool = False) -> None:
        """Select the first row from an index on, in the direction of `step`, that can be selected."""
        while 0 <= index < len(self.rows):
            if self.rows[index].target is not None:
                self._unchosen = False
                self.cursor = self.rows[index].id
                if not keep:
                    self._show_index(index)
                self.refresh()
                return
            index += step

    def _begin(self) -> None:
        """Put the cursor where Enter would most likely be meant."""
        places = [(self.rank(row), index) for index, row in enumerate(self.rows) if row.target is not None]
        if places:
            rank, index = min(places)
            selected = self.selected
            if selected is None or rank < self.rank(selected):
                self._select_near(index, 1)
                self._unchosen = True

    def rank(self, row: Row) -> int:
        """How likely one wants to begin at a row; less is more."""
        return 0 if row.current else 1

    def _show_index(self, index: int) -> None:
        top, bottom = self._tops[index], self._tops[index + 1]
        while index and self.rows[index - 1].target is None and bottom - self._tops[index - 1] <= self.size.height:
            index -= 1
            top = self._tops[index]
        page = self.scrollable_content_region.height
        if top < self.scroll_offset.y:
            self.scroll_to(y=top, animate=False)
        elif bottom > self.scroll_offset.y + page:
            self.scroll_to(y=bottom - page, animate=False)

    # Actions of the registry
    def action_open_row(self) -> None:
        """Open the selected row."""
        row = self.selected
        if row is not None:
            self.post_message(self.Opened(self, row.target))

    def action_row_up(self) -> None:
        """Select the row above."""
        index = self._index()
        self._select_near(len(self.rows) - 1 if index is None else index - 1, -1)

    def action_row_down(self) -> None:
        """Select the row below."""
        index = self._index()
        self._select_near(0 if index is None else index + 1, 1)

    def action_row_page_up(self) -> None:
        """Select a row one page up."""
        self._select_row(self._tops[self._index() or 0] - self.scrollable_content_region.height, 1)

    def action_row_page_down(self) -> None:
        """Select a row one page down."""
        self._select_row(self._tops[self._index() or 0] + self.scrollable_content_region.height, -1)

    def action_row_first(self) -> None:
        """Select the first row."""
        self._select_near(0, 1)

    def action_row_last(self) -> None:
        """Select the last row."""
        self._select_near(len(self.rows) - 1, -1)

    def _select_row(self, line: int, step: int) -> None:
        if self.rows:
            line = max(0, min(line, self._tops[-1] - 1))
            self._select_near(bisect_right(self._tops, line) - 1, step)

    # Focus and mouse
    def on_focus(self) -> None:
        """Begin at what is open."""
        if self.selected is None:
            self._begin()
        self.refresh()

    def on_blur(self) -> None:
        """The cursor shows only while it can be moved."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Select and open the row under the pointer; with the right button, show what can be done with it."""
        line = event.y + self.scroll_offset.y
        if 0 <= line < self._tops[-1]:
            row = self.rows[bisect_right(self._tops, line) - 1]
            if row.target is not None:
                self._unchosen = False
                self.cursor = row.id
                self.refresh()
                if event.button == RIGHT_BUTTON:
                    self.screen.set_focus(self)
                    self.post_message(MenuWanted(self.menu, event.screen_x, event.screen_y))
                else:
                    self.post_message(self.Opened(self, row.target))

    # Paint
    def notify_style_update(self) -> None:
        """Take the colours of another theme."""
        super().notify_style_update()
        self._strips.clear()
        self._styles = {}

    def on_resize(self) -> None:
        """Keep what is on the screen, and a little around it."""
        height = self.size.height
        self._strips.grow(height + height // 4)

    def lines(self, rows: range) -> Iterator[Strip]:
        """Rows of the screen."""
        width, ground, top = self.scrollable_content_region.width, self.rich_style, self.scroll_offset.y
        if width != self._painted_width:
            self._strips.clear()
            self._painted_width = width
        for line in range(rows.start + top, rows.stop + top):
            if not width or line >= self._tops[-1]:
                yield Strip.blank(self.size.width, ground)
                continue
            index = bisect_right(self._tops, line) - 1
            row = self.rows[index]
            strip = self._paint(row, width)[line - self._tops[index]]
            if self.has_focus and row.id == self.cursor:
                if self.app.native_ansi_color:  # one colour reversed is a bar; several are a patchwork
                    strip = Strip([Segment(segment.text) for segment in strip], strip.cell_length)
                yield strip.apply_style(self.get_component_rich_style("row--selected"))
            else:
                yield strip.apply_style(ground)

    def _paint(self, row: Row, width: int) -> list[Strip]:
        cached = self._strips.get(row.id)
        if cached is not None and cached[0] == row:
            return cached[1]
        if not self._styles:
            self._styles = {name: ink(self, style).rich_style for name, style in INKS.items()}
        bar = Segment("▌", self._styles["bar"]) if row.current else Segment(" ")
        strips = [
            Strip([bar, *self._segments(line, width - 2), Segment(" ")]).adjust_cell_length(width) for line in row.lines
        ]
        self._strips.discard(row.id)  # an entry that is there is not replaced
        self._strips[row.id] = (row, strips)
        return strips

    def _segments(self, line: Line, width: int) -> list[Segment]:
        return [Segment(text, self._style(style)) for text, style in fitted(line, width)]

    def _style(self, name: str) -> RichStyle | None:
        if name.startswith("name:"):
            lightness = names_on(self.app)
            return None if lightness is None else RichStyle(color=name_colour(name[5:], lightness))
        return self._styles.get(name)
