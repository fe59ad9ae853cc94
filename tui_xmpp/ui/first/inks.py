"""Styles by name as the sequences of the terminal that set them (ECMA-48 §8.3.117), in the colours that it can show."""

import re
from collections.abc import Iterable, Mapping
from enum import Enum, auto

from tui_xmpp.ui.colours import lightness_on, name_colour
from tui_xmpp.ui.schemes import Scheme

RESET = "\x1b[0m"

_FOREGROUND, _BACKGROUND = 38, 48

_HEX = re.compile(r"#[0-9a-f]{6}")
_ATTRIBUTES = {"bold": "1", "italic": "3", "underline": "4", "strike": "9"}
_NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")


class Depth(Enum):
    """How many colours a terminal can show."""

    SIXTEEN = auto()
    MANY = auto()
    """256."""
    TRUE = auto()


class Inks:
    """The sequences of one scheme on one terminal, in `grey` where no colours are wanted.

    `styles` are by name what they look like.
    """

    def __init__(self, scheme: Scheme, depth: Depth, styles: Mapping[str, str], *, grey: bool = False) -> None:
        self._grey = grey
        self._scheme = scheme
        self._depth = depth
        self._styles = styles
        self._known: dict[tuple[str, str], str] = {}
        self._lightness = None if scheme.ansi else _lightness(scheme)

    def sequence(self, style: str, ground: str) -> str:
        """What sets a style on a ground, whatever was set before."""
        known = self._known.get((style, ground))
        if known is None:
            self._known[style, ground] = known = self._make(style, ground)
        return known

    def _make(self, style: str, ground: str) -> str:
        if style.startswith("name:"):
            colour = "" if self._lightness is None else name_colour(style[5:], self._lightness)
            said = f"bold {colour}"
        else:
            said = self._styles.get(style, "")
        front, _, back = f" {said} ".partition(" on ")
        words = front.split()
        colours = [word for word in words if word not in _ATTRIBUTES]
        codes = ["0", *(_ATTRIBUTES[word] for word in words if word in _ATTRIBUTES)]
        codes += self._code(colours[0] if colours else "$foreground", _FOREGROUND)
        codes += self._code(back.strip() or ground, _BACKGROUND)
        return f"\x1b[{';'.join(codes)}m"

    def _code(self, colour: str, place: int) -> Iterable[str]:
        """The codes of a colour in the foreground or the background."""
        if colour.startswith("$"):
            name = colour[1:]
            colour = self._scheme.variables.get(name) or str(getattr(self._scheme, name, ""))
        if colour.startswith("ansi_"):
            return () if self._grey else _ansi(colour.removeprefix("ansi_"), place)
        if _HEX.fullmatch(colour) is None:
            return ()
        red, green, blue = _rgb(colour)
        if self._grey:
            red = green = blue = round(red * 0.2126 + green * 0.7152 + blue * 0.0722)
        if self._depth is Depth.TRUE:
            return (f"{place};2;{red};{green};{blue}",)
        from rich.color import Color, ColorSystem  # which takes its time, and is what the screen goes by

        system = ColorSystem.EIGHT_BIT if self._depth is Depth.MANY else ColorSystem.STANDARD
        return Color.from_rgb(red, green, blue).downgrade(system).get_ansi_codes(foreground=place == _FOREGROUND)


def _ansi(name: str, place: int) -> Iterable[str]:
    bright = name.startswith("bright_")
    name = name.removeprefix("bright_")
    return (str(_NAMES.index(name) + place - 8 + 60 * bright),) if name in _NAMES else ()


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _lightness(scheme: Scheme) -> float:
    grounds = frozenset(_rgb(ground) for ground in (scheme.background, scheme.surface, scheme.panel))
    return lightness_on(grounds, _rgb(scheme.foreground), dark=scheme.dark)
