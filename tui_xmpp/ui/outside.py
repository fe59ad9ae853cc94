"""Writing a text in the person's own editor: $VISUAL or $EDITOR, on the terminal that the program hands over."""

import asyncio
import os
import shlex
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tui_xmpp.errors import TuiXmppError

_USUAL = ("sensible-editor", "nano", "vi")
_MEMORY = Path("/dev/shm")  # noqa: S108 - Linux's file system in memory; what is made in it is for its owner only
_MOST = 1024 * 1024
"""Bytes of a file that is taken for a message."""


class EditorFailed(TuiXmppError):
    """The editor could not be run, or gave nothing back."""

    title = "The editor"


def editor(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The words of the command. Raises EditorFailed where there is no editor."""
    wanted = environment.get("VISUAL") or environment.get("EDITOR")
    try:
        words = shlex.split(wanted) if wanted else [name for name in _USUAL if shutil.which(name)][:1]
    except ValueError as error:
        raise EditorFailed("$EDITOR has quotes that do not end.") from error
    if not words:
        raise EditorFailed("There is none: $EDITOR in the environment says which one to use.")
    if shutil.which(words[0]) is None:
        raise EditorFailed("There is no program of the name that $EDITOR says.")
    return words


def folder_for_drafts(environment: Mapping[str, str] = os.environ, memory: Path = _MEMORY) -> str | None:
    """Where the file to edit is made: in memory where there is such a place, so that a crash leaves none on the disk.

    None: where the system has its temporary files.
    """
    runtime = environment.get("XDG_RUNTIME_DIR", "")
    for place in (Path(runtime) if runtime.startswith("/") else None, memory):
        if place is not None and place.is_dir() and os.access(place, os.W_OK | os.X_OK):
            return str(place)
    return None


async def edit(command: list[str], text: str) -> str:
    """Have the text edited; the file is only for its owner, and gone afterwards. Raises EditorFailed."""
    with tempfile.TemporaryDirectory(prefix="tui-xmpp-", dir=folder_for_drafts()) as folder:
        file = Path(folder) / "message.txt"
        file.write_text(text, encoding="utf-8")
        try:
            process = await asyncio.create_subprocess_exec(*command, str(file))
            code = await process.wait()
        except OSError as error:
            raise EditorFailed(f"It could not be run: {error.strerror}.") from error
        if code:
            raise EditorFailed("It ended with an error; the message is as it was.")
        try:
            with file.open("rb") as written:
                return written.read(_MOST).decode(errors="replace").removesuffix("\n")
        except OSError as error:
            raise EditorFailed("It left no file; the message is as it was.") from error
