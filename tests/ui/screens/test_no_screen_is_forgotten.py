"""Hostile text goes through every screen (SECURITY 21): a new one without a test of it is named here."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.screen import Screen

import tui_xmpp.ui
from tui_xmpp.ui.screens.dialog import Dialog
from tui_xmpp.ui.screens.paged import Paged

TESTS = Path(__file__).parents[1]


def screens() -> list[type[Screen[object]]]:
    """Every screen of the program that is no mere base of others."""
    for module in pkgutil.walk_packages(tui_xmpp.ui.__path__, "tui_xmpp.ui."):
        importlib.import_module(module.name)
    return sorted(_leaves(Screen), key=lambda screen: screen.__name__)


def _leaves(base: type[Screen[object]]) -> Iterator[type[Screen[object]]]:
    for each in base.__subclasses__():
        if each.__module__.startswith("tui_xmpp.") and not each.__subclasses__() and each not in {Dialog, Paged}:
            yield each
        yield from _leaves(each)


NOTHING_FROM_OUTSIDE = {"CodeScreen"}
"""It shows fingerprints of devices, as a QR code and a link of our own."""


def hostile_tests() -> str:
    """The sources of the tests that put such text on screens."""
    sources = [path.read_text() for path in TESTS.rglob("test_*.py")]
    return "\n".join(source for source in sources if re.search(r"\bHOSTILE(_PAIRS)?\b|x9b31m", source))


@pytest.mark.parametrize("screen", screens(), ids=lambda screen: screen.__name__)
def test_a_test_puts_hostile_text_on_it(screen: type[Screen[object]]) -> None:
    assert screen.__name__ in NOTHING_FROM_OUTSIDE or re.search(rf"\b{screen.__name__}\b", hostile_tests())
