"""The looks as Textual's themes, and what they need beside their colours (see `schemes`)."""

from textual.theme import Theme

from tui_xmpp.ui import schemes
from tui_xmpp.ui.schemes import Scheme


def _theme(scheme: Scheme) -> Theme:
    return Theme(
        name=scheme.name,
        primary=scheme.primary,
        secondary=scheme.secondary,
        accent=scheme.primary,
        warning=scheme.warning,
        error=scheme.error,
        success=scheme.success,
        foreground=scheme.foreground,
        background=scheme.background,
        surface=scheme.surface,
        panel=scheme.panel,
        boost=scheme.boost or scheme.panel,
        dark=scheme.dark,
        ansi=scheme.ansi,
        variables={**scheme.variables},
    )


DARK, LIGHT, CONTRAST, TERMINAL = THEMES = tuple(map(_theme, schemes.SCHEMES))

CSS = """
.-compact #chats { padding: 0; }
.-compact #people { padding: 0 0 0 1; }
.-compact ChatTitle { height: 1; border-bottom: none; background: $surface; }
.-compact Composer, .-compact Composer:focus { border: none; margin: 0; min-height: 1; background: $surface; }
.-compact Composer:focus { background: $panel; }
.-theme-contrast Panel { border: round $border; }
.-theme-contrast Line, .-theme-contrast Lines, .-theme-contrast Choice { background: $foreground 16%; }
.-theme-contrast Line:focus, .-theme-contrast Lines:focus, .-theme-contrast Choice:focus { background: $panel; }
"""
"""What a theme needs beside its colours: where all grounds are black, dialogs need an edge and fields a ground.

And what the compact form leaves out: boxes, and lines that only part.
"""

DEFAULTS = {name: schemes.DARK.variables[name] for name in ("quiet", "rule", "chip", "present", "on-accent")}
"""Values of our own variables for a theme that does not know them."""
