"""The theme to begin with, and what the terminal can show."""

from pathlib import Path

import pytest

from tui_xmpp import config
from tui_xmpp.cli.looks import appearance, theme
from tui_xmpp.config import Settings, UiSettings
from tui_xmpp.config_table import Source
from tui_xmpp.errors import ConfigError


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
