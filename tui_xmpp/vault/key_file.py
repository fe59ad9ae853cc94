"""The small file beside an encrypted store that says what opens it; never the key as it is."""

import os
import tomllib
from contextlib import suppress
from pathlib import Path

from tui_xmpp.errors import StorageError, StoreLocked
from tui_xmpp.model.at_rest import KeyPlace
from tui_xmpp.model.frozen import frozen
from tui_xmpp.vault.wrapping import Wrapped

_VERSION = 1
_LIMIT = 10_000
_HEAD = "# What opens the encrypted store beside this file. Keep them together: one is of no use without the other.\n"


@frozen
class KeyFile:
    """Where the key is: `entry` names it in the keyring, else it is `wrapped`."""

    place: KeyPlace
    entry: str = ""
    wrapped: Wrapped | None = None


def path_for(store: Path) -> Path:
    """The key file of a store."""
    return store.with_name(store.name + ".key")


def load(store: Path) -> KeyFile | None:
    """Read the key file of a store; None: it has none. Raises StoreLocked for one that cannot be understood."""
    path = path_for(store)
    try:
        with path.open("rb") as file:
            return _understand(tomllib.loads(file.read(_LIMIT).decode()))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreLocked(f"The key file {path} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise StoreLocked(f"The key file {path} is damaged, or of a newer version of tui-xmpp.") from error


def save(store: Path, key_file: KeyFile) -> None:
    """Write the key file of a store: the old one stays until the new one is whole and on disk. Raises StorageError."""
    path = path_for(store)
    draft = path.with_name(path.name + ".new")
    try:
        store.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(_HEAD + "".join(f"{name} = {_toml(value)}\n" for name, value in _values(key_file).items()))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _bring_to_disk(path.parent)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise StorageError(f"The key file {path} cannot be written: {error.strerror}.") from error


def remove(store: Path) -> None:
    """Remove the key file of a store that needs none any more. Raises StorageError."""
    try:
        path_for(store).unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"The key file {path_for(store)} cannot be removed: {error.strerror}.") from error


def move(store: Path, target: Path) -> None:
    """Let the key file follow its store, which got another name. Raises StorageError."""
    path = path_for(store)
    try:
        if path.exists():
            path.rename(path_for(target))
            _bring_to_disk(path.parent)
    except OSError as error:
        raise StorageError(f"The key file {path} cannot be moved: {error.strerror}.") from error


def _understand(values: dict[str, object]) -> KeyFile:
    if values["version"] != _VERSION:
        raise ValueError("another version")
    place = KeyPlace(_text(values["place"]))
    if place is KeyPlace.KEYRING:
        return KeyFile(place, entry=_text(values["entry"]))
    if place is KeyPlace.NONE:
        raise ValueError("no key")
    wrapped = Wrapped(
        bytes.fromhex(_text(values["wrapped"])),
        bytes.fromhex(_text(values["salt"])),
        _whole(values["cost"]),
        _whole(values["block"]),
        _whole(values["parallel"]),
    )
    return KeyFile(place, wrapped=wrapped)


def _values(key_file: KeyFile) -> dict[str, str | int]:
    values: dict[str, str | int] = {"version": _VERSION, "place": key_file.place.value}
    if key_file.wrapped is None:
        return {**values, "entry": key_file.entry}
    wrapped = key_file.wrapped
    return {
        **values,
        "wrapped": wrapped.wrapped.hex(),
        "salt": wrapped.salt.hex(),
        "cost": wrapped.cost,
        "block": wrapped.block,
        "parallel": wrapped.parallel,
    }


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("not a whole number")
    return value


def _toml(value: str | int) -> str:
    """A value as TOML; texts here are hexadecimal digits and names of ours."""
    return str(value) if isinstance(value, int) else f'"{value}"'


def _bring_to_disk(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
