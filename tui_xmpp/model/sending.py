"""Files that go out: what is wished, what a server offers for it, and how far one has come."""

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING

from tui_xmpp.model.address import Address
from tui_xmpp.model.frozen import frozen

if TYPE_CHECKING:
    from tui_xmpp.model.chat import ChatKey


TAG = 16
"""Bytes by which an encrypted file is longer (XEP-0454 §3)."""


def too_large_words(largest: int | None) -> str:
    """Say that a file is larger than a server takes."""
    if largest is None:
        return "The file is larger than your server takes."
    amount = f"{largest / 1_000_000:.1f} MB" if largest >= 1_000_000 else f"{largest / 1_000:.0f} kB"
    return f"The file is larger than your server takes, which is {amount} at most."


class Secrecy(StrEnum):
    """How a file may go out."""

    ENCRYPTED = "encrypted"
    """A person was told that it goes encrypted: it never goes otherwise by itself (SECURITY 29, 35)."""
    AS_CHAT = "as-chat"
    """A person was told that it goes in clear; where its chat has become encrypted, it is encrypted too."""
    CLEAR = "clear"
    """In clear by a person's wish, though it was held because it could not be encrypted."""


@frozen
class SendFile:
    """Send a file as it is now; its bytes are read when they are uploaded."""

    key: "ChatKey"
    path: str
    """Absolute."""
    encrypted: bool
    """What a person was told of how it goes out."""


@frozen
class SendTextFile:
    """Send a text as a file; it stays in the store until it is uploaded."""

    key: "ChatKey"
    name: str
    text: str = field(repr=False)
    encrypted: bool
    """As in `SendFile`."""


@frozen
class Upload:
    """A file of ours and how far it has come, beside the message that carries it."""

    name: str
    """Cleaned; others are told it only where the file goes in clear."""
    size: int
    secrecy: Secrecy
    link: str = field(default="", repr=False)
    """Where it lies on the server; empty: it is still here."""
    percent: int | None = None
    """How much of it has gone out just now; None: nothing goes out at this moment."""
    waits: str = ""
    """What it waits for, if not for the line or for others before it."""

    @property
    def is_encrypted(self) -> bool:
        """Whether it goes, or went, out encrypted, as far as that is known."""
        return self.has_key or (not self.link and self.secrecy is Secrecy.ENCRYPTED)

    @property
    def has_key(self) -> bool:
        """Whether its link holds the key that it is encrypted with, which only the recipients may see (XEP-0454)."""
        return self.link.startswith("aesgcm:")


@frozen
class UploadService:
    """Who takes files for our server (XEP-0363 §4)."""

    address: Address
    largest: int | None = None
    """Bytes of the largest file; None: it does not say."""


@frozen
class Slot:
    """A place for one file, where it is put and where others get it; both are https (XEP-0363 §5)."""

    put: str
    get: str
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Only those that the standard allows."""
