"""A vault in a directory of its own, with stores to lock and unlock."""

import sys
from pathlib import Path

from tests.storage.builders import BOBS, incoming
from tui_xmpp.config import StorageSettings
from tui_xmpp.model.at_rest import KeyPlace
from tui_xmpp.storage.opening import open_store
from tui_xmpp.storage.store import Store
from tui_xmpp.storage.writes import Writes
from tui_xmpp.vault.changing import Locksmith

PASSPHRASE = "correct horse battery"
OTHER = "staple in the stable"
WORDS = "Nobody else shall read of the marmalade"


def printing(text: str) -> tuple[str, ...]:
    """A command that prints this."""
    return (sys.executable, "-c", f"print({text!r})")


def vault(home: Path, key: KeyPlace | None = None, command: tuple[str, ...] = ()) -> Locksmith:
    """A vault as a start of the program makes it."""
    return Locksmith(home / "data" / "chat.db", home / "config.toml", StorageSettings(key, command))


def fill(vault: Locksmith) -> None:
    """Store a message with the vault's key."""
    db, _ = open_store(vault.store, vault.key)
    Writes(db).add_message(incoming(WORDS))
    db.close()


def stored(vault: Locksmith) -> list[str]:
    """What can be read with the vault's key."""
    store = Store.open(vault.store, vault.key)
    assert store.moved_aside is None
    found = [message.body for message in store.messages.newest(BOBS, 9)]
    store.close_now()
    return found
