"""Rows are laid out to the cell, whatever stands in them."""

from functools import partial

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from tests.ui.screens.hostile import FORBIDDEN, HOSTILE
from tests.waiting import until
from tui_xmpp.model.text import clean_line
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
