"""Our symbols in ASCII."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.ui.running import Running, settled
from tests.ui.scene import KITCHEN, Scene, frozen_clock
from tui_xmpp.ui.app import TuiXmppApp
from tui_xmpp.ui.appearance import Appearance
from tui_xmpp.ui.symbols import SYMBOLS, in_ascii

PACKAGE = Path(__file__).parents[2] / "tui_xmpp" / "ui"


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_every_symbol_keeps_its_width(symbol: str) -> None:
    assert SYMBOLS[symbol].isascii()
    assert cell_len(in_ascii(symbol)) == cell_len(symbol)


def test_every_symbol_that_the_program_draws_is_known() -> None:
    """Whatever is added to the screen later must have an ASCII form too."""
    files = [path for path in PACKAGE.rglob("*.py") if path.name != "emojis.py"]
    drawn = set(re.findall(r"[^\x00-\x7f]", "".join(path.read_text() for path in files)))
    letters = {character for character in drawn if character.isalpha()}
    assert {symbol for symbol in drawn - letters if not in_ascii(symbol).isascii()} <= set("±≤≥µ§👍🍕")


def test_what_people_write_stays_where_the_terminal_has_it() -> None:
    assert in_ascii("Grüße 日本 ✓ 🥐") == "Grüße 日本 v 🥐"


@pytest.mark.parametrize(
    ("encoding", "text"), [("iso8859-1", "Grüße ???? v ??"), ("ascii", "Gru?e ???? v ??"), ("utf-8", "Grüße 日本 v 🥐")]
)
def test_what_it_has_no_bytes_for_becomes_the_nearest_letters_or_question_marks(encoding: str, text: str) -> None:
    assert in_ascii("Grüße 日本 ✓ 🥐", encoding) == text


@given(st.text())
def test_no_text_raises_and_all_can_be_encoded(text: str) -> None:
    in_ascii(text, "ascii").encode("ascii")
    in_ascii(text, "iso8859-1").encode("iso8859-1")


async def test_the_whole_screen_is_ascii_and_as_wide_as_before(scene: Scene) -> None:
    app = TuiXmppApp(
        scene.engine, clock=frozen_clock(), open_at=KITCHEN, appearance=Appearance(ascii=True, encoding="ascii")
    )
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(app, scene, pilot)
        shown = Running(app, pilot, scene)
        for keys in ((), ("f1",), ("escape", "ctrl+k"), ("escape", "f9")):
            await shown.press(*keys)
            assert "".join(shown.lines).isascii(), [line for line in shown.lines if not line.isascii()]
            assert {len(line) for line in shown.lines} == {120}
