"""The app running in a terminal of a chosen size, and reading what stands on it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from tests.ui.scene import KITCHEN, KITCHEN_KEY, Scene
from tests.waiting import until
from tui_xmpp.model.account import AccountStatus
from tui_xmpp.model.address import Address
from tui_xmpp.ui.app import TuiXmppApp
from tui_xmpp.ui.composer import Composer
from tui_xmpp.ui.history.view import HistoryView
from tui_xmpp.ui.main import MainScreen


class Running:
    """An app with its pilot."""

    def __init__(self, app: TuiXmppApp, pilot: Pilot[int], scene: Scene) -> None:
        self.app = app
        self.pilot = pilot
        self.scene = scene

    @property
    def main(self) -> MainScreen:
        """The main screen."""
        return self.app.main

    @property
    def history(self) -> HistoryView:
        """The history of the open chat."""
        return self.main.conversation.history

    @property
    def composer(self) -> Composer:
        """Where one writes."""
        return self.main.conversation.composer

    def focused(self) -> Widget | None:
        """The widget that has the focus."""
        return self.app.focused

    def screen(self) -> Screen[object]:
        """The screen on top."""
        return self.app.screen

    @property
    def lines(self) -> list[str]:
        """What stands on the screen, line by line."""
        return ["".join(segment.text for segment in strip) for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        """What stands on the screen, as one text with single spaces."""
        return " ".join(" ".join(self.lines).split())

    def part(self, widget: Widget) -> str:
        """What stands in a widget's part of the screen, as one text with single spaces."""
        # Cells, not characters: a wide one before the widget takes two of them.
        region = widget.region
        strips = self.app.screen._compositor.render_strips()[region.y : region.bottom]
        rows = [strip.crop(region.x, region.right).text for strip in strips]
        return " ".join(" ".join(rows).split())

    async def press(self, *keys: str) -> None:
        """Press keys one after the other and let the screen settle."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def until(self, predicate: Callable[[], object], what: str = "") -> None:
        """Wait for a condition, then for the screen."""
        await until(predicate, what=what)
        await self.pilot.pause()


@asynccontextmanager
async def running(
    scene: Scene, size: tuple[int, int] = (120, 40), *, open_at: Address | None = KITCHEN, settle: bool = True
) -> AsyncIterator[Running]:
    """Run the app on a scene until its accounts are online and the screen has settled."""
    app = scene.app(open_at=open_at)
    async with app.run_test(size=size) as pilot:
        if settle:
            await settled(app, scene, pilot)
        yield Running(app, pilot, scene)


async def settled(app: TuiXmppApp, scene: Scene, pilot: Pilot[int]) -> None:
    """Wait until the accounts are online, the kitchen is full, and all of it is shown."""
    await until(lambda: all(state.status is AccountStatus.ONLINE for state in scene.engine.accounts()))
    await until(lambda: len(scene.engine.occupants(KITCHEN_KEY)) == 5, what="the kitchen is full")
    await until(lambda: not app.main.conversation.history._asked_older, what="the archive has answered")
    await until(lambda: not app._pending and app.main.chat_list.settled, what="everything is shown")
    await pilot.pause()


async def still(app: TuiXmppApp, pilot: Pilot[int]) -> None:
    """Wait until nothing changes on the screen: the pilot takes a process that gets no time for one with no work."""
    last: list[str] = []

    def is_still() -> bool:
        nonlocal last
        before, last = last, [strip.text for strip in app.screen._compositor.render_strips()]
        return last == before

    await until(is_still, poll=0.05, what="the screen is still")
    await pilot.pause()
