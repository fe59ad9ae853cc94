"""A list shows what it is told to, and paints no more of it than has changed."""

from dataclasses import replace

from textual.app import App, ComposeResult
from textual.strip import Strip

from tui_xmpp.ui.row_list import Line, Row, RowList
from tui_xmpp.ui.themes import DARK


class Counted(RowList):
    """Says which lines it has painted."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[str] = []

    def render_line(self, y: int) -> Strip:
        """One line, noted."""
        strip = super().render_line(y)
        self.painted.append(strip.text.strip())
        return strip


class Alone(App[None]):
    """Nothing but the list."""

    def __init__(self) -> None:
        super().__init__()
        self.register_theme(DARK)
        self.theme = DARK.name

    def compose(self) -> ComposeResult:
        """The list."""
        yield Counted()


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
        assert shown.painted == ["Juno 1", ""]


async def test_a_list_whose_rows_have_moved_is_painted_as_it_is_now() -> None:
    async with Alone().run_test(size=(20, 12)) as pilot:
        shown = pilot.app.query_one(Counted)
        shown.show(rows("Ines", "Juno", "Mara"))
        await pilot.pause()
        shown.painted.clear()
        taller = rows("Ines", "Juno", "Mara")
        shown.show([replace(taller[0], lines=(*taller[0].lines, Line((("is here", "text"),)))), *taller[1:]])
        await pilot.pause()
        assert [line for line in shown.painted if line] == ["Ines", "is here", "Juno", "Mara"]
