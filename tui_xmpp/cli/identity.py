"""As whom a command acts: the account, and the password where no screen is there to ask for it."""

from getpass import getpass

from tui_xmpp.cli.passphrase import has_terminal
from tui_xmpp.config import Settings
from tui_xmpp.core.ports import AccountKeeper
from tui_xmpp.errors import ConfigError, LoginRefused
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.redaction import hide


def account_for(settings: Settings, wanted: Address | None) -> AccountSettings:
    """The account that was asked for, else the first that is enabled. Raises ConfigError."""
    path = settings.source.path
    if not settings.accounts:
        raise ConfigError("no account is set up yet; start tui-xmpp once to sign in.", path=path)
    if wanted is not None:
        account = settings.account(wanted)
        if account is None:
            raise ConfigError(f"there is no account {wanted.bare.shown}.", path=path)
        return account
    enabled = [account for account in settings.accounts if account.enabled]
    if not enabled:
        raise ConfigError("all accounts are switched off; name one with --account.", path=path)
    return enabled[0]


def password_for(account: AccountSettings, keeper: AccountKeeper) -> str:
    """The account's password, asked for at the terminal if need be. Raises ConfigError, LoginRefused."""
    password = keeper.password(account)
    if password is None and has_terminal():
        password = getpass(f"Password of {account.address.shown}: ")
    if not password:
        raise LoginRefused(
            f"There is no password for {account.address.shown} and nobody to ask. Sign in with tui-xmpp once, so that "
            "the keyring has it, or set “password_command” in the settings."
        )
    hide(password)
    return password
