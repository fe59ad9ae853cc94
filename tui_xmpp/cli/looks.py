"""Whether the screen knows the colours and the keys that the settings ask for; said with the line if not."""

import os
from collections.abc import Mapping

from tui_xmpp.config import Settings
from tui_xmpp.ui.actions import check_keymap
from tui_xmpp.ui.themes import DARK, TERMINAL, THEMES

_TRUE_COLOURS = {"truecolor", "24bit"}
_MANY_COLOURS = ("256color", "kitty", "direct")


def theme(settings: Settings, environment: Mapping[str, str] = os.environ) -> str:
    """The name of the theme to begin with. Raises ConfigError.

    Where none is chosen and the terminal has only sixteen colours, its own: the grounds of the others would be one.
    """
    many = environment.get("COLORTERM", "").lower() in _TRUE_COLOURS
    many = many or environment.get("TERM", "").lower().endswith(_MANY_COLOURS)
    wanted = settings.ui.theme or (DARK if many else TERMINAL).name
    names = [theme.name for theme in THEMES]
    if wanted not in names:
        message = f"there is no theme “{wanted}”; there are {', '.join(names)}."
        raise settings.source.error(("ui", "theme"), message)
    return wanted


def check_keys(settings: Settings) -> None:
    """Raise ConfigError for an action or a key that does not exist, and for a key with two meanings."""
    for name, keys in settings.ui.keys.items():
        for problem in check_keymap({name: keys}):
            raise settings.source.error(("ui", "keys", name), problem)
    for problem in check_keymap(settings.ui.keys):
        raise settings.source.error(("ui", "keys"), problem)
