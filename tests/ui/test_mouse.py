"""The mouse in the history: dragging copies clean text, the right button shows what can be done."""

import pytest
from textual import events

from tests.ui.running import Running, running
from tests.ui.scene import KITCHEN_KEY, MARA, Scene, at, said
from tests.ui.selecting import select, selected
from tui_xmpp.storage.writes import Writes
from tui_xmpp.ui.screens.menu import Menu
from tui_xmpp.ui.screens.message_info import MessageInfo

LONG = "a long sentence that is wrapped " * 6


def cell(shown: Running, words: str, within: int = 0) -> tuple[int, int]:
    """Where words stand in the history, and the cell so many further."""
    region = shown.history.region
    for row, line in enumerate(shown.lines):
        at = line.find(words, region.x)
        if at >= 0 and region.y <= row < region.bottom:
            return at + within, row
    raise AssertionError(words)


async def drag(shown: Running, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Press at one cell, move to another, and let go."""
    await shown.pilot.mouse_down(offset=start)
    for x, y in (start, end):
        await shown.pilot._post_mouse_events([events.MouseMove], offset=(x, y), button=1)
    await shown.pilot.mouse_up(offset=end)
    await shown.pilot.pause()


async def test_dragging_within_a_line_copies_those_words(mara: Running) -> None:
    await drag(mara, cell(mara, "see you"), cell(mara, "seven then", 5))
    assert mara.app.clipboard == "see you at seven"
    assert "Copied." in mara.text


async def test_dragging_across_messages_leaves_out_names_times_and_panes(mara: Running) -> None:
    await drag(mara, cell(mara, "bring the dog", 9), cell(mara, "are you there", 4))
    assert mara.app.clipboard == "you there?\nsee you at seven then\nat seven!\nbring the"
    assert "Copied 4 lines." in mara.text


async def test_a_wrapped_text_is_copied_as_one_line(scene: Scene) -> None:
    await scene.store.write(lambda writes: writes.add_message(said("Juno", LONG.strip(), at(0, 10, 42, 50))))
    async with running(scene, (90, 30)) as shown:
        start = cell(shown, "a long sentence")
        await drag(shown, start, (start[0] + 20, shown.history.region.bottom))
        assert shown.app.clipboard == LONG.strip()


async def test_what_is_dragged_over_stays_the_same_while_messages_come(mara: Running) -> None:
    await drag(mara, cell(mara, "see you"), cell(mara, "seven then", 5))
    await mara.scene.store.write(lambda writes: None)
    mara.history._sync(None)
    await mara.pilot.resize_terminal(70, 24)
    await mara.pilot.pause()
    assert mara.history.dragged_text == "see you at seven"


async def test_dragging_leaves_the_focus_with_what_is_written(mara: Running) -> None:
    await drag(mara, cell(mara, "see you"), cell(mara, "seven then", 5))
    assert mara.focused() is mara.composer
    await mara.press("x")
    assert mara.composer.text == "x"


async def test_a_drag_beyond_the_edge_scrolls_on(scene: Scene) -> None:
    def fill(writes: Writes) -> None:
        for number in range(200):
            writes.add_message(said("Juno", f"message {number}", at(0, 10, 42, 30) + number))
        writes.mark_read(KITCHEN_KEY)

    await scene.store.write(fill)
    async with running(scene, (90, 24)) as shown:
        before = shown.history.scroll_offset.y
        x, y = cell(shown, "message 199", 4)
        await shown.pilot.mouse_down(offset=(x, y))
        await shown.pilot._post_mouse_events([events.MouseMove], offset=(x, y - 1), button=1)
        await shown.pilot._post_mouse_events([events.MouseMove], offset=(x, 0), button=1)
        await shown.until(lambda: shown.history.scroll_offset.y < before - 5)
        await shown.pilot.mouse_up(offset=(x, 0))
        assert shown.app.clipboard.count("\n") > 20
        assert shown.app.clipboard.endswith("message 198\nmess")


async def test_a_double_click_copies_a_word(mara: Running) -> None:
    await mara.pilot.click(offset=cell(mara, "seven then"), times=2)
    await mara.pilot.pause()
    assert mara.app.clipboard == "seven"


async def test_the_right_button_selects_and_shows_what_can_be_done(mara: Running) -> None:
    await mara.pilot.click(offset=cell(mara, "bring the dog"), button=3)
    await mara.pilot.pause()
    assert isinstance(mara.screen(), Menu)
    assert selected(mara) == "bring the dog"
    for words in ("Reply r", "React +", "Copy y", "Quote q", "Info i"):
        assert words in mara.text, words
    assert "Take back" not in mara.text
    await mara.press("up", "enter")
    assert not isinstance(mara.screen(), Menu)


async def test_the_menu_comes_by_a_key_too_and_knows_the_keys_of_its_actions(mara: Running) -> None:
    await select(mara, "bring the dog")
    await mara.press("a")
    assert isinstance(mara.screen(), Menu)
    await mara.press("i")
    assert isinstance(mara.screen(), MessageInfo)


async def test_a_click_beside_the_menu_closes_it(mara: Running) -> None:
    await select(mara, "bring the dog")
    await mara.press("a")
    await mara.pilot.click(offset=(2, 2))
    await mara.pilot.pause()
    assert not isinstance(mara.screen(), Menu)
    assert selected(mara) == "bring the dog"


@pytest.mark.parametrize("size", [(80, 24), (50, 20), (40, 10)])
async def test_the_menu_stays_on_the_screen(scene: Scene, size: tuple[int, int]) -> None:
    async with running(scene, size, open_at=MARA) as shown:
        await shown.press("up", "a")
        region = shown.screen().query_one("#menu").region
        assert shown.screen().region.contains_region(region)


async def test_the_right_button_on_a_chat_of_the_list_shows_what_can_be_done_with_it(mara: Running) -> None:
    before = mara.main.open_key
    await mara.pilot.click(mara.main.chat_list, offset=(6, 9), button=3)
    await mara.pilot.pause()
    assert isinstance(mara.screen(), Menu)
    assert mara.main.open_key == before
    assert "Open Enter" in mara.text
    assert "Close Del" in mara.text


async def test_a_button_that_is_let_go_outside_the_terminal_ends_the_drag(mara: Running) -> None:
    x, y = cell(mara, "see you")
    await mara.pilot.mouse_down(offset=(x, y))
    await mara.pilot._post_mouse_events([events.MouseMove], offset=(x + 7, y), button=1)
    await mara.pilot._post_mouse_events([events.MouseMove], offset=(x + 30, 0), button=0)
    await mara.pilot.pause()
    assert mara.app.clipboard == "see you"
    assert mara.app.mouse_captured is None
