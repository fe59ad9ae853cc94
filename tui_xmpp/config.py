"""Settings of the program: one TOML file, read strictly, so that a slip of the pen is a message and never a surprise.

    [[accounts]]
    address = "alice@example.org"

    [ui]
    theme = "light"

    [notifications]
    quiet_hours = "22:00-07:30"

The docstring under each setting is its documentation; those of an account are in `model.account`, those of
notifications in `model.notifying`.
"""

import re
from collections.abc import Mapping
from dataclasses import field, fields
from datetime import time
from pathlib import Path
from types import MappingProxyType

from tui_xmpp.config_table import Source, Table
from tui_xmpp.errors import AddressError, ConfigError
from tui_xmpp.model.account import AccountSettings, TlsMode
from tui_xmpp.model.address import Address
from tui_xmpp.model.at_rest import KeyPlace
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.notifying import Channel, NotificationSettings, Notify, QuietHours, Told
from tui_xmpp.model.omemo import EncryptionWish
from tui_xmpp.model.text import clean_line

_ACCOUNT_KEYS = ("address", "password_command", "host", "port", "tls", "ca_file", "nickname", "enabled", "encryption")
LONGEST_KEPT = 36_500
"""Most days that messages can be kept; who wants more wants them for ever."""
_NOT_HERE = (
    "a password does not belong in this file, where everyone who gets to see the file or a backup of it could read it. "
    "Take this line out; the password is kept in the keyring, printed by “password_command”, or asked for at the start"
)


@frozen
class UiSettings:
    """The `[ui]` table: how the program looks and which keys do what."""

    mode: str = ""
    """`screen`, or `linear`: line by line, for screen readers. Nothing said: linear where TERM is `dumb`."""
    theme: str = ""
    """`dark`, `light`, `contrast`, or `terminal`: the terminal's own colours. Nothing said: by what it can show.

    Or one of your own: `NAME` is the file `themes/NAME.toml` beside this one.
    """
    density: str = "cosy"
    """`cosy` or `compact`: a chat takes one line in the list, names little room, and nothing is boxed."""
    symbols: str = ""
    """`unicode` or `ascii`. Nothing said: by what the terminal can show."""
    preset: str = "default"
    """`default`: keys of emacs and the shell where one writes; or `vim`."""
    spelling: str = "auto"
    """`auto`: in the language of the locale; `off`; or languages such as `en_GB,de_DE`. By Enchant's dictionaries."""
    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """`[ui.keys]`: an action's id and the keys that start it, with commas between; help (F1) lists them."""


@frozen
class HistorySettings:
    """The `[history]` table: what is kept of what was said."""

    keep_days: int = 0
    """For how many days messages are kept on this computer; 0: for ever. Each chat can have a time of its own."""


@frozen
class FileSettings:
    """The `[files]` table: what becomes of files that others send."""

    folder: Path | None = None
    """Where they are saved unless one says something else. Nothing said: the desktop's folder for downloads."""


@frozen
class StorageSettings:
    """The `[storage]` table: how the store is encrypted. `tui-xmpp storage` changes that for a store that is there."""

    key: KeyPlace | None = None
    """`keyring`, `passphrase` (asked at each start), `command`, or `none`: what opens a store that is begun. Nothing
    said: the keyring if there is one, else a person is asked."""
    key_command: tuple[str, ...] = ()
    """With `command`: what prints the passphrase, such as `["pass", "tui-xmpp"]`; its first line counts."""


@frozen
class Settings:
    """Everything in the file; an empty or missing file gives all the defaults."""

    source: Source
    accounts: tuple[AccountSettings, ...] = ()
    """In the order of the file."""
    ui: UiSettings = field(default_factory=UiSettings)
    notifications: NotificationSettings = field(default_factory=NotificationSettings)
    history: HistorySettings = field(default_factory=HistorySettings)
    files: FileSettings = field(default_factory=FileSettings)
    storage: StorageSettings = field(default_factory=StorageSettings)
    encryption: EncryptionWish = EncryptionWish.WHEN_POSSIBLE
    """When messages are encrypted, where an account says nothing else: `always`, `when possible` or `never`."""

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
    root.only("accounts", "storage", "ui", "notifications", "history", "files", "encryption")
    encryption = _encryption(root, EncryptionWish.WHEN_POSSIBLE)
    accounts = tuple(_account(table, encryption) for table in root.tables("accounts"))
    seen: set[Address] = set()
    for index, account in enumerate(accounts):
        if account.address in seen:
            raise source.error(("accounts", index, "address"), f"the account {account.address.shown} is here twice.")
        seen.add(account.address)
    return Settings(
        source,
        accounts,
        _ui(root.table("ui")),
        _notifications(root.table("notifications")),
        _history(root.table("history")),
        _files(root.table("files")),
        _storage(root.table("storage")),
        encryption,
    )


def _encryption(table: Table, default: EncryptionWish) -> EncryptionWish:
    return EncryptionWish(table.choice("encryption", [wish.value for wish in EncryptionWish], default=default.value))


def _account(table: Table, encryption: EncryptionWish) -> AccountSettings:
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
        encryption=_encryption(table, encryption),
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


def _files(table: Table) -> FileSettings:
    table.only("folder")
    text = table.text("folder")
    try:
        folder = table.source.path.parent / Path(text).expanduser() if text else None
    except RuntimeError:  # a home that nobody has
        raise table.error("folder", f"there is no folder “{clean_line(text)}”.") from None
    return FileSettings(folder)


def _ui(table: Table) -> UiSettings:
    table.only("mode", "theme", "density", "symbols", "preset", "spelling", "keys")
    keys = table.table("keys")
    return UiSettings(
        mode=table.choice("mode", ("screen", "linear"), default="") if "mode" in table else "",
        theme=table.text("theme"),
        density=table.choice("density", ("cosy", "compact"), default="cosy"),
        symbols=table.choice("symbols", ("unicode", "ascii"), default="") if "symbols" in table else "",
        preset=table.choice("preset", ("default", "vim"), default="default"),
        spelling=table.text("spelling") or "auto",
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


def _notifications(table: Table) -> NotificationSettings:
    table.only(*(field.name for field in fields(NotificationSettings)))
    usual = NotificationSettings()
    return NotificationSettings(
        channel=Channel(table.choice("channel", list(Channel), default=usual.channel)),
        content=Told(table.choice("content", list(Told), default=usual.content)),
        contacts=Notify(table.choice("contacts", (Notify.ALL, Notify.NONE), default=usual.contacts)),
        groups=Notify(table.choice("groups", list(Notify), default=usual.groups)),
        channels=Notify(table.choice("channels", list(Notify), default=usual.channels)),
        quiet_hours=_quiet_hours(table),
        pause=table.whole("pause", low=1, high=3600) or usual.pause,
        title=table.flag("title", default=usual.title),
    )


def _quiet_hours(table: Table) -> QuietHours | None:
    text = table.text("quiet_hours")
    if not text:
        return None
    found = re.fullmatch(r"\s*(\d{1,2}:\d\d)\s*[-–]\s*(\d{1,2}:\d\d)\s*", text, re.ASCII)
    try:
        begin, end = (time.fromisoformat(part.zfill(5)) for part in (found.groups() if found else ("",) * 2))
    except ValueError as error:
        shown = clean_line(text, limit=80)
        message = f"“quiet_hours” must be two times of day, such as “22:00-07:30”, not “{shown}”."
        raise table.error("quiet_hours", message) from error
    if begin == end:
        raise table.error("quiet_hours", "“quiet_hours” begin and end at the same time; “channel” can be “none”.")
    return QuietHours(begin, end)
