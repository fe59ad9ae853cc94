"""Finding a name by a few of its letters, case and accents aside."""

import unicodedata
from functools import lru_cache

from tui_xmpp.model.frozen import frozen

_WORD_START = 60
_WHOLE_PREFIX = 40
_INSIDE = 25
_SCATTERED_START = 12
_SCATTERED = 4
_GAP = 1


@frozen
class Match:
    """A hit: how good it is (higher is better) and which characters of the text it rests on."""

    score: int
    positions: tuple[int, ...]


@frozen
class Folded:
    """A text reduced to what is compared, with the place in the text from which each character came."""

    text: str
    places: tuple[int, ...] | None
    """None: one to one."""
    starts: frozenset[int]
    """Where words begin in the folded text."""

    def place(self, index: int) -> int:
        """Where the folded character stands in the text as it was."""
        return index if self.places is None else self.places[index]


@lru_cache(maxsize=16384)
def folded(text: str) -> Folded:
    """Return a text without case and accents; remembered, since the same names are searched at every key."""
    if text.isascii():
        low = text.lower()
        return Folded(low, None, _starts(low))
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for part in unicodedata.normalize("NFKD", character.casefold()):
            if not unicodedata.combining(part):
                letters.append(part)
                places.append(place)
    joined = "".join(letters)
    return Folded(joined, tuple(places), _starts(joined))


def match(query: str, text: str, *, scattered: bool = True) -> Match | None:
    """Return how well the words of a query fit a text; None when one of them does not occur.

    Each word must be found: best at the start of a word, then inside one, then, where `scattered` allows it, as
    letters in order with others between. An empty query fits everything with a score of 0.
    """
    target = folded(text)
    score = 0
    places: list[int] = []
    for word in folded(query).text.split():
        found = _word(word, target, scattered=scattered)
        if found is None:
            return None
        score += found[0]
        places.extend(found[1])
    if target.text and len(places) == len(target.text):
        score += _WHOLE_PREFIX
    return Match(score, tuple(sorted({target.place(index) for index in places})))


def _word(word: str, target: Folded, *, scattered: bool) -> tuple[int, range | list[int]] | None:
    text = target.text
    at = text.find(word)
    if at < 0:
        return _scattered(word, target) if scattered else None
    first = at
    while at >= 0 and at not in target.starts:
        at = text.find(word, at + 1)
    if at < 0:
        return _INSIDE + len(word), range(first, first + len(word))
    score = _WORD_START + len(word) + (_WHOLE_PREFIX if at == 0 else 0)
    return score, range(at, at + len(word))


def _scattered(word: str, target: Folded) -> tuple[int, list[int]] | None:
    """Letters in order with others between them, preferring the beginnings of words (“hk” for “Home Kitchen”)."""
    text, starts = target.text, target.starts
    score = 0
    indexes: list[int] = []
    index = -1
    for letter in word:
        at = text.find(letter, index + 1)
        if at < 0:
            return None
        if at != index + 1 and at not in starts:
            at = _start_with(letter, target, at, word, len(indexes))
        score += _SCATTERED_START if at in starts else _SCATTERED
        score -= min(_GAP * (at - index - 1), _SCATTERED - 1)
        indexes.append(at)
        index = at
    return score, indexes


def _start_with(letter: str, target: Folded, at: int, word: str, done: int) -> int:
    """A later beginning of a word with this letter, if the letters that are left still fit behind it."""
    later = min((start for start in target.starts if start > at and target.text[start] == letter), default=-1)
    if later < 0:
        return at
    rest = later
    for following in word[done + 1 :]:
        rest = target.text.find(following, rest + 1)
        if rest < 0:
            return at
    return later


def _starts(text: str) -> frozenset[int]:
    return frozenset(
        index
        for index, character in enumerate(text)
        if character.isalnum() and (not index or not text[index - 1].isalnum())
    )
