"""Places within the texts of a chat's messages, whatever rows and columns they stand in; and the text between two."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content

from tui_xmpp.model.graphemes import graphemes
from tui_xmpp.model.message import Message


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """Before a character of a message's text; in the order in which people read."""

    position: int
    message_id: int
    offset: int

    @staticmethod
    def of(message: Message, offset: int) -> "Spot":
        """A place in a message."""
        return Spot(message.position, message.id, offset)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What lies between two places: from one message into the same or a later one."""

    first: Spot
    last: Spot

    @staticmethod
    def between(one: Spot, other: Spot) -> "Stretch":
        """In either order."""
        return Stretch(min(one, other), max(one, other))

    def within(self, message: Message, length: int) -> tuple[int, int] | None:
        """Which part of a message's text of this length lies in it; None: nothing of it."""
        place = message.position, message.id
        first, last = self.first, self.last
        if not (first.position, first.message_id) <= place <= (last.position, last.message_id):
            return None
        start = first.offset if message.id == first.message_id else 0
        end = last.offset if message.id == last.message_id else length
        return min(start, length), min(end, length)


def line_starts(text: str, lines: Sequence[Content]) -> tuple[int, ...]:
    """Where each wrapped line begins in its text; wrapping leaves out spaces, and nothing else."""
    starts: list[int] = []
    at = 0
    for number, line in enumerate(lines):
        if number and not line.plain:
            while at < len(text) and text[at] == " ":
                at += 1
        if number and at < len(text) and text[at] == "\n":
            at += 1
        found = text.find(line.plain, at)
        start = min(found, len(text)) if found >= 0 else at
        starts.append(start)
        at = min(start + len(line.plain), len(text))
    return tuple(starts)


def offset_at(line: str, cell: int) -> int:
    """Before which character of a line a cell is, never inside of what people count as one; its second half: after."""
    offset = column = 0
    for grapheme in graphemes(line):
        width = cell_len(grapheme)
        if cell * 2 < column * 2 + width:
            return offset
        offset += len(grapheme)
        column += width
    return offset


def word_at(text: str, offset: int) -> tuple[int, int]:
    """The word around a place: everything up to the next space on both sides."""
    start, end = offset, offset
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return start, end
