"""Who may have a store: advisory locks beside it, released by the system when a process dies."""

import fcntl
import os
from pathlib import Path

from tui_xmpp.errors import StorageError, StoreBusy


class _FileLock:
    """Holds a lock on a file until `release`."""

    def __init__(self, path: Path, *, shared: bool) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError:
            self.release()
            raise

    def release(self) -> None:
        """Let another process have it; may be called twice. The file stays, as removing it would race."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


class Lock(_FileLock):
    """One process at a time writes a store: it holds `<store>.lock`."""

    def __init__(self, store: Path) -> None:
        """Take the lock. Raises StoreBusy when another process has it, OSError when it cannot be made."""
        try:
            super().__init__(store.with_name(store.name + ".lock"), shared=False)
        except BlockingIOError as error:
            raise StoreBusy(
                f"tui-xmpp is already running with the store {store}. Use that window, or close it first."
            ) from error


class ReadersLock(_FileLock):
    """Readers share `<store>.readers`; whoever puts another file in the store's place excludes them.

    SQLite finds a log by the store's name: a reader of the old file could take the new one's log for its own.
    """

    def __init__(self, store: Path, *, exclude: bool = False) -> None:
        """Take the lock, together with others unless `exclude`. Raises StorageError, OSError."""
        try:
            super().__init__(store.with_name(store.name + ".readers"), shared=not exclude)
        except BlockingIOError as error:
            raise StorageError(f"The store {store} is in use by another program.") from error
