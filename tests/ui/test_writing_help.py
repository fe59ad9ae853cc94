"""What helps one write: undo, what was taken out, what was sent, completion, vi keys, one's own editor."""

import pytest
from textual import events

from tests.ui.running import Running, running, settled
from tests.ui.scene import HOME, KITCHEN, MARA, Scene, frozen_clock
from tests.ui.selecting import footer
from tui_xmpp.errors import TuiXmppError
from tui_xmpp.model.text import BODY_LIMIT
from tui_xmpp.ui.app import TuiXmppApp
from tui_xmpp.ui.appearance import Appearance
from tui_xmpp.ui.outside import edit, editor
from tui_xmpp.ui.screens.goto import GoTo
from tui_xmpp.ui.screens.set_presence import SetPresenceDialog


def sent(shown: Running) -> list[str]:
    return [message.body for message in shown.scene.network.lines[HOME].sent if message.body is not None]


async def test_what_was_written_is_undone_and_done_again(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        shown.composer.insert("hello ")
        shown.composer.history.checkpoint()
        shown.composer.insert("Mara")
        await shown.press("ctrl+z")
        assert shown.composer.text == "hello "
        await shown.press("ctrl+g")
        assert shown.composer.text == "hello Mara"
        await shown.press("ctrl+underscore")
        assert shown.composer.text == "hello "


@pytest.mark.parametrize(("key", "left"), [("ctrl+w", "one two "), ("ctrl+u", ""), ("alt+backspace", "one two ")])
async def test_what_was_taken_out_is_put_in_again(scene: Scene, key: str, left: str) -> None:
    async with running(scene, open_at=MARA) as shown:
        shown.composer.insert("one two three")
        await shown.press(key)
        assert shown.composer.text == left
        await shown.press("ctrl+y")
        assert shown.composer.text == "one two three"


async def test_emacs_moves_by_words(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        shown.composer.insert("one two three")
        await shown.press("alt+b", "alt+b", "X", "ctrl+a", "alt+d", "ctrl+e", "!")
        assert shown.composer.text == " Xtwo three!"


async def test_what_was_sent_is_written_once_more(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        for text in ("first", "second"):
            shown.composer.insert(text)
            await shown.press("enter")
        await shown.press(*"draft", "alt+up")
        assert shown.composer.text == "second"
        await shown.press("ctrl+pageup")
        assert shown.composer.text == "first"
        await shown.press("alt+down", "ctrl+pagedown")
        assert shown.composer.text == "draft"
        shown.main.open_chat(shown.main.chat_list.chats[-1].key)
        await shown.press("alt+up")
        assert shown.composer.text == ""


async def test_tab_completes_a_nickname_and_takes_the_next_one(scene: Scene) -> None:
    async with running(scene, open_at=KITCHEN) as shown:
        await shown.press(*"@")
        assert "Juno" in shown.text
        await shown.press(*"ju", "tab", *"bread?", "enter")
        await shown.until(lambda: sent(shown) == ["Juno: bread?"], str(sent(shown)))
        await shown.press(*"ask ", *"@", "tab")
        first = shown.composer.text
        await shown.press("tab")
        second = shown.composer.text
        assert first != second
        await shown.press("shift+tab")
        assert shown.composer.text == first
        await shown.press("ctrl+u", *"th", "tab")
        assert shown.composer.text == "Theo: "


async def test_where_nothing_can_be_completed_tab_goes_to_the_next_pane(scene: Scene) -> None:
    async with running(scene, open_at=KITCHEN) as shown:
        await shown.press(*"xyz", "tab")
        assert shown.composer.text == "xyz"
        assert shown.focused() is shown.main.people


async def test_enter_sends_what_is_written_whatever_is_offered(scene: Scene) -> None:
    async with running(scene, open_at=KITCHEN) as shown:
        await shown.press(*"@ju", "enter")
        await shown.until(lambda: sent(shown) == ["@ju"])
        assert not shown.main.conversation.suggestions.display


async def test_a_name_between_colons_becomes_its_emoji(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        await shown.press(*":pizz")
        await shown.until(lambda: "🍕 pizza" in shown.text)
        await shown.press("tab")
        assert shown.composer.text == "🍕 "
        await shown.press("ctrl+u", *"so :thumbsup", ":")
        assert shown.composer.text == "so 👍"
        await shown.press("ctrl+u", *"10:30:")
        assert shown.composer.text == "10:30:"


async def test_commands_are_documented_where_they_are_typed(scene: Scene) -> None:
    async with running(scene, open_at=KITCHEN) as shown:
        await shown.press("/")
        assert "/join room@service [nickname]" in shown.text
        assert "Enter a room." in shown.text
        await shown.press(*"set-p")
        assert "/set-presence" in shown.text
        await shown.press("tab", "enter")
        await shown.until(lambda: isinstance(shown.screen(), SetPresenceDialog))


async def test_on_a_narrow_screen_each_offer_takes_one_line(scene: Scene) -> None:
    async with running(scene, (50, 20), open_at=KITCHEN) as shown:
        await shown.press(*"/set")
        assert shown.main.conversation.suggestions.size.height == 2
        shown.composer.rewrite("/SET")
        await shown.pilot.pause()
        assert not shown.main.conversation.suggestions.display


async def test_every_action_of_the_main_screen_is_a_word(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        await shown.press(*"/go-to", "enter")
        await shown.until(lambda: isinstance(shown.screen(), GoTo))
        await shown.press("escape", *"/leave-room", "enter")
        await shown.until(lambda: "That cannot be done here and now." in shown.text)


@pytest.mark.parametrize(
    ("size", "keys"),
    [((100, 30), "up"), ((100, 30), "shift+tab"), ((50, 20), "escape")],
    ids=["message", "row", "list"],
)
async def test_what_is_pasted_while_something_is_selected_goes_where_one_writes(
    scene: Scene, size: tuple[int, int], keys: str
) -> None:
    async with running(scene, size, open_at=MARA) as shown:
        await shown.press(keys)
        focused = shown.focused()
        assert focused in {shown.history, shown.main.chat_list}
        assert focused is not None
        focused.post_message(events.Paste("dear\nMara"))
        await shown.until(lambda: shown.composer.text == "dear\nMara")
        assert shown.focused() is shown.composer
        assert sent(shown) == []


async def test_a_long_paste_says_how_long_it_is_and_can_be_taken_out(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        shown.composer.post_message(events.Paste("line\n" * 40))
        await shown.until(lambda: "Pasted 40 lines, 200 characters" in shown.text)
        await shown.press("ctrl+z")
        assert shown.composer.text == ""
        assert "Pasted" not in shown.text
        shown.composer.post_message(events.Paste("x" * (BODY_LIMIT + 1)))
        await shown.until(lambda: "The end was cut off" in shown.text)


async def test_the_keys_of_vi_command_after_escape_and_enter_sends(scene: Scene) -> None:
    app = TuiXmppApp(scene.engine, clock=frozen_clock(), open_at=MARA, appearance=Appearance(vim=True))
    async with app.run_test(size=(60, 24)) as pilot:
        await settled(app, scene, pilot)
        shown = Running(app, pilot, scene)
        await shown.press(*"hello wrld", "escape", *"bcw", *"world", "escape")
        assert shown.composer.text == "hello world"
        assert "normal" in shown.text
        assert shown.focused() is shown.composer
        await shown.press(*"uU", "enter")
        await shown.until(lambda: sent(shown) == ["hello world"])
        await shown.press(*"x", "escape", *"xk")
        assert shown.focused() is shown.history
        await shown.press("escape", "escape")
        assert shown.main.chat_list.display


async def test_what_escape_does_in_the_mode_of_vi_is_said_at_once(scene: Scene) -> None:
    app = TuiXmppApp(scene.engine, clock=frozen_clock(), open_at=MARA, appearance=Appearance(vim=True))
    async with app.run_test(size=(60, 24)) as pilot:
        await settled(app, scene, pilot)
        shown = Running(app, pilot, scene)
        await shown.press(*"hello")
        assert "Esc back" not in footer(shown)
        await shown.press("escape")
        assert "Esc back" in footer(shown)
        await shown.press("d")
        assert "Esc back" not in footer(shown)
        await shown.press("w", "a")
        assert "Esc back" not in footer(shown)


def test_the_editor_is_the_one_that_the_person_chose() -> None:
    assert editor({"EDITOR": "sh -c 'x y'"}) == ["sh", "-c", "x y"]
    assert editor({"EDITOR": "false", "VISUAL": "true"}) == ["true"]
    for wrong in ("nonesuch-editor", "sh 'x"):
        with pytest.raises(TuiXmppError):
            editor({"EDITOR": wrong})


async def test_a_text_goes_through_the_editor_in_a_file_of_ones_own() -> None:
    show = 'stat -c %a "$0" >> "$0"; stat -c %a "$(dirname "$0")" >> "$0"'
    assert await edit(["sh", "-c", show], "hello\n") == "hello\n644\n700"
    assert await edit(["true"], "as it was") == "as it was"
    for wrong in (["false"], ["sh", "-c", 'rm "$0"']):
        with pytest.raises(TuiXmppError):
            await edit(wrong, "x")


async def test_many_lines_may_go_by_any_way_and_come_back(scene: Scene) -> None:
    """With them goes the scroll bar, which TextArea by itself does not survive."""
    async with running(scene, (80, 24), open_at=MARA) as shown:
        shown.composer.insert("line\n" * 40)
        await shown.pilot.pause()
        await shown.press("ctrl+z")
        await shown.press("ctrl+g")
        assert shown.composer.text.count("line") == 40
        shown.composer.select_all()
        await shown.press("delete")
        await shown.press("ctrl+z")
        assert shown.composer.text.count("line") == 40
        shown.composer.rewrite("short")
        await shown.pilot.pause()
        assert shown.composer.text == "short"
