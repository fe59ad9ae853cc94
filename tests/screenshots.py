"""Makes the pictures of the README from the running program, with the demonstration's server and cast behind it.

usage: python -m tests.screenshots [DIRECTORY]
"""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from tests.waiting import until
from tui_xmpp.core.engine import Engine
from tui_xmpp.core.ports import Network, NetworkLoader
from tui_xmpp.demo import Demonstration
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.passwords import MemoryKeeper
from tui_xmpp.storage.store import Store
from tui_xmpp.ui.app import TuiXmppApp
from tui_xmpp.xmpp.loading import load_network

DIRECTORY = Path(__file__).parents[1] / "screenshots"
WIDE, USUAL, NARROW = (120, 36), (80, 24), (50, 22)

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
        await demonstration.close()
        async with _program(demonstration.profile / "chat.db", (account,), keeper, load_network, NARROW) as (
            app,
            pilot,
        ):
            await _go_to(app, pilot, "kitchen", "I bring bread")
            pictures.append(_picture(app, directory, "narrow"))
        async with _program(demonstration.profile / "new.db", (), keeper, load_network, USUAL) as (app, pilot):
            await _until_seen(app, "Welcome to tui-xmpp")
            pictures.append(_picture(app, directory, "welcome"))
    finally:
        await demonstration.close()
        demonstration.cleanup()
    return tuple(pictures)


@asynccontextmanager
async def _program(
    store: Path,
    accounts: Sequence[AccountSettings],
    keeper: MemoryKeeper,
    network: NetworkLoader,
    size: tuple[int, int],
) -> AsyncIterator[tuple[TuiXmppApp, Pilot[int]]]:
    app = TuiXmppApp(Engine(Store.open(store), accounts, network, keeper))
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
