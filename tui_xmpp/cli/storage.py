"""`tui-xmpp storage`: how the store is encrypted, and changing that."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from tui_xmpp.cli.exits import Exit
from tui_xmpp.cli.passphrase import Locked, new_passphrase, unlock
from tui_xmpp.cli.storage_options import Act, StorageWish
from tui_xmpp.config import StorageSettings
from tui_xmpp.errors import NoKeyring, StorageError
from tui_xmpp.model.at_rest import Condition, KeyPlace

_OPENED_BY = {
    KeyPlace.KEYRING: "Its key is in the keyring of this system.",
    KeyPlace.PASSPHRASE: "A passphrase opens it, which is asked for at each start.",
    KeyPlace.COMMAND: "A passphrase opens it, which the command in the settings prints.",
}
_REMAINS = (
    "The old file was deleted, but what a disk has held can often be recovered, and backups may have it: where that "
    "matters, overwrite the free space, or keep the disk itself encrypted."
)


class Store(Locked, Protocol):
    """The store whose encryption is changed."""

    @property
    def store(self) -> Path:
        """The file."""
        ...

    @property
    def wish(self) -> StorageSettings:
        """What the settings say."""
        ...

    @property
    def readable_copies(self) -> Sequence[Path]:
        """What else beside it is not encrypted."""
        ...

    def encrypt(self, place: KeyPlace, passphrase: str = "", command: tuple[str, ...] = ()) -> None:
        """Encrypt it."""
        ...

    def change(self, place: KeyPlace, passphrase: str = "", command: tuple[str, ...] = ()) -> None:
        """Have something else open it."""
        ...

    def decrypt(self) -> None:
        """Write it without encryption."""
        ...


def run(store: Store, wish: StorageWish, ask: Callable[[str], bool], say: Callable[[str], None]) -> int:
    """Do what was wished for; returns the exit code. Raises TuiXmppError."""
    if store.condition is Condition.NEW:
        raise StorageError("Nothing is stored yet. The first start of tui-xmpp begins the store.", title="No store")
    match wish.act:
        case Act.STATUS:
            sys.stdout.write("".join(f"{line}\n" for line in _status(store)))
        case Act.ENCRYPT:
            _encrypt(store, wish, say)
        case Act.CHANGE:
            _change(store, wish, say)
        case Act.DECRYPT:
            return _decrypt(store, wish, ask, say)
    return Exit.DONE


def _status(store: Store) -> list[str]:
    match store.condition:
        case Condition.LOCKED:
            lines = [f"The store {store.store} is encrypted.", _OPENED_BY[store.place]]
        case Condition.LOST:
            lines = [f"The store {store.store} is encrypted, and its key file is missing: nothing here can open it."]
        case _:
            lines = [f"The store {store.store} is not encrypted. “tui-xmpp storage encrypt” encrypts it."]
    return [*lines, *_copies(store)]


def _copies(store: Store) -> list[str]:
    copies = store.readable_copies
    if not copies:
        return []
    return ["Not encrypted is what was damaged once and moved aside; delete it when nothing in it is missed:"] + [
        f"  {copy}" for copy in copies
    ]


def _encrypt(store: Store, wish: StorageWish, say: Callable[[str], None]) -> None:
    if store.condition is not Condition.PLAIN:
        raise StorageError("The store is encrypted already; “change” changes what opens it.", title="Encrypted already")
    _put(store.encrypt, _place(store, wish), wish, say)
    say(f"The store is encrypted. {_OPENED_BY[store.place]}")
    for line in (_REMAINS, *_copies(store)):
        say(line)


def _change(store: Store, wish: StorageWish, say: Callable[[str], None]) -> None:
    if store.condition is Condition.PLAIN:
        raise StorageError("The store is not encrypted; “encrypt” encrypts it.", title="Not encrypted")
    place = wish.place or store.place
    if place is KeyPlace.KEYRING and store.place is KeyPlace.KEYRING:
        say(f"Nothing was changed. {_OPENED_BY[place]}")
        return
    unlock(store)
    _put(store.change, place, wish, say)
    say(f"What opens the store is changed. {_OPENED_BY[store.place]}")


def _decrypt(store: Store, wish: StorageWish, ask: Callable[[str], bool], say: Callable[[str], None]) -> int:
    if store.condition is Condition.PLAIN:
        raise StorageError("The store is not encrypted.", title="Not encrypted")
    unlock(store)
    if not wish.yes and not ask(
        "Everyone who gets at this disk, or a backup of it, can read the messages then. Go on?"
    ):
        say("Nothing was changed.")
        return Exit.FAILURE
    store.decrypt()
    say("The store is not encrypted any more. Only your user can read the file.")
    return Exit.DONE


def _place(store: Store, wish: StorageWish) -> KeyPlace | None:
    """What shall open the store; None: the keyring where there is one."""
    if wish.place is not None:
        return wish.place
    return None if store.wish.key is KeyPlace.NONE else store.wish.key


def _put(
    work: Callable[[KeyPlace, str, tuple[str, ...]], None],
    place: KeyPlace | None,
    wish: StorageWish,
    say: Callable[[str], None],
) -> None:
    """Have the key put there; where nothing was said and there is no keyring, under a passphrase."""
    if place is None:
        try:
            work(KeyPlace.KEYRING, "", ())
        except NoKeyring:
            say("There is no keyring here; a passphrase will be asked for at each start.")
            place = KeyPlace.PASSPHRASE
        else:
            return
    work(place, new_passphrase() if place is KeyPlace.PASSPHRASE else "", wish.command)
