"""The colours of the looks that come with the program, as values: known before Textual is imported.

Every widget takes its colours from these names, so a theme is this page and nothing else:
`background` under the conversation, `surface` under the side panes, `panel` under what is selected, `primary` the one
accent, `warning` what asks for attention, `$quiet` secondary text, `$rule` hairlines, `$chip` under reactions,
`$present` who is here.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tui_xmpp.model.frozen import frozen


@frozen
class Scheme:
    """Colours by name, as `#rrggbb` or, where it is the terminal's own, `ansi_cyan`."""

    name: str
    primary: str
    secondary: str
    warning: str
    error: str
    success: str
    foreground: str
    background: str
    surface: str
    panel: str
    variables: Mapping[str, str]
    """Our own names: `quiet`, `rule`, `chip`, `present`, `on-accent`; and some of Textual's."""
    boost: str = ""
    """Nothing said: as the panel."""
    dark: bool = True
    ansi: bool = False


DARK = Scheme(
    name="dark",
    primary="#5fd3bc",
    secondary="#8fb8ff",
    warning="#f0b35e",
    error="#f0837b",
    success="#86c98a",
    foreground="#d7dce4",
    background="#15171c",
    surface="#1a1d24",
    panel="#242a35",
    dark=True,
    variables={
        "quiet": "#7d8696",
        "rule": "#2c313c",
        "chip": "#2f3643",
        "present": "#86c98a",
        "on-accent": "#15171c",
        "input-cursor-background": "#d7dce4",
        "input-cursor-foreground": "#15171c",
        "input-selection-background": "#5fd3bc 30%",
    },
)

LIGHT = Scheme(
    name="light",
    primary="#0b6a62",
    secondary="#2f5fb3",
    warning="#854d00",
    error="#a61f18",
    success="#25692a",
    foreground="#23272f",
    background="#fbfaf7",
    surface="#f1efe9",
    panel="#e6e4dc",
    dark=False,
    variables={
        "quiet": "#5f6876",
        "rule": "#d8d5cb",
        "chip": "#dedbd2",
        "present": "#25692a",
        "on-accent": "#fbfaf7",
        "input-cursor-background": "#23272f",
        "input-cursor-foreground": "#fbfaf7",
        "input-selection-background": "#0b6a62 25%",
    },
)

CONTRAST = Scheme(
    name="contrast",
    primary="#00ffd0",
    secondary="#9ecbff",
    warning="#ffd000",
    error="#ff8a80",
    success="#7dff8a",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1f3a5f",
    dark=True,
    variables={
        "quiet": "#c8c8c8",
        "foreground-muted": "#c8c8c8",
        "text-muted": "#c8c8c8",
        "text-disabled": "#b0b0b0",
        "rule": "#8a8a8a",
        "chip": "#3a3a3a",
        "present": "#7dff8a",
        "on-accent": "#000000",
        "input-cursor-background": "#ffffff",
        "input-cursor-foreground": "#000000",
        "input-selection-background": "#1f3a5f",
    },
)

TERMINAL = Scheme(
    name="terminal",
    ansi=True,
    primary="ansi_cyan",
    secondary="ansi_blue",
    warning="ansi_yellow",
    error="ansi_red",
    success="ansi_green",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_bright_black",
    boost="ansi_default",
    variables={
        "quiet": "ansi_bright_black",
        "foreground-muted": "ansi_bright_black",
        "text-muted": "ansi_bright_black",
        "text-disabled": "ansi_bright_black",
        "border": "ansi_cyan",
        "scrollbar": "ansi_bright_black",
        "rule": "ansi_bright_black",
        "chip": "ansi_default",
        "present": "ansi_green",
        "on-accent": "ansi_black",
        "border-blurred": "ansi_bright_black",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_white",
        "input-cursor-background": "ansi_default",
        "input-cursor-foreground": "ansi_default",
        "input-selection-background": "ansi_bright_blue",
        "input-selection-foreground": "ansi_black",
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
    },
)
"""The terminal's own sixteen colours."""

SCHEMES = (DARK, LIGHT, CONTRAST, TERMINAL)

_COLOURS = ("primary", "secondary", "warning", "error", "success", "foreground", "background", "surface", "panel")
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")


def read(path: Path) -> Scheme:
    """The scheme of a person's own theme, as far as its colours are written `#rrggbb` (see `user_themes`).

    What cannot be read is as in the theme that it is based on: the file is judged where it is worn.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return DARK
    base = next((scheme for scheme in SCHEMES if scheme.name == values.get("base")), DARK)
    variables = values.get("variables")
    own = _colours(variables) if isinstance(variables, dict) else {}
    known = {name: colour for name, colour in _colours(values).items() if name in _COLOURS}
    dark = values.get("dark", base.dark) is not False
    scheme = replace(base, name=path.stem, dark=dark, variables={**base.variables, **own})
    return replace(scheme, **known)  # type: ignore[arg-type]  # all are texts


def _colours(values: Mapping[str, object]) -> dict[str, str]:
    return {name: text.lower() for name, text in values.items() if isinstance(text, str) and _HEX.fullmatch(text)}
