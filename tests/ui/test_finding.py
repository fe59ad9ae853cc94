"""From the main screen to a message anywhere in the history, and back."""

import pytest

from tests.ui.running import Running, running
from tests.ui.scene import KITCHEN_KEY, MARA_KEY, Scene, at, said
from tests.waiting import until
from tui_xmpp.storage.writes import Writes
from tui_xmpp.ui.screens.fields import Line
from tui_xmpp.ui.screens.find import Find

MANY = 900


@pytest.fixture
async def long_ago(scene: Scene) -> Scene:
    """Much was said since somebody said `needle`."""

    def fill(writes: Writes) -> None:
        for number in range(MANY):
            body = "the needle is here" if number == 100 else f"message {number}"
            writes.add_message(said("Juno", body, at(0, 10, 42, 30) + number))

    await scene.store.write(fill)
    return scene


async def find(shown: Running, text: str) -> None:
    """Look for a text and go to the first hit."""
    await shown.press("ctrl+f")
    dialog = shown.screen()
    assert isinstance(dialog, Find)
    await shown.pilot.press(*["space" if key == " " else key for key in text])
    await until(lambda: dialog._due is None and dialog._hits, what="something was found")
    await shown.press("enter")
    await shown.until(lambda: shown.main.is_current)


async def test_enter_opens_the_chat_at_the_message_with_the_cursor_on_it(long_ago: Scene) -> None:
    async with running(long_ago, open_at=MARA_KEY.peer) as shown:
        await find(shown, "needle")
        assert shown.main.open_key == KITCHEN_KEY
        await shown.until(lambda: shown.focused() is shown.history)
        assert shown.history.selected is not None
        assert shown.history.selected.body == "the needle is here"
        for text in ("message 99", "the needle is here", "message 101"):
            assert text in shown.text
        assert not shown.history.at_newest


async def test_from_there_one_reads_on_in_both_directions_and_comes_back(long_ago: Scene) -> None:
    async with running(long_ago) as shown:
        await find(shown, "needle")
        await shown.until(lambda: shown.focused() is shown.history)
        await shown.press("up")
        assert shown.history.selected is not None
        assert shown.history.selected.body == "message 99"
        for _ in range(12):
            await shown.press("pagedown")
        bodies = [message.body for message in shown.history.window.messages] if shown.history.window else []
        assert bodies.index("message 300") == bodies.index("message 299") + 1
        await shown.press("escape")
        assert shown.focused() is shown.composer
        await shown.press("ctrl+end")
        assert shown.history.at_newest
        assert f"message {MANY - 1}" in shown.text


async def test_a_hit_on_the_last_screen_keeps_following_the_newest(scene: Scene) -> None:
    async with running(scene) as shown:
        await find(shown, "bakery")
        await shown.until(lambda: shown.focused() is shown.history)
        assert shown.history.selected is not None
        assert "bakery" in shown.history.selected.body
        assert shown.history.at_newest


async def test_going_to_an_old_message_marks_nothing_as_read(long_ago: Scene) -> None:
    async with running(long_ago, open_at=MARA_KEY.peer) as shown:
        before = long_ago.engine.chat(KITCHEN_KEY)
        assert before is not None
        assert before.unread
        await find(shown, "needle")
        await shown.until(lambda: shown.focused() is shown.history)
        await shown.pilot.pause()
        after = long_ago.engine.chat(KITCHEN_KEY)
        assert after is not None
        assert after.unread == before.unread


async def test_the_next_search_goes_on_where_the_last_one_was(long_ago: Scene) -> None:
    async with running(long_ago) as shown:
        await find(shown, "message 77")
        await shown.press("ctrl+f")
        dialog = shown.screen()
        assert isinstance(dialog, Find)
        assert dialog.sought.text == "message 77"
        assert len(dialog._hits) == 11
        await shown.press("down", "enter")
        await shown.until(lambda: shown.main.is_current and shown.history.selected)
        assert shown.history.selected is not None
        assert shown.history.selected.body == "message 778"


@pytest.mark.parametrize("size", [(50, 20), (80, 24)])
async def test_it_works_on_a_small_screen_from_the_list(long_ago: Scene, size: tuple[int, int]) -> None:
    async with running(long_ago, size, open_at=MARA_KEY.peer) as shown:
        await shown.press("escape")
        await find(shown, "needle")
        await shown.until(lambda: shown.focused() is shown.history)
        await shown.until(lambda: "the needle is here" in shown.text)
        assert shown.history.selected is not None
        assert shown.history.selected.body == "the needle is here"


async def test_the_cursor_in_a_dialog_stands_still(scene: Scene) -> None:
    async with running(scene) as shown:
        await shown.press("ctrl+f")
        assert not shown.screen().query_one(Line).cursor_blink
