"""One account's way to write to the store: in stream order, and what comes in one tick of the loop in one go.

Waking the writer's thread costs more than most writes; in a flood a tick brings hundreds.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Generic, Protocol, TypeVar

from tui_xmpp.storage.store import Store
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)

S = TypeVar("S")
T = TypeVar("T")

Guard = Callable[[Callable[[], None]], None]
"""Calls a function and deals with what it raises."""


class _AnyJob(Protocol):
    def run(self, writes: Writes) -> None: ...
    def tells(self) -> Iterable[Callable[[], None]]: ...
    def parts(self) -> Sequence["_AnyJob"]: ...


class _Job(Generic[T]):
    """A write and who hears of its result."""

    def __init__(self, work: Callable[[Writes], T], then: Callable[[T], None] | None) -> None:
        self._work = work
        self._then = then
        self._results: list[T] = []

    def run(self, writes: Writes) -> None:
        self._results = [self._work(writes)]

    def tells(self) -> Iterable[Callable[[], None]]:
        return () if self._then is None else (partial(self._then, self._results[0]),)

    def parts(self) -> Sequence[_AnyJob]:
        return (self,)


class _Together(Generic[S, T]):
    """Many of a kind that are written in one go, each with who hears of its result."""

    def __init__(self, work: Callable[[Writes, Sequence[S]], Sequence[T]]) -> None:
        self.work = work
        self.ones: list[S] = []
        self.thens: list[Callable[[T], None]] = []
        self._results: Sequence[T] = ()

    def add(self, one: S, then: Callable[[T], None]) -> None:
        self.ones.append(one)
        self.thens.append(then)

    def run(self, writes: Writes) -> None:
        self._results = self.work(writes, self.ones)

    def tells(self) -> Iterable[Callable[[], None]]:
        return [partial(then, result) for then, result in zip(self.thens, self._results, strict=True)]

    def parts(self) -> Sequence[_AnyJob]:
        parts = []
        for one, then in zip(self.ones, self.thens, strict=True):
            part = _Together(self.work)
            part.add(one, then)
            parts.append(part)
        return parts


class Pen:
    """Gathers the writes of a tick; `guard` calls whoever hears of a result."""

    def __init__(self, store: Store, guard: Guard) -> None:
        self._store = store
        self._guard = guard
        self._jobs: list[_AnyJob] = []
        self._known = store.losses
        """Losses from before this stream began."""

    def write_soon(self, work: Callable[[Writes], T], then: Callable[[T], None] | None = None) -> None:
        """Queue a write; `then` is called on the loop when it is on disk."""
        if not self._jobs:
            asyncio.get_running_loop().call_soon(self.flush)
        self._jobs.append(_Job(work, then))

    def write_together(
        self, work: Callable[[Writes, Sequence[S]], Sequence[T]], one: S, then: Callable[[T], None]
    ) -> None:
        """Queue one of many that `work` writes in one go, if nothing else is queued between them."""
        if not self._jobs:
            asyncio.get_running_loop().call_soon(self.flush)
        last = self._jobs[-1] if self._jobs else None
        if not (isinstance(last, _Together) and last.work is work):
            last = _Together(work)
            self._jobs.append(last)
        last.add(one, then)

    async def write(self, work: Callable[[Writes], T]) -> T:
        """Write after all that is queued; returns when it is on disk. Raises what the work raises."""
        self.flush()
        return await self._store.write(work)

    def stream_begun(self) -> None:
        """What could not be written before has nothing to do with what comes from now on."""
        self._known = self._store.losses

    async def committed(self) -> None:
        """Return when everything queued is on disk. Raises StorageError if it kept anything out on this stream."""
        self.flush()
        await self._store.committed(self._known)

    def if_whole(self, work: Callable[[Writes], None]) -> Callable[[Writes], None]:
        """A work that is only done if all that came on this stream before is on disk."""
        known = self._known

        def do(writes: Writes) -> None:
            if self._store.losses == known:
                work(writes)

        return do

    async def settled(self) -> None:
        """Return when everything queued was written or has failed, and whoever hears of its result has heard."""
        await self.write(lambda _writes: None)

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
                parts = [part for job in jobs for part in job.parts()]
                if len(parts) > 1:
                    loop.call_soon_threadsafe(self._one_by_one, parts)
                raise

        self._store.write_soon(run, lambda _nothing: self._tell(jobs))

    def _one_by_one(self, jobs: list[_AnyJob]) -> None:
        for job in jobs:
            self._jobs.append(job)
            self.flush()

    def _tell(self, jobs: list[_AnyJob]) -> None:
        for job in jobs:
            for tell in job.tells():
                self._guard(tell)
