"""The small questions."""

from functools import partial

import pytest

from tests.ui.screens.host import showing
from tests.ui.screens.hostile import FORBIDDEN, HOSTILE
from tui_xmpp.ui.screens.ask import AskText, Confirm
from tui_xmpp.ui.screens.fields import Line


@pytest.mark.parametrize(
    ("keys", "answer"),
    [(["enter"], True), (["escape"], False), (["tab", "enter"], False), (["tab", "tab", "enter"], True)],
)
async def test_a_question_is_answered_with_enter_or_escape_or_through_its_buttons(
    keys: list[str], answer: bool
) -> None:
    async with showing(lambda: Confirm("Remove?", "It goes away.", "Remove", "Keep")) as (app, pilot):
        assert "Remove?" in app.text
        await pilot.press(*keys)
        assert app.closed
        assert app.result is answer


async def test_a_button_is_pressed_with_the_mouse_too() -> None:
    async with showing(lambda: Confirm("Remove?", "It goes away.", "Remove", "Keep")) as (app, pilot):
        await pilot.click("#cancel")
        assert app.result is False
        assert app.closed


async def test_a_text_that_was_there_can_be_edited() -> None:
    async with showing(lambda: AskText("New subject", "Subject", "bread")) as (app, pilot):
        await pilot.press("end", "s", "enter")
        assert app.result == "breads"


async def test_what_enter_does_and_what_may_be_typed_is_said() -> None:
    question = partial(AskText, "Kick Eve?", "Reason", placeholder="if you want to give one", yes="Kick")
    async with showing(question, (50, 20)) as (app, _):
        assert "Kick Eve? Reason if you want to give one Enter Kick Esc Cancel" in app.text


async def test_the_cursor_stands_there_without_blinking() -> None:
    async with showing(lambda: AskText("New subject", "Subject")) as (app, _):
        line = app.screen.query_one(Line)
        assert line.has_focus
        assert line._cursor_visible
        assert not line.cursor_blink, "nothing moves by itself"


async def test_escape_gives_no_text_back() -> None:
    async with showing(lambda: AskText("New subject", "Subject", "bread")) as (app, pilot):
        await pilot.press("x", "escape")
        assert app.closed
        assert app.result is None


async def test_what_is_pasted_into_a_line_is_cleaned_before_it_is_drawn() -> None:
    async with showing(lambda: AskText("New subject", "Subject")) as (app, pilot):
        app.screen.query_one(Line).insert_text_at_cursor("a\x1b[2J\u202eb\x9bc [/foo]")
        await pilot.pause()
        assert "a[2Jbc [/foo]" in app.text
        await pilot.press("enter")
        assert app.result == "a[2Jbc [/foo]"


@pytest.mark.parametrize("text", HOSTILE)
async def test_no_text_breaks_a_question(text: str) -> None:
    async with showing(lambda: Confirm(text, text, text, text), (50, 20)) as (asking, _):
        assert not FORBIDDEN.intersection("".join(asking.lines))
    async with showing(lambda: AskText(text, text, text), (50, 20)) as (typing, _):
        assert not FORBIDDEN.intersection("".join(typing.lines))
