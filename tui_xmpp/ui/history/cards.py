"""Cards of shared files: their name; what they are, where they lie, how large, and how far they have come."""

from pathlib import Path

from rich.cells import cell_len

from tui_xmpp.model.files import FileState, Stage
from tui_xmpp.model.links import SharedFile, linked_files
from tui_xmpp.model.message import Message
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.history.chips import Parts, clip
from tui_xmpp.ui.history.voices import FilesKnown
from tui_xmpp.ui.words import size_words

MARK = "▤ "
_GAP = "  "
_MOST_NAME = 20
"""Least cells of a file's name, in one row with all else."""


def card(shared: SharedFile, state: FileState | None) -> str:
    """Two lines, for a message that is nothing but the file."""
    return f"{MARK}{shared.name}\n{about(shared, state)}"


def about(shared: SharedFile, state: FileState | None) -> str:
    """What it is and where it lies, and what became of it."""
    what = "picture" if shared.picture else "file"
    kind = f"encrypted {what}" if shared.encrypted else what
    where = f"{kind} on {shared.host}"
    return f"{where}, size not told, not fetched" if state is None else f"{where}, {progress(state)}"


def progress(state: FileState) -> str:
    """How far a file has come."""
    match state.stage:
        case Stage.SAVED:
            return f"saved as {place_words(state.place or Path())}"
        case Stage.FAILED:
            return f"not saved: {state.problem}"
        case Stage.COMING if state.size:
            return f"fetching, {state.received * 100 // state.size} % of {size_words(state.size)}"
        case Stage.COMING:
            return f"fetching, {size_words(state.received)} so far" if state.received else "fetching…"


def place_words(place: Path) -> str:
    """A path as people write it, with ~ for their home."""
    home = Path.home()
    shown = Path("~", place.relative_to(home)) if place.is_relative_to(home) else place
    return clean_line(str(shown))


def rows(message: Message, width: int, files: FilesKnown) -> tuple[Parts, ...]:
    """Cards below a text that has links to files among its words, in one row each."""
    found: list[Parts] = []
    for link, shared in linked_files(message.body):
        name = clip(shared.name, max(_MOST_NAME, width // 2))
        room = width - cell_len(MARK + name + _GAP)
        state = files(message, link)
        words = (clip(_GAP + (about(shared, None) if state is None else progress(state)), room), "quiet")
        found.append(((MARK, "body"), (name, "link"), *((words,) if room > len(_GAP) else ())))
    return tuple(found)
