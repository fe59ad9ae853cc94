"""The store before it is open, as the screen knows it."""

from pathlib import Path
from typing import Protocol

from tui_xmpp.model.at_rest import Condition, KeyPlace


class Vault(Protocol):
    """Methods may block: they are for threads. All but the properties raise TuiXmppError."""

    @property
    def store(self) -> Path:
        """The file."""
        ...

    @property
    def condition(self) -> Condition:
        """How the store is found."""
        ...

    @property
    def place(self) -> KeyPlace:
        """What opens the store, if it is locked."""
        ...

    def unlock(self, passphrase: str | None = None) -> None:
        """Get the key, with a passphrase or from where it is kept. Raises StoreLocked with the reason."""
        ...

    def begin(self, place: KeyPlace, passphrase: str = "", command: tuple[str, ...] = ()) -> None:
        """Decide how a new store is encrypted. Raises NoKeyring, StorageError, ConfigError."""
        ...

    def start_fresh(self) -> Path:
        """Put the store that cannot be opened aside; returns where it is."""
        ...
