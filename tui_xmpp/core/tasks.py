"""The one place where the engine starts background work."""

import asyncio
import logging
from collections.abc import Callable, Coroutine

log = logging.getLogger(__name__)

Report = Callable[[str, Exception], None]
"""Told the name of a task and what ended it unexpectedly."""


class Tasks:
    """Keeps a reference to every task it starts, and reports what goes wrong in one.

    A bare `asyncio.create_task` may be collected while it runs and hides its exception until then.
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self._running: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[object, object, None], name: str) -> asyncio.Task[None]:
        """Start `work` on the running loop."""
        task = asyncio.get_running_loop().create_task(self._guard(work, name), name=name)
        # Cancelled before its first step, `work` would be left lying about unawaited.
        task.add_done_callback(lambda _task: work.close())
        # On an eager task factory (Python ≥ 3.12) it may be over already.
        if not task.done():
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return task

    async def _guard(self, work: Coroutine[object, object, None], name: str) -> None:
        try:
            await work
        except Exception as error:  # the boundary of every background task
            log.error("The task %s failed", name, exc_info=error)
            self._report(name, error)

    async def close(self) -> None:
        """Cancel what still runs, and wait until it has ended."""
        current = asyncio.current_task()
        running = [task for task in self._running if task is not current]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
