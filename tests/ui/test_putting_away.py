"""Closing a chat and removing a contact: the history stays unless its deletion is asked for."""

import pytest

from tests.ui.running import Running, running
from tests.ui.scene import KITCHEN, KITCHEN_KEY, MARA, MARA_KEY, Scene
from tui_xmpp.ui.screens.put_away import PutAway


def is_open(scene: Scene) -> bool:
    return any(chat.key == MARA_KEY for chat in scene.engine.chats())


async def ask_to_close(shown: Running) -> None:
    await shown.press("ctrl+p", *"close chat", "enter")
    await shown.until(lambda: isinstance(shown.screen(), PutAway))


async def test_a_chat_is_closed_and_its_history_stays(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        await ask_to_close(shown)
        await shown.press("enter")
        await shown.until(lambda: not is_open(scene))
        assert scene.engine.newest(MARA_KEY, 1)


async def test_a_chat_is_closed_and_its_history_deleted(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        await ask_to_close(shown)
        await shown.press("space", "enter")
        await shown.until(lambda: not is_open(scene) and not scene.engine.newest(MARA_KEY, 1))


async def test_who_changes_their_mind_keeps_the_chat_and_its_history(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        await ask_to_close(shown)
        await shown.press("space", "escape")
        assert is_open(scene)
        assert scene.engine.newest(MARA_KEY, 1)


async def test_closing_a_room_says_that_one_leaves_it(scene: Scene) -> None:
    async with running(scene, open_at=KITCHEN) as shown:
        await ask_to_close(shown)
        assert "You leave the room" in shown.text
        assert scene.engine.newest(KITCHEN_KEY, 1)


@pytest.mark.parametrize(("keys", "stays"), [(("enter",), True), (("space", "enter"), False)])
async def test_the_deletion_is_offered_where_a_contact_is_removed(
    scene: Scene, keys: tuple[str, ...], stays: bool
) -> None:
    async with running(scene, open_at=MARA) as shown:
        contact = scene.engine.contact(MARA_KEY.account, MARA_KEY.peer)
        assert contact is not None
        shown.main.edit_contact(contact)
        await shown.press("f8")
        await shown.until(lambda: isinstance(shown.screen(), PutAway))
        await shown.press(*keys)
        await shown.until(lambda: not isinstance(shown.screen(), PutAway))
        # Without a line the contact itself cannot be removed; what is stored here can be deleted.
        await shown.until(lambda: bool(scene.engine.newest(MARA_KEY, 1)) is stays)
