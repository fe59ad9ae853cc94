"""Bars of one row."""

import pytest
from rich.cells import cell_len

from tui_xmpp.ui.bar import Piece, fitted

LEFT = (Piece("# "), Piece("Kitchen"), Piece("  weekend plans"))
RIGHT = (Piece("5 people"),)


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (40, "# Kitchen  weekend plans        5 people"),
        (34, "# Kitchen  weekend plans  5 people"),
        (28, "# Kitchen  weeken…  5 people"),
        (19, "# Kitchen  5 people"),
        (16, "# Kit…  5 people"),
        (8, "5 people"),
        (7, "# Kitc…"),
        (0, ""),
    ],
)
def test_the_right_side_is_kept_and_the_left_side_cut(width: int, shown: str) -> None:
    text = "".join(piece.text for piece in fitted(LEFT, RIGHT, width))

    assert text == shown
    assert cell_len(text) == width


def test_wide_characters_are_cut_between_cells() -> None:
    for width in range(3, 12):
        assert cell_len("".join(piece.text for piece in fitted((Piece("日本日本日本"),), (), width))) == width
