"""What counts as one character to a reader: a letter with its marks, a flag, a family joined from five people.

The standard library knows no grapheme clusters; these are the rules of Unicode's UAX #29 as far as texts that have
passed `clean` can need them. Hangul in loose jamo counts as several.
"""

import re
import unicodedata
from itertools import pairwise

GRAPHEME_LIMIT = 20
"""Most code points of one; the longest emoji in use, a couple with skin tones, has ten."""

_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_EXTENDING = re.compile("[\u200c\u200d\u20e3\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
"""Joiners, the key cap, variation selectors, skin tones, and the letters that flags of regions are made of."""
_JOINER = "\u200d"


def is_one_grapheme(text: str) -> bool:
    """Whether a cleaned text is exactly one visible character as people count them."""
    if not 0 < len(text) <= GRAPHEME_LIMIT:
        return False
    if _FLAG.fullmatch(text):
        return True
    if _extends(text[0]) or not _is_drawn(text[0]):
        return False
    return all(
        _extends(character) or (before == _JOINER and _is_drawn(character)) for before, character in pairwise(text)
    )


def _extends(character: str) -> bool:
    """Whether it belongs to the character before it."""
    return _EXTENDING.match(character) is not None or unicodedata.category(character) in {"Mn", "Me", "Mc"}


def _is_drawn(character: str) -> bool:
    """Whether it has a shape of its own; one that is newer than this Python's tables may have."""
    return (
        not character.isspace()
        and unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co"}
        and character != "\ufffd"
    )
