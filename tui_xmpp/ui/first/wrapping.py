"""Wrapping plain text into rows as the history does it with Textual, which is not there yet."""

import re

from rich.cells import cell_len, chop_cells

_WORDS = re.compile(r"\s*\S+\s*")


def wrap(text: str, width: int) -> list[str]:
    """The rows of a text of one or more lines, each of at most `width` cells; at least one."""
    return [row for line in text.split("\n") for row in _wrap_line(line, width)]


def _wrap_line(line: str, width: int) -> list[str]:
    rows: list[str] = []
    row, used = "", 0
    for word in _WORDS.findall(line):
        length = cell_len(word.rstrip())
        if used + length <= width:
            row, used = row + word, used + cell_len(word)
            continue
        if row:
            rows.append(row)
        row = word
        if length > width:
            *full, row = chop_cells(word, width)
            rows += full
        used = cell_len(row)
    return [*(full.rstrip() for full in rows), row if used <= width else row.rstrip()]
