"""Places within the texts of a chat's messages, whatever rows and columns they stand in; and the text between two."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content

from tui_xmpp.model.frozen import frozen
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


@frozen
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
    """Where each wrapped line begins in its text; wrapping leaves out spaces, and nothing else.

    Exact for lines with words; one of nothing but spaces begins somewhere between those around it.
    """
    starts: list[int] = []
    at = 0
    for number, line in enumerate(lines):
        words = line.plain.lstrip(" ")
        if words:
            found = text.find(words, at)
            start = at if found < 0 else found - (len(line.plain) - len(words))
        else:
            end = _after_spaces(text, at)
            start = end + 1 if number and text[end : end + 1] == "\n" else at
        starts.append(start)
        at = start + len(line.plain) if words else start
    for number in range(len(starts) - 1, 0, -1):
        starts[number - 1] = min(starts[number - 1], starts[number])
    return tuple(starts)


def _after_spaces(text: str, at: int) -> int:
    while text[at : at + 1] == " ":
        at += 1
    return at


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
