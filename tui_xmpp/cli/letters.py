"""How `tui-xmpp send` speaks with an open tui-xmpp: one line of JSON with the letter, one with what came of it.

    {"account": "a@x.org", "recipient": "b@x.org", "body": "hi", "to_room": false, "in_clear": false, "patience": 30}
    {"sent": true}   {"sent": false}   {"title": "…", "message": "…", "code": 10}

`sent` is false for what the open program leaves to the other one. The socket is beside the store, whose directory
nobody else can enter; the same process has the socket and the store's lock.
"""

import json
import os
import socket
import struct
from pathlib import Path
from typing import Protocol

from tui_xmpp.cli.exits import Reported
from tui_xmpp.errors import AddressError, NotConfirmed, TuiXmppError
from tui_xmpp.model.address import Address
from tui_xmpp.model.letter import Letter
from tui_xmpp.model.text import BODY_LIMIT

LONGEST_LINE = 8 * BODY_LIMIT
"""Bytes of a line: four for a letter, twice as many for one that is written otherwise, and some for the rest."""
LONGEST_PATIENCE = 24 * 3600.0

_ANSWERS_LATER = 10.0
"""Seconds that the open program may take beyond our patience."""
_WHERE = 100
"""Bytes of a path that fits into every system's address of a socket."""


class Malformed(TuiXmppError):
    """A line that is no letter, or no answer."""

    title = "Not understood"


class Place:
    """Where the socket of a store is; a context manager, since a long path is gone through by an open directory."""

    def __init__(self, store: Path) -> None:
        self.path = store.with_name(store.name + ".socket")
        self._directory = -1

    def __enter__(self) -> str:
        """The address. Raises OSError."""
        if len(os.fsencode(self.path)) <= _WHERE:
            return str(self.path)
        self._directory = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        return f"/proc/self/fd/{self._directory}/{self.path.name}"

    def __exit__(self, *_: object) -> None:
        if self._directory >= 0:
            os.close(self._directory)


class _Peer(Protocol):
    def getsockopt(self, level: int, name: int, size: int, /) -> bytes: ...


def is_ours(peer: _Peer) -> bool:
    """Whether the process at the other end is this user's; only Linux says, elsewhere the directory must do."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    _pid, user, _group = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return bool(user == os.getuid())


def write_letter(letter: Letter, patience: float) -> bytes:
    """Return the line for a letter."""
    return _line(
        account=str(letter.account),
        recipient=str(letter.recipient),
        body=letter.body,
        to_room=letter.is_to_room,
        in_clear=letter.in_clear,
        patience=patience,
    )


def read_letter(line: bytes) -> tuple[Letter, float]:
    """Return what a line asks for, and for how many seconds it will wait. Raises Malformed."""
    match _read(line):
        case {
            "account": str(account),
            "recipient": str(recipient),
            "body": str(body),
            "to_room": bool(to_room),
            "in_clear": bool(in_clear),
            "patience": int() | float() as patience,
        } if 0 < patience <= LONGEST_PATIENCE:
            try:
                return Letter(Address.parse(account), Address.parse(recipient), body, to_room, in_clear), patience
            except AddressError as error:
                raise Malformed(error.message) from error
    raise Malformed("This is no letter.")


def write_outcome(outcome: bool | TuiXmppError, code: int = 0) -> bytes:
    """Return the line that says whether it is sent, or what kept it from that and which exit code that is."""
    if isinstance(outcome, bool):
        return _line(sent=outcome)
    return _line(title=outcome.title, message=outcome.message, code=code)


def read_outcome(line: bytes) -> bool:
    """Return whether it is sent; false: we have to do it. Raises Reported for what went wrong, Malformed."""
    match _read(line):
        case {"sent": bool(sent)}:
            return sent
        case {"title": str(title), "message": str(message), "code": int(code)}:
            raise Reported(message, title=title, code=code)
    raise Malformed("The open tui-xmpp answered something else; it may be of another version.")


def hand_over(store: Path, letter: Letter, patience: float) -> bool:
    """Have an open program with this store send a letter; false: there is none, or it leaves that to us.

    Raises Reported for what went wrong there, NotConfirmed when it ended before it said.
    """
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            with Place(store) as address:
                connection.connect(address)
        except OSError:
            return False
        if not is_ours(connection):
            return False
        connection.settimeout(patience + _ANSWERS_LATER)
        try:
            connection.sendall(write_letter(letter, patience))
            with connection.makefile("rb") as answers:
                line = answers.readline(LONGEST_LINE)
        except OSError:
            line = b""
    if not line:
        raise NotConfirmed("The open tui-xmpp did not say what became of the message.")
    return read_outcome(line)


def _line(**fields: object) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _read(line: bytes) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Malformed("This is no JSON.") from error
