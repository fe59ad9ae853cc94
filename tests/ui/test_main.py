"""The main screen with keys alone."""

from typing import ClassVar

import pytest

from tests.ui.running import running
from tests.ui.scene import DEV, HOME, INES, KITCHEN_KEY, MARA, MARA_KEY, WORK, Scene, frozen_clock
from tui_xmpp.errors import ConfigError
from tui_xmpp.model.account import AccountStatus
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.ui.app import TuiXmppApp
from tui_xmpp.ui.chat_rows import ContactTarget, GroupTarget
from tui_xmpp.ui.main import MainScreen
from tui_xmpp.ui.panes import Pane


async def test_the_store_is_on_the_screen_before_the_engine_is_started(scene: Scene) -> None:
    seen: list[str] = []

    class Watching(TuiXmppApp):
        def _start(self) -> None:
            shown = self.screen._compositor.render_strips()
            seen.append("\n".join("".join(segment.text for segment in strip) for strip in shown))
            super()._start()

    app = Watching(scene.engine, clock=frozen_clock())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()

    assert "see you at seven then" in seen[0]
    assert "Friends 0 of 4" in seen[0]
    assert scene.engine.accounts()[0].status is AccountStatus.OFFLINE


async def test_the_chat_that_was_last_alive_is_open_and_the_one_asked_for_goes_before_it(scene: Scene) -> None:
    async with running(scene, open_at=None) as shown:
        assert shown.main.open_key == scene.engine.chats()[0].key
        assert shown.focused() is shown.composer


async def test_an_address_nobody_knows_is_opened_as_a_chat_with_it(scene: Scene) -> None:
    stranger = MARA._replace(local="stranger")
    async with running(scene, open_at=stranger) as shown:
        await shown.until(lambda: scene.engine.chat(ChatKey(HOME, stranger)) is not None)
        assert shown.main.open_key == ChatKey(HOME, stranger)
        assert "stranger@home.example not in your contacts" in shown.text


async def test_all_three_panes_say_where_one_is(scene: Scene) -> None:
    async with running(scene) as shown:
        text = shown.text
        for words in (
            "● alice@home.example", "● alice@work.example", "# Kitchen weekend plans, and who",
            "not encrypted 5 people", "PEOPLE 5", "Owners", "● Juno chef", "● Alice you", "Friends 2 of 4",
            "◐ Kofi back at 3", "REQUESTS 1", "theo@far.example asks", "Message Kitchen, not encrypted",
        ):  # fmt: skip
            assert words in text, words


def unread(scene: Scene, key: ChatKey) -> int | None:
    chat = scene.engine.chat(key)
    return None if chat is None else chat.unread


async def test_next_unread_goes_to_mentions_first_and_then_says_that_there_is_nothing_else(scene: Scene) -> None:
    async with running(scene, open_at=INES) as shown:
        await shown.press("ctrl+n")
        assert shown.main.open_key == KITCHEN_KEY
        await shown.until(lambda: unread(scene, KITCHEN_KEY) == 0)
        await shown.press("ctrl+n")
        assert shown.main.open_key == MARA_KEY
        await shown.press("ctrl+n")
        assert shown.main.open_key == ChatKey(WORK, DEV)
        await shown.until(lambda: not any(chat.unread for chat in scene.engine.chats()))
        await shown.press("ctrl+n")
        assert "Nothing else is unread." in shown.text


async def test_what_is_on_the_screen_is_read_and_what_is_not_stays_unread(scene: Scene) -> None:
    async with running(scene) as shown:
        await shown.until(lambda: unread(scene, KITCHEN_KEY) == 0)
        assert unread(scene, MARA_KEY) == 2


async def test_the_focus_goes_round_the_panes(scene: Scene) -> None:
    async with running(scene) as shown:
        rounds = [shown.main.people, shown.main.chat_list, shown.composer]
        for key, order in (("f6", rounds), ("tab", rounds), ("shift+tab", [*rounds[1::-1], rounds[2]])):
            for widget in order:
                await shown.press(key)
                assert shown.focused() is widget, key


async def test_escape_goes_back_to_writing_from_anywhere(scene: Scene) -> None:
    async with running(scene) as shown:
        for way in (["up"], ["f6"], ["shift+tab"]):
            await shown.press(*way)
            assert shown.focused() is not shown.composer
            await shown.press("escape")
            assert shown.focused() is shown.composer


async def test_a_contact_is_opened_from_the_list_and_a_group_folded(scene: Scene) -> None:
    async with running(scene) as shown:
        chats = shown.main.chat_list
        await shown.press("shift+tab", "end")
        while not isinstance(getattr(chats.selected, "target", None), GroupTarget):
            await shown.press("up")
        group = chats.selected
        assert group is not None
        rows = len(chats.rows)
        await shown.press("enter")
        assert len(chats.rows) == rows - 1
        await shown.press("space", "down")
        row = chats.selected
        assert row is not None
        assert isinstance(row.target, ContactTarget)
        await shown.press("enter")
        assert shown.main.open_key == row.target.key
        assert shown.focused() is shown.composer


async def test_a_click_opens_a_chat(scene: Scene) -> None:
    async with running(scene) as shown:
        row = next(index for index, line in enumerate(shown.lines) if " Ines " in line and "Sat" in line)
        await shown.pilot.click(offset=(6, row))
        await shown.pilot.pause()
        assert shown.main.open_key == ChatKey(HOME, INES)


class TestNarrow:
    """One column below 70."""

    SIZE: ClassVar[tuple[int, int]] = (50, 20)

    async def test_chat_and_list_take_turns(self, scene: Scene) -> None:
        async with running(scene, self.SIZE) as shown:
            assert shown.main.panes_at(50) == (Pane.CHAT,)
            assert "CHATS" not in shown.text
            await shown.press("escape")
            assert shown.main.panes_at(50) == (Pane.CHATS,)
            assert shown.focused() is shown.main.chat_list
            await shown.press("escape")
            assert shown.focused() is shown.composer
            await shown.press("f8")
            assert "PEOPLE 5" in shown.text
            await shown.press("escape")
            assert "who brings bread?" in shown.text

    async def test_opening_a_chat_shows_it(self, scene: Scene) -> None:
        async with running(scene, self.SIZE) as shown:
            await shown.press("escape", "home", "enter")
            assert shown.main.panes_at(50) == (Pane.CHAT,)
            assert shown.main.open_key == shown.main.chat_list.chats[0].key


async def test_the_panes_fold_and_unfold_with_the_terminal_and_keep_what_is_written(scene: Scene) -> None:
    async with running(scene) as shown:
        shown.composer.insert("half a sentence")
        for width, panes in ((160, 3), (80, 2), (45, 1), (120, 3)):
            await shown.pilot.resize_terminal(width, 24)
            await shown.pilot.pause()
            assert len(shown.main.panes_at(width)) == panes
            assert "half a sentence" in shown.text
            assert shown.focused() is shown.composer


async def test_the_footer_shows_what_applies_here_and_now(scene: Scene) -> None:
    async with running(scene) as shown:
        assert shown.lines[-1].split() == [
            "↑",
            "select",
            "message",
            "^K",
            "go",
            "to",
            "^F",
            "find",
            "^P",
            "actions",
            "F1",
            "help",
        ]
        shown.composer.insert("x")
        await shown.pilot.pause()
        assert "^J new line" in shown.lines[-1]
        assert "select message" not in shown.lines[-1]
        await shown.press("shift+tab")
        assert shown.lines[-1].split()[:4] == ["Enter", "open", "Del", "close"]


async def test_the_palette_does_what_is_chosen_by_name(scene: Scene) -> None:
    async with running(scene) as shown:
        await shown.press("ctrl+p", *"theme", "enter")
        await shown.until(lambda: shown.app.theme == "light")
        assert 'light; to keep it, write theme = "light"' in shown.text
        assert shown.screen() is shown.main


async def test_the_palette_offers_only_what_can_be_done_here(scene: Scene) -> None:
    async with running(scene) as shown:
        await shown.press("ctrl+p", *"leave")
        assert "Leave room" in shown.text
        await shown.press("escape")
        shown.main.open_chat(MARA_KEY)
        await shown.press("ctrl+p", *"leave")
        assert "Leave room" not in shown.text


async def test_the_help_lists_keys_and_names_of_actions(scene: Scene) -> None:
    async with running(scene) as shown:
        await shown.press("f1")
        for words in ("General", "^K Go to any chat, contact or room by name. go_to", "Chats and contacts"):
            assert words in shown.text
        await shown.press("escape")
        assert shown.screen() is shown.main


async def test_keys_from_the_settings_replace_the_defaults_and_are_shown(scene: Scene) -> None:
    app = TuiXmppApp(scene.engine, clock=frozen_clock(), keymap={"actions": "ctrl+x", "help": "f13"})
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        await pilot.press("ctrl+p")
        assert app.screen is app.main
        text = "".join(segment.text for segment in app.screen._compositor.render_strips()[-1])
        assert "^X actions" in text
        assert "F13 help" in text
        await pilot.press("ctrl+x")
        assert app.screen is not app.main


def test_keys_that_cannot_be_used_are_refused_at_once(scene: Scene) -> None:
    with pytest.raises(ConfigError, match="There is no action “fly”"):
        TuiXmppApp(scene.engine, keymap={"fly": "f10"})


async def test_dialogs_are_out_of_reach_of_the_keys_below_but_not_of_quit(scene: Scene) -> None:
    async with running(scene) as shown:
        await shown.press("f1")
        screens = len(shown.app.screen_stack)
        await shown.press("ctrl+k", "ctrl+p", "f2")
        assert len(shown.app.screen_stack) == screens
        await shown.press("ctrl+q")
        await shown.until(lambda: not shown.app.is_running)
    assert shown.app.return_code == 0


async def test_quitting_keeps_the_draft_and_closes_the_store(scene: Scene) -> None:
    async with running(scene) as shown:
        shown.composer.insert("to be continued")
        await shown.press("ctrl+q")
        await shown.until(lambda: not shown.app.is_running)
    again = await reopened(scene)
    assert again == "to be continued"


async def test_leaving_from_outside_is_quitting(scene: Scene) -> None:
    async with running(scene) as shown:
        shown.composer.insert("to be continued")
        await shown.pilot.pause()
        shown.app.leave()
        await shown.until(lambda: not shown.app.is_running)
    assert await reopened(scene) == "to be continued"


async def test_an_end_without_goodbye_keeps_the_draft_too(scene: Scene) -> None:
    async with running(scene) as shown:
        shown.composer.insert("to be continued")
        await shown.pilot.pause()
        shown.app.exit()
    assert await reopened(scene) == "to be continued"


async def test_keys_that_come_after_the_store_was_closed_do_nothing(scene: Scene) -> None:
    async with running(scene) as shown:
        await shown.app._end()
        await shown.press("ctrl+k", "pageup", "ctrl+f", "x")
        assert isinstance(shown.screen(), MainScreen)


async def reopened(scene: Scene) -> str:
    """The kitchen's draft in a store opened anew; the old one must be closed by then."""
    from tui_xmpp.storage.store import Store

    path = scene.path
    store = Store.open(path)
    chat = store.chats.get(KITCHEN_KEY)
    await store.close()
    assert chat is not None
    return chat.draft
