"""Unlocking the store at the terminal, for commands that have no screen."""

import os
import sys
from getpass import getpass
from typing import Protocol

from tui_xmpp.errors import StoreLocked
from tui_xmpp.model.at_rest import Condition, KeyPlace

_TRIES = 3


class Locked(Protocol):
    """The store before it is open."""

    @property
    def condition(self) -> Condition:
        """How it is found."""
        ...

    @property
    def place(self) -> KeyPlace:
        """What opens it."""
        ...

    def unlock(self, passphrase: str | None = None, *, terminal: bool = False) -> None:
        """Get the key. Raises StoreLocked with the reason."""
        ...


def unlock(vault: Locked) -> None:
    """Get the key from where it is, or ask for the passphrase at the terminal. Raises StoreLocked."""
    try:
        if vault.place is not KeyPlace.PASSPHRASE:
            vault.unlock(terminal=True)
            return
        problem = StoreLocked("The store is opened by a passphrase, and there is no terminal to ask for it.")
    except StoreLocked as error:
        if vault.condition is Condition.LOST or vault.place is KeyPlace.KEYRING:
            raise
        problem = error
        _say(error.message)
    if not has_terminal():
        raise problem
    for _ in range(_TRIES):
        try:
            vault.unlock(getpass("Passphrase of the store: "))
        except StoreLocked as error:
            problem = error
            _say(error.message)
        else:
            return
    raise problem


def new_passphrase() -> str:
    """Ask for a passphrase twice. Raises StoreLocked where nobody can be asked, or two different ones were given."""
    if not has_terminal():
        raise StoreLocked("There is no terminal to ask for a passphrase; “--key command” needs none.")
    passphrase = getpass("New passphrase of the store: ")
    if getpass("Once more: ") != passphrase:
        raise StoreLocked("These were two different passphrases. Nothing was changed.", title="Not the same")
    return passphrase


def has_terminal() -> bool:
    """Whether a person sits there; `getpass` asks through the controlling terminal, whatever is redirected."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return sys.stderr.isatty()


def _say(sentence: str) -> None:
    sys.stderr.write(f"tui-xmpp: {sentence}\n")
