"""Texts are wrapped as the history wraps them, where both are measured by the same cells."""

from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from tui_xmpp.ui.first.wrapping import wrap

PIECES = ["ab", "word ", "x", " ", "  ", "語", "日本 ", "\n", "long" * 9, "é ", "👍", "-", "/me "]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.integers(min_value=12, max_value=60))
def test_each_row_is_what_the_history_shows(text: str, width: int) -> None:
    rows = [row.plain.rstrip() for row in Content(text).wrap(width)] or [""]
    assert [row.rstrip() for row in wrap(text, width)] == rows
