"""Files that lie on a web server: what is trusted there, what is known of one, and how far it has come."""

from dataclasses import field
from enum import StrEnum
from pathlib import Path

from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.frozen import frozen


@frozen
class Trust:
    """What an account trusts of web servers: a private network and an authority of its own at its own server only."""

    domain: str = ""
    """The account's domain; what is below it is the same server's, too."""
    hosts: frozenset[str] = frozenset()
    """Other hosts that the account itself says are its server's."""
    ca_file: Path | None = None
    """The account's authority, trusted in place of the system's at its own server."""
    named: frozenset[str] = frozenset()
    """Hosts that its server says are its own, which gives it no way into a network that it is not in."""
    peer: str = ""
    """The network address at which the account's server was reached last; empty: it was not yet."""

    def owns(self, host: str) -> bool:
        """Whether a host is the account's own server's."""
        return self.vouches(host) or host.lower().rstrip(".") in self.named

    def vouches(self, host: str) -> bool:
        """Whether a host is that server's whoever says so, wherever it is."""
        host, domain = host.lower().rstrip("."), self.domain.lower()
        return bool(host) and (host in self.hosts or host == domain or (bool(domain) and host.endswith(f".{domain}")))


@frozen
class FileFacts:
    """What can be said of a file before anybody was asked for it."""

    name: str
    """As it would be saved: no path, nothing that harms (SECURITY 23)."""
    host: str
    encrypted: bool
    foreign: bool
    """Fetching it tells somebody who is no contact at which network address one is (SECURITY 24, 27)."""
    link: str = field(repr=False)


MOST_UNTOLD = 2**30
"""Most bytes that are taken of a file whose server did not tell its size before."""


class Stage(StrEnum):
    """How far a file has come."""

    COMING = "coming"
    SAVED = "saved"
    FAILED = "failed"


@frozen
class FileState:
    """What became of a file that was asked for while the program ran."""

    stage: Stage
    received: int = 0
    """Bytes of the file itself that are here."""
    size: int | None = None
    """As its server told."""
    place: Path | None = None
    """Where it was saved."""
    problem: str = ""
    """Why it was not, in a sentence."""


@frozen
class SaveFile:
    """Fetch a file that a message links to and save it; fulfilled when it is there, whole and genuine."""

    key: ChatKey
    message_id: int
    link: str = field(repr=False)
    place: Path
    """Folder and name; where that is taken, the name gets a number."""
    most: int
    """Most bytes that may come."""


@frozen
class StopFile:
    """Stop fetching a file; nothing of it is kept."""

    key: ChatKey
    message_id: int
    link: str = field(repr=False)
