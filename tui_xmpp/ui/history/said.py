"""What a message says, in words and marks, before it is wrapped: its text, what it answers, what trails it."""

from collections.abc import Iterator

from rich.cells import cell_len

from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.links import SharedFile, shared_file
from tui_xmpp.model.message import Delivery, Direction, Encryption, Message, MessageKind, is_exposed
from tui_xmpp.model.omemo import Trust
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.history import cards, own_file
from tui_xmpp.ui.history.chips import Parts, clip
from tui_xmpp.ui.history.grouping import ACTION, is_unreadable
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
MISSING = "messages may be missing here"
QUOTE_BAR = "▎ "

LONG, _FOLDED = 24, 18
"""Lines from which on a text is folded, and how many of them then are shown."""

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


def has_styles(message: Message) -> bool:
    """Whether the text is one that somebody wrote, and may have styled (XEP-0393)."""
    return message.kind is MessageKind.TEXT and message.tombstone is None and not is_unreadable(message)


def shared_by(message: Message) -> SharedFile | None:
    """The file that a message shares: a card stands for its link."""
    return shared_file(message.body) if has_styles(message) else None


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


def card_rows(message: Message, voices: Voices, width: int) -> tuple[Parts, ...]:
    """The same below a text that has links to files among its words."""
    return cards.rows(message, width, voices.files) if has_styles(message) and shared_by(message) is None else ()


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


def cells_of(trail: Trail) -> int:
    """Cells that the marks take, with the gaps before them."""
    return sum(len(GAP) + cell_len(text) for text, _ in trail)


def found_in(line: str, word: str) -> Iterator[tuple[int, int]]:
    """Where a word stands in a line, in any case."""
    folded_line, word = line.lower(), word.lower()
    if len(folded_line) != len(line):
        return
    start = folded_line.find(word)
    while start >= 0:
        yield start, start + len(word)
        start = folded_line.find(word, start + len(word))


def folded(lines: int) -> int:
    """How many of so many lines are shown while a text is not wanted as a whole."""
    return _FOLDED if lines > LONG else lines


def has_problem(message: Message) -> bool:
    """Whether a message is held back, or was not sent."""
    is_held = message.delivery is Delivery.PENDING and bool(message.error)
    return message.direction is Direction.OUT and (is_held or message.delivery is Delivery.FAILED)


def problem_of(message: Message) -> str:
    """Why, in words."""
    if message.delivery is Delivery.PENDING:
        return f"{HELD} held back: {message.error}"
    return f"{DELIVERY[Delivery.FAILED]} not sent" + (f": {message.error}" if message.error else "")
