"""Places in texts: from cells to characters and back, whatever the wrapping."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual.content import Content

from tests.ui.messages import message
from tui_xmpp.model.graphemes import graphemes
from tui_xmpp.ui.history.spots import Spot, Stretch, line_starts, offset_at, word_at
from tui_xmpp.ui.history.text import wrap


@pytest.mark.parametrize(
    ("line", "cell", "offset"),
    [
        ("bread", 0, 0), ("bread", 2, 2), ("bread", 99, 5), ("bread", -3, 0), ("", 4, 0),
        ("日本", 0, 0), ("日本", 1, 1), ("日本", 2, 1), ("日本", 3, 2),
        ("👩‍👩‍👧!", 1, 5), ("🇩🇪x", 2, 2), ("e\u0301x", 1, 2),
    ],
)  # fmt: skip
def test_a_cell_is_before_the_character_that_stands_there_and_never_inside_one(
    line: str, cell: int, offset: int
) -> None:
    assert offset_at(line, cell) == offset


@example("aaaaaa日 ", 4)
@given(st.text("ab 日👩\u200d👧\u0301\n", max_size=80), st.integers(4, 30))
def test_wrapped_lines_begin_where_their_text_does(text: str, width: int) -> None:
    lines = wrap(Content(text), width)
    starts = line_starts(text, lines)
    assert list(starts) == sorted(starts)
    for start, line in zip(starts, lines, strict=True):
        assert 0 <= start <= len(text)
        if line.plain.strip():
            assert text[start : start + len(line.plain)] == line.plain


def test_indented_and_empty_lines_have_their_own_places() -> None:
    text = "one   \n\n  two three"
    assert line_starts(text, wrap(Content(text), 7)) == (0, 7, 8, 14)


@given(st.text("ab👩👧\u200d🇩🇪\u0301", max_size=40))
def test_graphemes_are_the_whole_text_in_order(text: str) -> None:
    assert "".join(graphemes(text)) == text


def test_a_stretch_takes_the_end_of_the_first_all_of_the_middle_and_the_begin_of_the_last() -> None:
    first, middle, last = (message(number, "0123456789") for number in (1, 2, 3))
    stretch = Stretch.between(Spot.of(last, 3), Spot.of(first, 7))
    assert [stretch.within(each, 10) for each in (first, middle, last)] == [(7, 10), (0, 10), (0, 3)]
    assert stretch.within(message(4), 5) is None
    assert stretch.within(first, 5) == (5, 5)


def test_a_word_reaches_to_the_spaces_around_it() -> None:
    assert word_at("see https://a.example/x, please", 9) == (4, 24)
    assert word_at("two  spaces", 4) == (4, 4)
