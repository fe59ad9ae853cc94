"""Name colours (XEP-0392)."""

import pytest
from textual.color import Color
from textual.theme import Theme

from tui_xmpp.ui.colours import contrast as own_contrast
from tui_xmpp.ui.colours import hsluv_to_rgb, hue, lightness_on, name_colour
from tui_xmpp.ui.themes import CONTRAST, DARK, LIGHT


@pytest.mark.parametrize(
    ("name", "degrees"),
    [("Romeo", 327.255249), ("juliet@capulet.lit", 209.410400), ("😺", 331.199341), ("council", 359.994507)],
)
def test_the_hue_is_that_of_the_test_vectors(name: str, degrees: float) -> None:
    """XEP-0392 §13.2."""
    assert hue(name) == pytest.approx(degrees, abs=1e-5)


@pytest.mark.parametrize(
    ("name", "rgb"),
    [
        ("Romeo", (0.865, 0.000, 0.686)),
        ("juliet@capulet.lit", (0.000, 0.515, 0.573)),
        ("😺", (0.872, 0.000, 0.659)),
        ("council", (0.918, 0.000, 0.394)),
    ],
)
def test_hsluv_gives_the_colours_of_the_test_vectors(name: str, rgb: tuple[float, float, float]) -> None:
    """XEP-0392 §13.2 uses saturation 100 and lightness 50."""
    assert hsluv_to_rgb(hue(name), 100, 50) == pytest.approx(rgb, abs=2e-3)


GROUNDS = [
    pytest.param(theme, ground, id=f"{theme.name} {ground}")
    for theme in (DARK, LIGHT, CONTRAST)
    for ground in (theme.background, theme.surface, theme.panel)
]


@pytest.mark.parametrize(("theme", "ground"), GROUNDS)
def test_every_name_can_be_read_on_every_ground(theme: Theme, ground: str) -> None:
    """WCAG 2.1 asks for a contrast of 4.5."""
    grounds = frozenset(Color.parse(str(each)).rgb for each in (theme.background, theme.surface, theme.panel))
    lightness = lightness_on(grounds, Color.parse(str(theme.foreground)).rgb, dark=theme.dark)
    worst = min(contrast(name_colour(f"name {number}", lightness), ground) for number in range(500))

    assert worst >= (7 if theme is CONTRAST else 4.5)


@pytest.mark.parametrize("grey", range(0, 256, 15))
@pytest.mark.parametrize("dark", [True, False])
def test_names_can_be_read_on_whatever_grey_a_persons_own_theme_has(grey: int, dark: bool) -> None:
    """But for the greys in the middle, on which nothing has more contrast."""
    ground = (grey, grey, grey)
    lightness = lightness_on(frozenset({ground}), (255, 255, 255) if dark else (0, 0, 0), dark=dark)
    best = max(own_contrast(ground, end) for end in ((0, 0, 0), (255, 255, 255)))
    for number in range(100):
        colour = Color.parse(name_colour(f"name {number}", lightness)).rgb
        assert own_contrast(colour, ground) >= min(4.4, best * 0.95)


@pytest.mark.parametrize(("theme", "ground"), GROUNDS)
def test_every_text_colour_of_a_theme_can_be_read(theme: Theme, ground: str) -> None:
    """Secondary text on the ground of a selected row may be a little fainter."""
    inks = [theme.foreground, theme.primary, theme.secondary, theme.warning, theme.error, theme.success]

    assert min(contrast(str(ink), ground) for ink in inks) >= 4.5
    assert contrast(theme.variables["quiet"], ground) >= (3.0 if ground == theme.panel else 4.5)


@pytest.mark.parametrize("theme", [DARK, LIGHT, CONTRAST], ids=lambda theme: theme.name)
def test_reactions_can_be_read_and_keep_their_shape_on_a_selected_row(theme: Theme) -> None:
    chip = theme.variables["chip"]

    assert min(contrast(str(ink), chip) for ink in (theme.foreground, theme.primary)) >= 4.5
    assert chip not in {theme.panel, theme.background}


@pytest.mark.parametrize("theme", [DARK, LIGHT, CONTRAST], ids=lambda theme: theme.name)
def test_every_badge_and_every_selected_text_can_be_read(theme: Theme) -> None:
    for ground in (theme.primary, theme.warning):
        assert contrast(theme.variables["on-accent"], str(ground)) >= 4.5
    selection, _, share = theme.variables["input-selection-background"].partition(" ")
    mixed = Color.parse(str(theme.background)).blend(Color.parse(selection), int(share.rstrip("%") or 100) / 100)
    assert contrast(str(theme.foreground), mixed.hex) >= 4.5


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [((0, 0, 0), (255, 255, 255), 21), ((119, 119, 119), (255, 255, 255), 4.48), ((9, 9, 9), (9, 9, 9), 1)],
)
def test_contrast_is_that_of_the_web_guidelines(
    one: tuple[int, int, int], other: tuple[int, int, int], ratio: float
) -> None:
    assert own_contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert own_contrast(other, one) == own_contrast(one, other)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.1."""
    first, second = sorted((luminance(one), luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def luminance(name: str) -> float:
    """Relative luminance of WCAG 2.1."""
    parts = [part / 255 for part in Color.parse(name).rgb]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
