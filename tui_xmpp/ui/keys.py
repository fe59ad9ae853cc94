"""Names of keys: checking those in the settings, and writing them as people do."""

import unicodedata

from textual.keys import KEY_ALIASES, REPLACED_KEYS, Keys

_MODIFIERS = {"ctrl": "^", "alt": "Alt+", "shift": "Shift+", "super": "Super+", "meta": "Meta+", "hyper": "Hyper+"}
_SHOWN = {
    "escape": "Esc", "enter": "Enter", "tab": "Tab", "space": "Space", "delete": "Del", "backspace": "Backspace",
    "insert": "Ins", "home": "Home", "end": "End", "pageup": "PgUp", "pagedown": "PgDn", "up": "↑", "down": "↓",
    "left": "←", "right": "→",
}  # fmt: skip
_NAMED = frozenset(key.value for key in Keys) | frozenset(KEY_ALIASES) | frozenset(_SHOWN)


def normal(key: str) -> str:
    """One spelling for a key: modifiers in order, characters by themselves."""
    *modifiers, last = _parts(key)
    return "+".join([*sorted(modifiers), last if last in _NAMED else _character(last) or last])


def known(key: str) -> bool:
    """Whether this can be a key: known modifiers before a character, the name of one, or a named key."""
    *modifiers, last = _parts(key)
    if not last or any(modifier not in _MODIFIERS for modifier in modifiers):
        return False
    return len(last) == 1 or last in _NAMED or _character(last) is not None


def shown(key: str) -> str:
    """A key as people write it: `^K`, `F1`, `Shift+Tab`, `↑`."""
    *modifiers, last = _parts(key)
    if last in _SHOWN:
        name = _SHOWN[last]
    elif last[:1] == "f" and last[1:].isdecimal():
        name = last.upper()
    else:
        name = _character(last) or last
    if modifiers == ["ctrl"]:
        return f"^{name.upper()}" if len(name) == 1 and last not in _SHOWN else f"Ctrl+{name}"
    prefix = "".join("Ctrl+" if modifier == "ctrl" else _MODIFIERS.get(modifier, "") for modifier in modifiers)
    return prefix + (name.upper() if modifiers and len(name) == 1 else name)


def _parts(key: str) -> list[str]:
    key = key.strip()
    if key == "+" or key.endswith("++"):
        return [*(part for part in key[:-1].split("+") if part), "+"]
    return key.split("+")


def _character(name: str) -> str | None:
    """The character that Textual calls by this name (`question_mark` is `?`); None if there is none."""
    if len(name) == 1:
        return name
    try:
        return unicodedata.lookup(REPLACED_KEYS.get(name, name).replace("_", " "))
    except KeyError:
        return None
