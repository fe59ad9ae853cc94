"""Files that lie on a web server: whom to trust there, and what is known of one."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Trust:
    """What an account trusts at a web server."""

    own: bool = False
    """The server is that of the account: it may be in a network of our own, and `ca_file` counts."""
    ca_file: Path | None = None
    """The account's authority, trusted in place of the system's at its own server."""
