"""What is done with the selected message: keys, the composer's modes, dialogs, and going to originals and back."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.ui import second_act
from tests.ui.running import Running, running
from tests.ui.scene import HOME, INES, KITCHEN, KITCHEN_KEY, MARA, MARA_KEY, Scene, at
from tests.ui.second_act import answering, mara_did, ours, said
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.commands import SaveDraft
from tui_xmpp.model.events import MessageChanged
from tui_xmpp.model.message import Delivery, Message, Reaction
from tui_xmpp.model.stanzas import Outgoing
from tui_xmpp.storage.values import Change
from tui_xmpp.storage.writes import Writes
from tui_xmpp.ui.screens.ask import AskText, Confirm
from tui_xmpp.ui.screens.dialog import Panel
from tui_xmpp.ui.screens.message_info import MessageInfo
from tui_xmpp.ui.screens.pick_reaction import PickReaction
from tui_xmpp.ui.writing import Correcting, Replying

AT_SEVEN = f"out-{at(0, 10, 42, 31)}"


@pytest.fixture
async def mara(scene: Scene) -> AsyncIterator[Running]:
    """The chat with Mara after the second act."""
    await scene.store.write(second_act.tell)
    async with running(scene, (100, 30), open_at=MARA) as shown:
        yield shown


@pytest.fixture
async def kitchen(scene: Scene) -> AsyncIterator[Running]:
    """The kitchen after the second act."""
    await scene.store.write(second_act.tell)
    async with running(scene, (100, 40)) as shown:
        yield shown


def outgoing(shown: Running) -> list[Outgoing]:
    """What went out on the line, but for typing."""
    return [out for out in shown.scene.network.lines[HOME].sent if out.body or out.reactions or out.retracts]


def stored(shown: Running, key: ChatKey, body: str) -> Message:
    """A message by its present text."""
    return next(message for message in shown.scene.engine.newest(key, 100) if message.body == body)


async def select(shown: Running, body: str) -> Message:
    """Put the cursor on the message with this text, by keys."""
    await shown.press("up")
    for _ in range(40):
        selected = shown.history.selected
        assert selected is not None
        if selected.body == body:
            return selected
        await shown.press("up")
    raise AssertionError(f"no message {body!r}")


def footer(shown: Running) -> str:
    return shown.lines[-1]


# Keys


async def test_the_footer_shows_what_can_be_done_with_this_message(mara: Running) -> None:
    await select(mara, "bring the dog")
    assert "r reply   + react   y copy   i info" in footer(mara)
    await select(mara, "at seven!")
    assert "r reply   + react   e correct   d take back   y copy   Enter original" in footer(mara)


async def test_nothing_but_looking_is_offered_for_a_message_that_was_taken_back(mara: Running) -> None:
    await mara.press("up")
    assert mara.history.selected is not None
    assert mara.history.selected.tombstone is not None
    assert "i info" in footer(mara)
    for word in ("reply", "react", "copy", "correct", "take back"):
        assert word not in footer(mara)


# Replying


async def test_an_answer_is_sent_as_one_and_stands_under_its_original(mara: Running) -> None:
    original = await select(mara, "bring the dog")
    await mara.press("r")
    assert mara.focused() is mara.composer
    assert "↳ Replying to Mara bring the dog" in mara.text
    assert "Esc cancels" in mara.text
    await mara.press(*"sure", "enter")
    await mara.until(lambda: outgoing(mara))
    answer = mara.scene.engine.newest(MARA_KEY, 1)[0]
    assert answer.body == "sure"
    assert answer.reply is not None
    assert answer.reply.message_id == original.id
    await mara.until(lambda: "▎ Mara bring the dog sure ✓" in mara.part(mara.history))
    assert "Replying" not in mara.text
    assert outgoing(mara)[-1].reply_to is not None


async def test_escape_leaves_the_answer_and_keeps_what_is_written(mara: Running) -> None:
    await select(mara, "bring the dog")
    await mara.press("r", *"sure", "escape")
    assert "Replying" not in mara.text
    assert mara.composer.text == "sure"
    assert mara.focused() is mara.composer
    await mara.press("enter")
    await mara.until(lambda: mara.scene.engine.newest(MARA_KEY, 1)[0].body == "sure")
    assert mara.scene.engine.newest(MARA_KEY, 1)[0].reply is None


async def test_a_click_on_its_words_leaves_the_answer(mara: Running) -> None:
    await select(mara, "bring the dog")
    await mara.press("r")
    bar = mara.main.conversation.writing_bar
    await mara.pilot.click(bar, offset=(bar.size.width - 3, 0))
    await mara.pilot.pause()
    assert mara.composer.mode is None


async def test_an_answer_belongs_to_its_chat_and_is_there_when_one_comes_back(mara: Running) -> None:
    await select(mara, "bring the dog")
    await mara.press("r", *"sure")
    mara.main.open_chat(ChatKey(HOME, INES))
    await mara.pilot.pause()
    assert "Replying" not in mara.text
    assert mara.composer.text == ""
    mara.main.open_chat(MARA_KEY)
    await mara.pilot.pause()
    assert isinstance(mara.composer.mode, Replying)
    assert mara.composer.text == "sure"
    assert "↳ Replying to Mara bring the dog" in mara.text


async def test_a_command_word_does_not_use_the_answer_up(kitchen: Running) -> None:
    await select(kitchen, "who brings bread? @Alice you live next to the bakery")
    await kitchen.press("r", *"/nonsense", "enter")
    assert "There is no command" in kitchen.text
    assert kitchen.composer.text == "/nonsense"
    assert isinstance(kitchen.composer.mode, Replying)
    await kitchen.press("ctrl+u", *"/topic soup", "enter")
    await kitchen.pilot.pause()
    assert isinstance(kitchen.composer.mode, Replying)
    assert kitchen.composer.text == ""


async def test_when_the_original_is_taken_back_the_answer_is_left(mara: Running) -> None:
    await select(mara, "bring the dog")
    await mara.press("r", *"sure")
    target = f"in-{at(0, 10, 42, 32)}"
    changed = await mara.scene.store.write(lambda writes: writes.operate(mara_did(Change.RETRACTION, target)))
    assert changed is not None
    mara.app._listen([MessageChanged(changed)])
    await mara.pilot.pause()
    assert mara.composer.mode is None
    assert mara.composer.text == "sure"
    assert "That message was taken back." in mara.text


# Correcting


async def test_a_correction_begins_with_the_text_and_gives_the_draft_back(mara: Running) -> None:
    mara.composer.insert("a draft")
    await mara.pilot.pause()
    await mara.press("ctrl+up")
    assert mara.composer.text == "at seven!"
    assert "✎ Correcting your message of 10:42" in mara.text
    await mara.press("backspace", *" sharp", "enter")
    await mara.until(lambda: mara.scene.engine.newest(MARA_KEY, 3)[0].body == "at seven sharp")
    assert mara.composer.text == "a draft"
    assert "Correcting" not in mara.text
    await mara.until(lambda: any(out.replaces for out in outgoing(mara)))
    await mara.until(lambda: "at seven sharp edited" in mara.text)


async def test_e_corrects_the_selected_message_and_escape_changes_nothing(mara: Running) -> None:
    await select(mara, "at seven!")
    await mara.press("e")
    assert mara.focused() is mara.composer
    await mara.press(*" not", "escape")
    assert mara.composer.text == ""
    assert mara.composer.mode is None
    assert stored(mara, MARA_KEY, "at seven!")
    assert outgoing(mara) == []


async def test_an_unchanged_text_is_not_sent(mara: Running) -> None:
    await mara.press("ctrl+up", "enter")
    await mara.pilot.pause()
    assert mara.composer.mode is None
    assert not stored(mara, MARA_KEY, "at seven!").edited
    assert outgoing(mara) == []


async def test_a_correction_is_a_text_whatever_it_begins_with(mara: Running) -> None:
    await mara.press("ctrl+up", "ctrl+u", *"/join", "enter")
    await mara.until(lambda: stored(mara, MARA_KEY, "/join").edited)


async def test_a_draft_under_a_correction_is_kept_when_the_program_ends(mara: Running) -> None:
    mara.composer.insert("a draft")
    await mara.press("ctrl+up", *" or eight")
    assert SaveDraft(MARA_KEY, "at seven! or eight") not in mara.composer.last_wishes()
    await mara.until(lambda: getattr(mara.scene.engine.chat(MARA_KEY), "draft", "") == "a draft")


async def test_the_draft_in_the_store_is_never_the_text_of_a_correction(mara: Running) -> None:
    mara.composer.insert("a draft")
    await mara.press("ctrl+up", *" or eight")
    mara.main.open_chat(KITCHEN_KEY)
    await mara.pilot.pause()
    assert mara.composer.mode is None
    await mara.until(lambda: getattr(mara.scene.engine.chat(MARA_KEY), "draft", "") == "a draft")
    mara.main.open_chat(MARA_KEY)
    await mara.pilot.pause()
    assert isinstance(mara.composer.mode, Correcting)
    assert mara.composer.text == "at seven! or eight"
    await mara.press("escape")
    assert mara.composer.text == "a draft"


async def test_a_correction_in_the_middle_of_an_answer_gives_the_answer_back(mara: Running) -> None:
    await select(mara, "bring the dog")
    await mara.press("r", *"sure", "ctrl+up")
    assert isinstance(mara.composer.mode, Correcting)
    await mara.press("escape")
    assert isinstance(mara.composer.mode, Replying)
    assert mara.composer.text == "sure"


async def test_where_nothing_of_ours_was_said_there_is_nothing_to_correct(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        await shown.press(*"/correct", "enter")
        assert "There is no message of yours to correct." in shown.text
        assert shown.composer.mode is None


# Reacting


async def test_plus_and_a_digit_react_and_again_take_it_away(mara: Running) -> None:
    await select(mara, "see you at seven then")
    await mara.press("plus")
    assert isinstance(mara.screen(), PickReaction)
    await mara.press("1")
    await mara.until(lambda: stored(mara, MARA_KEY, "see you at seven then").reactions == (Reaction("👍", own=True),))
    await mara.until(lambda: "👍 you" in mara.text)
    assert mara.focused() is mara.history
    await mara.press("plus", "1")
    await mara.until(lambda: not stored(mara, MARA_KEY, "see you at seven then").reactions)
    assert [out.reactions.emojis for out in outgoing(mara) if out.reactions] == [("👍",), ()]


async def test_a_second_reaction_keeps_the_first_and_is_offered_first_the_next_time(mara: Running) -> None:
    await select(mara, "bring the dog")
    await mara.press("plus", *"pizza", "enter")
    await mara.until(lambda: len(stored(mara, MARA_KEY, "bring the dog").reactions) == 2)
    await mara.press("up", "plus")
    dialog = mara.screen()
    assert isinstance(dialog, PickReaction)
    assert dialog._found.rows.rows[0].id == "🍕"
    await mara.press("escape")
    await mara.pilot.pause()
    assert len([out for out in outgoing(mara) if out.reactions]) == 1


# Taking back, removing, deleting


async def test_taking_back_asks_once_and_says_what_it_does(mara: Running) -> None:
    await select(mara, "at seven!")
    await mara.press("d")
    assert isinstance(mara.screen(), Confirm)
    assert "The other side’s program is asked to remove it too" in mara.part(mara.screen().query_one(Panel))
    await mara.press("escape")
    await mara.pilot.pause()
    assert stored(mara, MARA_KEY, "at seven!")
    await mara.press("d", "enter")
    await mara.until(lambda: any(out.retracts for out in outgoing(mara)))
    await mara.until(lambda: "You took this message back" in mara.text)
    assert "at seven!" not in mara.text


async def test_who_is_no_moderator_is_not_offered_to_remove(kitchen: Running) -> None:
    await select(kitchen, "me!")
    assert "remove" not in footer(kitchen)
    await kitchen.press("m")
    assert not isinstance(kitchen.screen(), AskText)


async def test_a_moderator_removes_with_a_reason(scene: Scene) -> None:
    scene.network.standing.moderator = "Alice"
    loud = replace(said("Theo", "BUY PANS", at(0, 10, 42, 50)), archive_ids=((KITCHEN, "loud"),))
    await scene.store.write(lambda writes: writes.add_message(loud))
    async with running(scene, (100, 40)) as shown:
        await shown.press("up")
        assert "m remove" in footer(shown)
        await shown.press("m")
        assert "Remove this message for everybody?" in shown.text
        await shown.press(*"spam", "enter")
        await shown.until(lambda: [reason for _, reason in scene.network.standing.moderated] == ["spam"])


async def test_deleting_here_asks_unless_it_was_never_sent(mara: Running) -> None:
    await select(mara, "bring the dog")
    await mara.press("x")
    assert isinstance(mara.screen(), Confirm)
    assert "on this computer only" in mara.part(mara.screen().query_one(Panel))
    await mara.press("enter")
    await mara.until(lambda: all(m.body != "bring the dog" for m in mara.scene.engine.newest(MARA_KEY, 9)))
    assert "bring the dog" not in mara.text
    assert outgoing(mara) == []


# Going to originals and back


async def test_enter_goes_to_the_original_and_b_back_to_the_answer(kitchen: Running) -> None:
    await select(kitchen, "I roll it out, then.")
    assert "answer" not in footer(kitchen)
    await kitchen.press("enter")
    assert kitchen.history.selected is not None
    assert kitchen.history.selected.body == "I have dough since Thursday, it must go."
    assert "b answer" in footer(kitchen)
    await kitchen.press("up", "b")
    assert kitchen.history.selected.body == "I roll it out, then."
    assert "b answer" not in footer(kitchen)


async def test_an_original_far_above_is_brought_to_the_screen(scene: Scene) -> None:
    def chain(writes: Writes) -> None:
        start = at(0, 10, 42, 40)
        for number in range(600):
            message = said("Juno", f"link {number}", start + number)
            far = {599: 400, 400: 199, 199: 0}.get(number)
            writes.add_message(message if far is None else answering(message, f"in-{start + far}"))
        writes.mark_read(KITCHEN_KEY)

    await scene.store.write(chain)
    async with running(scene, (90, 24)) as shown:
        await shown.press("up")
        way = ["link 599", "link 400", "link 199", "link 0"]
        for step, body in enumerate(way):
            await shown.press(*["enter"] * bool(step))
            assert shown.history.selected is not None
            assert shown.history.selected.body == body
            assert body in shown.part(shown.history)
        for body in way[-2::-1]:
            await shown.press("b")
            assert shown.history.selected.body == body
            assert body in shown.part(shown.history)


async def test_an_original_that_is_not_here_is_said_to_be_not_here(kitchen: Running) -> None:
    answer = await select(kitchen, "me!")
    await kitchen.press("g")
    assert "That message is not here yet; scroll up to load older ones." in kitchen.text
    assert kitchen.history.selected_id == answer.id


async def test_a_message_that_answers_itself_leads_nowhere(scene: Scene) -> None:
    time = at(0, 10, 42, 40)
    await scene.store.write(lambda w: w.add_message(answering(said("Juno", "ouroboros", time), f"in-{time}")))
    async with running(scene) as shown:
        await shown.press("up", "enter")
        assert shown.history.selected is not None
        assert shown.history.selected.body == "ouroboros"
        assert "b answer" not in footer(shown)


# Info


async def test_info_shows_every_text_and_how_it_travelled(kitchen: Running) -> None:
    await select(kitchen, "And flour 🌾, and the good tomatoes from the market.")
    await kitchen.press("i")
    assert isinstance(kitchen.screen(), MessageInfo)
    for words in (
        "First text, 21 November 2026, 18:05:30",
        "the ones that Kofi praised so much.",
        "Text now, 22 November 2026, 10:42:30",
        "From Juno (kitchen@rooms.home.example/Juno)",
        "not encrypted",
        f"Stanza id {second_act.FLOUR}",
    ):
        assert words in kitchen.part(kitchen.screen().query_one(Panel)), words
    await kitchen.press("escape")
    assert kitchen.focused() is kitchen.history


async def test_info_of_an_own_message_says_how_far_it_came_and_who_reacted(mara: Running) -> None:
    await select(mara, "at seven!")
    await mara.press("i")
    assert "Delivery was read by the other side" in mara.text
    assert "Answers Mara: see you at seven then" in mara.text
    assert "Reactions ❤️ Mara" in mara.text


async def test_info_of_a_message_that_was_taken_back_says_when_and_nothing_of_its_text(mara: Running) -> None:
    await mara.press("up", "i")
    assert "Gone Mara took this message back" in mara.text
    assert "22 November 2026, 10:42:30" in mara.text
    assert "secret" not in mara.text


async def test_a_failed_message_can_be_retried_with_its_own_key(scene: Scene) -> None:
    def fail(writes: Writes) -> None:
        message = writes.add_message(ours(MARA_KEY, ChatKind.CONTACT, "again", at(0, 10, 42, 50))).message
        writes.set_delivery(message.id, Delivery.FAILED, "no such address")

    await scene.store.write(fail)
    async with running(scene, open_at=MARA) as shown:
        await shown.press("up")
        assert "R retry" in footer(shown)
        await shown.press("r")
        assert scene.engine.newest(MARA_KEY, 1)[0].delivery is Delivery.FAILED
        await shown.press("escape" if shown.composer.mode else "R", *(["up", "R"] if shown.composer.mode else []))
        await shown.until(lambda: scene.engine.newest(MARA_KEY, 1)[0].delivery is Delivery.SENT)
