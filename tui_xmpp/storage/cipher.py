"""The key of an encrypted store (SQLCipher 4 with its defaults), and how such a store looks from outside.

SQLCipher encrypts every page with AES-256 and authenticates it with HMAC-SHA-512, in the database, its log and its
journals alike; what SQLite keeps on the side stays in memory. The key is 32 random bytes and is used as it is: opening
costs no key derivation, whatever protects the key.

The first 16 bytes of the file are SQLCipher's salt. Here it is made from the key, so that a key that does not belong to
a file is known from a file that is damaged: neither does a wrong key ever condemn a store, nor does damage lock it.
"""

import hashlib
import secrets
from dataclasses import field
from pathlib import Path

from tui_xmpp.errors import StoreLocked
from tui_xmpp.model.frozen import frozen

MAGIC = b"SQLite format 3\0"
"""How a store that is not encrypted begins."""

PAGE_SIZE = 4096
"""SQLCipher's default. With 8192 or 16384 the newest 500 of 100,000 messages took two and three times as long."""

NO_KEY = "''"
"""What ATTACH takes for a store that is not encrypted."""

_KEY_SIZE = 32
_SALT_SIZE = 16
_SALT_LABEL = b"tui-xmpp store salt\0"
_FEWEST_VALUES = 240
"""Of 4096 random bytes all 256 values occur but once in 30,000 times; in a page of text or of tables far fewer do."""


@frozen
class Key:
    """The key of one store."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Raise ValueError for what cannot be a key."""
        if len(self.secret) != _KEY_SIZE:
            raise ValueError("a key has 32 bytes")

    @classmethod
    def fresh(cls) -> "Key":
        """A key that nobody has had."""
        return cls(secrets.token_bytes(_KEY_SIZE))

    @property
    def salt(self) -> bytes:
        """How a store with this key begins; tells nothing about the key."""
        return hashlib.sha256(_SALT_LABEL + self.secret).digest()[:_SALT_SIZE]

    @property
    def sql(self) -> str:
        """Key and salt as PRAGMA key and ATTACH take them."""
        return f"\"x'{self.secret.hex()}{self.salt.hex()}'\""

    def fits(self, path: Path) -> bool:
        """Whether the store at `path` was begun with this key, or not yet begun. Raises OSError."""
        return first_bytes(path, _SALT_SIZE) in {b"", self.salt}


def first_bytes(path: Path, count: int) -> bytes:
    """How a file begins; nothing where there is none. Raises OSError."""
    try:
        with path.open("rb") as file:
            return file.read(count)
    except FileNotFoundError:
        return b""


def looks_encrypted(path: Path) -> bool:
    """Whether the first page is as random as only an encrypted one is. Raises OSError."""
    page = first_bytes(path, PAGE_SIZE)
    return len(page) == PAGE_SIZE and len(set(page)) >= _FEWEST_VALUES


def refuse_wrong_key(path: Path, key: Key | None) -> None:
    """Raise StoreLocked when the store at `path` is one, and no damaged one, that `key` (None: no key) cannot open."""
    if key is None:
        if looks_encrypted(path):
            raise StoreLocked(f"The store {path} is encrypted, and there is no key to open it with.")
    elif first_bytes(path, len(MAGIC)) == MAGIC:
        raise StoreLocked(f"The store {path} is not encrypted, though it should be.")
    elif not key.fits(path) and looks_encrypted(path):
        raise StoreLocked(f"The key does not belong to the store {path}.")
