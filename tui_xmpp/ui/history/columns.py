"""Where time, name and text of a message stand in a row."""

from dataclasses import replace

from rich.cells import cell_len, set_cell_size

from tui_xmpp.model.frozen import frozen
from tui_xmpp.ui.history.chips import clip

MARGIN = 1
"""Cells at the right of the text that stay free but for marks."""
_LEAST_BODY = 12
_MOST_NAME = 14
_COMPACT_NAME = 9


@frozen
class Columns:
    """Where things stand in a row of `width` cells: margin, time, name, body, margin."""

    width: int = 0
    name: int = 4
    compact: bool = False

    margin = 2
    time = 5

    @property
    def gap(self) -> int:
        """Cells between columns; one on a narrow screen and in the compact form."""
        return 2 if self.width >= 60 and not self.compact else 1

    @property
    def left(self) -> int:
        """Where the body begins."""
        return self.margin + self.time + self.gap + self.name + self.gap

    @property
    def body(self) -> int:
        """Cells of the body."""
        return max(_LEAST_BODY, self.width - self.left - MARGIN)

    def hairline(self, label: str) -> tuple[str, str, str]:
        """A line between the margins with words in its middle: left of them, they themselves, right of them."""
        room = max(0, self.width - 2 * self.margin)
        label = f" {label} " if label else ""
        left = max(0, (room - cell_len(label)) // 2)
        right = max(0, room - cell_len(label) - left)
        return "─" * left, label, "─" * right

    def for_names(self, longest: int) -> "Columns":
        """The same with the name column as wide as names need, and the width allows."""
        most = max(4, min(_COMPACT_NAME if self.compact else _MOST_NAME, self.width // 5))
        return replace(self, name=max(4, min(longest, most)))


def fit(text: str, width: int) -> str:
    """The text in exactly `width` cells, cut with an ellipsis."""
    return set_cell_size(clip(text, width), width)
