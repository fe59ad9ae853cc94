"""The chat behind a dialog, in the dialog's shade."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Generic, TypeVar

from rich.console import RenderableType
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.color import Color
from textual.css.styles import RulesMap
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widget import Widget

T = TypeVar("T")


class Shade:
    """The rows of the screen below as they were drawn last, each with what became of it."""

    def __init__(self) -> None:
        self._look: tuple[Color, RichStyle] | None = None
        self._rows: list[tuple[Strip, Strip]] = []

    def rows(self, strips: list[Strip], color: Color, ink: RichStyle) -> list[Strip]:
        """The same rows in the shade; those that have not changed are not made anew. `ink` is for what has no style."""
        before = self._rows if self._look == (color, ink) else []
        self._look = (color, ink)
        self._rows = [
            before[y] if y < len(before) and before[y][0] == strip else (strip, _shaded(strip, color, ink))
            for y, strip in enumerate(strips)
        ]
        return [shaded for _, shaded in self._rows]


class _Below(BackgroundScreen, Visual):
    """What Textual draws behind a dialog, row by row."""

    def __init__(self, below: BackgroundScreen, shade: Shade) -> None:
        super().__init__(below.screen, below.color)
        self._shade = shade

    def render_strips(
        self,
        width: int,  # noqa: ARG002 (Textual's)
        height: int | None,  # noqa: ARG002
        style: Style,
        options: RenderOptions,  # noqa: ARG002
    ) -> list[Strip]:
        """The rows."""
        rows = self.screen._compositor.render_strips()  # noqa: SLF001 (as Textual does)
        return self._shade.rows(rows, self.color, style.rich_style)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:  # noqa: ARG002
        """As wide as there is room."""
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:  # noqa: ARG002
        """As high as the screen."""
        return self.screen.size.height


class Shaded(ModalScreen[T], Generic[T]):
    """A screen through which the one below is seen.

    Textual makes all of that anew for each of the pictures in which a dialog opens, which takes longer than the dialog.
    """

    def __init__(self) -> None:
        super().__init__()
        self._shade = Shade()

    def render(self) -> RenderableType:
        """What is below, unless the ground hides it."""
        below = super().render()
        return _Below(below, self._shade) if isinstance(below, BackgroundScreen) else below

    def on_screen_suspend(self) -> None:
        """Let go of what was drawn when it is closed, and not only covered by another.

        What a closed screen consists of holds on to each other until a collection of everything, and Textual 8.2 has
        the last thousand widgets that were drawn for good, with each line of theirs: a megabyte for a dialog.
        """
        if self in self.app.screen_stack:
            return
        self._shade = Shade()
        for node in self.walk_children(Widget, with_self=True):
            for each in (node, node.vertical_scrollbar) if node.show_vertical_scrollbar else (node,):
                each.refresh()
                each.notify_style_update()


def _shaded(strip: Strip, color: Color, ink: RichStyle) -> Strip:
    return Strip(_segments(strip, color, ink), strip.cell_length)


def _segments(strip: Strip, color: Color, ink: RichStyle) -> Iterable[Segment]:
    for text, style, control in strip:
        bare = RichStyle() if style is None else style.clear_meta_and_links()
        yield Segment(text, _style(bare, color, ink), control)


@lru_cache(maxsize=1024)
def _style(style: RichStyle, color: Color, ink: RichStyle) -> RichStyle:
    """A style without what a click would do, and its colours in the shade."""
    (segment,) = BackgroundScreen.process_segments([Segment(" ", style)], color)
    return ink + (segment.style or style)
