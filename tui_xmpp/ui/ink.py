"""Styles of component classes without a ground of their own, so that one ground can be laid under a whole row."""

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


def ink(widget: Widget, component: str) -> Style:
    """Colour and weight of a component class; a colour or a background only if the class sets one itself."""
    styles = widget.get_component_styles(component)
    text = styles.text_style
    return Style(
        background=styles.background if styles.has_rule("background") else None,
        foreground=styles.color if styles.has_rule("color") else None,
        bold=text.bold,
        italic=text.italic,
        underline=text.underline,
        strike=text.strike,
    )
