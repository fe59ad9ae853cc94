"""Writing: keys, drafts, typing states, command words."""

from dataclasses import replace

import pytest
from textual import events

from tests.ui.running import Running, running
from tests.ui.scene import HOME, INES, KITCHEN, KITCHEN_KEY, MARA, MARA_KEY, Scene, address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.room import RoomStatus
from tui_xmpp.model.stanzas import ChatState, MessageReceived, MessageType, Route
from tui_xmpp.ui import composer


def sent(shown: Running) -> list[str]:
    """The bodies that went out on the line."""
    return [message.body for message in shown.scene.network.lines[HOME].sent if message.body is not None]


def states(shown: Running) -> list[ChatState]:
    """The chat states that went out without a body."""
    out = shown.scene.network.lines[HOME].sent
    return [message.chat_state for message in out if message.chat_state is not None and message.body is None]


async def test_enter_sends_and_the_composer_is_empty_again(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        await shown.press(*"hi!", "enter")
        await shown.until(lambda: sent(shown) == ["hi!"])
        assert shown.composer.text == ""
        assert shown.focused() is shown.composer


@pytest.mark.parametrize("key", ["ctrl+j", "shift+enter", "alt+enter"])
async def test_a_new_line_is_begun_and_both_are_one_message(scene: Scene, key: str) -> None:
    async with running(scene, open_at=MARA) as shown:
        await shown.press("a", key, "b", "enter")
        await shown.until(lambda: sent(shown) == ["a\nb"])


async def test_what_is_pasted_stays_one_message_and_is_cleaned(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        shown.composer.post_message(events.Paste("one\r\ntwo\x1b[31m\nthree"))
        await shown.pilot.pause()
        assert sent(shown) == []
        assert shown.composer.text == "one\ntwo[31m\nthree"
        await shown.press("enter")
        await shown.until(lambda: sent(shown) == ["one\ntwo[31m\nthree"])


async def test_nothing_is_sent_when_there_is_nothing_but_space(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        await shown.press("enter")
        assert shown.composer.text == ""
        await shown.press("space", "space", "enter")
        assert sent(shown) == []


async def test_a_draft_belongs_to_its_chat_and_is_in_the_store(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        shown.composer.insert("dear Mara")
        shown.main.open_chat(KITCHEN_KEY)
        await shown.pilot.pause()
        assert shown.composer.text == ""
        await shown.until(lambda: getattr(scene.engine.chat(MARA_KEY), "draft", "") == "dear Mara")
        await shown.until(lambda: "draft: dear Mara" in shown.text)
        shown.main.open_chat(MARA_KEY)
        await shown.pilot.pause()
        assert shown.composer.text == "dear Mara"
        assert shown.composer.cursor_location == (0, 9)


async def test_a_draft_is_saved_after_a_while_and_gone_after_sending(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        shown.composer.insert("wait")
        await shown.until(lambda: getattr(scene.engine.chat(MARA_KEY), "draft", "") == "wait")
        await shown.press("enter")
        await shown.until(lambda: getattr(scene.engine.chat(MARA_KEY), "draft", "wait") == "")


async def test_who_writes_without_a_pause_has_a_draft_too(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composer, "DRAFT_DELAY", 1000)
    monkeypatch.setattr(composer, "DRAFT_LONGEST", 0.1)
    async with running(scene, open_at=MARA) as shown:
        shown.composer.insert("on and ")
        shown.composer.insert("on")
        await shown.until(lambda: getattr(scene.engine.chat(MARA_KEY), "draft", "") == "on and on")


async def test_opening_a_chat_with_a_draft_does_not_count_as_typing(scene: Scene) -> None:
    await scene.store.write(lambda writes: writes.set_draft(MARA_KEY, "from yesterday"))
    async with running(scene, open_at=MARA) as shown:
        assert shown.composer.text == "from yesterday"
        assert states(shown) == []


async def test_the_other_side_hears_that_one_types_and_that_one_has_stopped(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        await shown.press("h", "i")
        await shown.until(lambda: states(shown) == [ChatState.COMPOSING])
        await shown.press("backspace", "backspace")
        await shown.until(lambda: len(states(shown)) == 2)
        assert states(shown)[1] is not ChatState.COMPOSING


async def test_nobody_hears_of_a_command_word_being_typed(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        shown.composer.insert("/join")
        await shown.pilot.pause()
        assert states(shown) == []


async def test_who_is_typing_stands_under_the_history(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        phone = MARA.with_resource("phone")
        composing = MessageReceived(Route.LIVE, phone, phone, HOME, MessageType.CHAT, chat_state=ChatState.COMPOSING)
        scene.network.lines[HOME].receiver.receive(composing)
        await shown.until(lambda: "Mara is typing…" in shown.text)
        scene.network.lines[HOME].receiver.receive(replace(composing, chat_state=ChatState.PAUSED))
        await shown.until(lambda: "is typing" not in shown.text)


async def test_an_unknown_word_with_a_slash_is_explained_and_left_to_be_mended(scene: Scene) -> None:
    async with running(scene) as shown:
        shown.composer.insert("/dance tango")
        await shown.press("enter")
        assert "There is no command /dance" in shown.text
        assert shown.composer.text == "/dance tango"
        assert sent(shown) == []


async def test_two_slashes_send_one(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        shown.composer.insert("//etc/fstab")
        await shown.press("enter")
        await shown.until(lambda: sent(shown) == ["/etc/fstab"])


async def test_leave_leaves_the_room_and_says_how_to_come_back(scene: Scene) -> None:
    async with running(scene) as shown:
        shown.composer.insert("/leave")
        await shown.press("enter")
        await shown.until(lambda: scene.engine.room(KITCHEN_KEY).status is RoomStatus.LEFT)
        await shown.until(lambda: "You are not in this room." in shown.text)
        assert "You are not in Kitchen" in shown.text
        assert "F5 enter again" in shown.lines[-1]


async def test_what_cannot_be_sent_comes_back_with_the_reason(scene: Scene) -> None:
    async with running(scene) as shown:
        shown.composer.insert("/leave")
        await shown.press("enter")
        await shown.until(lambda: scene.engine.room(KITCHEN_KEY).status is RoomStatus.LEFT)
        shown.composer.insert("anybody?")
        await shown.press("enter")
        await shown.until(lambda: "You are not in the room" in shown.text)
        assert shown.composer.text == "anybody?"


async def test_the_command_word_without_its_text_asks_for_it(scene: Scene) -> None:
    async with running(scene) as shown:
        shown.composer.insert("/nick")
        await shown.press("enter")
        await shown.until(lambda: shown.screen() is not shown.main)
        assert "Change nickname" in shown.text


async def test_the_placeholder_says_to_whom_and_how_it_travels(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        assert "Message Mara, not encrypted" in shown.text
        shown.main.open_chat(ChatKey(HOME, INES))
        await shown.pilot.pause()
        assert "Message Ines, not encrypted" in shown.text


async def test_a_long_name_in_the_placeholder_is_cut_and_not_how_it_travels(scene: Scene) -> None:
    stranger = address("somebody.with.a.long.name@far.example")
    async with running(scene, (60, 24), open_at=stranger) as shown:
        for width, words in (
            (60, "Message somebody.with.a.long.name@far.…, not encrypted"),
            (44, "Message somebody.with.…, not encrypted"),
        ):
            await shown.pilot.resize_terminal(width, 24)
            await shown.until(lambda words=words: words in shown.text, shown.text)  # type: ignore[misc]  # of a default


async def test_a_message_sent_into_a_private_chat_goes_to_the_occupant(scene: Scene) -> None:
    async with running(scene) as shown:
        shown.main.open_chat(ChatKey(HOME, KITCHEN.with_resource("Juno")))
        await shown.until(lambda: "Juno in kitchen" in shown.text)
        shown.composer.insert("psst")
        await shown.press("enter")
        await shown.until(lambda: sent(shown) == ["psst"])
        assert scene.network.lines[HOME].sent[-1].recipient == KITCHEN.with_resource("Juno")


async def test_a_room_that_is_entered_by_its_word_is_shown(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        shown.composer.insert("/join garden@rooms.home.example Ali")
        await shown.press("enter")
        await shown.until(lambda: shown.main.open_key == ChatKey(HOME, address("garden@rooms.home.example")))
        assert scene.engine.room(ChatKey(HOME, address("garden@rooms.home.example"))).nick == "Ali"
        assert shown.composer.text == ""
