"""The theme to begin with."""

from pathlib import Path

import pytest

from tui_xmpp.cli.looks import theme
from tui_xmpp.config import Settings, UiSettings
from tui_xmpp.config_table import Source


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
