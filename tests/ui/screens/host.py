"""A bare app around one dialog, and ways to read what is on its screen."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from tui_xmpp.ui.keymap import Keyed
from tui_xmpp.ui.screens.wishes import ChatWanted
from tui_xmpp.ui.themes import DARK, DEFAULTS

T = TypeVar("T")


class Host(App[None], Keyed, Generic[T]):
    """Opens one screen and keeps what it gives back."""

    def __init__(self, make: Callable[[], Screen[T]], keymap: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._make = make
        self.keymap = keymap or {}
        self.set_keymap(self.keymap)
        self.result: T | None = None
        self.closed = False
        self.quits = 0
        self.wishes: list[ChatWanted] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own colour names, which the screen may use before the theme is there."""
        return DEFAULTS

    def on_mount(self) -> None:
        """Open the screen."""
        self.register_theme(DARK)
        self.theme = DARK.name
        self.push_screen(self._make(), self._take)

    def _take(self, result: T | None) -> None:
        self.result = result
        self.closed = True

    async def action_quit(self) -> None:
        """Note that the person wants to leave."""
        self.quits += 1

    def on_chat_wanted(self, event: ChatWanted) -> None:
        """Note the chat that is to be shown."""
        self.wishes.append(event)

    @property
    def lines(self) -> list[str]:
        """What stands on the screen, line by line."""
        return ["".join(segment.text for segment in strip) for strip in self.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        """What stands on the screen, as one text with single spaces."""
        return " ".join(" ".join(self.lines).split())


@asynccontextmanager
async def showing(
    make: Callable[[], Screen[T]], size: tuple[int, int] = (80, 24), keymap: Mapping[str, str] | None = None
) -> AsyncIterator[tuple[Host[T], Pilot[None]]]:
    """Run the app with the screen open."""
    app = Host(make, keymap)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot
