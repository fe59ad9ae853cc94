"""A message's text as it is laid out: wrapped lines, what trails them, and lines of its own for a failure.

Measuring and painting both come through here, so that a height is what is painted.
"""

from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content

from tui_xmpp.model.message import Delivery, Direction, Encryption, Message, MessageKind
from tui_xmpp.ui.history.grouping import is_unreadable
from tui_xmpp.ui.history.voices import Voices
from tui_xmpp.ui.words import DELIVERY, LOCK

GAP = "  "
MARGIN = 1
"""Cells at the right of the text that stay free but for marks."""
_TRAIL = 4
"""Cells of the mark that every own message has behind it."""

Trail = tuple[tuple[str, str], ...]
"""(text, style) of the marks behind a message; the widths do not change as a message travels."""


@dataclass(frozen=True, slots=True)
class Laid:
    """The lines of one message; `trail_inside`: the marks still fit behind the last line of the text."""

    lines: tuple[Content, ...]
    trail: Trail
    trail_inside: bool
    problem: tuple[Content, ...]

    @property
    def rows(self) -> int:
        """How many rows it takes."""
        return len(self.lines) + (not self.trail_inside) + len(self.problem)


def lay_out(message: Message, voices: Voices, width: int) -> Laid:
    """Wrap a message's text into `width` cells; the marks behind it may reach into the margin."""
    lines = wrap(shown_text(message, voices), width)
    trail = trail_of(message)
    inside = not trail or lines[-1].cell_length + _cells(trail) <= width + MARGIN
    problem = wrap(_problem(message), width) if message.delivery is Delivery.FAILED else ()
    return Laid(lines, trail, inside, problem)


def count_rows(message: Message, voices: Voices, width: int) -> int:
    """The rows that `lay_out` makes; quick for the short plain texts that most messages are."""
    body = message.body
    ordinary = message.kind is MessageKind.TEXT and message.encryption is Encryption.NONE and not message.edited
    if ordinary and len(body) <= width - _TRAIL + MARGIN and body.isascii() and "\n" not in body and body[:1] != "/":
        return 1 if message.delivery is not Delivery.FAILED else lay_out(message, voices, width).rows
    return lay_out(message, voices, width).rows


def wrap(text: str, width: int) -> tuple[Content, ...]:
    """The lines of a text; at least one."""
    content = Content(text)
    if len(text) <= width and text.isascii() and "\n" not in text:
        return (content,)
    return tuple(content.wrap(width)) or (content,)


def shown_text(message: Message, voices: Voices) -> str:
    """The text of a message in words, also where it has none of its own."""
    if message.kind is MessageKind.SUBJECT:
        return f"changed the subject to: {message.body}" if message.body else "removed the subject"
    if is_unreadable(message):
        return "⚠ not readable here" + (f": {message.body}" if message.body else ": it was encrypted for other devices")
    return voices.text(message)


def trail_of(message: Message) -> Trail:
    """The marks behind a message: edited, how far it came, how it travelled."""
    marks: list[tuple[str, str]] = []
    if message.edited:
        marks.append(("edited", "quiet"))
    if message.direction is Direction.OUT and message.kind is MessageKind.TEXT:
        style = "seen" if message.delivery is Delivery.DISPLAYED else "quiet"
        if message.delivery is not Delivery.FAILED:
            marks.append((f"{DELIVERY[message.delivery]:<2}", style))
    if message.encryption is Encryption.OMEMO:
        marks.append((LOCK, "quiet"))
    return tuple(marks)


def _cells(trail: Trail) -> int:
    return sum(len(GAP) + cell_len(text) for text, _ in trail)


def _problem(message: Message) -> str:
    return f"{DELIVERY[Delivery.FAILED]} not sent" + (f": {message.error}" if message.error else "")
