"""What is unread, seen on the screen: counts, the line over what is new, and the wishes of a person."""

from dataclasses import replace

from tests.ui.running import Running, running
from tests.ui.scene import DEV, HOME, KITCHEN, KITCHEN_KEY, MARA, MARA_KEY, WORK, Scene, at, said
from tui_xmpp.model.chat import Chat, ChatKey, ChatKind
from tui_xmpp.model.events import CaughtUp, MessageAdded
from tui_xmpp.model.message_parts import StanzaId
from tui_xmpp.model.stanzas import DisplayedChanged, DisplayedMark, MessageReceived, MessageType, Route
from tui_xmpp.ui.screens.ask import Confirm
from tui_xmpp.ui.screens.keep_messages import KeepMessagesDialog
from tui_xmpp.ui.words import away_words, unread_words

DEV_KEY = ChatKey(WORK, DEV)


def chat(shown: Running, key: ChatKey) -> Chat:
    found = shown.scene.engine.chat(key)
    assert found is not None
    return found


def unread(shown: Running, key: ChatKey) -> int:
    return chat(shown, key).unread


async def hear(shown: Running, body: str) -> None:
    """Juno says something in the kitchen; wait until it is stored and shown."""
    sender = KITCHEN.with_resource("Juno")
    shown.scene.network.lines[HOME].receiver.receive(
        MessageReceived(
            Route.LIVE, sender, sender, HOME, MessageType.GROUPCHAT, id=body, body=body,
            stanza_ids=(StanzaId(KITCHEN, body),),
        )
    )  # fmt: skip
    await shown.until(lambda: said_last(shown) == body)
    await shown.until(lambda: not shown.app._pending)


def said_last(shown: Running) -> str:
    """The newest text of the kitchen."""
    return "".join(message.body for message in shown.scene.engine.newest(KITCHEN_KEY, 1))


def rows_over(shown: Running, words: str) -> str:
    """The two rows of the history over the one with these words: a day may have begun too."""
    region = shown.history.region
    lines = [line[region.x :] for line in shown.lines[region.y : region.bottom]]
    index = next(index for index, line in enumerate(lines) if words in line)
    return "".join(lines[max(0, index - 2) : index])


async def test_from_a_message_on_it_is_unread_until_the_chat_is_opened_again(scene: Scene) -> None:
    async with running(scene, open_at=KITCHEN) as shown:
        await shown.until(lambda: unread(shown, KITCHEN_KEY) == 0)
        await shown.press("up", "up", "u")
        await shown.until(lambda: unread(shown, KITCHEN_KEY) == 2)
        assert chat(shown, KITCHEN_KEY).mentions == 1
        assert " new " in rows_over(shown, "who brings bread?")
        await hear(shown, "still unread")
        await shown.press("escape")
        assert unread(shown, KITCHEN_KEY) == 3
        shown.main.open_chat(MARA_KEY)
        await shown.pilot.pause()
        assert unread(shown, KITCHEN_KEY) == 3
        await shown.press("ctrl+n")
        assert shown.main.open_key == KITCHEN_KEY
        await shown.until(lambda: unread(shown, KITCHEN_KEY) == 0)


async def test_an_answer_reads_what_was_kept_unread(scene: Scene) -> None:
    async with running(scene, open_at=KITCHEN) as shown:
        await shown.until(lambda: unread(shown, KITCHEN_KEY) == 0)
        await shown.press("up", "u", "escape", *"me", "enter")
        await shown.until(lambda: unread(shown, KITCHEN_KEY) == 0)
        await hear(shown, "thanks")
        await shown.until(lambda: unread(shown, KITCHEN_KEY) == 0)


async def test_everything_can_be_marked_as_read_at_once(scene: Scene) -> None:
    async with running(scene, open_at=KITCHEN) as shown:
        assert unread(shown, MARA_KEY) == 2
        assert unread(shown, DEV_KEY) == 1
        await shown.press("ctrl+p", *"mark all as read", "enter")
        await shown.until(lambda: unread(shown, MARA_KEY) == unread(shown, DEV_KEY) == 0)
        assert "unread" not in shown.lines[0]


async def test_what_comes_while_nobody_looks_stays_unread_under_a_line(scene: Scene) -> None:
    async with running(scene, open_at=KITCHEN) as shown:
        await shown.until(lambda: unread(shown, KITCHEN_KEY) == 0)
        shown.app.app_focus = False
        await hear(shown, "anybody?")
        assert unread(shown, KITCHEN_KEY) == 1
        assert " new " in rows_over(shown, "anybody?")
        shown.app.app_focus = True
        shown.app.on_app_focus()
        await shown.until(lambda: unread(shown, KITCHEN_KEY) == 0)
        assert " new " in rows_over(shown, "anybody?")


async def test_what_was_read_on_another_device_is_not_counted_here(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        scene.engine._of(HOME).rooms.model(KITCHEN).assigns_ids = True
        await hear(shown, "newer")
        mark = DisplayedChanged((DisplayedMark(KITCHEN, StanzaId(KITCHEN, "newer")),))
        shown.scene.network.lines[HOME].receiver.receive(mark)
        await shown.until(lambda: unread(shown, KITCHEN_KEY) == 0)
        await shown.until(lambda: "1 unread" in shown.lines[0])


async def _missed(shown: Running, body: str, time: int) -> None:
    """A page of an archive brings a message; wait until it is shown."""
    new = replace(said("Theo", body, time), from_archive=True)
    stored = await shown.scene.store.write(lambda writes: writes.add_message(new))
    shown.app._listen([MessageAdded(stored.message, live=False)])
    await shown.until(lambda: body in shown.text)


async def test_what_was_missed_in_the_open_chat_stands_under_a_line_that_goes_up_with_each_page(scene: Scene) -> None:
    async with running(scene, open_at=KITCHEN) as shown:
        await shown.until(lambda: unread(shown, KITCHEN_KEY) == 0)
        shown.app.app_focus = False
        for number in (2, 1):
            await _missed(shown, f"missed {number}", at(0, 10, 42, 10 + number))
            assert " new " in rows_over(shown, f"missed {number}")


async def test_one_line_sums_up_what_was_missed_and_leads_there(scene: Scene) -> None:
    async with running(scene, open_at=KITCHEN) as shown:
        shown.app._listen([CaughtUp(unread=3, chats=2, mentions=1)])
        await shown.until(lambda: "While you were away: 3 messages in 2 chats, 1 mention" in shown.text)
        assert "^N next unread" in shown.text
        shown.app._listen([CaughtUp(unread=2, chats=2, mentions=0)])
        await shown.until(lambda: "While you were away: 5 messages in 2 chats, 1 mention" in shown.text)
        await shown.press("ctrl+n")
        assert shown.main.open_key == MARA_KEY
        assert "While you were away" not in shown.text


async def test_the_sum_goes_when_all_is_read(scene: Scene) -> None:
    async with running(scene, open_at=KITCHEN) as shown:
        shown.app._listen([CaughtUp(unread=3, chats=2, mentions=0)])
        await shown.until(lambda: "While you were away" in shown.text)
        await shown.press("ctrl+p", *"mark all as read", "enter")
        await shown.until(lambda: "While you were away" not in shown.text)


def test_the_words_of_a_sum() -> None:
    assert away_words(CaughtUp(231, 14, 3)) == "While you were away: 231 messages in 14 chats, 3 mentions"
    assert away_words(CaughtUp(1, 1, 0)) == "While you were away: 1 message in 1 chat"


def test_muted_chats_count_only_with_what_names_us() -> None:
    loud = Chat(MARA_KEY, ChatKind.ROOM, "Mara", unread=2)
    muted = Chat(KITCHEN_KEY, ChatKind.ROOM, "Kitchen", unread=50, mentions=1, muted=True)
    assert unread_words([loud, muted]) == "3 unread, 1 mention"
    assert unread_words([muted]) == "1 unread, 1 mention"


async def test_how_long_messages_are_kept_is_chosen_from_the_palette(scene: Scene) -> None:
    async with running(scene, open_at=KITCHEN) as shown:
        await shown.press("ctrl+p", *"keep messages", "enter")
        assert isinstance(shown.screen(), KeepMessagesDialog)
        assert "As the settings say: for ever" in shown.text
        await shown.press("down", "down", "enter")
        await shown.until(lambda: scene.engine.retention(KITCHEN_KEY) == 30)
        await shown.press("ctrl+p", *"keep messages", "enter", "up", "up", "enter")
        await shown.until(lambda: scene.engine.retention(KITCHEN_KEY) is None)


async def test_a_history_is_deleted_after_one_question(scene: Scene) -> None:
    async with running(scene, open_at=KITCHEN) as shown:
        await shown.press("ctrl+p", *"delete history", "enter")
        assert isinstance(shown.screen(), Confirm)
        await shown.press("escape")
        assert scene.engine.newest(KITCHEN_KEY, 1)
        await shown.press("ctrl+p", *"delete history", "enter", "enter")
        await shown.until(lambda: not scene.engine.newest(KITCHEN_KEY, 1))
        await shown.until(lambda: "Older messages were deleted here" in shown.text)
        assert "who brings bread?" not in shown.text
        await hear(shown, "a new beginning")
        assert "a new beginning" in shown.text
