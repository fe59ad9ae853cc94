"""Where an export goes: whole files or none, for their owner only, never over what is there (SECURITY 23, 28)."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from tui_xmpp.errors import TuiXmppError


class CannotWrite(TuiXmppError):
    """The place of an export cannot be used; the message says why and what helps."""

    title = "Not exported"


@contextmanager
def writing(path: Path, *, force: bool = False) -> Iterator[TextIO]:
    """A file to write text to, which stands at `path` once all is written, and not at all if anything goes wrong.

    What is there is replaced only with `force`, and only if it is a plain file. A pipe or a device is written to as it
    is. Raises CannotWrite.
    """
    try:
        if _is_stream(path):
            with path.open("w", encoding="utf-8", newline="\n") as stream:
                yield stream
            return
        check_free(path, force=force)
        with _whole(path, force=force) as stream:
            yield stream
    except OSError as error:
        raise cannot_write(str(path), error) from error


def check_free(path: Path, *, force: bool = False) -> None:
    """Raise CannotWrite if something stands at `path` that may not be replaced."""
    if not os.path.lexists(path):
        return
    if path.is_symlink() or not path.is_file():
        raise CannotWrite(f"{path} is there already, and is no plain file.")
    if not force:
        raise CannotWrite(f"{path} is there already. --force replaces it.")


def private_folder(path: Path) -> Path:
    """Make sure of a directory; one that is made is for its owner only. Raises CannotWrite."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError as error:
        raise CannotWrite(f"{path} is a file; several chats need a directory.") from error
    except OSError as error:
        raise cannot_write(str(path), error) from error
    return path


def cannot_write(what: str, error: OSError) -> CannotWrite:
    """Say in people's words what an error of the system means."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return CannotWrite(f"The disk is full: {what} could not be written.")
    return CannotWrite(f"{what} cannot be written: {error.strerror or error}.")


def _is_stream(path: Path) -> bool:
    return path.is_fifo() or path.is_char_device()


@contextmanager
def _whole(path: Path, *, force: bool) -> Iterator[TextIO]:
    part = path.with_name(f".tui-xmpp-{secrets.token_hex(8)}.part")
    try:
        with os.fdopen(_new(part), "w", encoding="utf-8", newline="\n") as stream:
            yield stream
        if not force:
            os.close(_new(path))  # the name is taken first: somebody else may have come to it meanwhile
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _new(path: Path) -> int:
    """The descriptor of a file that nobody had before."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
