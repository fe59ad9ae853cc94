"""Cards of shared files: their name; what they are, where they lie, how large, and how far they have come."""

from rich.cells import cell_len

from tui_xmpp.model.files import FileState
from tui_xmpp.model.links import SharedFile, linked_files
from tui_xmpp.model.message import Message
from tui_xmpp.ui.history.chips import Parts, clip
from tui_xmpp.ui.history.voices import FilesKnown
from tui_xmpp.ui.words import file_words

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
    return f"{where}, size not told, not fetched" if state is None else f"{where}, {file_words(state)}"


def rows(message: Message, width: int, files: FilesKnown) -> tuple[Parts, ...]:
    """Cards below a text that has links to files among its words, in one row each."""
    found: list[Parts] = []
    for link, shared in linked_files(message.body):
        name = clip(shared.name, max(_MOST_NAME, width // 2))
        room = width - cell_len(MARK + name + _GAP)
        state = files(message, link)
        words = (clip(_GAP + (about(shared, None) if state is None else file_words(state)), room), "quiet")
        found.append(((MARK, "body"), (name, "link"), *((words,) if room > len(_GAP) else ())))
    return tuple(found)
