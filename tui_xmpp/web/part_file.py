"""A file that gets its name when it is whole: until then nobody finds it, and a crash leaves none (SECURITY 23, 35)."""

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from tui_xmpp.errors import TransferFailed
from tui_xmpp.model.file_names import split_ending
from tui_xmpp.model.text import clean_line

_MODE = 0o600
_MOST_ALIKE = 1000
_OPEN_FILES = Path("/proc/self/fd")
_NO_UNNAMED = {errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT}
"""What systems answer that know no unnamed files."""
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_TITLE = "The file was not saved"


class PartFile:
    """Written piece by piece, then kept under its name or discarded. All of it blocks, and raises TransferFailed.

    It is worked on in threads, which go on when nobody waits for them any more: `close` waits for what is under way,
    and nothing is done after it, since the number of the open file may be that of another one by then.
    """

    def __init__(self, folder: Path, *, unnamed: bool = True) -> None:
        """`unnamed`: without any name until it is kept, where the system knows that; else as a hidden `.part`."""
        self._folder = folder
        self._unnamed = unnamed
        self._hidden: Path | None = None
        self._file: int | None = None
        self._lock = Lock()
        self._closed = False

    def begin(self, size: int | None) -> None:
        """Begin it in its folder, if that has room for `size` bytes, where they are known."""
        with self._working():
            if size is not None and shutil.disk_usage(self._folder).free < size:
                raise OSError(errno.ENOSPC, "no room")
            self._file = self._open_unnamed() if self._unnamed else self._open_hidden()

    @contextmanager
    def _working(self) -> Iterator[None]:
        """Keep `close` away meanwhile. Raises TransferFailed for what the system does not let one do."""
        with self._lock:
            try:
                self._check_open()
                yield
            except OSError as error:
                raise in_words(error, self._folder) from error

    def _check_open(self) -> None:
        if self._closed:
            raise TransferFailed("It was stopped.", title=_TITLE)

    @property
    def _descriptor(self) -> int:
        if self._file is None:
            raise OSError(errno.EBADF, "not begun")
        return self._file

    def _open_unnamed(self) -> int:
        flag: int = getattr(os, "O_TMPFILE", 0)
        if flag and _OPEN_FILES.is_dir():
            try:
                return os.open(self._folder, flag | os.O_RDWR | os.O_CLOEXEC, _MODE)
            except OSError as error:
                if error.errno not in _NO_UNNAMED:
                    raise
        return self._open_hidden()

    def _open_hidden(self) -> int:
        self._hidden = self._folder / f".tui-xmpp-{secrets.token_hex(8)}.part"
        return os.open(self._hidden, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, _MODE)

    def write(self, piece: bytes) -> None:
        """Add to its end."""
        with self._working():
            left = memoryview(piece)
            while left:
                left = left[os.write(self._descriptor, left) :]

    def keep(self, name: str) -> Path:
        """Give it the name, or `name (2)` where that is taken: nothing is ever overwritten. Returns where it is."""
        stem, ending = split_ending(name)
        with self._working():
            os.fsync(self._descriptor)
            self._check_open()  # that may have taken a while
            for number in range(1, _MOST_ALIKE):
                place = self._folder / (name if number == 1 else f"{stem} ({number}){ending}")
                try:
                    self._link(place)
                except FileExistsError:
                    continue
                return place
            raise OSError(errno.EEXIST, "taken")

    def _link(self, place: Path) -> None:
        """Make it appear as `place`, which must not be there."""
        if self._hidden is None:
            folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                # With a folder given, Python calls linkat, which follows the symbolic link to what is open.
                os.link(_OPEN_FILES / str(self._descriptor), place.name, dst_dir_fd=folder, follow_symlinks=True)
            finally:
                os.close(folder)
            return
        try:
            os.link(self._hidden, place)
        except OSError as error:
            if error.errno not in {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}:
                raise
            # A file system that knows no second names, such as that of memory cards: hold the name, then move.
            os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, _MODE))
            self._hidden.replace(place)
            self._hidden = None

    def close(self) -> None:
        """Let go of it; what was not kept is gone. Safe to call at any time, also from another thread."""
        self._closed = True
        with self._lock:
            if self._file is not None:
                os.close(self._file)
                self._file = None
            if self._hidden is not None:
                self._hidden.unlink(missing_ok=True)
                self._hidden = None


def in_words(error: OSError, folder: Path) -> TransferFailed:
    """Why a file cannot be written there, for people."""
    shown, title = clean_line(str(folder)), _TITLE
    if error.errno in _FULL:
        return TransferFailed(f"There is no room for it left on the disk of {shown}.", title=title)
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return TransferFailed(f"There is no folder {shown}.", title=title)
    if error.errno in _FORBIDDEN:
        return TransferFailed(f"You may not write in {shown}.", title=title)
    if error.errno == errno.ENAMETOOLONG:
        return TransferFailed("The name is too long.", title=title)
    if error.errno == errno.EEXIST:
        return TransferFailed("There are too many files of that name.", title=title)
    return TransferFailed(
        f"It cannot be written in {shown}: {(error.strerror or 'unknown error').lower()}.", title=title
    )
