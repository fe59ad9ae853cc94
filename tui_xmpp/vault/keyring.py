"""The store's key in the system's keyring, under a name of its own for each store."""

import secrets
import threading

from tui_xmpp.password_keyring import SERVICE, Keyring
from tui_xmpp.storage.cipher import Key
from tui_xmpp.vault import secret_service


class KeyInKeyring:
    """Asks the keyring for keys. Every method may block, as those of `Keyring`."""

    def __init__(self, given_up: threading.Event) -> None:
        self._keyring = Keyring(given_up)

    def read(self, entry: str) -> Key | None:
        """The key that is filed as `entry`; None: not there, or no key, or no keyring to ask."""
        secret = secret_service.read(SERVICE, entry) or self._keyring.read(entry)
        try:
            return Key(bytes.fromhex(secret)) if secret else None
        except ValueError:
            return None

    def keep(self, key: Key) -> str | None:
        """File a key; returns the entry's name. None: there is no keyring that keeps it and gives it back."""
        # A name that no other store has: the key of a store that was put aside stays there for whoever can use it.
        entry = f"store-{secrets.token_hex(8)}"
        if self._keyring.write(entry, key.secret.hex()) and self.read(entry) == key:
            return entry
        return None

    def forget(self, entry: str) -> None:
        """Remove a key from the keyring."""
        self._keyring.delete(entry)
