"""Opening links and files with the desktop's own program, and no shell (SECURITY 24)."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from tui_xmpp.errors import AddressError
from tui_xmpp.model.address import Address
from tui_xmpp.model.file_names import HEAD, may_act
from tui_xmpp.model.links import found_links

_OUTSIDE = ("https:", "http:", "mailto:", "geo:")
"""Schemes that are handed to another program; `aesgcm` would give the key of a file to the browser."""


def links_of(text: str) -> tuple[str, ...]:
    """The links of a text, each once, in its order."""
    return tuple(dict.fromkeys(text[start:end] for start, end in found_links(text)))


def opener(environment: Mapping[str, str] = os.environ, system: str = sys.platform) -> str | None:
    """The program that opens links; None where there is no screen for it to open them on."""
    if system == "darwin":
        return shutil.which("open")
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        return None
    return shutil.which("xdg-open")


def may_leave(link: str) -> bool:
    """Whether a link may be given to another program."""
    return link.lower().startswith(_OUTSIDE)


def open_outside(program: str, link: str) -> bool:
    """Have a link opened; whether the program could be started. It hears and says nothing on our terminal."""
    return may_leave(link) and _start(program, link)


def open_file(program: str, place: Path) -> bool:
    """Have a file opened that is on this computer, the same way."""
    return _start(program, str(place.absolute()))


def does_something(place: Path) -> bool:
    """Whether a file is one to ask about before it is opened (SECURITY 23); one that cannot be read is. Blocks."""
    try:
        with place.open("rb") as file:
            return may_act(place.name, file.read(HEAD), place.stat().st_mode)
    except OSError:
        return True


def _start(program: str, what: str) -> bool:
    nothing = subprocess.DEVNULL
    try:
        process = subprocess.Popen(
            (program, what), stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
        )
    except OSError:
        return False
    # Some openers end at once, others with what they opened; either is taken leave of when it does.
    threading.Thread(target=process.wait, name="opener", daemon=True).start()
    return True


def address_in(link: str) -> tuple[Address, bool] | None:
    """The bare address of an `xmpp:` link, and whether it is said to be a room (XEP-0147); None: it is no such link."""
    scheme, _, rest = link.partition(":")
    where, _, query = rest.removeprefix("//").partition("?")
    try:
        address = Address.parse(unquote(where)).bare
    except AddressError:
        return None
    return (address, query.partition(";")[0].lower() == "join") if scheme.lower() == "xmpp" and address.local else None
