"""Emojis and their names, to be found by a word. The data is loaded when it is first needed: it takes a moment."""

from collections.abc import Iterable, Sequence
from functools import cache

from tui_xmpp.model.frozen import frozen
from tui_xmpp.ui.screens.fuzzy import match

USUAL = ("👍", "❤️", "😂", "😮", "😢", "🙏")
"""Those that a digit picks."""

FAMILIAR = (
    *USUAL,
    "🎉", "👏", "🔥", "👀", "🤔", "😀", "😊", "😉", "😍", "🥰", "😎", "😅", "🙃", "😡", "😱", "🤷", "👎", "👌", "🤝",
    "💪", "🙈", "💯", "✅", "❌", "❓", "☕", "🍕", "🍷", "🎂", "🌞",
)  # fmt: skip
"""What is offered before anything is typed."""

_VARIANT = "\ufe0f"
"""The selector that asks for the coloured form of a character; senders differ in whether they write it."""

_TONE = "skin tone"
_NAMED = 8
_EXACT_WORTH = 100
"""What it adds to a hit that it is the whole of a name."""
_FAMILIAR_WORTH = 70
"""What being familiar adds."""


@frozen
class Emoji:
    """One emoji; the first of its names is shown."""

    text: str
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        """What it is called."""
        return self.names[0]


@cache
def all_emojis() -> dict[str, Emoji]:
    """Every emoji of Unicode by its text, in the order of the names."""
    from emoji import EMOJI_DATA, STATUS

    found: dict[str, Emoji] = {}
    for text, facts in EMOJI_DATA.items():
        if facts["status"] == STATUS["fully_qualified"]:
            names = (facts["en"], *facts.get("alias", ()))
            found[text] = Emoji(text, tuple(name.strip(":").replace("_", " ") for name in names))
    return found


def same(first: str, second: str) -> bool:
    """Whether two texts are the same emoji, however its form was asked for."""
    return first == second or first.replace(_VARIANT, "") == second.replace(_VARIANT, "")


def known_as(texts: Iterable[str]) -> list[Emoji]:
    """Emojis with their names, each once; those that have none here are called a reaction."""
    known = all_emojis()
    found: list[Emoji] = []
    for text in texts:
        if not any(same(text, other.text) for other in found):
            found.append(known.get(text) or known.get(text + _VARIANT) or Emoji(text, ("reaction",)))
    return found


def find(query: str, familiar: Sequence[str], limit: int) -> list[Emoji]:
    """The emojis whose names have these words, the best first; skin tones only for those who ask for them."""
    known = all_emojis()
    if query in known or query + _VARIANT in known:
        return known_as((query,))
    wanted = query.casefold()
    with_tones = any(word in wanted for word in _TONE.split())
    ranked: list[tuple[int, int, Emoji]] = []
    for emoji in known.values():
        if not with_tones and _TONE in emoji.name:
            continue
        hits = [hit.score for name in emoji.names if (hit := match(wanted, name, scattered=False)) is not None]
        if hits:
            score = max(hits) + _EXACT_WORTH * (wanted in emoji.names)
            score += _FAMILIAR_WORTH * any(same(emoji.text, text) for text in familiar)
            ranked.append((-score, len(emoji.name), emoji))
    ranked.sort(key=lambda entry: entry[:2])
    return [emoji for *_, emoji in ranked[:limit]]


def is_loaded() -> bool:
    """Whether the data is there; before, looking for something takes a quarter of a second."""
    return all_emojis.cache_info().currsize > 0


def named(query: str) -> list[tuple[str, str]]:
    """Emojis whose name has this word, as it is written between colons, with the name that it fits."""
    wanted = query.replace("_", " ").casefold()
    return [(emoji.text, _best_name(emoji, wanted)) for emoji in find(wanted, FAMILIAR, _NAMED)]


def _best_name(emoji: Emoji, wanted: str) -> str:
    """The name that was typed, else the shortest that begins so, else the first."""
    return min(
        emoji.names, key=lambda name: (name.casefold() != wanted, not name.casefold().startswith(wanted), len(name))
    )
