"""One process at a time writes a store: an advisory lock beside it, released by the system when the process dies."""

import fcntl
import os
from pathlib import Path

from tui_xmpp.errors import StorageError


class Lock:
    """Holds `<store>.lock` until `release`."""

    def __init__(self, store: Path) -> None:
        """Take the lock. Raises StorageError when another process has it, OSError when it cannot be made."""
        path = store.with_name(store.name + ".lock")
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._file)
            raise StorageError(
                f"tui-xmpp is already running with the store {store}. Use that window, or close it first.",
                title="Already running",
            ) from error

    def release(self) -> None:
        """Let another process have the store; may be called twice. The file stays, as removing it would race."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
