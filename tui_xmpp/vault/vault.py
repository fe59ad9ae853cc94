"""The way into a store: finds how it is encrypted, gets its key, begins a new one, puts a lost one aside."""

import logging
import threading
from dataclasses import replace
from pathlib import Path

from tui_xmpp import password_command
from tui_xmpp.config import StorageSettings
from tui_xmpp.errors import ConfigError, NoKeyring, StorageError, StoreLocked
from tui_xmpp.model.at_rest import SHORTEST_PASSPHRASE, Condition, KeyPlace
from tui_xmpp.redaction import hide
from tui_xmpp.storage import conversion
from tui_xmpp.storage.cipher import MAGIC, Key, first_bytes, looks_encrypted
from tui_xmpp.storage.database import explain
from tui_xmpp.vault import key_file, wrapping
from tui_xmpp.vault.key_file import KeyFile
from tui_xmpp.vault.keyring import KeyInKeyring

_log = logging.getLogger(__name__)


class Vault:
    """One store and its key. Methods may block, for as long as a keyring or a command takes; raise TuiXmppError."""

    def __init__(self, store: Path, settings_file: Path, wish: StorageSettings) -> None:
        self.store = store
        self.wish = wish
        self.key: Key | None = None
        """The key, once it is there; a store that is not encrypted has none."""
        self._settings_file = settings_file
        self._given_up = threading.Event()
        self.keyring = KeyInKeyring(self._given_up)

    def give_up(self) -> None:
        """Wait no longer for anything that a person has not answered; the program ends."""
        self._given_up.set()

    # What is there
    @property
    def condition(self) -> Condition:
        """How the store is found."""
        try:
            begins = first_bytes(self.store, len(MAGIC))
            if begins == MAGIC:
                # A key file may be left over from an encryption that was cut short.
                return Condition.PLAIN
            if key_file.path_for(self.store).exists():
                return Condition.LOCKED
            if not begins:
                return Condition.NEW
            # A store that is only damaged is moved aside by opening it.
            return Condition.LOST if looks_encrypted(self.store) else Condition.PLAIN
        except OSError as error:
            raise explain(error, self.store) from error

    @property
    def place(self) -> KeyPlace:
        """What opens the store."""
        return self.key_file().place if self.condition is Condition.LOCKED else KeyPlace.NONE

    def key_file(self) -> KeyFile:
        """What says where the key is."""
        found = key_file.load(self.store)
        if found is None:
            raise StoreLocked(
                f"The store {self.store} is encrypted, and the file {key_file.path_for(self.store)}, which says what "
                "opens it, is not there."
            )
        return found

    # Getting the key
    def unlock(self, passphrase: str | None = None, *, terminal: bool = False) -> None:
        """Get the key: from the keyring or the command, or with a passphrase. Raises StoreLocked with the reason.

        `terminal` is free for a command to ask its own question on.
        """
        if self.condition in {Condition.NEW, Condition.PLAIN}:
            return
        found = self.key_file()
        if found.wrapped is not None:
            key = self._unwrap(found, passphrase, terminal=terminal)
        else:
            kept = self.keyring.read(found.entry)
            if kept is None:
                raise StoreLocked(
                    "The key of the store was not found in the keyring of this system. The keyring may be locked or "
                    "not running, or the key was removed."
                )
            key = kept
        _hide(key)
        if not key.fits(self.store) and looks_encrypted(self.store):
            raise StoreLocked(f"The key that was found does not belong to the store {self.store}.")
        self.key = key

    def _unwrap(self, found: KeyFile, passphrase: str | None, *, terminal: bool) -> Key:
        assert found.wrapped is not None
        from_command = passphrase is None and found.place is KeyPlace.COMMAND
        if from_command:
            passphrase = self._run(self.wish.key_command, terminal=terminal)
        if passphrase is None:
            raise StoreLocked("The store is opened by a passphrase, and there was nobody to ask for it.")
        hide(passphrase)
        try:
            return Key(found.wrapped.unwrap(passphrase))
        except wrapping.WrongPassphrase as error:
            what = "What the command prints" if from_command else "This passphrase"
            raise StoreLocked(f"{what} does not open the store.") from error

    def _run(self, command: tuple[str, ...], *, terminal: bool) -> str:
        if not command:
            raise StoreLocked("The passphrase comes from a command, but the settings name none: “key_command”.")
        try:
            return password_command.run(
                command,
                terminal=terminal,
                given_up=self._given_up,
                what="passphrase",
            )
        except ConfigError as error:
            raise StoreLocked(f"{error.message[:1].upper()}{error.message[1:]}") from error

    # Beginning anew
    def begin(self, place: KeyPlace, passphrase: str = "", command: tuple[str, ...] = ()) -> None:
        """Decide how a new store is encrypted, and have its key. Raises TuiXmppError, and then nothing is decided."""
        if place is KeyPlace.NONE:
            self.remember(place)
            return
        key = Key.fresh()
        kept = self.keep(key, place, passphrase, command)
        try:
            with conversion.only_ours(self.store):
                if self.condition is not Condition.NEW:
                    raise StorageError("There is a store already.")
                self.remember(place, command)
                key_file.save(self.store, kept)
        except BaseException:
            self.forget(kept)
            raise
        self.key = key

    def start_fresh(self) -> Path:
        """Put a store that cannot be opened aside, with its key file; returns where it is. A new one can begin then."""
        with conversion.only_ours(self.store):
            if self.condition not in {Condition.LOCKED, Condition.LOST}:
                raise StorageError("The store is not locked.")
            aside = conversion.set_aside(self.store)
            key_file.move(self.store, aside)
            return aside

    def keep(self, key: Key, place: KeyPlace, passphrase: str = "", command: tuple[str, ...] = ()) -> KeyFile:
        """Put a key where it shall be; the key file still has to be saved. Raises StorageError."""
        _hide(key)
        if place is KeyPlace.KEYRING:
            entry = self.keyring.keep(key)
            if entry is None:
                raise NoKeyring("There is no keyring here that can keep the key.")
            return KeyFile(place, entry=entry)
        if place is KeyPlace.COMMAND:
            passphrase = self._run(command or self.wish.key_command, terminal=False)
        elif len(passphrase) < SHORTEST_PASSPHRASE:
            raise StorageError(f"A passphrase has at least {SHORTEST_PASSPHRASE} characters.", title="Too short")
        hide(passphrase)
        return KeyFile(place, wrapped=wrapping.wrap(key.secret, passphrase))

    def forget(self, kept: KeyFile | None) -> None:
        """Take a key out of the keyring, if it is there."""
        if kept is not None and kept.entry:
            self.keyring.forget(kept.entry)

    def remember(self, place: KeyPlace, command: tuple[str, ...] = ()) -> None:
        """Say in the settings how the store is encrypted, where they say something else. Raises ConfigError."""
        wish = replace(self.wish, key=place, key_command=command or self.wish.key_command)
        if wish == self.wish or (place is KeyPlace.KEYRING and self.wish.key is None):
            return
        from tui_xmpp.config_writer import save_storage

        try:
            save_storage(self._settings_file, wish)
        except ConfigError as error:
            # Only the command has to be known at the next start.
            if place is KeyPlace.COMMAND:
                raise
            _log.warning("The settings do not say how the store is encrypted: %s", error.message)
        self.wish = wish


def _hide(key: Key) -> None:
    """Never let a key be written down."""
    hide(key.secret.hex())
