"""Looking words up in the dictionaries of the system, by Enchant (Hunspell, Aspell, Nuspell, AppleSpell…).

Nothing here holds up a key: words are looked up in a thread of their own and remembered, and what is not known yet
counts as right.
"""

import asyncio
import logging
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Protocol, TypeVar

T = TypeVar("T")

log = logging.getLogger(__name__)

AUTO, OFF = "auto", "off"
_MOST_KNOWN = 20_000
"""Words that are remembered; then it begins anew."""
_MOST_SUGGESTIONS = 9

# As texts: Python compiles them when they are first looked for, and keeps that.
_PIECE = r"\S+"
_EDGES = r"^[\W_]+|[\W_]+$"
_SIGNS = frozenset("@#:`/\\")
"""Before a word these say that it is a name, an emoji, code or a path."""
_WORDS = r"[^\W\d_]+(?:[-'’][^\W\d_]+)*"
_PART = r"[^\W\d_]+(?:['’][^\W\d_]+)*"


class Dictionary(Protocol):
    """What Enchant offers of one language."""

    def check(self, word: str) -> bool: ...  # noqa: D102 (enchant's)
    def suggest(self, word: str) -> list[str]: ...  # noqa: D102 (enchant's)
    def add(self, word: str) -> None:
        """Take a word into the person's own list, for good."""


@lru_cache(maxsize=256)
def words(line: str) -> tuple[tuple[int, int, str], ...]:
    """Start, end and text of the words of a line that a dictionary may know.

    Not of those that are no language: links, addresses, emojis, code, names with digits, abbreviations, quotes,
    commands, and scripts without upper case, for which there hardly are dictionaries.
    """
    if line.startswith((">", "/", "```")):
        return ()
    found: list[tuple[int, int, str]] = []
    for token in re.finditer(_PIECE, line):
        bare = re.sub(_EDGES, "", token[0])
        start = token.start() + token[0].find(bare)
        if not bare or re.fullmatch(_WORDS, bare) is None or not _SIGNS.isdisjoint(line[token.start() : start]):
            continue
        for part in re.finditer(_PART, bare):
            word = part[0]
            if len(word) > 1 and not word.isupper() and word.lower() != word.upper():
                found.append((start + part.start(), start + part.end(), word))
    return tuple(found)


def languages(wanted: str, environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The languages that a setting means, as `de_DE`; `auto`: that of the locale."""
    if wanted == OFF:
        return ()
    if wanted != AUTO:
        return tuple(filter(None, (language.strip() for language in wanted.split(","))))
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        name = environment.get(variable, "").partition(".")[0].partition("@")[0]
        if name:
            return () if name in {"C", "POSIX"} else (name,)
    return ()


def open_dictionaries(wanted: Sequence[str]) -> tuple[Dictionary, ...]:
    """Those of the languages that there is a dictionary for; none without Enchant."""
    if not wanted:
        return ()
    try:
        import enchant
    except ImportError as error:  # the library of the system is missing
        log.info("There is no spell checking: %s", error)
        return ()
    broker = enchant.Broker()
    opened: list[Dictionary] = []
    for language in wanted:
        try:
            opened.append(broker.request_dict(language))
        except enchant.errors.Error as error:
            log.info("There is no dictionary for %s: %s", language, error)
    return tuple(opened)


class Spelling:
    """What is known of words. A word is right if it is in one of the languages."""

    def __init__(
        self, wanted: str, opener: Callable[[Sequence[str]], tuple[Dictionary, ...]] = open_dictionaries
    ) -> None:
        self._languages = languages(wanted)
        self._opener = opener
        self._dictionaries: tuple[Dictionary, ...] | None = None if self._languages else ()
        self._known: dict[str, bool] = {}
        self._thread: ThreadPoolExecutor | None = None

    @property
    def is_there(self) -> bool:
        """Whether there is a dictionary, as far as is known: they are opened with the first word."""
        return self._dictionaries is None or bool(self._dictionaries)

    @property
    def missing(self) -> str:
        """Why nothing is checked, in a sentence."""
        if not self._languages:
            return "Spelling is not checked; “spelling” under [ui] in the settings names languages."
        return f"There is no dictionary for {', '.join(self._languages)} that Enchant could find."

    def is_wrong(self, word: str) -> bool:
        """Whether a word is in no dictionary; what was not looked up yet is right."""
        return self._known.get(word) is False

    def unknown(self, found: Iterable[str]) -> frozenset[str]:
        """Those that were not looked up yet."""
        return frozenset(word for word in found if word not in self._known) if self.is_there else frozenset()

    async def learn(self, unknown: Iterable[str]) -> None:
        """Look words up."""
        found = await self._work(lambda: {word: self._is_right(word) for word in unknown})
        if len(self._known) + len(found) > _MOST_KNOWN:
            self._known.clear()
        self._known.update(found)

    async def suggest(self, word: str) -> tuple[str, ...]:
        """What may be meant, the likeliest first."""
        return await self._work(lambda: self._suggest(word))

    async def add(self, word: str) -> None:
        """Take a word into the person's own dictionary."""
        self.accept((word,))
        await self._work(lambda: self._open()[0].add(word))

    def accept(self, accepted: Iterable[str]) -> None:
        """Take words for right until the program ends."""
        self._known.update(dict.fromkeys(accepted, True))

    async def _work(self, work: Callable[[], T]) -> T:
        """Do something in the one thread that the dictionaries are used in; they are not made for several."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "spelling")
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _open(self) -> tuple[Dictionary, ...]:
        if self._dictionaries is None:
            self._dictionaries = self._opener(self._languages)
        return self._dictionaries

    def _is_right(self, word: str) -> bool:
        dictionaries = self._open()
        return not dictionaries or any(dictionary.check(word) for dictionary in dictionaries)

    def _suggest(self, word: str) -> tuple[str, ...]:
        each = (dictionary.suggest(word) for dictionary in self._open())
        return tuple(dict.fromkeys(one for found in each for one in found))[:_MOST_SUGGESTIONS]
