"""Which keys an action has after the settings had their say, and what is wrong with those settings."""

from collections.abc import Iterable, Iterator, Mapping

from tui_xmpp.ui import keys
from tui_xmpp.ui.actions import ACTIONS, BY_ID, YIELDING, Action
from tui_xmpp.ui.here import Where


def keys_of(action: Action, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of an action after the settings had their say."""
    chosen = keymap.get(action.id)
    return action.keys if chosen is None else tuple(key.strip() for key in chosen.split(","))


def check_keymap(keymap: Mapping[str, str]) -> tuple[str, ...]:
    """What is wrong with the keys in the settings, in sentences."""
    return tuple(sentence for _, sentence in problems(keymap))


def problems(keymap: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Unknown actions, unknown keys, clashes: for each the action in the settings that it is about, and a sentence.

    All of the settings together are judged, so that two actions can change their keys.
    """
    yield from ((name, f"There is no action “{name}”.") for name in keymap if name not in BY_ID)
    for name, chosen in keymap.items():
        for key in chosen.split(","):
            if not keys.known(key):
                yield name, f"“{key.strip()}” for “{name}” is not a key."
    taken: dict[str, list[Action]] = {}
    for action in ACTIONS:
        for key in keys_of(action, keymap):
            taken.setdefault(keys.normal(key), []).append(action)
    for key, actions in taken.items():
        for first, second in _clashes(actions):
            about = second.id if second.id in keymap else first.id
            yield about, f"“{key}” is the key of both “{first.id}” and “{second.id}”."


def _clashes(actions: Iterable[Action]) -> Iterable[tuple[Action, Action]]:
    known = list(actions)
    for index, first in enumerate(known):
        for second in known[index + 1 :]:
            yields = first.id in YIELDING or second.id in YIELDING
            if _meet(first.where, second.where) and not (yields and Where.COMPOSER in {first.where, second.where}):
                yield first, second


def _meet(first: Where, second: Where) -> bool:
    """Whether two contexts can hold at once."""
    if first is second or {first, second} & {Where.APP, Where.MAIN}:
        return True
    return Where.LIST in {first, second} and bool({first, second} & {Where.CHATS, Where.PEOPLE})
