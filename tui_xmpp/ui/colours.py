"""Consistent name colours (XEP-0392): the same person has the same hue in every client that follows it.

The hue comes from the SHA-1 of the name, the colour from HSLuv, whose lightness is the eye's. So one lightness per
theme gives every hue the same contrast on the background.
"""

import hashlib
import math
from functools import lru_cache

_TO_RGB = (
    (3.240969941904521, -1.537383177570093, -0.498610760293),
    (-0.96924363628087, 1.87596750150772, 0.041555057407175),
    (0.055630079696993, -0.20397695888897, 1.056971514242878),
)
_WHITE_U, _WHITE_V = 0.19783000664283, 0.46831999493879
_KAPPA, _EPSILON = 903.2962962, 0.0088564516

_ENOUGH, _HIGH = 4.5, 7.1
"""The contrast that names have to have, and the one in themes of high contrast (WCAG 2.1: AA and AAA)."""
_STRONG = 18.0
"""The contrast of texts from which on a theme is one of high contrast."""
_LIGHTEST = 96.0
"""A lightness above which hues cannot be told apart."""
_MIDDLE = 0.18
"""A ground of this luminance is as far from white as from black."""

DARK_LIGHTNESS = 72.0
"""Lightness of names on a dark ground."""
LIGHT_LIGHTNESS = 42.0
"""Lightness of names on a light ground."""
SATURATION = 78.0
"""Full saturation shouts; this keeps the hues apart and the page calm."""


@lru_cache(maxsize=4096)
def hue(name: str) -> float:
    """The angle in degrees of a name or bare address (XEP-0392 §5.1): 0 ≤ hue < 360."""
    digest = hashlib.sha1(name.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:2], "little") / 65536 * 360


@lru_cache(maxsize=4096)
def name_colour(name: str, lightness: float) -> str:
    """The colour of a name as `#rrggbb`, in a lightness that `lightness_on` gives."""
    red, green, blue = hsluv_to_rgb(hue(name), SATURATION, lightness)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


@lru_cache(maxsize=64)
def lightness_on(grounds: frozenset[tuple[int, int, int]], text: tuple[int, int, int], *, dark: bool) -> float:
    """The lightness in which every name can be read on all of a theme's grounds (XEP-0392 §5.4).

    The usual one of dark and of light themes, unless the grounds ask for more. Where texts stand out more than usual,
    names do too.
    """
    wanted = _HIGH if max(contrast(text, ground) for ground in grounds) >= _STRONG else _ENOUGH
    brightness = [_luminance(ground) for ground in grounds]
    # What is lighter than the lightest ground, or darker than the darkest, by so much (WCAG 2.1).
    lighter = _lightness(wanted * (max(brightness) + 0.05) - 0.05)
    darker = _lightness((min(brightness) + 0.05) / wanted - 0.05)
    if dark and lighter <= _LIGHTEST:
        return max(DARK_LIGHTNESS, lighter)
    if not dark and darker > 0:
        return min(LIGHT_LIGHTNESS, darker)
    return max(DARK_LIGHTNESS, min(lighter, 100.0)) if max(brightness) < _MIDDLE else max(0.0, darker)


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """How well two colours can be told apart: 1 not at all, 21 black on white (WCAG 2.1)."""
    first, second = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def _luminance(colour: tuple[int, int, int]) -> float:
    red, green, blue = (part / 255 for part in colour)
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def _lightness(luminance: float) -> float:
    """CIE L* of a luminance, which is HSLuv's lightness."""
    luminance = min(1.0, max(0.0, luminance))
    return 116 * luminance ** (1 / 3) - 16 if luminance > _EPSILON else luminance * _KAPPA


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def hsluv_to_rgb(degrees: float, saturation: float, lightness: float) -> tuple[float, float, float]:
    """HSLuv (hsluv.org, revision 4) to sRGB in 0 … 1; saturation and lightness in 0 … 100."""
    if lightness > 99.9999:
        return 1.0, 1.0, 1.0
    if lightness < 0.0001:
        return 0.0, 0.0, 0.0
    angle = math.radians(degrees)
    chroma = _most_chroma(lightness, angle) * saturation / 100
    u = chroma * math.cos(angle) / (13 * lightness) + _WHITE_U
    v = chroma * math.sin(angle) / (13 * lightness) + _WHITE_V
    y = ((lightness + 16) / 116) ** 3 if lightness > 8 else lightness / _KAPPA
    x = y * 9 * u / (4 * v)
    z = y * (12 - 3 * u - 20 * v) / (4 * v)
    red, green, blue = (_gamma(row[0] * x + row[1] * y + row[2] * z) for row in _TO_RGB)
    return red, green, blue


def _most_chroma(lightness: float, angle: float) -> float:
    """The chroma at which the ray of this hue leaves the sRGB gamut."""
    sub = ((lightness + 16) / 116) ** 3
    sub = sub if sub > _EPSILON else lightness / _KAPPA
    lengths = []
    for m1, m2, m3 in _TO_RGB:
        for edge in (0, 1):
            top1 = (284517 * m1 - 94839 * m3) * sub
            top2 = (838422 * m3 + 769860 * m2 + 731718 * m1) * lightness * sub - 769860 * edge * lightness
            bottom = (632260 * m3 - 126452 * m2) * sub + 126452 * edge
            slope, intercept = top1 / bottom, top2 / bottom
            length = intercept / (math.sin(angle) - slope * math.cos(angle))
            if length >= 0:
                lengths.append(length)
    return min(lengths)


def _gamma(value: float) -> float:
    value = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return min(1.0, max(0.0, value))
