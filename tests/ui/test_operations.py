"""What is done with the selected message: keys, dialogs, and going to originals and back."""

from dataclasses import replace

from tests.ui import second_act
from tests.ui.running import Running, running
from tests.ui.scene import KITCHEN, KITCHEN_KEY, MARA, MARA_KEY, Scene, at, ours, said
from tests.ui.second_act import answering, mara_did
from tests.ui.selecting import footer, is_stored, outgoing, select, selected, stored
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.events import MessageChanged
from tui_xmpp.model.message import Delivery, Reaction
from tui_xmpp.storage.values import Change
from tui_xmpp.storage.writes import Writes
from tui_xmpp.ui.screens.ask import AskText, Confirm
from tui_xmpp.ui.screens.dialog import Panel
from tui_xmpp.ui.screens.message_info import MessageInfo
from tui_xmpp.ui.screens.pick_reaction import PickReaction

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


async def test_the_keys_follow_what_becomes_of_the_selected_message(mara: Running) -> None:
    message = await select(mara, "bring the dog")
    mara.app._listen([MessageChanged(replace(message, edited=True))])
    await mara.pilot.pause()
    assert "reply" in footer(mara)
    target = f"in-{at(0, 10, 42, 32)}"
    changed = await mara.scene.store.write(lambda writes: writes.operate(mara_did(Change.RETRACTION, target)))
    assert changed is not None
    mara.app._listen([MessageChanged(changed)])
    await mara.pilot.pause()
    assert "reply" not in footer(mara)


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
    assert is_stored(mara, MARA_KEY, "at seven!")
    await mara.press("d", "enter")
    await mara.until(lambda: any(out.retracts for out in outgoing(mara)))
    await mara.until(lambda: "You took this message back" in mara.text)
    assert "at seven!" not in mara.text
    assert mara.focused() is mara.history
    assert "correct" not in footer(mara)


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
    assert selected(kitchen) == "I have dough since Thursday, it must go."
    assert "b answer" in footer(kitchen)
    await kitchen.press("up", "b")
    assert selected(kitchen) == "I roll it out, then."
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
            assert selected(shown) == body
            assert body in shown.part(shown.history)
        for body in way[-2::-1]:
            await shown.press("b")
            assert selected(shown) == body
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
        assert selected(shown) == "ouroboros"
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
