"""Makes the pictures of the README from the running program, with the demonstration's server and cast behind it.

usage: python -m tests.screenshots [DIRECTORY]
"""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from textual.pilot import Pilot

from tests.engines import Client, MemoryKeeper
from tests.waiting import until
from tui_xmpp.core.engine import Engine
from tui_xmpp.core.ports import Network, NetworkLoader
from tui_xmpp.demo import Demonstration
from tui_xmpp.demo.script.people import INES
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import React
from tui_xmpp.storage.store import Store
from tui_xmpp.ui.app import TuiXmppApp
from tui_xmpp.ui.themes import DARK, LIGHT
from tui_xmpp.xmpp.loading import load_network

DIRECTORY = Path(__file__).parents[1] / "screenshots"
BROAD, WIDE, USUAL, NARROW = (150, 36), (120, 36), (80, 24), (50, 22)

_PATIENCE = 30.0
_PACE = 0.15
"""The cast plays faster than for people, so that there is something to see soon."""


async def take(directory: Path) -> tuple[Path, ...]:
    """Make all pictures, as SVG; returns their paths. Raises AssertionError when a scene does not come about."""
    pictures: list[Path] = []
    demonstration = Demonstration(pace=_PACE)
    try:
        account, password = demonstration.start()
        keeper = MemoryKeeper({account.address: password})
        pictures += await _with_the_cast(demonstration, account, keeper, directory)
        await demonstration.close()
        pictures += await _with_a_friend(demonstration, account, keeper, directory)
        store = demonstration.profile / "chat.db"
        async with _program(store, (account,), keeper, load_network, NARROW) as (app, pilot):
            await _go_to(app, pilot, "kitchen", "I bring bread")
            pictures.append(_picture(app, directory, "narrow"))
        async with _program(store, (account,), keeper, load_network, USUAL, LIGHT.name) as (app, pilot):
            await _go_to(app, pilot, "kitchen", "I bring bread")
            pictures.append(_picture(app, directory, "light"))
        async with _program(demonstration.profile / "new.db", (), keeper, load_network, USUAL) as (app, pilot):
            await _until_seen(app, "Welcome to tui-xmpp")
            pictures.append(_picture(app, directory, "welcome"))
    finally:
        await demonstration.close()
        demonstration.cleanup()
    return tuple(pictures)


async def _with_the_cast(
    demonstration: Demonstration, account: AccountSettings, keeper: MemoryKeeper, directory: Path
) -> list[Path]:
    """The room while people talk in it, the help, and what goes somewhere or finds something."""
    pictures: list[Path] = []

    async def with_cast() -> Network:
        network = await load_network()
        await demonstration.raise_curtain()
        return network

    async with _program(demonstration.profile / "chat.db", (account,), keeper, with_cast, WIDE) as (app, pilot):
        await _until_seen(app, "REQUESTS")
        await _go_to(app, pilot, "kitchen", "weekend plans")
        await _until_seen(app, "PEOPLE  5")
        await _say(app, pilot, "I bring bread. Who takes care of the cheese? 🧀")
        await _until_seen(app, "▎ you")
        pictures.append(_picture(app, directory, "chat"))
        await pilot.press("f1")
        await pilot.pause()
        pictures.append(_picture(app, directory, "help"))
        await pilot.press("escape", "ctrl+k")
        await pilot.press(*"ma")
        await pilot.pause()
        pictures.append(_picture(app, directory, "go-to"))
        await pilot.press("escape", "ctrl+f")
        await pilot.press(*"bread")
        await _until_seen(app, "You bring the bread")
        pictures.append(_picture(app, directory, "search"))
    return pictures


async def _with_a_friend(
    demonstration: Demonstration, account: AccountSettings, keeper: MemoryKeeper, directory: Path
) -> list[Path]:
    """An encrypted chat with somebody who has the same program; the cast, which writes in clear, has gone home."""
    pictures: list[Path] = []
    ines = replace(account, address=Address.parse(INES.address))
    keeper.passwords[ines.address] = demonstration._stage.accounts[INES.local]
    friend = Client([ines], demonstration.profile / "friend.db", keeper)
    try:
        await friend.engine.start()
        await friend.online()
        store = demonstration.profile / "chat.db"
        async with _program(store, (account,), keeper, load_network, WIDE) as (app, pilot):
            await _go_to(app, pilot, "ines", "Message Ines, encrypted")
            await _say(app, pilot, "Is chapter nine done? I tell nobody.")
            await friend.until(lambda: len(friend.bodies(account.address)) > 0, "the question arrives")
            question = friend.history(account.address)[-1]
            await friend.do(React(friend.key(account.address), question.id, ("🤫",)))
            await friend.say(account.address, "Done! The _lighthouse keeper_ did it, with the good plates.")
            await friend.say(account.address, "Tell me what you think: https://drafts.demo.example/chapter-nine.pdf")
            await _until_seen(app, "Tell me what you think")
            await _until_seen(app, "🤫")
            await _say(app, pilot, "I *knew* it was him 🔦")
            await pilot.press("up", "up")
            await pilot.pause()
            pictures.append(_picture(app, directory, "message"))
            await pilot.press("ctrl+l")
            await _until_seen(app, "Fingerprint of this device")
            pictures.append(_picture(app, directory, "devices"))
        async with _program(store, (account,), keeper, load_network, BROAD) as (app, pilot):
            await _go_to(app, pilot, "kitchen", "I bring bread")
            await pilot.press("ctrl+p", *"beside", "enter", *"ines", "enter")
            await _until_seen(app, "I *knew* it was him")
            await _until_seen(app, "Message Ines, encrypted")
            pictures.append(_picture(app, directory, "beside"))
    finally:
        await friend.close()
    return pictures


@asynccontextmanager
async def _program(
    store: Path,
    accounts: Sequence[AccountSettings],
    keeper: MemoryKeeper,
    network: NetworkLoader,
    size: tuple[int, int],
    theme: str = DARK.name,
) -> AsyncIterator[tuple[TuiXmppApp, Pilot[int]]]:
    app = TuiXmppApp(Engine(Store.open(store), accounts, network, keeper), theme=theme)
    async with app.run_test(size=size) as pilot:
        yield app, pilot


async def _go_to(app: TuiXmppApp, pilot: Pilot[int], letters: str, seen: str) -> None:
    await pilot.press("ctrl+k")
    await pilot.press(*letters, "enter")
    await _until_seen(app, seen)


async def _say(app: TuiXmppApp, pilot: Pilot[int], text: str) -> None:
    app.main.conversation.composer.insert(text)
    await pilot.press("enter")


async def _until_seen(app: TuiXmppApp, text: str) -> None:
    await until(lambda: text in _words(app.export_screenshot()), timeout=_PATIENCE, what=f"{text!r} on the screen")


def _words(svg: str) -> str:
    return re.sub(r"<[^>]+>", "", svg).replace("&#160;", " ")


def _picture(app: TuiXmppApp, directory: Path, name: str) -> Path:
    """One SVG, with the fonts of whoever looks at it: Textual would have them fetched from a host."""
    svg = re.sub(r"@font-face\s*{[^}]*}", "", app.export_screenshot(title="tui-xmpp"))
    directory.mkdir(exist_ok=True)
    path = directory / f"{name}.svg"
    path.write_text(svg)
    return path


if __name__ == "__main__":
    for made in asyncio.run(take(Path(sys.argv[1]) if len(sys.argv) > 1 else DIRECTORY)):
        print(made)
