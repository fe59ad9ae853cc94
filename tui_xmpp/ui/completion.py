"""What could be meant by the word before the cursor: a command, somebody's name, an emoji. Pure.

`/jo` at the beginning is a command, `@ma` and (with Tab) `ma` a nickname in a room, `:smi` an emoji.
"""

import re
from collections.abc import Callable, Sequence

from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.screens.fuzzy import folded
from tui_xmpp.ui.typed_paths import last_part

MOST = 6
"""Offers that are shown at once."""
_LEAST_EMOJI = 2
"""Letters after the colon from which on an emoji may be meant; `:)` and `10:30` are none."""

# As texts: Python compiles them when they are first looked for, and keeps that.
_PATH = r"(?i)/attach\s+(.+)"
_COMMAND = r"/([a-z][a-z-]*)?"
_EMOJI = r"(?i)(?:^|[\s(]):([a-z0-9+_-]+)$"
_NAME = r"(?:^|\s)@([^\s@]*)$"
_WORD = r"(\S+)$"
_WHOLE_EMOJI = r"(?i)(?:^|[\s(]):([a-z0-9+_-]+):$"


@frozen
class Offer:
    """One thing that may be meant: what is put in, and what is shown of it."""

    text: str
    shown: str
    beside: str = ""


@frozen
class Offers:
    """Everything that may be meant by the text from `start` up to the cursor, the likeliest first."""

    start: int = 0
    offers: tuple[Offer, ...] = ()


NOTHING = Offers()


@frozen
class Sources:
    """Where offers come from: commands with usage and help, nicknames with those who spoke last first, emojis."""

    commands: Callable[[], Sequence[tuple[str, str, str]]]
    people: Callable[[], Sequence[str]]
    emojis: Callable[[str], Sequence[tuple[str, str]]]
    paths: Callable[[str, int], Sequence[str]]
    """How a path may go on as far as that is known, at most so many."""


def offered(before: str, sources: Sources) -> Offers:
    """What is offered as one types; `before` is the text up to the cursor."""
    if re.fullmatch(_COMMAND, before):
        return _commands(before[1:], sources)
    found = re.fullmatch(_PATH, before)
    if found is not None:
        return _paths(found[1], found.start(1), sources)
    found = re.search(_NAME, before)
    if found is not None:
        return _people(found[1], found.start(1) - 1, before, sources)
    found = re.search(_EMOJI, before)
    if found is not None and len(found[1]) >= _LEAST_EMOJI:
        offers = [Offer(f"{text} ", f"{text} {name}") for text, name in sources.emojis(found[1])[:MOST]]
        return Offers(found.start(1) - 1, tuple(offers))
    return NOTHING


def asked(before: str, sources: Sources) -> Offers:
    """What is offered when Tab asks for it: also nicknames without an @."""
    offers = offered(before, sources)
    found = re.search(_WORD, before)
    if offers.offers or found is None or re.fullmatch(_PATH, before):
        return offers
    return _people(found[1], found.start(1), before, sources)


def whole_emoji(before: str, sources: Sources) -> tuple[int, str] | None:
    """Where a whole `:name:` before the cursor begins, and its emoji; None: it is none."""
    found = re.search(_WHOLE_EMOJI, before)
    if found is None:
        return None
    name = found[1].replace("_", " ").casefold()
    text = next((text for text, known in sources.emojis(found[1]) if known.casefold() == name), None)
    return None if text is None else (found.start(1) - 1, text)


def _commands(begun: str, sources: Sources) -> Offers:
    found = [
        Offer(f"/{name} ", usage, text) for name, usage, text in sources.commands() if name.startswith(begun.lower())
    ]
    return Offers(0, tuple(found[:MOST]))


def _paths(begun: str, start: int, sources: Sources) -> Offers:
    """How the path may go on; of each only the last part is shown."""
    found = sources.paths(begun, MOST)
    return Offers(start, tuple(Offer(path, last_part(path)) for path in found))


def _people(begun: str, start: int, before: str, sources: Sources) -> Offers:
    """Nicknames that begin so; at the beginning of a message they are followed by a colon, as one addresses people."""
    wanted = folded(begun).text
    end = ": " if not before[:start].strip() else " "
    names = [clean_line(name) for name in sources.people() if folded(name).text.startswith(wanted)]
    return Offers(start, tuple(Offer(f"{name}{end}", name) for name in names[:MOST]))
