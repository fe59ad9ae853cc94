"""Whether a store is encrypted, and where its key is kept."""

from enum import StrEnum

SHORTEST_PASSPHRASE = 8
"""Fewest characters of a passphrase that a person chooses."""


class KeyPlace(StrEnum):
    """What opens the store, in the words of the settings."""

    KEYRING = "keyring"
    """The keyring of the system holds the key itself."""
    PASSPHRASE = "passphrase"  # noqa: S105 (no password)
    """A person types a passphrase at each start."""
    COMMAND = "command"
    """A command of the person's own prints the passphrase."""
    NONE = "none"
    """Nothing has to: the store is not encrypted."""


class Condition(StrEnum):
    """How a store is found before it is opened."""

    NEW = "new"
    """There is none yet."""
    PLAIN = "plain"
    """It is not encrypted."""
    LOCKED = "locked"
    """It is encrypted, and it is known what opens it."""
    LOST = "lost"
    """It is encrypted, and nothing here says what opens it."""
