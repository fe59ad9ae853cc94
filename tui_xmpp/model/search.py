"""What a person looks for in the history, and what is found. Pure: the store knows how to look.

`bread "bring wine" from:juno in:kitchen after:2026-01-31 has:link`: every word and every filter has to fit. The
last word, while it is being typed, finds every word that begins so.
"""

import re
import unicodedata
from dataclasses import field
from datetime import date, tzinfo
from functools import lru_cache

from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.folding import ends_alone, words, words_with_places
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.links import Carried
from tui_xmpp.model.message import Message
from tui_xmpp.model.search_dates import day_meant, start_of

LONGEST = 400
"""Most characters of a query that are read."""

SHORTEST_PREFIX = 2
"""Fewest letters that may go on: words that begin with one letter are in nearly every message."""

MARKED = 4096
"""Most characters of a message in which hits are pointed out."""

Span = tuple[int, int]
"""Where a hit begins and ends in a text."""


@frozen
class Term:
    """A word, or several that have to follow one another; folded, as `folding.words` gives them."""

    text: str
    prefix: bool = False
    """The last word may go on."""


@frozen
class SearchQuery:
    """Everything that a message has to fit. `hints` say what of the text could not be understood."""

    terms: tuple[Term, ...] = ()
    senders: tuple[Term, ...] = ()
    own: bool = False
    """Only our own messages (`from:me`)."""
    places: tuple[Term, ...] = ()
    """Beginnings of words in the chat's name or address, all of which have to fit."""
    has: frozenset[Carried] = frozenset()
    after: int | None = None
    """From this moment on, µs since the epoch."""
    before: int | None = None
    """Earlier than this moment."""
    chat: ChatKey | None = None
    """Only this chat."""
    hints: tuple[str, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        """Nothing is asked for; where to look alone is no question."""
        dated = self.after is not None or self.before is not None
        return not (self.terms or self.senders or self.own or self.places or self.has or dated)


@frozen
class SearchHit:
    """A message that fits, and where in its body the words are."""

    message: Message
    marks: tuple[Span, ...]


@frozen
class SearchPage:
    """Hits, newest first."""

    hits: tuple[SearchHit, ...] = ()
    next: int | None = None
    """What to give as `before` for the page after; None: this was the last."""


_ITEM = re.compile(r'(from|in|before|after|has):("[^"]*"?|[^\s"]*)|("[^"]*"?)|([^\s"]+)', re.IGNORECASE)
_QUOTES = str.maketrans("“”„«»", '"""""')
_CARRIED = {
    "link": Carried.LINK, "links": Carried.LINK, "url": Carried.LINK,
    "file": Carried.FILE, "files": Carried.FILE,
    "image": Carried.IMAGE, "images": Carried.IMAGE, "picture": Carried.IMAGE, "photo": Carried.IMAGE,
}  # fmt: skip


def parse(text: str, *, today: date, zone: tzinfo | None = None, chat: ChatKey | None = None) -> SearchQuery:
    """Read what a person typed; never fails. Days are those of `zone`, None is the system's."""
    reading = _Reading(today, zone)
    text = text[:LONGEST].replace("\0", " ").translate(_QUOTES)
    for item in _ITEM.finditer(text):
        name, value, quoted, bare = item.groups()
        if name is not None:
            reading.take_filter(name.lower(), value.strip('"'))
        else:
            closed = quoted is not None and len(quoted) > 1 and quoted.endswith('"')
            reading.take_words(bare or quoted.strip('"'), typing=item.end() == len(text) and not closed)
    return SearchQuery(
        tuple(reading.terms),
        tuple(reading.senders),
        reading.own,
        tuple(reading.places),
        frozenset(reading.has),
        reading.after,
        reading.before,
        chat,
        tuple(reading.hints),
    )


class _Reading:
    """What was understood so far."""

    def __init__(self, today: date, zone: tzinfo | None) -> None:
        self._today = today
        self._zone = zone
        self.terms: list[Term] = []
        self.senders: list[Term] = []
        self.own = False
        self.places: list[Term] = []
        self.has: set[Carried] = set()
        self.after: int | None = None
        self.before: int | None = None
        self.hints: list[str] = []

    def take_words(self, text: str, *, typing: bool) -> None:
        """A word or a phrase; a star at its end means that it may go on."""
        starred = text.endswith("*")
        term = _term(text.rstrip("*"), prefix=typing or starred)
        if term is not None:
            self.terms.append(term)
        elif any(unicodedata.category(character)[0] == "S" and not character.isascii() for character in text):
            self.hints.append(f"“{text[:40]}” cannot be looked for: of symbols only the newer emoji are kept.")

    def take_filter(self, name: str, value: str) -> None:
        """A filter and its value, which may be empty while it is being typed."""
        match name:
            case "from":
                self._take_sender(value)
            case "in":
                found = [_term(word, prefix=True) for word in value.split()]
                self.places += [term for term in found if term is not None]
                self._expect(self.places, "in: which chat? Write a part of its name.")
            case "has":
                self._take_carried(value)
            case _:
                self._take_date(name, value)

    def _take_sender(self, value: str) -> None:
        if value.lower() in {"me", "myself"}:
            self.own = True
            return
        term = _term(value, prefix=True)
        self.senders += [] if term is None else [term]
        self._expect(self.senders, "from: whom? Write a name, or me.")

    def _take_carried(self, value: str) -> None:
        carried = _CARRIED.get(value.lower())
        if carried is None:
            self.hints.append("has: finds link, file or image.")
        else:
            self.has.add(carried)

    def _take_date(self, name: str, value: str) -> None:
        day = day_meant(value, self._today)
        if day is None:
            said = f"“{value[:40]}” is not a day." if value else "Which day?"
            self.hints.append(f"{name}: {said} Write it as 2026-01-31, yesterday, monday or 7d.")
        elif name == "after":
            moment = start_of(day, self._zone)
            self.after = moment if self.after is None else max(self.after, moment)
        else:
            moment = start_of(day, self._zone)
            self.before = moment if self.before is None else min(self.before, moment)

    def _expect(self, found: list[Term], hint: str) -> None:
        if not found:
            self.hints.append(hint)


def _term(text: str, *, prefix: bool) -> Term | None:
    """A text as the index has it; None: there is nothing in it to look for."""
    folded = words(text)
    if not any(character.isalnum() for character in folded):
        return None
    text = " ".join(folded.split())
    goes_on = len(text) >= SHORTEST_PREFIX and all(map(_is_of_a_word, text[-SHORTEST_PREFIX:]))
    return Term(text, prefix and goes_on and not ends_alone(folded))


def _is_of_a_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


def marks(body: str, query: SearchQuery) -> tuple[Span, ...]:
    """Where in a body the words of a query are, in order and without overlaps."""
    pattern = _pattern(query.terms)
    if pattern is None:
        return ()
    text, places = words_with_places(body[:MARKED])
    spans = [(places[match.start()], places[match.end() - 1] + 1) for match in pattern.finditer(text)]
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)


@lru_cache(maxsize=16)
def _pattern(terms: tuple[Term, ...]) -> re.Pattern[str] | None:
    ways: list[str] = []
    for term in terms:
        parts = re.findall(r"[^\W_]+", term.text)
        if parts:
            end = r"[^\W_]*" if term.prefix else r"(?![^\W_])"
            ways.append(r"(?<![^\W_])" + r"[\W_]+".join(parts) + end)
    # The longest first, so that a phrase is not taken for its first word.
    return re.compile("|".join(sorted(ways, key=len, reverse=True))) if ways else None
