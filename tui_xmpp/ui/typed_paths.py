"""Paths as people type, paste and drop them, and how one that is begun may go on.

A terminal into which a file is dropped pastes its path: in quotes, with backslashes before what a shell would take
apart, or as a `file:` address; and mostly with a space behind it. What looks at the disk blocks.
"""

from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tui_xmpp.model.text import clean

_LONGEST = 4_096
_MOST_LOOKED_AT = 5_000
"""Entries of a folder among which one that is begun is looked for."""


def named(text: str) -> str:
    """The absolute path that a text means: as it stands if there is such a file, else without what protects it."""
    text = text.strip()
    literal = _absolute(text)
    if not text or _exists(literal):
        return literal
    for other in _readings(text):
        if _exists(_absolute(other)):
            return _absolute(other)
    return literal


def dropped(text: str) -> str:
    """The path of the file that was dropped into the terminal, if that is what a pasted text is; else empty."""
    path = named(text) if may_be_dropped(text) else ""
    return "" if size_of(path) is None else path


def may_be_dropped(text: str) -> bool:
    """Whether a pasted text has the form of a path that was dropped, wherever that leads."""
    text = text.strip()
    return text.startswith(("/", "~/", "'/", '"/', "file:///")) and "\n" not in text and len(text) < _LONGEST


def size_of(path: str) -> int | None:
    """How many bytes a file has; None: it is none, or cannot be looked at."""
    try:
        return Path(path).stat().st_size if path and Path(path).is_file() else None
    except (OSError, ValueError):
        return None


def going_on(begun: str, most: int) -> list[str]:
    """How a path may go on, as one writes it: folders end in a slash, hidden ones only where a full stop begins."""
    begun = begun.lstrip()
    head, slash, name = begun.rpartition("/")
    folder = _absolute(f"{head}{slash}" or ".")
    found: list[str] = []
    try:
        for count, entry in enumerate(Path(folder).iterdir()):
            if count >= _MOST_LOOKED_AT:
                break
            is_hidden = entry.name.startswith(".") and not name.startswith(".")
            if entry.name.startswith(name) and not is_hidden and clean(entry.name) == entry.name:
                found.append(f"{head}{slash}{entry.name}{'/' if entry.is_dir() else ''}")
    except (OSError, ValueError):
        return []
    return sorted(found, key=lambda path: (path.casefold(), path))[:most]


def last_part(path: str) -> str:
    """The name that a path ends in, of a folder with its slash."""
    return path[path.rstrip("/").rfind("/") + 1 :]


def common(paths: list[str]) -> str:
    """How far all of these are the same."""
    if not paths:
        return ""
    first, last = min(paths), max(paths)
    length = next((index for index, letter in enumerate(first) if not last.startswith(letter, index)), len(first))
    return first[:length]


def _readings(text: str) -> list[str]:
    import shlex

    readings: list[str] = []
    if text.startswith("file://"):
        with suppress(ValueError):
            parts = urlsplit(text)
            if parts.hostname in {None, "", "localhost"}:
                readings.append(unquote(parts.path))
    with suppress(ValueError):
        words = shlex.split(text)
        if len(words) == 1:
            readings.append(words[0])
    return readings


def _absolute(text: str) -> str:
    try:
        return str(Path(text).expanduser().absolute())
    except (OSError, RuntimeError, ValueError):  # there is no such person, or no home
        return text


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False
