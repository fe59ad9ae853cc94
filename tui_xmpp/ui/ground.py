"""What lies under other widgets: one line, the same in every row."""

from textual.geometry import Region
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget


def ground(widget: Widget, crop: Region) -> list[Strip]:
    """The rows of a container without edges, which is only its colour.

    Textual would keep each row by itself, with the pieces into which the widgets on it cut it: thousands of lines for
    a screen, looked up whenever something on it is painted.
    """
    base, background = widget.background_colors
    strip = Strip.blank(crop.width, Style(background=base + background).rich_style)
    for line_filter in widget.get_line_filters():
        strip = strip.apply_filter(line_filter, background)
    return [strip] * crop.height
