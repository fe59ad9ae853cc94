"""A new start: the list is empty at first, and Enter opens what then stands in it."""

from dataclasses import replace
from pathlib import Path

from tests.engines import MemoryKeeper
from tests.ui.quiet_line import QuietNetwork
from tests.ui.running import Running
from tests.ui.scene import HOME, INES, JUNO, MARA, Scene, standing
from tui_xmpp.core.engine import Engine
from tui_xmpp.core.ports import Network
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.commands import OpenChat
from tui_xmpp.storage.store import Store
from tui_xmpp.ui.chat_rows import ContactTarget
from tui_xmpp.ui.chats import ChatList


def unlived(directory: Path) -> Scene:
    """An account whose server knows contacts, and a store that has never seen them."""
    network = QuietNetwork(replace(standing(), rooms={}))

    async def load() -> Network:
        return network

    store, keeper = Store.open(directory / "chat.db"), MemoryKeeper({HOME: "secret"})
    return Scene(store, Engine(store, (AccountSettings(HOME),), load, keeper), directory / "chat.db", network, keeper)


def target_of(chats: ChatList) -> object:
    """What the cursor is on."""
    return None if chats.selected is None else chats.selected.target


async def test_enter_opens_the_first_chat_that_comes_and_the_cursor_then_stays_on_it(tmp_path: Path) -> None:
    scene = unlived(tmp_path)
    app = scene.app()
    async with app.run_test(size=(100, 30)) as pilot:
        shown = Running(app, pilot, scene)
        chats = shown.main.chat_list
        await shown.until(lambda: scene.engine.contacts() and chats.settled and chats.selected)
        assert isinstance(target_of(chats), ContactTarget)
        for peer in (MARA, INES):
            await scene.engine.do(OpenChat(ChatKey(HOME, peer)))
            await shown.until(lambda peer=peer: chats.find(ChatKey(HOME, peer)) and chats.settled)  # type: ignore[misc]  # of a default
        assert target_of(chats) == ChatKey(HOME, MARA)
        await shown.press("enter")
        assert shown.main.open_key == ChatKey(HOME, MARA)


async def test_a_row_that_somebody_chose_keeps_the_cursor_when_chats_come(tmp_path: Path) -> None:
    scene = unlived(tmp_path)
    app = scene.app()
    async with app.run_test(size=(100, 30)) as pilot:
        shown = Running(app, pilot, scene)
        chats = shown.main.chat_list
        await shown.until(lambda: scene.engine.contacts() and chats.settled and chats.selected)
        chats.select(f"contact Family/{HOME}/{JUNO}")
        await scene.engine.do(OpenChat(ChatKey(HOME, MARA)))
        await shown.until(lambda: chats.find(ChatKey(HOME, MARA)) and chats.settled)
        target = target_of(chats)
        assert isinstance(target, ContactTarget)
        assert target.contact.address == JUNO
