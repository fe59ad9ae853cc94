"""Files of ours: looked at when they are chosen, and read piece by piece when they go out."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import FileIO
from pathlib import Path
from threading import Lock

from tui_xmpp.errors import FileUnreadable
from tui_xmpp.model.sending import Secrecy
from tui_xmpp.model.text import clean_line
from tui_xmpp.storage.uploads import StoredFile

_PIECE = 128 * 1024
_LONGEST_NAME = 200

_CHANGED = "The file was changed after it was chosen. Retry sends it as it is now."
_EMPTY = "The file is empty."
_NOT_KEPT = "What you pasted is not kept here any more, since your server had it already. Paste it again."


def look(path: str, secrecy: Secrecy) -> StoredFile:
    """What a file is now; blocks. Raises FileUnreadable."""
    try:
        found = Path(path).stat()
        if not stat.S_ISREG(found.st_mode):
            raise FileUnreadable(f"{_shown(path)} is not a file.")
        if not os.access(path, os.R_OK):
            raise PermissionError
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if not found.st_size:
        raise FileUnreadable(_EMPTY)
    name = clean_line(Path(path).name, limit=_LONGEST_NAME) or "file"
    return StoredFile(name, found.st_size, secrecy, path, found.st_mtime_ns)


def pasted(name: str, text: str, secrecy: Secrecy) -> StoredFile:
    """A text as a file. Raises FileUnreadable."""
    text = text.encode(errors="replace").decode()  # a terminal may paste what is no text
    size = len(text.encode())
    if not size:
        raise FileUnreadable(_EMPTY)
    return StoredFile(clean_line(name, limit=_LONGEST_NAME) or "paste.txt", size, secrecy, content=text)


def look_again(file: StoredFile) -> StoredFile:
    """What a file that was chosen is by now; blocks. Raises FileUnreadable."""
    if file.content is not None:
        return file
    if not file.path:
        raise FileUnreadable(_NOT_KEPT)
    return look(file.path, file.secrecy)


def check_unchanged(file: StoredFile) -> None:
    """Raise FileUnreadable where a file is not the one that was chosen; blocks."""
    now = look_again(file)
    if (now.size, now.changed) != (file.size, file.changed):
        raise FileUnreadable(_CHANGED)


@asynccontextmanager
async def opened(file: StoredFile) -> AsyncIterator[AsyncIterator[bytes]]:
    """The bytes of a file, read off the loop. Raises FileUnreadable, also where they change meanwhile."""
    if file.content is not None:
        yield _written(file.content)
        return
    try:
        source = await asyncio.to_thread(_Source, file)
    except OSError as error:
        raise _unreadable(file.path, error) from error
    try:
        yield _read(source, file)
    finally:
        # Not by the end of the pieces: whoever takes them may let go of them in the middle.
        await asyncio.to_thread(source.close)


class _Source:
    """An open file that is not closed under a thread that reads it."""

    def __init__(self, file: StoredFile) -> None:
        """Open it, and look at what was opened: what has its name may be another by now. Raises FileUnreadable."""
        self._file = FileIO(file.path, opener=_open_at_once)
        self._lock = Lock()
        found = os.fstat(self._file.fileno())
        if not stat.S_ISREG(found.st_mode) or (found.st_size, found.st_mtime_ns) != (file.size, file.changed):
            self._file.close()
            raise FileUnreadable(_CHANGED)

    def read(self, most: int) -> bytes:
        with self._lock:
            return self._file.read(most)

    def close(self) -> None:
        with self._lock:
            self._file.close()


def _open_at_once(path: str, flags: int) -> int:
    """Open what may be a pipe, which would be waited for until somebody writes into it."""
    return os.open(path, flags | os.O_NONBLOCK)


async def _written(text: str) -> AsyncIterator[bytes]:
    data = text.encode()
    for start in range(0, len(data), _PIECE):
        yield data[start : start + _PIECE]


async def _read(source: _Source, file: StoredFile) -> AsyncIterator[bytes]:
    left = file.size
    while left:
        try:
            piece = await asyncio.to_thread(source.read, min(_PIECE, left))
        except OSError as error:
            raise _unreadable(file.path, error) from error
        if not piece:
            raise FileUnreadable(_CHANGED)
        left -= len(piece)
        if not left:
            await asyncio.to_thread(check_unchanged, file)
        yield piece


def kind_of(name: str) -> str:
    """The media type that a name's ending stands for."""
    import mimetypes  # which reads the system's list, and is not needed at the start

    guessed, packed = mimetypes.guess_type(name)
    return "application/octet-stream" if guessed is None or packed is not None else guessed


def ending_of(name: str) -> str:
    """A name's ending with its dot, if it is a usual one; all that is told of an encrypted file."""
    ending = Path(name).suffix
    return ending.lower() if ending[1:].isascii() and ending[1:].isalnum() and len(ending) <= 9 else ""


def _unreadable(path: str, error: Exception) -> FileUnreadable:
    name = _shown(path)
    match error:
        case FileUnreadable():
            return error
        case FileNotFoundError() | NotADirectoryError() | ValueError():
            return FileUnreadable(f"There is no file {name}.")
        case PermissionError():
            return FileUnreadable(f"You are not allowed to read {name}.")
        case OSError():
            return FileUnreadable(f"{name} cannot be read: {error.strerror or 'the disk has a problem'}.")
        case _:
            return FileUnreadable(f"{name} cannot be read.")


def _shown(path: str) -> str:
    return clean_line(path, limit=_LONGEST_NAME)
