"""Whether a text names us."""

import re
from functools import lru_cache


@lru_cache(maxsize=256)
def _pattern(nick: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(nick.casefold())}(?!\w)")


def names(text: str, nick: str) -> bool:
    """Whether `nick` stands in `text` as a word of its own, in any case of letters."""
    return bool(nick) and _pattern(nick).search(text.casefold()) is not None
