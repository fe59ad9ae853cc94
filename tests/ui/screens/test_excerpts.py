"""A line out of a message has the hit in it, fits, and is drawn as text."""

import pytest
from rich.cells import cell_len

from tests.ui.screens.hostile import FORBIDDEN, HOSTILE
from tui_xmpp.model.search import Span
from tui_xmpp.model.text import clean
from tui_xmpp.ui.screens.excerpts import Excerpt
from tui_xmpp.ui.screens.rows import Row, row_content

LONG = "first words " * 30 + "here is the hit that was looked for " + "and more " * 30
HIT = LONG.index("hit")


def pointed_out(excerpt: Excerpt, width: int) -> list[str]:
    """The parts that are in the style of a hit."""
    content = excerpt.content(width)
    return [content.plain[span.start : span.end] for span in content.spans if "underline" in str(span.style)]


@pytest.mark.parametrize("width", [20, 40, 64, 200])
def test_the_first_hit_is_in_the_line_however_far_down_it_is(width: int) -> None:
    excerpt = Excerpt(LONG, ((HIT, HIT + 3),))
    assert pointed_out(excerpt, width) == ["hit"]
    plain = excerpt.content(width).plain
    assert plain.startswith("…")
    assert plain.endswith("…")
    assert cell_len(plain) <= width


def test_a_short_text_stands_whole_in_one_line() -> None:
    excerpt = Excerpt("who brings\nbread?", ((11, 16),))
    assert excerpt.content(40).plain == "who brings bread?"
    assert pointed_out(excerpt, 40) == ["bread"]


@pytest.mark.parametrize("marks", [(), ((0, 5),), ((0, 5), (5, 9), (300, 310)), ((0, 100_000),), ((90_000, 90_001),)])
@pytest.mark.parametrize("text", [*HOSTILE, LONG, "日本のパン屋" * 50, "🥐" * 200, "", "x" * 70_000])
@pytest.mark.parametrize("width", [1, 17, 40])
def test_no_text_makes_the_line_wider_than_its_room(text: str, marks: tuple[Span, ...], width: int) -> None:
    plain = Excerpt(clean(text), marks).content(width).plain
    assert cell_len(plain) <= width
    assert "\n" not in plain
    assert not FORBIDDEN.intersection(plain)


def test_in_a_row_it_stands_below_the_title() -> None:
    content = row_content(Row("1", "Kitchen", glyph="#", right="10:42", excerpt=Excerpt("bread", ((0, 5),))), 30)
    assert content.plain.split("\n")[1] == "  bread"
