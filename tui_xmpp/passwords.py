"""Where accounts and passwords are kept between runs (SECURITY 8): implements `core.ports.AccountKeeper`."""

import threading
from pathlib import Path

from tui_xmpp import password_command
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.password_keyring import Keyring
from tui_xmpp.redaction import hide


class SettingsKeeper:
    """Accounts in the settings file; passwords in the keyring, from a command, or nowhere. Every method may block."""

    def __init__(self, settings: Path, *, terminal: bool = False) -> None:
        self._settings = settings
        self._terminal = terminal
        """The terminal is free for a password command to use."""
        self._given_up = threading.Event()
        self._keyring = Keyring(self._given_up)

    def give_up(self) -> None:
        """Wait no longer for anything that a person has not answered; the program ends."""
        self._given_up.set()

    def password(self, settings: AccountSettings) -> str | None:
        """The password from the account's command or the keyring; None: a person must be asked.

        Raises ConfigError when the command fails.
        """
        if settings.password_command:
            password: str | None = password_command.run(
                settings.password_command, terminal=self._terminal, given_up=self._given_up
            )
        else:
            password = self._keyring.read(settings.address)
        if password is not None:
            hide(password)
        return password

    def save(self, settings: AccountSettings, password: str, *, remember: bool) -> str:
        """Write the account to the settings file and the password, if wanted, to the keyring. Raises ConfigError.

        Returns a sentence that says where the password is.
        """
        from tui_xmpp.config_writer import save_account

        hide(password)
        save_account(self._settings, settings)
        if settings.password_command:
            return "The password comes from the command in the settings."
        if not remember:
            self._keyring.delete(settings.address)
            return "The password is not kept; it will be asked for at each start."
        if self._keyring.write(settings.address, password):
            return "The password is in the keyring of this system."
        return "There is no keyring to keep the password in; it will be asked for at each start."

    def remove(self, account: Address) -> None:
        """Take an account out of the settings file and its password out of the keyring. Raises ConfigError."""
        from tui_xmpp.config_writer import remove_account

        remove_account(self._settings, account)
        self._keyring.delete(account)


class MemoryKeeper:
    """Accounts of a profile that leaves no trace: nothing is written, passwords are known for this run only."""

    def __init__(self, passwords: dict[Address, str]) -> None:
        self._passwords = dict(passwords)
        for password in passwords.values():
            hide(password)

    def password(self, settings: AccountSettings) -> str | None:
        """The password, if it was given in this run."""
        return self._passwords.get(settings.address)

    def save(self, settings: AccountSettings, password: str, *, remember: bool) -> str:
        """Know the password until the end of the run."""
        hide(password)
        if remember:
            self._passwords[settings.address] = password
        return "Account and password are forgotten at the end: this profile leaves no trace."

    def remove(self, account: Address) -> None:
        """Forget a password."""
        self._passwords.pop(account, None)
