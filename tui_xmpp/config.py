"""Settings of the program: one TOML file, read strictly, so that a slip of the pen is a message and never a surprise.

    [[accounts]]
    address = "alice@example.org"

    [ui]
    theme = "light"

The docstring under each setting is its documentation; those of an account are in `model.account`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from tui_xmpp.config_table import Source, Table
from tui_xmpp.errors import AddressError, ConfigError
from tui_xmpp.model.account import AccountSettings, TlsMode
from tui_xmpp.model.address import Address
from tui_xmpp.model.at_rest import KeyPlace
from tui_xmpp.model.text import clean_line

_ACCOUNT_KEYS = ("address", "password_command", "host", "port", "tls", "ca_file", "nickname", "enabled")
LONGEST_KEPT = 36_500
"""Most days that messages can be kept; who wants more wants them for ever."""
_NOT_HERE = (
    "a password does not belong in this file, where everyone who gets to see the file or a backup of it could read it. "
    "Take this line out; the password is kept in the keyring, printed by “password_command”, or asked for at the start"
)


@dataclass(frozen=True, slots=True)
class UiSettings:
    """The `[ui]` table: how the program looks and which keys do what."""

    theme: str = ""
    """`dark`, `light`, `contrast`, or `terminal`: the terminal's own colours. Nothing said: by what it can show."""
    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """`[ui.keys]`: an action's id and the keys that start it, with commas between; help (F1) lists them."""


@dataclass(frozen=True, slots=True)
class HistorySettings:
    """The `[history]` table: what is kept of what was said."""

    keep_days: int = 0
    """For how many days messages are kept on this computer; 0: for ever. Each chat can have a time of its own."""


@dataclass(frozen=True, slots=True)
class StorageSettings:
    """The `[storage]` table: how the store is encrypted. `tui-xmpp storage` changes that for a store that is there."""

    key: KeyPlace | None = None
    """`keyring`, `passphrase` (asked at each start), `command`, or `none`: what opens a store that is begun. Nothing
    said: the keyring if there is one, else a person is asked."""
    key_command: tuple[str, ...] = ()
    """With `command`: what prints the passphrase, such as `["pass", "tui-xmpp"]`; its first line counts."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything in the file; an empty or missing file gives all the defaults."""

    source: Source
    accounts: tuple[AccountSettings, ...] = ()
    """In the order of the file."""
    ui: UiSettings = field(default_factory=UiSettings)
    history: HistorySettings = field(default_factory=HistorySettings)
    storage: StorageSettings = field(default_factory=StorageSettings)

    def account(self, address: Address) -> AccountSettings | None:
        """The account with this bare address, if it is set up."""
        return next((account for account in self.accounts if account.address == address.bare), None)


def load(path: Path) -> Settings:
    """Read the settings file; one that does not exist is an empty one. Raises ConfigError with file and line."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        text = ""
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError("this is not UTF-8 text.", path=path, line=line) from error
    except OSError as error:
        raise ConfigError(f"the file cannot be read: {error.strerror}.", path=path) from error
    return parse(text, path)


def parse(text: str, path: Path) -> Settings:
    """Check the text of a settings file; `path` is for messages and for what is relative to it. Raises ConfigError."""
    source = Source(path, text)
    root = source.table()
    root.only("accounts", "storage", "ui", "history")
    accounts = tuple(_account(table) for table in root.tables("accounts"))
    seen: set[Address] = set()
    for index, account in enumerate(accounts):
        if account.address in seen:
            raise source.error(("accounts", index, "address"), f"the account {account.address.shown} is here twice.")
        seen.add(account.address)
    return Settings(
        source,
        accounts,
        _ui(root.table("ui")),
        _history(root.table("history")),
        _storage(root.table("storage")),
    )


def _account(table: Table) -> AccountSettings:
    for key in ("password", "passwd", "pass"):
        if key in table:
            raise table.error(key, f"{_NOT_HERE}.")
    table.only(*_ACCOUNT_KEYS)
    port = table.whole("port", low=1, high=65535)
    if port and "host" not in table:
        raise table.error("port", "“port” is only used together with “host”.")
    return AccountSettings(
        address=_address(table),
        password_command=table.texts("password_command", example='["pass", "xmpp"]'),
        host=_host(table),
        port=port,
        tls=TlsMode(table.choice("tls", [mode.value for mode in TlsMode], default=TlsMode.AUTO.value)),
        ca_file=_file(table, "ca_file"),
        nickname=_nickname(table),
        enabled=table.flag("enabled", default=True),
    )


def _address(table: Table) -> Address:
    text = table.text("address")
    if not text:
        raise table.error("address", "an account needs its “address”, such as “alice@example.org”.")
    try:
        address = Address.parse(text)
    except AddressError as error:
        raise table.error("address", error.message) from error
    if not address.local or not address.is_bare:
        raise table.error("address", f"“{address.shown}” is not an account's address, such as “alice@example.org”.")
    return address


def _host(table: Table) -> str:
    host = table.text("host")
    if any(character.isspace() or character in "/@\0" for character in host):
        raise table.error("host", "“host” must be the name or the IP address of a server, and nothing else.")
    return host


def _file(table: Table, key: str) -> Path | None:
    text = table.text(key)
    if not text:
        return None
    try:
        path = table.source.path.parent / Path(text).expanduser()
        found = path.is_file()
    except (OSError, RuntimeError, ValueError):
        found = False
    if not found:
        raise table.error(key, f"there is no file “{clean_line(text)}”.")
    return path


def _nickname(table: Table) -> str:
    nickname = table.text("nickname")
    if nickname != clean_line(nickname):
        raise table.error("nickname", "a nickname must not begin or end in spaces or have invisible characters.")
    return nickname


def _history(table: Table) -> HistorySettings:
    table.only("keep_days")
    return HistorySettings(keep_days=table.whole("keep_days", low=0, high=LONGEST_KEPT))


def _ui(table: Table) -> UiSettings:
    table.only("theme", "keys")
    keys = table.table("keys")
    return UiSettings(
        theme=table.text("theme"),
        keys=MappingProxyType({name: keys.text(name) for name in keys.names}),
    )


def _storage(table: Table) -> StorageSettings:
    for key in ("passphrase", "password", "key_file"):
        if key in table:
            message = "a passphrase does not belong in this file; write “key”, and “key_command” for a command."
            raise table.error(key, message)
    table.only("key", "key_command")
    command = table.texts("key_command", example='["pass", "tui-xmpp"]')
    if not table.text("key"):
        return StorageSettings(key_command=command)
    place = KeyPlace(table.choice("key", [place.value for place in KeyPlace], default=""))
    if place is KeyPlace.COMMAND and not command:
        raise table.error("key", 'a “key_command” is missing, such as ["pass", "tui-xmpp"].')
    return StorageSettings(place, command)
