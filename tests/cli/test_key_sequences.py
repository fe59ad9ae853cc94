"""Keys as terminals send them, through to the names that the registry binds."""

import pytest
from textual._xterm_parser import XTermParser
from textual.events import Key

from tui_xmpp.cli.key_sequences import as_textual_knows
from tui_xmpp.ui.actions import ACTIONS

XTERM = {
    "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~", "f6": "\x1b[17~",
    "f7": "\x1b[18~", "f8": "\x1b[19~", "f9": "\x1b[20~", "f10": "\x1b[21~", "f11": "\x1b[23~", "f12": "\x1b[24~",
    "shift+up": "\x1b[1;2A", "shift+down": "\x1b[1;2B", "shift+f10": "\x1b[21;2~",
    "shift+f6": "\x1b[17;2~", "shift+f11": "\x1b[23;2~", "shift+tab": "\x1b[Z", "ctrl+end": "\x1b[1;5F",
    "ctrl+up": "\x1b[1;5A", "ctrl+pageup": "\x1b[5;5~", "ctrl+pagedown": "\x1b[6;5~", "alt+enter": "\x1b\r",
    "alt+left": "\x1b[1;3D", "alt+right": "\x1b[1;3C", "alt+up": "\x1b[1;3A", "alt+down": "\x1b[1;3B",
    "ctrl+j": "\n", "ctrl+underscore": "\x1f", "ctrl+right_square_bracket": "\x1d", "alt+backspace": "\x1b\x7f",
}  # fmt: skip
LINUX = {
    "f1": "\x1b[[A", "f2": "\x1b[[B", "f3": "\x1b[[C", "f4": "\x1b[[D", "f5": "\x1b[[E", "f6": "\x1b[17~",
    "shift+f1": "\x1b[25~", "shift+f3": "\x1b[28~", "shift+f4": "\x1b[29~", "shift+f5": "\x1b[31~",
    "shift+f6": "\x1b[32~", "home": "\x1b[1~", "end": "\x1b[4~", "delete": "\x1b[3~",
}  # fmt: skip
PUTTY = {"alt+up": "\x1b\x1b[A", "alt+left": "\x1b\x1bOD", "end": "\x1b[4~", "f4": "\x1b[14~"}

PROTOCOL_ONLY = {"shift+enter", "ctrl+shift+z", "super+c"}
"""Keys that only newer terminals tell; each has another one beside it."""


def pressed(sequence: str) -> list[str]:
    return [event.key for event in XTermParser().feed(as_textual_knows(sequence)) if isinstance(event, Key)]


@pytest.mark.parametrize(
    ("key", "sequence"), [*XTERM.items(), *LINUX.items(), *PUTTY.items()], ids=lambda value: repr(value)
)
def test_a_key_is_known_by_what_the_terminal_sends(key: str, sequence: str) -> None:
    assert pressed(sequence) == [key]
    assert pressed(f"{sequence}x{sequence}") == [key, "x", key]


@pytest.mark.parametrize("action", [action for action in ACTIONS if action.keys], ids=lambda action: action.id)
def test_every_action_has_a_key_that_every_terminal_sends_and_that_needs_no_alt(action: object) -> None:
    keys = getattr(action, "keys", ())
    simple = [key for key in keys if key not in PROTOCOL_ONLY and not key.startswith("alt+")]
    assert simple
    assert {key for key in simple if _is_special(key)} <= set(XTERM)


def _is_special(key: str) -> bool:
    """A function key, or one with a modifier; Ctrl and a letter is one byte everywhere."""
    control = key.startswith("ctrl+") and len(key) == len("ctrl+x")
    return not control and ("+" in key or (key[0] == "f" and key[1:].isdecimal()))
