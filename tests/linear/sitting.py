"""Somebody who sits before the linear mode: enters lines and hears what is said, without a terminal between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

from tests.ui.scene import MARA, Scene, frozen_clock
from tests.waiting import until
from tui_xmpp.linear.app import Linear
from tui_xmpp.linear.line import Hooks
from tui_xmpp.model.address import Address
from tui_xmpp.model.notifying import NotificationSettings
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Route


class Sitting:
    """Implements `linear.line.Line`: `enter` is what the keyboard is, `heard` what the loudspeaker is."""

    def __init__(self) -> None:
        self.hooks = Hooks()
        self.heard: list[str] = []
        self.prompts: list[str] = []
        self._asked: asyncio.Future[str] | None = None

    @property
    def text(self) -> str:
        """Nothing is ever half written."""
        return ""

    def say(self, *lines: str) -> None:
        """Hear lines."""
        self.heard += lines

    async def ask(self, prompt: str, *, text: str = "", secret: bool = False) -> str:
        """Wait for what is entered; what the line begins with stands behind the prompt."""
        self.prompts.append(f"{prompt}{text}")
        self._asked = asyncio.get_running_loop().create_future()
        try:
            return await self._asked
        finally:
            self._asked = None

    def set_prompt(self, prompt: str) -> None:
        """Another prompt."""
        self.prompts.append(prompt)

    def close(self) -> None:
        """Nothing is open."""

    # The person
    async def ready(self) -> None:
        """Wait until a line is asked for."""
        await until(lambda: self._asked is not None and not self._asked.done(), what="a line is asked for")

    async def enter(self, *lines: str) -> list[str]:
        """Enter lines, each as soon as one is asked for; returns what is heard until the next is asked for."""
        await self.ready()
        before = len(self.heard)
        for line in lines:
            await self.ready()
            assert self._asked is not None
            self._asked.set_result(line)
            await asyncio.sleep(0)
        await self.ready()
        return self.heard[before:]

    def end(self, problem: BaseException) -> None:
        """Press Ctrl+C or Ctrl+D."""
        assert self._asked is not None
        self._asked.set_exception(problem)

    async def hears(self, text: str) -> str:
        """Wait until a line with this text is heard; returns it."""
        await until(lambda: any(text in line for line in self.heard), what=f"{text!r} in {self.heard[-20:]}")
        return next(line for line in reversed(self.heard) if text in line)


class Session:
    """The linear mode on the story's store, with somebody before it. A context manager."""

    def __init__(self, scene: Scene, open_at: Address | None, notifications: NotificationSettings) -> None:
        self.scene = scene
        self.person = Sitting()
        self.linear = Linear(
            scene.engine, self.person, open_at=open_at, clock=frozen_clock(), notifications=notifications
        )
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._running = asyncio.ensure_future(self.linear.run())
        await self.person.ready()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.linear.leave()
        assert self._running is not None
        await self._running

    @property
    def ended(self) -> bool:
        """Whether the program has been left."""
        return self._running is not None and self._running.done()

    def receive(self, body: str, sender: Address = MARA, identity: str = "live") -> None:
        """A message comes in by the first account's line."""
        account = self.scene.engine.accounts()[0].address
        phone = sender.with_resource("phone")
        received = MessageReceived(Route.LIVE, phone, phone, account, MessageType.CHAT, identity, body=body)
        self.scene.network.lines[account].receiver.receive(received)


@asynccontextmanager
async def sitting(
    scene: Scene, *, open_at: Address | None = None, notifications: NotificationSettings | None = None
) -> AsyncIterator[Session]:
    """A session that is online inside the block."""
    async with Session(scene, open_at, notifications or NotificationSettings()) as session:
        accounts = len(scene.engine.accounts())
        heard = session.person.heard
        await until(lambda: sum(line.endswith(": connected.") for line in heard) == accounts, what="all are connected")
        yield session
