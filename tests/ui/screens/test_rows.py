"""Rows are laid out to the cell, whatever stands in them."""

from collections.abc import Iterable
from functools import partial

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.widget import Widget

from tests.ui.screens.host import showing
from tests.ui.screens.hostile import FORBIDDEN, HOSTILE
from tests.waiting import until
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.screens.dialog import Dialog
from tui_xmpp.ui.screens.plain import plain
from tui_xmpp.ui.screens.rows import Row, Rows, row_content


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("width", [20, 40, 64])
def test_no_text_makes_a_row_wider_than_its_list(text: str, width: int) -> None:
    row = Row("1", text, glyph="●", beside=text, right="10:42", badge="3", below=(text, ""), marks=(0, 5, 299))
    content = row_content(row, width)
    lines = content.plain.split("\n")
    assert len(lines) == (2 if clean_line(text) else 1)
    assert all(cell_len(line) <= width for line in lines)
    assert not FORBIDDEN.intersection("".join(lines))


def test_what_stands_at_the_right_edge_is_kept_and_the_title_is_cut() -> None:
    content = row_content(Row("1", "a very long title indeed, much too long", right="today", badge="14"), 30)
    assert content.plain.endswith("today  14 ")
    assert "…" in content.plain
    assert cell_len(content.plain) == 30


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_is_shown_whole_wraps_inside_the_list(text: str) -> None:
    lines = row_content(Row("1", "title", glyph="!", below=(text,), whole=True), 24).plain.split("\n")
    assert all(cell_len(line) <= 24 for line in lines)
    assert "…" not in "".join(lines)


def test_markup_is_shown_as_it_was_written() -> None:
    assert plain("[/foo] [bold]x[/]").plain == "[/foo] [bold]x[/]"


def test_control_and_bidi_characters_are_taken_out() -> None:
    assert plain("a\x1b[2J\u202eb\x9b").plain == "a[2Jb"


class _Listed(App[None]):
    def compose(self) -> ComposeResult:
        yield Rows()


def _has_scrollbar(rows: Rows, has: bool) -> bool:
    return rows.show_vertical_scrollbar is has


async def test_rows_that_come_to_need_a_scrollbar_keep_their_lines() -> None:
    async with _Listed().run_test(size=(60, 20)) as pilot:
        rows = pilot.app.query_one(Rows)
        for count in (3, 30):
            rows.show_rows([Row(str(number), "title " * 20, right="just now") for number in range(count)])
            await until(partial(_has_scrollbar, rows, count > 20), what="the scrollbar")
            await pilot.pause()
            assert len(rows._lines) == count


class Many(Dialog[None]):
    """A list that is longer than anybody looks at."""

    tall = True

    def body(self) -> Iterable[Widget]:
        yield Rows()

    def on_mount(self) -> None:
        rows = self.query_one(Rows)
        rows.show_rows([Row(str(number), f"row {number}") for number in range(300)], chosen="0")
        rows.focus()


async def test_of_a_long_list_only_what_is_near_is_laid_out_and_all_can_be_reached() -> None:
    async with showing(lambda: Many("Many")) as (app, pilot):
        rows = app.screen.query_one(Rows)
        assert rows.option_count < 100
        for _ in range(4):
            await pilot.press("pagedown")
        reached = int(rows.chosen or 0)
        assert reached > 40
        assert f"row {reached}" in app.text
        await pilot.press("end")
        assert rows.chosen == "299"
        assert "row 299" in app.text


async def test_above_the_first_row_of_a_long_list_is_the_last() -> None:
    async with showing(lambda: Many("Many")) as (app, pilot):
        await pilot.press("up")
        assert app.screen.query_one(Rows).chosen == "299"


async def test_the_wheel_reaches_all_of_a_long_list() -> None:
    async with showing(lambda: Many("Many")) as (app, pilot):
        rows = app.screen.query_one(Rows)
        for _ in range(30):
            rows.scroll_end(animate=False)
            await pilot.pause()
            if "row 299" in app.text:
                break
        assert "row 299" in app.text


async def test_the_choice_of_a_far_row_is_kept_when_the_window_changes() -> None:
    async with showing(lambda: Many("Many")) as (app, pilot):
        rows = app.screen.query_one(Rows)
        rows.show_rows(rows.rows, chosen="200")
        await pilot.resize_terminal(60, 24)
        await pilot.pause()
        assert rows.chosen == "200"
        assert "row 200" in app.text
