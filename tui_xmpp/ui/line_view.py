"""A scrolled view that gives the screen its lines as it has kept them."""

from abc import abstractmethod
from collections.abc import Iterator

from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.style import Style

from tui_xmpp.ui.scroll_bar import LineScrollBar


class LineView(ScrollView, inherit_bindings=False):
    """Lines without borders, tints and paddings at the sides.

    Textual would wrap each line into a new one whenever it is painted, and cut, colour and encode that anew; a line
    that is the same object as before remembers how that came out.
    """

    _is_fitted = False

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The bar, made when it is first asked for."""
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = LineScrollBar(thickness=self.scrollbar_size_vertical)
            self._vertical_scrollbar.display = False
            self.app._start_widget(self, self._vertical_scrollbar)  # noqa: SLF001 (as Textual does it)
        return self._vertical_scrollbar

    def _size_updated(
        self,
        size: Size,
        virtual_size: Size,
        container_size: Size,
        layout: bool = True,
    ) -> bool:
        before = self.outer_size
        told = super()._size_updated(size, virtual_size, container_size, layout)
        if self.outer_size != before:
            self._is_fitted = True
            self.fit()
        return told

    def on_resize(self) -> None:
        """Fit what was hidden and is shown again, though it is as large as it was."""
        if not self._is_fitted:
            self.fit()
        self._is_fitted = False

    def fit(self) -> None:
        """Take in the size, which is painted in a moment: a Resize event tells of another one only after that."""

    @abstractmethod
    def lines(self, rows: range) -> Iterator[Strip]:
        """The lines in these rows below the padding; what all of them need is looked up once."""

    def render_line(self, y: int) -> Strip:
        """One row of the screen."""
        return next(self.lines(range(y, y + 1)))

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of a part of the screen."""
        gutter = self.styles.gutter
        if gutter.left or gutter.right or not crop.width:
            return super().render_lines(crop)
        base, background = self.background_colors
        width, ground = self.region.width, Style(background=base + background).rich_style
        above = max(0, gutter.top - crop.y)
        rows = range(crop.y + above - gutter.top, crop.bottom - gutter.top)
        blank = Strip.blank(width, ground)
        strips = [blank] * min(above, crop.height)
        strips += (strip.adjust_cell_length(width, ground) for strip in self.lines(rows))
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        if crop.column_span != (0, width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips
