"""Styles of texts without a ground of their own, so that one ground can be laid under a whole row."""

from textual.app import App
from textual.color import Color
from textual.style import Style
from textual.widget import Widget

from tui_xmpp.ui.colours import DARK_LIGHTNESS, LIGHT_LIGHTNESS, lightness_on


def names_on(app: App[int]) -> float | None:
    """The lightness of names in the theme that is worn; None: only the terminal's own colours are used."""
    theme = app.current_theme
    if app.native_ansi_color:
        return None
    grounds = frozenset(Color.parse(ground).rgb for ground in (theme.background, theme.surface, theme.panel) if ground)
    if not grounds or theme.foreground is None:
        return DARK_LIGHTNESS if theme.dark else LIGHT_LIGHTNESS
    return lightness_on(grounds, Color.parse(theme.foreground).rgb, dark=theme.dark)


def ink(widget: Widget, style: str) -> Style:
    """Colour and weight as they are said in a text; a background only if that names one."""
    return widget.app.stylesheet.parse_style(style)
