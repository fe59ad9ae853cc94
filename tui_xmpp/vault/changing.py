"""Encrypting a store that is there, decrypting it, and changing what opens it; each whole or not at all."""

from pathlib import Path

from tui_xmpp.errors import StorageError, StoreLocked
from tui_xmpp.model.at_rest import Condition, KeyPlace
from tui_xmpp.storage import conversion
from tui_xmpp.storage.cipher import Key
from tui_xmpp.vault import key_file
from tui_xmpp.vault.key_file import KeyFile
from tui_xmpp.vault.vault import Vault


class Locksmith(Vault):
    """A vault whose lock is worked on, while no other process has the store. Methods may block and take long."""

    def encrypt(self, place: KeyPlace, passphrase: str = "", command: tuple[str, ...] = ()) -> None:
        """Encrypt a store that is not encrypted. Raises TuiXmppError, and then it is as it was."""
        with conversion.only_ours(self.store):
            if self.condition is not Condition.PLAIN:
                raise StorageError(f"The store {self.store} is encrypted already.")
            left_over = self._left_over()
            key = Key.fresh()
            kept = self.keep(key, place, passphrase, command)
            self.remember(place, command)
            # First the key, then the store that needs it: until that takes its name, the key file means nothing.
            key_file.save(self.store, kept)
            try:
                conversion.convert(self.store, None, key)
            except BaseException:
                if self.condition is Condition.PLAIN:
                    key_file.remove(self.store)
                    self.forget(kept)
                raise
            self.key = key
            self.forget(left_over)

    def decrypt(self) -> None:
        """Write the unlocked store without encryption. Raises TuiXmppError, and then it is as it was."""
        with conversion.only_ours(self.store):
            kept = self.key_file()
            conversion.convert(self.store, self._had_key(), None)
            self.key = None
            key_file.remove(self.store)
            self.forget(kept)
            self.remember(KeyPlace.NONE)

    def change(self, place: KeyPlace, passphrase: str = "", command: tuple[str, ...] = ()) -> None:
        """Have something else open the unlocked store; the key itself, and the store, stay. Raises TuiXmppError."""
        with conversion.only_ours(self.store):
            before = self.key_file()
            kept = self.keep(self._had_key(), place, passphrase, command)
            self.remember(place, command)
            key_file.save(self.store, kept)
            self.forget(before)

    @property
    def readable_copies(self) -> list[Path]:
        """What else beside the store holds messages that are not encrypted."""
        return conversion.plain_copies(self.store)

    def _had_key(self) -> Key:
        if self.key is None:
            raise StoreLocked(f"The store {self.store} has to be unlocked first.")
        return self.key

    def _left_over(self) -> KeyFile | None:
        """The key file of an encryption or decryption that was cut short."""
        try:
            return key_file.load(self.store)
        except StoreLocked:
            return None
