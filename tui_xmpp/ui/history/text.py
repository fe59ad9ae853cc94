"""A message as it is laid out: what it answers, wrapped lines and what trails them, a failure, and reactions.

Measuring and painting both come through here, so that a height is what is painted.
"""

from textual.content import Content, Span

from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.message import Delivery, Encryption, Message, MessageKind
from tui_xmpp.ui.history import cards
from tui_xmpp.ui.history.chips import Parts, chip_rows
from tui_xmpp.ui.history.columns import MARGIN
from tui_xmpp.ui.history.said import (
    LONG,
    Quoted,
    Trail,
    card_rows,
    cells_of,
    folded,
    has_problem,
    has_styles,
    problem_of,
    quoted,
    shared_by,
    shown_text,
    trail_of,
)
from tui_xmpp.ui.history.styling import styled
from tui_xmpp.ui.history.voices import Voices

_TRAIL = 4
"""Cells of the mark that every own message has behind it."""


@frozen
class Laid:
    """The rows of one message, from above; `trail_inside`: the marks still fit behind the last line of the text."""

    quoted: Quoted | None
    lines: tuple[Content, ...]
    trail: Trail
    trail_inside: bool
    cards: tuple[Parts, ...]
    """Of files that the text has links to."""
    problem: tuple[Content, ...]
    chips: tuple[Parts, ...]

    @property
    def rows(self) -> int:
        """How many rows it takes."""
        quoted = self.quoted is not None
        return (
            quoted + len(self.lines) + (not self.trail_inside) + len(self.cards) + len(self.problem) + len(self.chips)
        )


def lay_out(message: Message, voices: Voices, width: int, *, whole: bool = False) -> Laid:
    """Wrap a message's text into `width` cells; the marks behind it may reach into the margin.

    A long text is folded unless it is wanted as a `whole`.
    """
    lines = wrap(_content(message, shown_text(message, voices)), width)
    kept = len(lines) if whole else folded(len(lines))
    if kept < len(lines):
        more = f"… {len(lines) - kept} more lines"
        lines = (*lines[:kept], Content(more, [Span(0, len(more), "more")]))
    trail = trail_of(message)
    inside = not trail or lines[-1].cell_length + cells_of(trail) <= width + MARGIN
    problem = wrap(Content(problem_of(message)), width) if has_problem(message) else ()
    chips = chip_rows(message, voices, width)
    return Laid(quoted(message, voices, width), lines, trail, inside, card_rows(message, voices, width), problem, chips)


def _content(message: Message, text: str) -> Content:
    if message.upload is not None or shared_by(message) is not None:
        name = text.find("\n")
        return Content(text, [Span(len(cards.MARK), name, "link"), Span(name + 1, len(text), "quiet")])
    return styled(text) if has_styles(message) and not message.unstyled else Content(text)


def is_long(message: Message, voices: Voices, width: int) -> bool:
    """Whether a message is one that is folded."""
    return len(message.body) > LONG and lay_out(message, voices, width, whole=True).rows > LONG + 1


def count_rows(message: Message, voices: Voices, width: int, *, whole: bool = False) -> int:
    """The rows that `lay_out` makes; quick for the plain texts that most messages are."""
    body = message.body
    if body.isascii() and body.isprintable() and _is_ordinary(message):
        rows = _plain_rows(body, width)
        if 0 < rows < LONG:
            return rows
    return lay_out(message, voices, width, whole=whole).rows


def _plain_rows(text: str, width: int) -> int:
    """The rows that a text of one cell a character is wrapped to; 0: a word, or its marks behind it, may not fit."""
    start, rows, end = 0, 1, len(text)
    if text[:1] == " " or text[-1:] == " ":
        return 0
    while end - start > width:
        # A word that ends with the row is followed by the space there.
        cut = text.rfind(" ", start, start + width + 1)
        if cut < 0:
            return 0
        start, rows = cut + 1, rows + 1
        while text[start] == " ":
            start += 1
    return rows if end - start <= width - _TRAIL + MARGIN else 0


def _is_ordinary(message: Message) -> bool:
    """Whether there is nothing about a message but its text and how far it came."""
    return (
        message.kind is MessageKind.TEXT
        and message.encryption is Encryption.NONE
        and message.trust is None
        and not message.error
        and message.delivery is not Delivery.FAILED
        and not (message.edited or message.waiting or message.reactions)
        and message.reply is None
        and message.tombstone is None
        and message.upload is None
        and message.body[:1] != "/"
        and "://" not in message.body
    )


def wrap(content: Content, width: int) -> tuple[Content, ...]:
    """The lines of a text; at least one."""
    text = content.plain
    if len(text) <= width and text.isascii() and "\n" not in text:
        return (content,)
    return tuple(content.wrap(width)) or (content,)
