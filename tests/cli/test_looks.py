"""The theme to begin with, and what the terminal can show."""

import re
from pathlib import Path

import pytest

from tui_xmpp import config
from tui_xmpp.cli.looks import appearance, keymap, theme
from tui_xmpp.config import Settings, UiSettings
from tui_xmpp.config_table import Source
from tui_xmpp.errors import ConfigError
from tui_xmpp.ui.action import YIELDING, Action
from tui_xmpp.ui.actions import ACTIONS, BY_ID
from tui_xmpp.ui.here import Where

MOVING_ABOUT = [each for each in ACTIONS if each.where is Where.MAIN and each.keys and each.id not in YIELDING]


@pytest.mark.parametrize(
    ("chosen", "environment", "name"),
    [
        ("", {"TERM": "xterm-256color"}, "dark"),
        ("", {"TERM": "xterm", "COLORTERM": "truecolor"}, "dark"),
        ("", {"TERM": "xterm-kitty"}, "dark"),
        ("", {"TERM": "linux"}, "terminal"),
        ("", {"TERM": "screen"}, "terminal"),
        ("", {}, "terminal"),
        ("light", {"TERM": "linux"}, "light"),
    ],
)
def test_a_terminal_with_few_colours_keeps_its_own(chosen: str, environment: dict[str, str], name: str) -> None:
    settings = Settings(Source(Path("config.toml"), ""), (), UiSettings(theme=chosen))
    assert theme(settings, environment) == name


def test_a_theme_of_ones_own_is_a_file_beside_the_settings(tmp_path: Path) -> None:
    settings = config.parse('[ui]\ntheme = "mine"\n', tmp_path / "config.toml")
    with pytest.raises(ConfigError, match="line 2: there is no theme “mine”; there are dark, light"):
        theme(settings)
    (tmp_path / "themes").mkdir()
    (tmp_path / "themes" / "mine.toml").touch()
    assert theme(settings) == "mine"
    outside = config.parse('[ui]\ntheme = "../themes/mine"\n', tmp_path / "config.toml")
    with pytest.raises(ConfigError):
        theme(outside)


@pytest.mark.parametrize(
    ("chosen", "environment", "encoding", "ascii_symbols", "drawn_in"),
    [
        ("", {"TERM": "xterm-256color", "LANG": "de_DE.UTF-8"}, "utf-8", False, "utf-8"),
        ("", {"TERM": "xterm-256color"}, "utf-8", False, "utf-8"),
        ("", {"TERM": "screen", "LANG": "C"}, "utf-8", False, "utf-8"),
        ("", {"TERM": "linux", "LANG": "de_DE.UTF-8"}, "utf-8", True, "utf-8"),
        ("", {"TERM": "xterm", "LANG": "de_DE.ISO-8859-1"}, "iso8859-1", True, "iso8859-1"),
        ("", {"TERM": "xterm", "LANG": "de_DE.UTF-8", "LC_ALL": "C"}, "utf-8", True, "ascii"),
        ("ascii", {"TERM": "xterm-256color", "LANG": "de_DE.UTF-8"}, "utf-8", True, "utf-8"),
        ("unicode", {"TERM": "linux", "LANG": "de_DE.UTF-8"}, "utf-8", False, "utf-8"),
    ],
)
def test_a_terminal_that_has_no_symbols_gets_none(
    chosen: str, environment: dict[str, str], encoding: str, ascii_symbols: bool, drawn_in: str
) -> None:
    settings = Settings(Source(Path("config.toml"), ""), (), UiSettings(symbols=chosen))
    how = appearance(settings, environment, encoding)
    assert (how.ascii, how.encoding) == (ascii_symbols, drawn_in)


@pytest.mark.parametrize("action", [each for each in MOVING_ABOUT if each.id != "go_to"], ids=lambda action: action.id)
def test_two_actions_change_their_keys(action: Action) -> None:
    theirs, ours = ",".join(action.keys), ",".join(BY_ID["go_to"].keys)
    settings = config.parse(f'[ui.keys]\ngo_to = "{theirs}"\n{action.id} = "{ours}"\n', Path("config.toml"))
    assert keymap(settings) == {"go_to": theirs, action.id: ours}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('fly = "f6"', "line 3: There is no action “fly”."),
        ('go_to = "ctrl+p"', "line 3: “ctrl+p” is the key of both “go_to” and “actions”."),
        ('actions = "ctrl+k"', "line 3: “ctrl+k” is the key of both “go_to” and “actions”."),
        ('quit = "nokey"', "line 3: “nokey” for “quit” is not a key."),
    ],
)
def test_keys_that_cannot_be_used_are_said_with_their_line(text: str, words: str) -> None:
    settings = config.parse(f'[ui.keys]\nhelp = "f13"\n{text}\n', Path("config.toml"))
    with pytest.raises(ConfigError, match=re.escape(words)):
        keymap(settings)
