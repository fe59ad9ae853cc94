"""Several messages marked, and what is done with all of them."""

from tests.ui.running import Running
from tests.ui.scene import KITCHEN_KEY, MARA_KEY
from tests.ui.selecting import footer, is_stored, outgoing, select
from tui_xmpp.ui.screens.ask import Confirm
from tui_xmpp.ui.screens.dialog import Panel


def marked(shown: Running) -> list[str]:
    """The texts of the marked messages, in their order."""
    return [message.body for message in shown.history.picked] if shown.history.marked else []


async def test_shift_and_the_arrows_mark_a_row_of_messages_and_take_back_what_they_marked(mara: Running) -> None:
    await select(mara, "bring the dog")
    await mara.press("shift+up", "shift+up")
    assert marked(mara) == ["see you at seven then", "at seven!", "bring the dog"]
    assert "3 marked" in footer(mara)
    assert mara.text.count("┃") >= 3
    await mara.press("shift+down")
    assert marked(mara) == ["at seven!", "bring the dog"]
    await mara.press("shift+down", "shift+down")
    assert marked(mara) == ["bring the dog", ""]


async def test_v_marks_one_by_one_and_moving_keeps_the_marks(mara: Running) -> None:
    await select(mara, "bring the dog")
    await mara.press("v", "up", "up", "v")
    assert marked(mara) == ["see you at seven then", "bring the dog"]
    await mara.press("v")
    assert marked(mara) == ["bring the dog"]


async def test_escape_unmarks_first_and_then_goes_back_to_writing(mara: Running) -> None:
    await mara.press("up", "v", "escape")
    assert marked(mara) == []
    assert "marked" not in footer(mara)
    assert mara.focused() is mara.history
    await mara.press("escape")
    await mara.until(lambda: mara.focused() is mara.composer)


async def test_all_marked_texts_are_copied_in_their_order(mara: Running) -> None:
    await select(mara, "bring the dog")
    await mara.press("shift+up", "shift+up", "y")
    assert mara.app.clipboard == "see you at seven then\nat seven!\nbring the dog"
    assert "Copied 3 messages." in mara.text
    assert marked(mara) == []


async def test_with_names_and_times_they_are_copied_by_a_key_of_its_own(mara: Running) -> None:
    await select(mara, "bring the dog")
    await mara.press("shift+up", "Y")
    assert mara.app.clipboard == "[2026-11-22 10:42] you: at seven!\n[2026-11-22 10:42] Mara: bring the dog"


async def test_a_quote_goes_below_what_is_written_and_waits_for_more(mara: Running) -> None:
    mara.composer.insert("about that:")
    mara.history.focus()
    await select(mara, "bring the dog")
    await mara.press("q")
    await mara.until(lambda: mara.focused() is mara.composer)
    assert mara.composer.text == "about that:\n> bring the dog\n"


async def test_only_ones_own_of_the_marked_messages_are_taken_back_and_it_says_so(mara: Running) -> None:
    await select(mara, "bring the dog")
    await mara.press("shift+up", "shift+up")
    assert "d take back" in footer(mara)
    assert "reply" not in footer(mara)
    await mara.press("d")
    assert isinstance(mara.screen(), Confirm)
    assert "Take 1 message back?" in mara.text
    assert "Of the 3 marked ones these can be: your own." in mara.part(mara.screen().query_one(Panel))
    await mara.press("enter")
    await mara.until(lambda: [bool(out.retracts) for out in outgoing(mara)] == [True])
    await mara.until(lambda: not is_stored(mara, MARA_KEY, "at seven!"))
    assert is_stored(mara, MARA_KEY, "bring the dog")


async def test_marked_messages_are_deleted_here_together(kitchen: Running) -> None:
    await select(kitchen, "me!")
    await kitchen.press("shift+up", "x")
    assert "Delete these 2 messages here?" in kitchen.text
    await kitchen.press("enter")
    await kitchen.until(lambda: not is_stored(kitchen, KITCHEN_KEY, "me!"))
    await kitchen.until(lambda: "Removed by Mara" not in kitchen.part(kitchen.history))


async def test_another_chat_begins_without_marks(mara: Running) -> None:
    await mara.press("up", "v")
    mara.main.open_chat(KITCHEN_KEY)
    await mara.pilot.pause()
    assert mara.history.marked == 0
    assert "marked" not in footer(mara)
