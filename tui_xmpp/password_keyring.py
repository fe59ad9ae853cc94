"""The system's keyring, asked so that it can neither freeze nor fool us.

The `keyring` package takes 200 ms to import, may open a dialog and wait for it for ever, and takes back ends from
wherever it finds them, some of which write passwords to a plain file.
"""

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from tui_xmpp.model.address import Address

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "tui-xmpp"
"""Under which name the passwords are filed; the account is the user name."""

PATIENCE = 60.0
"""Seconds for an answer; a locked keyring asks the person first."""

_UNSAFE = ("keyrings.alt.", "keyring.backends.fail.", "keyring.backends.null.")
_log = logging.getLogger(__name__)
_T = TypeVar("_T")


def read(account: Address, *, patience: float = PATIENCE) -> str | None:
    """Return an account's password; None where there is none or no keyring to ask. May block."""
    return _ask(lambda keyring: keyring.get_password(SERVICE, str(account)), patience)


def write(account: Address, password: str, *, patience: float = PATIENCE) -> bool:
    """Keep an account's password; False where no safe keyring took it. May block."""

    def keep(keyring: "KeyringBackend") -> bool:
        keyring.set_password(SERVICE, str(account), password)
        return True

    return _ask(keep, patience) or False


def delete(account: Address, *, patience: float = PATIENCE) -> None:
    """Forget an account's password, if there is one. May block."""

    def forget(keyring: "KeyringBackend") -> None:
        if keyring.get_password(SERVICE, str(account)) is not None:
            keyring.delete_password(SERVICE, str(account))

    _ask(forget, patience)


def _ask(question: Callable[["KeyringBackend"], _T], patience: float) -> _T | None:
    """Put a question to the keyring in a thread that nobody waits for longer than `patience`."""
    answers: list[_T] = []

    def work() -> None:
        # Back ends raise what they like: D-Bus errors, KeyringError, OSError. All mean that there is no keyring for us.
        try:
            keyring = _backend()
            if keyring is not None:
                answers.append(question(keyring))
        except Exception as error:  # noqa: BLE001
            _log.warning("The keyring cannot be used: %s", type(error).__name__)

    thread = threading.Thread(target=work, name="keyring", daemon=True)
    thread.start()
    thread.join(patience)
    if thread.is_alive():
        _log.warning("The keyring has not answered in %.0f seconds", patience)
        return None
    return answers[0] if answers else None


def _backend() -> "KeyringBackend | None":
    """The best back end that keeps secrets secret."""
    import keyring
    from keyring.backends.chainer import ChainerBackend

    chosen = keyring.get_keyring()
    candidates = list(chosen.backends) if isinstance(chosen, ChainerBackend) else [chosen]
    return next((each for each in candidates if not f"{type(each).__module__}.".startswith(_UNSAFE)), None)
