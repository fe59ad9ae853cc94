"""Fingerprints drawn for the eye: in groups, each in a colour of its own, and two of them beside each other."""

from collections.abc import Sequence

from textual.content import Content

from tui_xmpp.model.fingerprints import groups
from tui_xmpp.model.omemo import Device
from tui_xmpp.ui.colours import name_colour
from tui_xmpp.ui.screens.plain import plain

LINES = 5
"""Lines of one: whose it is, and its groups."""
_GROUPS = 2
"""Groups in a line: few, so that two fingerprints have room side by side also where it is narrow."""
_COLUMN = 17
"""Columns of such a line."""
_LEAST_GAP = 2
_WIDEST_GAP = 8


def fit_beside(width: int) -> bool:
    """Whether two fingerprints have room side by side."""
    return width >= 2 * _COLUMN + _LEAST_GAP


def one(device: Device, lightness: float) -> Content:
    """A fingerprint below whose it is."""
    return Content("\n").join(_lines(device, lightness))


def beside(left: Device, right: Device, lightness: float, width: int) -> Content:
    """Two fingerprints side by side, line by line for the eye; where there is no room, one below the other."""
    if not fit_beside(width):
        return Content("\n").join([one(left, lightness), one(right, lightness)])
    column = max(_COLUMN, min((width - _LEAST_GAP) // 2, _COLUMN + _WIDEST_GAP))
    lines = zip(_lines(left, lightness), _lines(right, lightness), strict=True)
    cut = [[line.truncate(column, ellipsis=True, pad=True) for line in pair] for pair in lines]
    return Content("\n").join(Content(" " * _LEAST_GAP).join(pair) for pair in cut)


def _lines(device: Device, lightness: float) -> Sequence[Content]:
    whose = plain("this device" if device.own else device.label or f"device {device.id}", "bold")
    words = [plain(group, f"bold {name_colour(group, lightness)}") for group in groups(device.fingerprint)]
    if not words:
        words = [plain("not known yet", "$foreground-muted")]
    lines = [Content(" ").join(words[start : start + _GROUPS]) for start in range(0, len(words), _GROUPS)]
    return [whose, *lines, *[Content("")] * (LINES - 1 - len(lines))]
