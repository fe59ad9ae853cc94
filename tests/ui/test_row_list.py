"""A list shows what it is told to, and paints no more of it than has changed."""

from dataclasses import replace

from rich.segment import Segment
from textual.app import App, ComposeResult

from tui_xmpp.ui.row_list import RowList
from tui_xmpp.ui.rows import Line, Row
from tui_xmpp.ui.themes import DARK


class Counted(RowList):
    """Says which rows it has painted anew."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[str] = []

    def _segments(self, line: Line, width: int) -> list[Segment]:
        self.painted += [text for text, _ in line.left]
        return super()._segments(line, width)


class Alone(App[None]):
    """Nothing but the list."""

    def __init__(self) -> None:
        super().__init__()
        self.register_theme(DARK)
        self.theme = DARK.name

    def compose(self) -> ComposeResult:
        """The list."""
        yield Counted()


def on_screen(app: App[None]) -> list[str]:
    """What stands there."""
    lines = (strip.text.strip() for strip in app.screen._compositor.render_strips())
    return [line for line in lines if line]


def rows(*names: str) -> list[Row]:
    return [Row(str(number), (Line(((name, "text"),)), Line())) for number, name in enumerate(names)]


async def test_of_a_list_in_which_one_row_has_changed_only_that_is_painted() -> None:
    async with Alone().run_test(size=(20, 12)) as pilot:
        shown = pilot.app.query_one(Counted)
        shown.show(rows("Ines", "Juno", "Mara"))
        await pilot.pause()
        shown.painted.clear()
        shown.show(rows("Ines", "Juno 1", "Mara"))
        await pilot.pause()
        assert shown.painted == ["Juno 1"]
        assert on_screen(pilot.app) == ["Ines", "Juno 1", "Mara"]


async def test_a_list_whose_rows_have_moved_is_painted_as_it_is_now() -> None:
    async with Alone().run_test(size=(20, 12)) as pilot:
        shown = pilot.app.query_one(Counted)
        shown.show(rows("Ines", "Juno", "Mara"))
        await pilot.pause()
        taller = rows("Ines", "Juno", "Mara")
        shown.show([replace(taller[0], lines=(*taller[0].lines, Line((("is here", "text"),)))), *taller[1:]])
        await pilot.pause()
        assert on_screen(pilot.app) == ["Ines", "is here", "Juno", "Mara"]
