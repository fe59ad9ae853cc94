"""Styles of component classes without a ground of their own, so that one ground can be laid under a whole row."""

from textual.style import Style
from textual.widget import Widget


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
