"""Encryption is switched off by one action, which asks once."""

import pytest

from tests.ui.running import Running, running
from tests.ui.scene import MARA, MARA_KEY, Scene
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.omemo import EncryptionWish, Security


def wish(shown: Running) -> EncryptionWish | None:
    return shown.scene.engine.security(MARA_KEY).wish


async def choose_never(shown: Running) -> None:
    shown.main.action_encryption()
    await shown.until(lambda: "Encrypt messages of this chat?" in shown.text)
    await shown.press("down", "down", "down", "enter")


async def switch(shown: Running) -> None:
    shown.main.action_toggle_encryption()


@pytest.mark.parametrize("way", [choose_never, switch])
@pytest.mark.parametrize("sure", [True, False])
async def test_in_an_encrypted_chat_it_asks_and_says_what_it_means(scene: Scene, way: object, sure: bool) -> None:
    await scene.store.write(lambda writes: writes.begin_encryption(MARA_KEY, ChatKind.CONTACT, 1))
    async with running(scene, open_at=MARA) as shown:
        assert scene.engine.security(MARA_KEY).state is Security.ON
        await (choose_never(shown) if way is choose_never else switch(shown))
        await shown.until(lambda: "goes out in clear" in shown.text, "it asks")
        assert "so does what was held back" in shown.text
        assert wish(shown) is None
        await shown.press("enter" if sure else "escape")
        if sure:
            await shown.until(lambda: wish(shown) is EncryptionWish.NEVER)
            await shown.until(lambda: "encryption is off" in shown.text, "the chat says so")
        else:
            assert wish(shown) is None


async def test_where_nothing_was_encrypted_yet_nothing_is_asked(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        await choose_never(shown)
        await shown.until(lambda: wish(shown) is EncryptionWish.NEVER)
