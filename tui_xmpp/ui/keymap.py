"""Which keys an action has after the settings had their say, and what is wrong with those settings."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from tui_xmpp.ui import keys
from tui_xmpp.ui.action import YIELDING, Action
from tui_xmpp.ui.actions import ACTIONS, BY_ID
from tui_xmpp.ui.here import meet


class Keyed:
    """An app that knows the keys in the settings, so that what stands on its screens can name them."""

    keymap: Mapping[str, str] = MappingProxyType({})


def key_of(app: object, action_id: str) -> str:
    """The first key of an action as people write it, after the settings of this app had their say."""
    return keys.shown(pressed(app, action_id)[0])


def pressed(app: object, action_id: str) -> tuple[str, ...]:
    """The keys of an action, after the settings of this app had their say."""
    return keys_of(BY_ID[action_id], app.keymap if isinstance(app, Keyed) else {})


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
            if meet(first.where, second.where) and not (_yields(first, second) or _yields(second, first)):
                yield first, second


def _yields(first: Action, second: Action) -> bool:
    return second.where in YIELDING.get(first.id, ())
