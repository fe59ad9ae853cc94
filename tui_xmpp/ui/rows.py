"""Rows of a list as values: pieces of text and the names of their styles. Pure, so that they can be tested alone."""

from rich.cells import cell_len, set_cell_size

from tui_xmpp.model.frozen import frozen

Part = tuple[str, str]
"""A piece of a line and the name of its style; the text is drawn as it is, never as markup.

The style `name:Juno` is the colour of that name (XEP-0392).
"""


INKS = {
    "heading": "bold $primary",
    "text": "$foreground",
    "strong": "bold $foreground",
    "quiet": "$quiet",
    "present": "$present",
    "away": "$warning",
    "busy": "$error",
    "accent": "$primary",
    "warm": "$warning",
    "badge": "bold $on-accent on $primary",
    "warm-badge": "bold $on-accent on $warning",
    "bar": "$primary",
}
"""What the styles look like."""


@frozen
class Line:
    """One line of a row: what stands at the left, cut if there is no room, and at the right, never cut."""

    left: tuple[Part, ...] = ()
    right: tuple[Part, ...] = ()


@frozen
class Row:
    """One row; `id` is its identity across changes, `target` what it stands for."""

    id: str
    lines: tuple[Line, ...]
    target: object = None
    """None: the row cannot be selected."""
    current: bool = False
    """It stands for what is open now."""


def fitted(line: Line, width: int) -> list[Part]:
    """The pieces of a line in exactly `width` cells."""
    right = sum(cell_len(text) for text, _ in line.right)
    room = max(0, width - right - (1 if right else 0))
    parts: list[Part] = []
    for text, style in line.left:
        fits = cell_len(text) <= room
        shown = text if fits else set_cell_size(text, max(0, room - 1)).rstrip() + "…"
        parts.append((shown, style))
        room -= cell_len(shown)
        if not fits or room <= 0:
            break
    parts.append((" " * (room + (1 if right else 0)), ""))
    return [*parts, *line.right]
