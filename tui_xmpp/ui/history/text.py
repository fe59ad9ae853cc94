"""A message as it is laid out: what it answers, wrapped lines and what trails them, a failure, and reactions.

Measuring and painting both come through here, so that a height is what is painted.
"""

from rich.cells import cell_len
from textual.content import Content, Span

from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.links import SharedFile, shared_file
from tui_xmpp.model.message import Delivery, Direction, Encryption, Message, MessageKind, is_exposed
from tui_xmpp.model.omemo import Trust
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.history import cards, own_file
from tui_xmpp.ui.history.chips import Parts, chip_rows, clip
from tui_xmpp.ui.history.grouping import ACTION, is_unreadable
from tui_xmpp.ui.history.styling import styled
from tui_xmpp.ui.history.voices import Voices
from tui_xmpp.ui.words import (
    DELIVERY,
    EXPOSED,
    HELD,
    LOCK,
    LOCK_UNDECIDED,
    LOCK_VERIFIED,
    REMOVED,
    UNSEEN_ORIGINAL,
    tombstone_words,
)

GAP = "  "
MARGIN = 1
"""Cells at the right of the text that stay free but for marks."""
_TRAIL = 4
"""Cells of the mark that every own message has behind it."""

LONG, FOLDED = 24, 18
"""Lines from which on a text is folded, and how many of them then are shown."""

QUOTE_BAR = "▎ "
_MOST_NAME = 20
"""Most cells of a name over an answer."""

Trail = Parts
"""The marks behind a message; the widths do not change as a message travels."""


@frozen
class Quoted:
    """The row over an answer: what it answers."""

    name: str
    hue: str
    """What the name's colour is made from; empty: ours, or there is no name."""
    text: str


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
    if len(lines) > LONG and not whole:
        more = f"… {len(lines) - FOLDED} more lines"
        lines = (*lines[:FOLDED], Content(more, [Span(0, len(more), "more")]))
    trail = trail_of(message)
    inside = not trail or lines[-1].cell_length + _cells(trail) <= width + MARGIN
    problem = wrap(Content(_problem(message)), width) if _has_problem(message) else ()
    chips = chip_rows(message, voices, width)
    return Laid(quoted(message, voices, width), lines, trail, inside, _cards(message, voices, width), problem, chips)


def _content(message: Message, text: str) -> Content:
    if message.upload is not None or shared_by(message) is not None:
        name = text.find("\n")
        return Content(text, [Span(len(cards.MARK), name, "link"), Span(name + 1, len(text), "quiet")])
    return styled(text) if has_styles(message) and not message.unstyled else Content(text)


def shared_by(message: Message) -> SharedFile | None:
    """The file that a message shares: a card stands for its link."""
    return shared_file(message.body) if has_styles(message) else None


def _cards(message: Message, voices: Voices, width: int) -> tuple[Parts, ...]:
    """The same below a text that has links to files among its words."""
    return cards.rows(message, width, voices.files) if has_styles(message) and shared_by(message) is None else ()


def has_styles(message: Message) -> bool:
    """Whether the text is one that somebody wrote, and may have styled (XEP-0393)."""
    return message.kind is MessageKind.TEXT and message.tombstone is None and not is_unreadable(message)


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


def quoted(message: Message, voices: Voices, width: int) -> Quoted | None:
    """What a message answers, in one row of `width` cells; a tombstone answers nothing."""
    quote = message.reply
    if quote is None or message.tombstone is not None:
        return None
    name, hue = voices.quoted(quote)
    name = clip(name, max(4, min(_MOST_NAME, width // 3)))
    text = clean_line(quote.text).removeprefix(ACTION)
    if not text:
        text = UNSEEN_ORIGINAL if quote.message_id is None else REMOVED
    room = width - cell_len(QUOTE_BAR) - (cell_len(name) + len(GAP) if name else 0)
    return Quoted(name, hue, clip(text, max(1, room)))


def wrap(content: Content, width: int) -> tuple[Content, ...]:
    """The lines of a text; at least one."""
    text = content.plain
    if len(text) <= width and text.isascii() and "\n" not in text:
        return (content,)
    return tuple(content.wrap(width)) or (content,)


def shown_text(message: Message, voices: Voices) -> str:
    """The text of a message in words, also where it has none of its own."""
    if message.tombstone is not None:
        return tombstone_words(message.tombstone, voices.name(message))
    if message.kind is MessageKind.SUBJECT:
        return f"changed the subject to: {voices.text(message)}" if message.body else "removed the subject"
    if is_unreadable(message):
        return f"⚠ {message.body or 'not readable here: it was encrypted for other devices'}"
    if message.upload is not None:
        return own_file.card(message, message.upload)
    shared = shared_by(message)
    return voices.text(message) if shared is None else cards.card(shared, voices.files(message, message.body))


def trail_of(message: Message) -> Trail:
    """The marks behind a message: edited, how far it came, how it travelled."""
    marks: list[tuple[str, str]] = []
    if message.edited and message.tombstone is None:
        marks.append(("edited", "quiet"))
    own = message.direction is Direction.OUT and message.kind is MessageKind.TEXT and message.tombstone is None
    if message.waiting:
        marks.append((f"{DELIVERY[Delivery.PENDING]:<2}", "quiet"))
    elif own and message.delivery is not Delivery.FAILED:
        style = "seen" if message.delivery is Delivery.DISPLAYED else "quiet"
        marks.append((f"{DELIVERY[message.delivery]:<2}", style))
    if message.tombstone is None:
        marks += _how_it_travelled(message)
    return tuple(marks)


def _how_it_travelled(message: Message) -> Trail:
    """A lock for what was encrypted, and loud words for what was not though its chat is."""
    if is_exposed(message):
        return ((EXPOSED, "error"),)
    if message.encryption is not Encryption.OMEMO:
        return ()
    match message.trust:
        case Trust.VERIFIED:
            return ((LOCK_VERIFIED, "seen"),)
        case Trust.UNDECIDED | Trust.UNPROVEN | Trust.DISTRUSTED:
            return ((LOCK_UNDECIDED, "new"),)
        case _:
            return ((LOCK, "quiet"),)


def _cells(trail: Trail) -> int:
    return sum(len(GAP) + cell_len(text) for text, _ in trail)


def _has_problem(message: Message) -> bool:
    is_held = message.delivery is Delivery.PENDING and bool(message.error)
    return message.direction is Direction.OUT and (is_held or message.delivery is Delivery.FAILED)


def _problem(message: Message) -> str:
    if message.delivery is Delivery.PENDING:
        return f"{HELD} held back: {message.error}"
    return f"{DELIVERY[Delivery.FAILED]} not sent" + (f": {message.error}" if message.error else "")
