"""A scroll bar that is painted by looking up its cells."""

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

_KEPT = 64
"""Cells that are kept as they were painted; with one set of colours there are some twenty."""


class LineScrollBar(ScrollBar):
    """A vertical bar that looks as Textual's does.

    It moves with each message that comes and each turn of the wheel, and Textual lets a console lay it out anew, which
    takes longer than all the other lines that have changed.
    """

    def __init__(self, *, thickness: int) -> None:
        super().__init__(vertical=True, name="vertical", thickness=thickness)
        self._cells: dict[tuple[Segment, Style], Strip] = {}

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of a part of the bar."""
        bar = self.render()
        width, height = self.size
        if not isinstance(bar, ScrollBarRender) or isinstance(bar.style, str):
            return super().render_lines(crop)
        back, front = bar.style.bgcolor, bar.style.color
        if back is None or front is None:
            return super().render_lines(crop)
        cells = bar.render_bar(
            height, bar.virtual_size, bar.window_size, bar.position, width, back_color=back, bar_color=front
        ).segments
        _, background = self.background_colors
        base = self.visual_style.rich_style
        strips = [self._strip(cell, width, base) for cell in cells[crop.y : crop.bottom]]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        return strips

    def _strip(self, cell: Segment, width: int, base: Style) -> Strip:
        strip = self._cells.get((cell, base))
        if strip is None:
            if len(self._cells) >= _KEPT:
                self._cells.clear()
            strip = self._cells[cell, base] = Strip([cell], width).apply_style(base)
        return strip
