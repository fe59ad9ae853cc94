"""Text as the search compares it: without case, accents and width, and writing without spaces taken apart.

What is stored and what is looked for go through the same function, so that they meet. The search index cuts what
comes out at everything that is no letter, digit or mark.
"""

import re
import unicodedata
from functools import cache, lru_cache

# Marks that people leave out when they search: accents of Latin, Greek and Cyrillic, Hebrew points, Arabic vowels,
# variation selectors, joiners, skin tones. Vowel signs of Indic and other scripts are letters and stay.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u20d0-\u20ff\ufe00-\ufe0f\U0001f3fb-\U0001f3ff"
    "\U000e0020-\U000e007f]"
)
_LETTERS = str.maketrans(
    {"ł": "l", "đ": "d", "ø": "o", "ħ": "h", "ı": "i", "ŧ": "t", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th"}
)

_FIRST_PLANE_ENDS = "\uffff"


def fold(text: str) -> str:
    """The text in lower case, without accents, in one width; as long or not."""
    if text.isascii():
        return text.lower()
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFKC", bare).translate(_LETTERS)


def words(text: str) -> str:
    """The text folded, and with spaces around every character that is a word of its own."""
    folded = fold(text)
    return folded if folded.isascii() else _words_alone().sub(_alone, folded)


def ends_alone(text: str) -> bool:
    """Whether the last character of what `words` gave is a word of its own, which has no longer forms."""
    return text.endswith(" ")


def words_with_places(text: str) -> tuple[str, list[int]]:
    """As `words`, character by character, and for each character of the result where it comes from."""
    parts: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        part = _words_of_character(character)
        parts.append(part)
        places.extend([place] * len(part))
    return "".join(parts), places


@lru_cache(maxsize=4096)
def _words_of_character(character: str) -> str:
    return words(character)


@cache
def _words_alone() -> re.Pattern[str]:
    """Each character that is a word of its own; it takes ten milliseconds to compile, which the start has not.

    Thai, Lao, Burmese and Khmer; Han, Kana, Bopomofo and Hangul, written without spaces or with endings; symbols and
    emoji.
    """
    return re.compile(
        "[\u0e01-\u0e4e\u0e81-\u0edf\u1000-\u109f\u1780-\u17d3\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\u3005-\u3007"
        "\u3041-\u3096\u30a1-\u30ff\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\U0001f000-\U0001faff"
        "\U00020000-\U0003ffff]"
    )


def _alone(match: re.Match[str]) -> str:
    character = match.group()
    # The index knows not every character beyond the first plane, and would drop those that it does not.
    return f" {character} " if character <= _FIRST_PLANE_ENDS else f" u{ord(character):x} "
