"""A list of rows with a glyph, a title, something muted beside it and something at the right edge."""

from collections.abc import Sequence
from dataclasses import field
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui import actions
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.screens.excerpts import Excerpt
from tui_xmpp.ui.screens.plain import plain

WIDEST = 68
"""Columns of a dialog, where there are so many."""
_AROUND, _EDGES = 4, 2
"""Columns of a dialog that are not its list, and those of the list that are not its rows."""
_AT_ONCE, _NEAR = 50, 12
"""Rows that are laid out at once, and how near to the last of them the next are."""
_TITLE_LIMIT = 160
"""Most characters of a title that are laid out; no terminal shows more."""


@frozen
class Row:
    """One row; every text may come from outside."""

    id: str
    title: str
    glyph: str = ""
    glyph_style: str = "$foreground-muted"
    beside: str = ""
    """Muted, after the title."""
    right: str = ""
    """Muted, at the right edge."""
    badge: str = ""
    """What asks for attention, at the right edge."""
    badge_style: str = "$accent"
    below: tuple[str, ...] = ()
    """Muted lines of their own below the title; each is cut unless `whole`."""
    whole: bool = False
    strong: bool = False
    marks: tuple[int, ...] = field(default=())
    """Characters of the title to point out."""
    excerpt: Excerpt | None = None
    """A line out of a message, the last one of the row."""


class Rows(OptionList, inherit_bindings=False):
    """The list; one row is chosen, Enter takes it. Laid out anew for each width."""

    DEFAULT_CSS = """
    Rows, Rows:focus {
        border: none; padding: 0; background: transparent; background-tint: $foreground 0%;
        height: auto; max-height: 55vh; margin-bottom: 1; scrollbar-size-vertical: 1;
    }
    Rows { scrollbar-color: $foreground 20%; scrollbar-background: $surface; }
    Rows > .rows--bar { color: $accent; }
    Rows > .option-list--option { padding: 0 1; }
    Rows > .option-list--option-highlighted, Rows:focus > .option-list--option-highlighted {
        background: $panel; color: $foreground; text-style: none;
    }
    Rows > .option-list--option-hover { background: $foreground 4%; }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--bar"}

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.LIST)]

    class Taken(Message):
        """A row was taken with Enter or a click."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id, markup=False)
        self._rows: tuple[Row, ...] = ()
        self._laid_out = 0
        """Cells that the rows were laid out in."""

    def render_line(self, y: int) -> Strip:
        """A row of cells; a bar before the chosen row, so that colour is not needed to see it."""
        strip = super().render_line(y)
        line = self.scroll_offset.y + y
        if line < len(self._lines) and self._lines[line][0] == self.highlighted and strip.cell_length > 1:
            style = self.get_component_rich_style("rows--bar", partial=True)
            ground = next(iter(strip)).style
            return Strip.join([Strip([Segment("▌", (ground or Style()) + style)]), strip.crop(1)])
        return strip

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown."""
        return self._rows

    @property
    def chosen(self) -> str | None:
        """Id of the chosen row."""
        index = self.highlighted
        return None if index is None or index >= len(self._rows) else self._rows[index].id

    def show_rows(self, rows: Sequence[Row], *, chosen: str | None = None) -> None:
        """Show other rows; `chosen` (else the row chosen before, else the first) is the chosen one."""
        chosen = chosen if chosen is not None else self.chosen
        before = self.highlighted or 0
        self._rows = tuple(rows)
        ids = [row.id for row in rows]
        index = ids.index(chosen) if chosen in ids else min(before, len(rows) - 1)
        self._lay_out(index)
        if rows:
            self.highlighted = index

    def more_rows(self, rows: Sequence[Row]) -> None:
        """Show these too, after the others; the choice stays."""
        self._rows += tuple(rows)
        self._reach(self.option_count)

    def notify_style_update(self) -> None:
        """Forget what was drawn in other styles."""
        super().notify_style_update()
        self._option_render_cache.clear()

    def on_resize(self) -> None:
        """Lay the rows out for the new width."""
        if self._row_width != self._laid_out:
            self._lay_out_anew()

    def watch_show_vertical_scrollbar(self) -> None:
        """Where the scrollbar takes a cell from the rows, lay them out anew, else each would need a line more."""
        self.call_next(self._fit_scrollbar)

    def _fit_scrollbar(self) -> None:
        if self._rows and self._row_width < self._laid_out:
            self._lay_out_anew()

    def on_mount(self) -> None:
        """Have what the wheel comes to, too."""
        self.watch(self, "scroll_y", self._scrolled, init=False)

    def _scrolled(self) -> None:
        if self._lines:
            self._reach(self._lines[min(self.scroll_offset.y + self.size.height, len(self._lines) - 1)][0])

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Have what comes after the chosen row."""
        self._reach(event.option_index)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Turn the selection into a row."""
        event.stop()
        self.post_message(self.Taken(self._rows[event.option_index]))

    def action_open_row(self) -> None:
        """Take the chosen row."""
        self.action_select()

    def action_row_up(self) -> None:
        """Choose the row above; above the first is the last."""
        if not self.highlighted:
            self._reach(len(self._rows))
        self.action_cursor_up()

    def action_row_down(self) -> None:
        """Choose the row below."""
        self.action_cursor_down()

    def action_row_page_up(self) -> None:
        """Choose a row one page up."""
        self.action_page_up()  # type: ignore[no-untyped-call]  # Textual gives it no types

    def action_row_page_down(self) -> None:
        """Choose a row one page down."""
        self.action_page_down()  # type: ignore[no-untyped-call]  # Textual gives it no types

    def action_row_first(self) -> None:
        """Choose the first row."""
        self.action_first()

    def action_row_last(self) -> None:
        """Choose the last row."""
        self._reach(len(self._rows))
        self.action_last()

    def _lay_out_anew(self) -> None:
        index = self.highlighted
        self._lay_out(index or 0)
        self.highlighted = index

    def _lay_out(self, index: int) -> None:
        # A scrollbar that comes later would have everything drawn once more.
        self.styles.scrollbar_gutter = "stable" if self._scrolls else "auto"
        self._laid_out = width = self._row_width
        self.set_options(Option(row_content(row, width)) for row in self._rows[: index + _AT_ONCE])

    def _reach(self, index: int) -> None:
        """Lay out more rows where those that are come to an end near this one."""
        done = self.option_count
        if index + _NEAR >= done < len(self._rows):
            rows = self._rows[done : max(index, done) + _AT_ONCE]
            self.add_options(Option(row_content(row, self._laid_out)) for row in rows)

    @property
    def _row_width(self) -> int:
        """Cells of a row; before there is a size, what they will be in a dialog, so as not to lay out twice."""
        likely = min(self.screen.size.width, WIDEST) - _AROUND - self._scrolls
        width = self.scrollable_content_region.width if self.size else likely
        return max(width - _EDGES, 20)

    @property
    def _scrolls(self) -> bool:
        """Whether there will be a scrollbar, whatever the height."""
        return len(self._rows) > self.screen.size.height


def row_content(row: Row, width: int) -> Content:
    """Lay a row out in `width` cells: the title is cut before what stands at the right edge is."""
    right = [plain(clean_line(row.right), "$foreground-muted")] if row.right else []
    if row.badge:
        right.append(plain(f" {clean_line(row.badge)} ", f"bold reverse {row.badge_style}"))
    tail = Content(" ").join(right)
    glyph = Content.assemble(plain(row.glyph, row.glyph_style), " ") if row.glyph else Content("")
    room = width - glyph.cell_length - (tail.cell_length + 2 if tail else 0)
    title = clean_line(row.title, limit=_TITLE_LIMIT)
    shown = _fit(title, max(room, 6))
    content = plain(shown, "bold" if row.strong else "")
    for mark in row.marks:
        if mark < len(shown) and shown[mark] != "…":
            content = content.stylize("bold $accent", mark, mark + 1)
    left = room - content.cell_length
    if row.beside and left > 6:
        content = Content.assemble(content, "  ", plain(_fit(clean_line(row.beside), left - 2), "$foreground-muted"))
    line = Content.assemble(glyph, content)
    if tail:
        line = Content.assemble(line.pad_right(max(width - line.cell_length - tail.cell_length, 1)), tail)
    indent = " " * glyph.cell_length
    for text in row.below:
        for part in _below(clean_line(text), width - len(indent), whole=row.whole):
            line = Content.assemble(line, "\n", plain(indent + part, "$foreground-muted"))
    if row.excerpt is not None:
        line = Content.assemble(line, "\n", indent, row.excerpt.content(width - len(indent)))
    return line


def _below(text: str, width: int, *, whole: bool) -> list[str]:
    """A text as lines of at most so many cells; nothing for an empty one."""
    if not text:
        return []
    return [part.plain.rstrip() for part in plain(text).wrap(width)] if whole else [_fit(text, width)]


def _fit(text: str, width: int) -> str:
    """Cut a text to so many cells, with an ellipsis."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…"
