"""What has to be done once on a new stream, or after entering a room, and is not done until it has succeeded."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from tui_xmpp.core.tasks import Tasks
from tui_xmpp.errors import Unavailable

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]


class Chores:
    """Work under which the line may be lost: then it is begun again when the stream is resumed."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks
        self._work: dict[str, Work] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._resumptions = 0

    @property
    def busy(self) -> bool:
        """Whether anything is being done now."""
        return bool(self._running)

    def do(self, name: str, work: Work) -> None:
        """Begin a chore, in place of one of that name that may be under way."""
        self._stop(name)
        self._work[name] = work
        self._start(name)

    def again(self) -> None:
        """The stream was resumed: begin again what was interrupted, or is about to notice that it was."""
        self._resumptions += 1
        for name in tuple(self._work):
            task = self._running.get(name)
            if task is None or task.done():
                self._start(name)

    def forget(self, name: str | None = None) -> None:
        """One chore, or all of them, need not be done any more."""
        for each in tuple(self._work) if name is None else (name,):
            self._stop(each)
            self._work.pop(each, None)

    def _start(self, name: str) -> None:
        task = self._tasks.spawn(self._do(name, self._work[name]), name)
        if not task.done():
            self._running[name] = task
            task.add_done_callback(lambda over: self._over(name, over))

    def _stop(self, name: str) -> None:
        task = self._running.pop(name, None)
        if task is not None:
            task.cancel()

    def _over(self, name: str, task: asyncio.Task[None]) -> None:
        if self._running.get(name) is task:
            del self._running[name]

    async def _do(self, name: str, work: Work) -> None:
        while True:
            resumptions = self._resumptions
            try:
                await work()
            except Unavailable as error:
                log.info("The line was lost during “%s”: %s", name, error.message)
                if resumptions == self._resumptions:
                    return
            else:
                break
        if self._work.get(name) is work:
            del self._work[name]
