"""The composer's modes: answering and correcting, each chat its own, and drafts that come back."""

from tests.ui.running import Running, running
from tests.ui.scene import HOME, INES, KITCHEN_KEY, MARA, MARA_KEY, Scene, at
from tests.ui.second_act import mara_did
from tests.ui.selecting import is_stored, mode, outgoing, select, stored
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.commands import SaveDraft
from tui_xmpp.model.events import MessageChanged
from tui_xmpp.storage.values import Change
from tui_xmpp.ui.writing import Correcting, Replying


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
    assert mode(mara) is None


async def test_an_answer_belongs_to_its_chat_and_is_there_when_one_comes_back(mara: Running) -> None:
    await select(mara, "bring the dog")
    await mara.press("r", *"sure")
    mara.main.open_chat(ChatKey(HOME, INES))
    await mara.pilot.pause()
    assert "Replying" not in mara.text
    assert mara.composer.text == ""
    mara.main.open_chat(MARA_KEY)
    await mara.pilot.pause()
    assert mode(mara) is Replying
    assert mara.composer.text == "sure"
    assert "↳ Replying to Mara bring the dog" in mara.text


async def test_a_command_word_does_not_use_the_answer_up(kitchen: Running) -> None:
    await select(kitchen, "who brings bread? @Alice you live next to the bakery")
    await kitchen.press("r", *"/nonsense", "enter")
    assert "There is no command" in kitchen.text
    assert kitchen.composer.text == "/nonsense"
    assert mode(kitchen) is Replying
    await kitchen.press("ctrl+u", *"/topic soup", "enter")
    await kitchen.pilot.pause()
    assert mode(kitchen) is Replying
    assert kitchen.composer.text == ""


async def test_when_the_original_is_taken_back_the_answer_is_left(mara: Running) -> None:
    await select(mara, "bring the dog")
    await mara.press("r", *"sure")
    target = f"in-{at(0, 10, 42, 32)}"
    changed = await mara.scene.store.write(lambda writes: writes.operate(mara_did(Change.RETRACTION, target)))
    assert changed is not None
    mara.app._listen([MessageChanged(changed)])
    await mara.pilot.pause()
    assert mode(mara) is None
    assert mara.composer.text == "sure"
    assert "That message is not there any more." in mara.text


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
    assert mode(mara) is None
    assert is_stored(mara, MARA_KEY, "at seven!")
    assert outgoing(mara) == []


async def test_an_unchanged_text_is_not_sent(mara: Running) -> None:
    await mara.press("ctrl+up", "enter")
    await mara.pilot.pause()
    assert mode(mara) is None
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
    assert mode(mara) is None
    await mara.until(lambda: getattr(mara.scene.engine.chat(MARA_KEY), "draft", "") == "a draft")
    mara.main.open_chat(MARA_KEY)
    await mara.pilot.pause()
    assert mode(mara) is Correcting
    assert mara.composer.text == "at seven! or eight"
    await mara.press("escape")
    assert mara.composer.text == "a draft"


async def test_a_correction_in_the_middle_of_an_answer_gives_the_answer_back(mara: Running) -> None:
    await select(mara, "bring the dog")
    await mara.press("r", *"sure", "ctrl+up")
    assert mode(mara) is Correcting
    await mara.press("escape")
    assert mode(mara) is Replying
    assert mara.composer.text == "sure"


async def test_where_nothing_of_ours_was_said_there_is_nothing_to_correct(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        await shown.press(*"/correct", "enter")
        assert "There is no message of yours to correct." in shown.text
        assert mode(shown) is None
