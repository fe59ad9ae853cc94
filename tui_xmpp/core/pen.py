"""One account's way to write to the store: in stream order, and what comes in one tick of the loop in one go.

Waking the writer's thread costs more than most writes; in a flood a tick brings hundreds.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from tui_xmpp.storage.store import Store
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)

T = TypeVar("T")

Guard = Callable[[Callable[[], None]], None]
"""Calls a function and deals with what it raises."""


class _AnyJob(Protocol):
    def run(self, writes: Writes) -> None: ...
    def tell(self) -> None: ...


class _Job(Generic[T]):
    """A write and who hears of its result."""

    def __init__(self, work: Callable[[Writes], T], then: Callable[[T], None] | None) -> None:
        self._work = work
        self._then = then
        self._results: list[T] = []

    def run(self, writes: Writes) -> None:
        self._results = [self._work(writes)]

    def tell(self) -> None:
        if self._then is not None:
            self._then(self._results[0])


class Pen:
    """Gathers the writes of a tick; `guard` calls whoever hears of a result."""

    def __init__(self, store: Store, guard: Guard) -> None:
        self._store = store
        self._guard = guard
        self._jobs: list[_AnyJob] = []

    def write_soon(self, work: Callable[[Writes], T], then: Callable[[T], None] | None = None) -> None:
        """Queue a write; `then` is called on the loop when it is on disk."""
        if not self._jobs:
            asyncio.get_running_loop().call_soon(self.flush)
        self._jobs.append(_Job(work, then))

    async def write(self, work: Callable[[Writes], T]) -> T:
        """Write after all that is queued; returns when it is on disk. Raises what the work raises."""
        self.flush()
        return await self._store.write(work)

    async def committed(self) -> None:
        """Return when everything queued is on disk. Raises StorageError if something could not be written."""
        self.flush()
        await self._store.committed()

    def flush(self) -> None:
        """Give what is gathered to the store now."""
        jobs, self._jobs = self._jobs, []
        if not jobs:
            return
        loop = asyncio.get_running_loop()

        def run(writes: Writes) -> None:
            try:
                for job in jobs:
                    job.run(writes)
            except Exception:
                # All of them are taken back, so each gets another chance alone; the one at fault fails again.
                if len(jobs) > 1:
                    loop.call_soon_threadsafe(self._one_by_one, jobs)
                raise

        self._store.write_soon(run, lambda _nothing: self._tell(jobs))

    def _one_by_one(self, jobs: list[_AnyJob]) -> None:
        for job in jobs:
            self._jobs.append(job)
            self.flush()

    def _tell(self, jobs: list[_AnyJob]) -> None:
        for job in jobs:
            self._guard(job.tell)
