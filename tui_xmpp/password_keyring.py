"""The system's keyring, asked so that it can neither freeze nor fool us.

The `keyring` package takes 200 ms to import, may open a dialog and wait for it for ever, and takes back ends from
wherever it finds them, some of which write passwords to a plain file.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from tui_xmpp.model.address import Address

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "tui-xmpp"
"""Under which name secrets are filed; the user name is the account, or what the store's key is called."""

PATIENCE = 60.0
"""Seconds for an answer; a locked keyring asks the person first."""

_GLANCE = 0.1
"""Seconds between looks at whether to go on waiting."""

_UNSAFE = ("keyrings.alt.", "keyring.backends.fail.", "keyring.backends.null.")
_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class Keyring:
    """The keyring of this system. Every method may block, for `patience` seconds or until `given_up` at most."""

    def __init__(self, given_up: threading.Event, patience: float = PATIENCE) -> None:
        self._given_up = given_up
        self._patience = patience

    def read(self, name: Address | str) -> str | None:
        """Return the secret of an account, or of another name; None where there is none or no keyring to ask."""
        return self._ask(lambda keyring: keyring.get_password(SERVICE, str(name)))

    def write(self, name: Address | str, secret: str) -> bool:
        """Keep a secret; False where no safe keyring took it."""

        def keep(keyring: "KeyringBackend") -> bool:
            keyring.set_password(SERVICE, str(name), secret)
            return True

        return self._ask(keep) or False

    def delete(self, name: Address | str) -> None:
        """Forget a secret, if there is one."""

        def forget(keyring: "KeyringBackend") -> None:
            if keyring.get_password(SERVICE, str(name)) is not None:
                keyring.delete_password(SERVICE, str(name))

        self._ask(forget)

    def _ask(self, question: Callable[["KeyringBackend"], _T]) -> _T | None:
        """Put a question to the keyring in a thread that nobody has to wait for."""
        answers: list[_T] = []

        def work() -> None:
            # Back ends raise what they like, D-Bus errors, KeyringError, OSError; all mean that we have no keyring.
            try:
                keyring = _backend()
                if keyring is not None:
                    answers.append(question(keyring))
            except Exception as error:  # noqa: BLE001 (they raise what they like)
                _log.warning("The keyring cannot be used: %s", type(error).__name__)

        thread = threading.Thread(target=work, name="keyring", daemon=True)
        thread.start()
        deadline = time.monotonic() + self._patience
        while thread.is_alive() and time.monotonic() < deadline and not self._given_up.is_set():
            thread.join(_GLANCE)
        if thread.is_alive():
            _log.warning("The keyring has not answered")
            return None
        return answers[0] if answers else None


def _backend() -> "KeyringBackend | None":
    """The best back end that keeps secrets secret."""
    import keyring
    from keyring.backends.chainer import ChainerBackend

    chosen = keyring.get_keyring()
    candidates = list(chosen.backends) if isinstance(chosen, ChainerBackend) else [chosen]
    return next((each for each in candidates if not f"{type(each).__module__}.".startswith(_UNSAFE)), None)
