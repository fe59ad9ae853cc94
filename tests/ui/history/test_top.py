"""What stands over the oldest message, and how older ones come."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.ui.running import Running, running
from tests.ui.scene import HOME, KITCHEN, KITCHEN_KEY, MARA, MARA_KEY, Scene, at, make_scene, said, theirs
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.account import AccountStatus
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.commands import SetRetention
from tui_xmpp.model.history import Top
from tui_xmpp.storage.writes import Writes
from tui_xmpp.ui.history.top import kept_words, problem_words, top_words

NOTES = {
    Top.MORE: "",
    Top.BEGINS: "The archive begins here",
    Top.NOT_KEPT: "Older messages are not kept (1 month)",
    Top.DELETED: "Older messages were deleted here",
    Top.NO_ARCHIVE: "There is no archive to load older messages from",
    Top.OFFLINE: "Connect to load older messages",
}


@pytest.mark.parametrize("top", list(Top))
def test_every_end_of_the_history_has_its_words(top: Top) -> None:
    assert top_words(top, 30, empty=False) == NOTES[top]


def test_an_empty_chat_needs_no_beginning() -> None:
    assert top_words(Top.BEGINS, 0, empty=True) == ""


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "for ever"), (1, "1 day"), (7, "1 week"), (30, "1 month"), (90, "90 days"), (365, "1 year")],
)
def test_a_length_of_time_in_words(days: int, words: str) -> None:
    assert kept_words(days) == words


def test_what_went_wrong_can_be_tried_again() -> None:
    assert problem_words("Timeout.") == "Timeout. Scroll up to try again."


def asked(shown: Running) -> int:
    """How often the archive was asked for what was said with Mara."""
    return [query.peer for query in shown.scene.network.standing.asked].count(MARA)


async def settled(shown: Running) -> None:
    await shown.until(lambda: all(s.status is AccountStatus.ONLINE for s in shown.scene.engine.accounts()))


async def test_without_an_archive_it_says_so(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        await shown.until(lambda: NOTES[Top.NO_ARCHIVE] in shown.text)


async def test_without_a_line_it_says_what_to_do_and_goes_on_when_there_is_one(tmp_path: Path) -> None:
    scene = await make_scene(tmp_path)
    scene.network.standing.archive = True
    scene.keeper.passwords.pop(HOME)
    async with running(scene, open_at=MARA, settle=False) as shown:
        await shown.until(lambda: scene.engine.accounts()[0].status is AccountStatus.NEEDS_PASSWORD)
        await shown.press("escape")
        await shown.until(lambda: NOTES[Top.OFFLINE] in shown.text)
        scene.keeper.passwords[HOME] = "secret"
        await shown.press("ctrl+p", *"enter password", "enter")
        await shown.press(*"secret", "enter")
        await shown.until(lambda: NOTES[Top.BEGINS] in shown.text)


async def test_what_failed_says_why_and_scrolling_tries_again(tmp_path: Path) -> None:
    scene = await make_scene(tmp_path)
    standing = scene.network.standing
    standing.archive = True
    standing.trouble = RequestFailed("The archive is being repaired.", title="Not loaded")
    async with running(scene, open_at=MARA) as shown:
        await shown.until(lambda: "The archive is being repaired. Scroll up to try again." in shown.text)
        tries = asked(shown)
        standing.trouble = None
        await shown.press("pageup")
        await shown.until(lambda: NOTES[Top.BEGINS] in shown.text)
        assert asked(shown) == tries + 1


async def test_older_messages_are_asked_for_before_the_top_is_reached(tmp_path: Path) -> None:
    scene = await make_scene(tmp_path)
    scene.network.standing.archive = True

    def fill(writes: Writes) -> None:
        for number in range(100):
            writes.add_message(theirs(MARA_KEY, ChatKind.CONTACT, MARA, f"line {number}", at(0, 10, 42, 30) + number))
        writes.mark_read(MARA_KEY)

    await scene.store.write(fill)
    async with running(scene, (100, 30), open_at=MARA) as shown:
        assert asked(shown) == 0
        while not asked(shown) and shown.history.scroll_offset.y > 0:
            await shown.press("pageup")
        await shown.until(lambda: not shown.history._asked_older)
        assert shown.history.scroll_offset.y > shown.history.head, "the top was reached first"


async def test_a_shorter_time_takes_older_messages_off_the_screen_and_says_so(scene: Scene) -> None:
    def fill(writes: Writes) -> None:
        for number in range(60):
            old = said("Juno", f"long ago {number}", at(90, 9, 0) + number)
            writes.add_message(replace(old, from_archive=True))
        writes.mark_read(KITCHEN_KEY)

    await scene.store.write(fill)
    async with running(scene, (100, 30), open_at=KITCHEN) as shown:
        await shown.press("pageup", "pageup", "pageup")
        await shown.until(lambda: "long ago" in shown.text)
        await scene.engine.do(SetRetention(KITCHEN_KEY, 30))
        await shown.until(lambda: "long ago" not in shown.text)
        await shown.until(lambda: NOTES[Top.NOT_KEPT] in shown.text)
        assert "The oven is fixed" in shown.text
