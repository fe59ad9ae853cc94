"""The store: one SQLite database, read at once on the loop's thread, written by a thread of its own."""

import asyncio
import logging
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from tui_xmpp.errors import StorageError
from tui_xmpp.storage.chats import ChatReader
from tui_xmpp.storage.cipher import Key
from tui_xmpp.storage.contacts import ContactReader
from tui_xmpp.storage.database import Connection, DriverError, connect, explain, is_damage, is_of_the_machine
from tui_xmpp.storage.devices import DeviceReader
from tui_xmpp.storage.lock import Lock, ReadersLock
from tui_xmpp.storage.messages import MessageReader
from tui_xmpp.storage.opening import open_store, open_to_read, suspect
from tui_xmpp.storage.requests import RequestReader
from tui_xmpp.storage.rooms import RoomReader
from tui_xmpp.storage.writer import Writer

if TYPE_CHECKING:
    from tui_xmpp.storage.archives import ArchiveReader
    from tui_xmpp.storage.history import HistoryReader
    from tui_xmpp.storage.keeping import KeepingReader
    from tui_xmpp.storage.outgoing import OutgoingReader
    from tui_xmpp.storage.reading import ReadingReader
    from tui_xmpp.storage.seals import SealReader
    from tui_xmpp.storage.search import SearchReader
    from tui_xmpp.storage.uploads import UploadReader
    from tui_xmpp.storage.writes import Writes

_log = logging.getLogger(__name__)

CLOSE_NOW_SECONDS = 5.0
"""Longest that `close_now` waits for the writer."""

T = TypeVar("T")


class Store:
    """The truth for what is on the screen. Readers see the latest commit; they are used on the loop's thread only."""

    def __init__(
        self,
        reader: Connection,
        writer: Writer | None,
        lock: Lock | ReadersLock | None,
        *,
        moved_aside: Path | None = None,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._lock = lock
        self._closed = False
        self.moved_aside = moved_aside
        """Where a damaged store was moved when this one was begun in its place."""
        self.on_problem: Callable[[Exception], None] | None = None
        """Called on the loop with what went wrong in a work that nobody waits for."""
        self.chats = ChatReader(reader)
        self.messages = MessageReader(reader)
        self.contacts = ContactReader(reader)
        self.rooms = RoomReader(reader)
        self.requests = RequestReader(reader)
        self.devices = DeviceReader(reader)

    @classmethod
    def open(
        cls, path: Path, key: Key | None = None, *, exclusive: bool = True, tell: Callable[[float], None] | None = None
    ) -> "Store":
        """Open the store at `path`, which `key` has encrypted if there is one; create it, or bring it up to date.

        A damaged file is moved aside (`moved_aside`) and a fresh one begun. Not `exclusive`: only to be read, also
        while another process writes it; it has to exist. `tell` hears how much is done, of 1, where an older store
        is brought up to date. Raises StorageError.
        """
        try:
            if not exclusive:
                return cls._open_to_read(path, key)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            return cls._open(path, key, Lock(path), tell)
        except (DriverError, OSError) as error:
            raise explain(error, path) from error

    @classmethod
    def _open_to_read(cls, path: Path, key: Key | None) -> "Store":
        lock = ReadersLock(path) if path.exists() else None
        try:
            return cls(open_to_read(path, key), None, lock)
        except BaseException:
            if lock is not None:
                lock.release()
            raise

    @classmethod
    def _open(cls, path: Path, key: Key | None, lock: Lock, tell: Callable[[float], None] | None) -> "Store":
        try:
            reader, moved_aside = open_store(path, key, tell)
            try:
                writer = Writer(connect(path, key), path)
                reader.run("PRAGMA query_only = ON")
                reader.explained = partial(_unreadable, path)
            except BaseException:
                reader.close()
                raise
        except BaseException:
            lock.release()
            raise
        return cls(reader, writer, lock, moved_aside=moved_aside)

    # What the first picture needs nothing of is made, and its module loaded, when it is first read.

    @cached_property
    def archives(self) -> "ArchiveReader":
        """What the archives have been asked for."""
        from tui_xmpp.storage.archives import ArchiveReader

        return ArchiveReader(self._reader)

    @cached_property
    def search(self) -> "SearchReader":
        """Finding words."""
        from tui_xmpp.storage.search import SearchReader

        return SearchReader(self._reader)

    @cached_property
    def history(self) -> "HistoryReader":
        """Whole chats, for the export."""
        from tui_xmpp.storage.history import HistoryReader

        return HistoryReader(self._reader)

    @cached_property
    def seals(self) -> "SealReader":
        """Encrypted messages that wait to be opened, and our keys."""
        from tui_xmpp.storage.seals import SealReader

        return SealReader(self._reader)

    @cached_property
    def outgoing(self) -> "OutgoingReader":
        """What is still to be sent."""
        from tui_xmpp.storage.outgoing import OutgoingReader

        return OutgoingReader(self._reader)

    @cached_property
    def reading(self) -> "ReadingReader":
        """How far has been read, here and on other devices."""
        from tui_xmpp.storage.reading import ReadingReader

        return ReadingReader(self._reader)

    @cached_property
    def keeping(self) -> "KeepingReader":
        """For how long messages are kept."""
        from tui_xmpp.storage.keeping import KeepingReader

        return KeepingReader(self._reader)

    @cached_property
    def uploads(self) -> "UploadReader":
        """Files that are on their way out."""
        from tui_xmpp.storage.uploads import UploadReader

        return UploadReader(self._reader)

    async def write(self, work: Callable[["Writes"], T]) -> T:
        """Run `work` on the writer's thread in a transaction; returns its result when that is committed.

        An exception takes back what the work wrote, and nothing else, and is raised here; what SQLite refuses, as
        StorageError.
        """
        loop = asyncio.get_running_loop()
        awaited = _Awaited(work, loop)
        self._put(awaited)
        return await awaited.future

    def write_soon(self, work: Callable[["Writes"], T], then: Callable[[T], None] | None = None) -> None:
        """Queue a work without waiting, in order with `write`; `then` gets its result on the loop after the commit.

        What goes wrong is logged and given to `on_problem`.
        """
        self._put(_Unawaited(work, then, self._report, asyncio.get_running_loop()))

    @property
    def losses(self) -> int:
        """How often the disk has kept something from being stored; inside a work it takes in all works before."""
        return 0 if self._writer is None else self._writer.losses

    async def committed(self, known: int = 0) -> None:
        """Return when everything queued before is on disk.

        Raises StorageError when the disk has kept more than the `known` losses from being stored: then what they came
        from must not be acknowledged to the server.
        """
        writer = self._writer
        if writer is not None:
            await self.write(lambda _: writer.check_nothing_lost(known))

    async def close(self) -> None:
        """Finish what is queued, then close. May be called twice."""
        if self._closed:
            return
        self._closed = True
        if self._writer is not None:
            await asyncio.get_running_loop().run_in_executor(None, self._writer.finish)
        self._release()

    def close_now(self) -> None:
        """As `close`, without a loop: for a process that is being killed or has crashed. Blocks for 5 s at most."""
        if self._closed:
            return
        self._closed = True
        if self._writer is not None:
            self._writer.finish(CLOSE_NOW_SECONDS)
        self._release()

    def _release(self) -> None:
        self._reader.close()
        if self._lock is not None:
            self._lock.release()

    def _put(self, work: "_Awaited[T] | _Unawaited[T]") -> None:
        if self._closed:
            raise StorageError("The store is closed.")
        if self._writer is None:
            raise StorageError("The store was opened to be read only.")
        self._writer.put(work)

    def _report(self, error: Exception) -> None:
        _log.error("A write failed", exc_info=error)
        if self.on_problem is not None:
            self.on_problem(error)


class _Result(Generic[T]):
    """What a work returned, once it has run."""

    def __init__(self, work: Callable[["Writes"], T], loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._work = work
        self._results: list[T] = []

    def run(self, writes: "Writes") -> None:
        self._results = [self._work(writes)]


class _Awaited(_Result[T]):
    """A work that somebody awaits."""

    def __init__(self, work: Callable[["Writes"], T], loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(work, loop)
        self.future: asyncio.Future[T] = loop.create_future()

    def settle(self, error: Exception | None) -> None:
        if self.future.done():
            return
        if error is not None:
            self.future.set_exception(error)
        else:
            self.future.set_result(self._results[0])


class _Unawaited(_Result[T]):
    """A work whose result goes to a function, if to anybody."""

    def __init__(
        self,
        work: Callable[["Writes"], T],
        then: Callable[[T], None] | None,
        report: Callable[[Exception], None],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        super().__init__(work, loop)
        self._then = then
        self._report = report

    def settle(self, error: Exception | None) -> None:
        if error is not None:
            self._report(error)
        elif self._then is not None:
            self._then(self._results[0])


def _unreadable(path: Path, error: Exception) -> Exception:
    """Say in people's words what is wrong with the file; the next start looks at all of one that is damaged."""
    if is_damage(error):
        suspect(path)
    return explain(error, path) if is_of_the_machine(error) else error
