"""The chat behind a dialog: drawn in its shade, kept up to date, and let go of."""

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.renderables.background_screen import BackgroundScreen
from textual.strip import Strip
from textual.widgets import Static

from tests.ui.screens.host import Host, showing
from tests.waiting import until
from tui_xmpp.ui.screens.ask import Confirm
from tui_xmpp.ui.screens.rows import Row, Rows
from tui_xmpp.ui.screens.shaded import Shade

SHADE, OTHER = Color(0, 0, 0, 0.5), Color(0, 0, 0, 0)
INK = Style.parse("bold #ff8000 on #202020")


def strip(text: str, style: Style = INK) -> Strip:
    return Strip([Segment(text, style), Segment(" ", Style(meta={"@click": "quit"}, link="https://a.example"))])


def test_a_row_in_the_shade_is_what_textual_makes_of_it() -> None:
    for color in (SHADE, OTHER):
        (row,) = Shade().rows([strip("Hello")], color, Style())
        assert list(row) == list(BackgroundScreen.process_segments(strip("Hello"), color))
        assert all(segment.style is None or (not segment.style.meta and segment.style.link is None) for segment in row)


def test_what_has_no_colour_has_that_of_the_dialog() -> None:
    (row,) = Shade().rows([Strip([Segment("Hello", None)])], SHADE, Style(color="red"))
    assert [segment.style for segment in row] == [Style(color="red")]


def test_only_rows_that_have_changed_are_made_anew() -> None:
    shade = Shade()
    first, second = shade.rows([strip("a"), strip("b")], SHADE, Style())
    same, other, third = shade.rows([strip("a"), strip("B"), strip("c")], SHADE, Style())
    assert same is first
    assert (other.text, third.text) == ("B ", "c ")
    assert other is not second
    assert shade.rows([strip("a")], OTHER, Style())[0] is not first


class Under(Host[bool]):
    """A screen with a word on it, and a question over it."""

    word = Static("before", markup=False)

    def on_mount(self) -> None:
        self.screen.mount(self.word)


async def test_what_happens_behind_a_dialog_is_seen() -> None:
    app = Under(lambda: Confirm("Sure?", "Is it?", "Yes", "No"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.lines[0].startswith("before")
        app.word.update("after")
        dialog = app.screen
        await until(lambda: "after" in "".join(strip.text for strip in dialog._render_cache.lines))
        assert app.lines[0].startswith("after")


async def test_a_closed_dialog_keeps_nothing_that_was_drawn() -> None:
    async with showing(lambda: Confirm("Sure?", "Is it?", "Yes", "No")) as (app, pilot):
        dialog = app.screen
        rows = Rows()
        await dialog.mount(rows)
        rows.show_rows([Row(str(number), f"row {number}") for number in range(60)])
        await pilot.pause()
        drawn = [dialog, *dialog.query("*"), rows.vertical_scrollbar]
        assert any(widget._styles_cache._cache for widget in drawn)
        await pilot.press("escape")
        assert app.closed
        assert [widget for widget in drawn if widget._styles_cache._cache] == []
        assert not rows._option_render_cache.keys()


async def test_a_dialog_under_another_stays_drawn() -> None:
    async with showing(lambda: Confirm("Sure?", "Is it?", "Yes", "No")) as (app, pilot):
        await app.push_screen(Confirm("Quite?", "x", "Yes", "No"))
        await pilot.press("escape")
        assert "Sure?" in app.text
        assert "Esc No" in app.text
