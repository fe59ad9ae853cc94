"""The one thread that writes: it takes what is queued, commits it in groups, and tells the loop afterwards.

Each work runs inside a savepoint of the group's transaction, so that one that fails takes back only itself. Nobody
hears of a result before it is committed.
"""

import asyncio
import logging
import queue
import threading
import time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tui_xmpp.errors import StorageError
from tui_xmpp.storage.database import Connection, DriverError, explain, is_damage, is_of_the_machine
from tui_xmpp.storage.opening import suspect

if TYPE_CHECKING:
    from tui_xmpp.storage.writes import Writes

_log = logging.getLogger(__name__)

GROUP_SECONDS = 0.05
"""Longest that works are taken into one transaction; then those in it are committed."""


class Work(Protocol):
    """One queued work."""

    loop: asyncio.AbstractEventLoop

    def run(self, writes: "Writes") -> None:
        """Do the work inside the transaction, and keep its result."""

    def settle(self, error: Exception | None) -> None:
        """Called on the loop after the commit, or with what went wrong."""


class _Aborted(Exception):
    """SQLite has ended the group's transaction by itself (disk full, damage)."""


class Writer:
    """Owns the writing connection; `put` may be called from any thread."""

    def __init__(self, connection: Connection, path: Path) -> None:
        self._db = connection
        self._path = path
        self._queue: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._main, name="store-writer", daemon=True)
        self.losses = 0
        """How often the disk kept something from being stored."""
        self._lost: StorageError | None = None
        """What it said the last time."""
        self._thread.start()

    @cached_property
    def _writes(self) -> "Writes":
        """Loaded on the writer's thread, with the first work: the screen is painted before there is any."""
        from tui_xmpp.storage.writes import Writes

        return Writes(self._db)

    def put(self, work: Work) -> None:
        """Queue a work; works are done in the order in which they come."""
        self._queue.put(work)

    def check_nothing_lost(self, known: int) -> None:
        """For use inside a work: raise if the disk has kept more than the `known` losses from being stored."""
        if self.losses > known and self._lost is not None:
            raise self._lost

    def _lose(self, error: StorageError) -> None:
        self._lost = error
        self.losses += 1

    def finish(self, timeout: float | None = None) -> None:
        """Do what is queued, move the log into the database, close, and wait for that. Blocks."""
        self._queue.put(None)
        self._thread.join(timeout)

    def _main(self) -> None:
        going_on = True
        while going_on:
            group, going_on = self._next_group()
            if group:
                self._commit(group)
        try:
            self._db.text("PRAGMA wal_checkpoint(TRUNCATE)")
        except DriverError:
            _log.warning("The store's log could not be moved into the database", exc_info=True)
        self._db.close()

    def _next_group(self) -> tuple[list[tuple[Work, Exception | None]], bool]:
        """Wait for a work, then run it and what else is queued in one transaction; False: it was the last group."""
        work = self._queue.get()
        group: list[tuple[Work, Exception | None]] = []
        if work is None:
            return group, False
        deadline = time.monotonic() + GROUP_SECONDS
        try:
            self._db.run("BEGIN IMMEDIATE")
            while work is not None:
                group.append((work, self._run(work)))
                if time.monotonic() > deadline or self._queue.empty():
                    break
                work = self._queue.get()
        except (DriverError, _Aborted) as error:
            self._fail([*(member for member, _ in group), *([work] if work else [])], error)
            return [], True
        return group, work is not None

    def _run(self, work: Work) -> Exception | None:
        self._db.run("SAVEPOINT work")
        self._db.ids = {}
        try:
            work.run(self._writes)
        except Exception as error:
            if not self._db.in_transaction:
                raise _Aborted from error
            self._db.run("ROLLBACK TO work")
            self._db.run("RELEASE work")
            if is_of_the_machine(error):
                self._lose(explain(error, self._path))
            return self._explained(error)
        self._db.run("RELEASE work")
        return None

    def _commit(self, group: list[tuple[Work, Exception | None]]) -> None:
        try:
            self._db.run("COMMIT")
        except DriverError as error:
            self._fail([work for work, _ in group], error)
            return
        _settle(group)

    def _fail(self, works: list[Work], error: Exception) -> None:
        """None of these works is stored."""
        _log.error("A group of %d writes could not be committed", len(works), exc_info=error)
        cause = error.__cause__ if isinstance(error, _Aborted) and isinstance(error.__cause__, Exception) else error
        explained = self._explained(cause)
        lost = explained if isinstance(explained, StorageError) else explain(cause, self._path)
        self._lose(lost)
        if self._db.in_transaction:
            try:
                self._db.run("ROLLBACK")
            except DriverError:
                _log.exception("The failed group could not be taken back")
        _settle([(work, lost) for work in works])

    def _explained(self, error: Exception) -> Exception:
        """Errors of the driver in people's words; those of a work itself stay what they are."""
        if not isinstance(error, DriverError):
            return error
        if is_damage(error):
            suspect(self._path)
        explained = explain(error, self._path)
        explained.__cause__ = error
        return explained


def _settle(group: list[tuple[Work, Exception | None]]) -> None:
    """Tell the loop, with one call for the whole group."""

    def settle() -> None:
        for work, error in group:
            work.settle(error)

    loop = group[0][0].loop
    try:
        loop.call_soon_threadsafe(settle)
    except RuntimeError:
        _log.debug("%d writes were done after the loop had been closed", len(group))
