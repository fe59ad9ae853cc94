"""Where a file is to go: from what a person writes to a path that there is."""

import os
from pathlib import Path

from tui_xmpp.errors import TransferFailed
from tui_xmpp.model.text import clean_line


def place_for(text: str, folder: Path, name: str) -> Path:
    """The path that is meant; a folder alone keeps the `name`, and nothing at all is the usual `folder`.

    That one is made if it is not there. Raises TransferFailed, whose message says what is wrong. Blocks.
    """
    try:
        place = folder / Path(text or name).expanduser()
        if place.is_dir():
            place = place / name
        if place.parent == folder:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        shown = clean_line(str(place.parent))
        if not place.parent.is_dir():
            raise TransferFailed(f"There is no folder {shown}.")
        if not os.access(place.parent, os.W_OK | os.X_OK):
            raise TransferFailed(f"You may not write in {shown}.")
    except (OSError, RuntimeError, ValueError) as error:
        raise TransferFailed("That is no place for a file.") from error
    return place
