"""Writing into the settings file, which belongs to a person: comments, order and formatting stay theirs."""

import os
import tempfile
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, InlineTable, Table

from tui_xmpp import config
from tui_xmpp.config import StorageSettings
from tui_xmpp.errors import AddressError, ConfigError
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.paths import private_directory

_Value = str | int | bool | list[str]


def save_account(path: Path, account: AccountSettings) -> None:
    """Add an account, or bring the table that it has up to date. Raises ConfigError, and then nothing is changed."""
    document = _read(path)
    table = _find(document, account.address)
    if table is None:
        table = _add(document)
        table["address"] = str(account.address)
    defaults = _values(AccountSettings(account.address))
    for key, value in _values(account).items():
        if value != defaults[key] and table.get(key) != value:
            table[key] = value
        elif value == defaults[key] and table.get(key, value) != value:
            del table[key]
    _write(path, document)


def remove_account(path: Path, address: Address) -> None:
    """Take an account out, if it is there. Raises ConfigError, and then nothing is changed."""
    document = _read(path)
    table = _find(document, address)
    if table is None:
        return
    accounts = document["accounts"]
    if isinstance(accounts, AoT | Array):
        accounts.remove(table)
    if not accounts:
        del document["accounts"]
    _write(path, document)


def save_storage(path: Path, storage: StorageSettings) -> None:
    """Say how a store is encrypted. Raises ConfigError, and then nothing is changed."""
    document = _read(path)
    if "storage" not in document:
        document["storage"] = tomlkit.table()
    table = document["storage"]
    assert isinstance(table, Table | InlineTable)
    values: dict[str, _Value] = {
        "key": storage.key.value if storage.key is not None else "",
        "key_command": list(storage.key_command),
    }
    for key, value in values.items():
        if value and table.get(key) != value:
            table[key] = value
        elif not value and key in table:
            del table[key]
    if not table:
        del document["storage"]
    _write(path, document)


def _read(path: Path) -> tomlkit.TOMLDocument:
    """The file as a document that remembers its formatting; checked first, so that its shape is known."""
    return tomlkit.parse(config.load(path).source.text)


def _find(document: tomlkit.TOMLDocument, address: Address) -> Table | InlineTable | None:
    for table in document.get("accounts", ()):
        if isinstance(table, Table | InlineTable) and _address(str(table["address"])) == address.bare:
            return table
    return None


def _address(text: str) -> Address | None:
    try:
        return Address.parse(text)
    except AddressError:
        return None


def _add(document: tomlkit.TOMLDocument) -> Table | InlineTable:
    """An empty table for an account, in the manner in which the file has the others."""
    above = document.as_string()
    if "accounts" not in document:
        document["accounts"] = tomlkit.aot()
    accounts = document["accounts"]
    if isinstance(accounts, Array):
        accounts.append(tomlkit.inline_table())
    elif isinstance(accounts, AoT):
        table = tomlkit.table()
        if accounts:
            above = accounts[-1].as_string()
        if above and not above.endswith("\n\n"):
            table.trivia.indent = "\n"
        accounts.append(table)
    found = document["accounts"][-1]
    assert isinstance(found, Table | InlineTable)
    return found


def _values(account: AccountSettings) -> dict[str, _Value]:
    """What each setting but the address shall be."""
    return {
        "password_command": list(account.password_command),
        "host": account.host,
        "port": account.port,
        "tls": account.tls.value,
        "ca_file": str(account.ca_file) if account.ca_file is not None else "",
        "nickname": account.nickname,
        "enabled": account.enabled,
    }


def _write(path: Path, document: tomlkit.TOMLDocument) -> None:
    """Put the new text in the place of the old in one step; a symbolic link stays one."""
    try:
        text = tomlkit.dumps(document)
        config.parse(text, path)
        target = path.resolve()
        if not target.parent.exists():
            private_directory(target.parent)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except (OSError, TOMLKitError) as error:
        raise ConfigError(f"the settings cannot be written: {error}.", path=path) from error
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ConfigError(f"the settings cannot be written: {error.strerror}.", path=path) from error
