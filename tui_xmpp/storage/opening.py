"""Opening a store file: is it ours, whole and of a version that we know? A damaged one is moved aside.

Only what is quick is looked at: the header, the file's length, the root of each table and index, and the small
tables in whole. A reader or writer that meets damage later leaves a mark beside the file, and then the next start
looks at everything. A store that is encrypted with another key is neither damaged nor touched (see `cipher`).
"""

import logging
import struct
import time
from pathlib import Path

from tui_xmpp.errors import StorageError
from tui_xmpp.storage import migrations
from tui_xmpp.storage.cipher import MAGIC, PAGE_SIZE, Key, refuse_wrong_key
from tui_xmpp.storage.database import Connection, DriverError, connect, is_damage

_log = logging.getLogger(__name__)

_HEADER_SIZE = 100
_SMALL_TABLES = (
    "accounts",
    "chats",
    "contacts",
    "contact_groups",
    "bookmarks",
    "room_state",
    "requests",
    "spans",
    "displayed_marks",
)

_SELECT_ALL = "SELECT * FROM"


class _Damaged(Exception):
    """The file is no database, or not a whole one."""


def open_store(
    path: Path, key: Key | None = None, tell: migrations.Tell | None = None
) -> tuple[Connection, Path | None]:
    """A connection to the store at `path`, made or migrated if needed, and where a damaged one was moved.

    `tell` hears how far the migration is, of 1; a store of many messages takes its time.
    The caller holds the store's lock. Raises StorageError for a store that is not to be touched, and what the
    driver raises.
    """
    try:
        return _open(path, key, tell), None
    except _Damaged as error:
        _log.warning("The store %s is damaged: %s", path, error)
    except DriverError as error:
        if not is_damage(error):
            raise
        _log.warning("The store %s is damaged", path, exc_info=True)
    aside = move_aside(path)
    return _open(path, key), aside


def open_whole(path: Path, key: Key | None = None) -> Connection:
    """As `open_store` for a store that is there, but a damaged one is left where it is, and everything is looked at."""
    try:
        connection = _open(path, key)
        try:
            _check_everything(connection)
        except BaseException:
            connection.close()
            raise
    except _Damaged as error:
        raise StorageError(f"The store {path} is damaged. The next start of tui-xmpp moves it aside.") from error
    return connection


def open_to_read(path: Path, key: Key | None = None) -> Connection:
    """A connection that only reads, beside a process that may be writing. Raises StorageError, or as the driver."""
    if not path.exists():
        raise StorageError("Nothing is stored yet.", title="No store")
    try:
        _check_header(path, key)
        connection = connect(path, key, read_only=True)
        if _version(connection, path) < migrations.VERSION:
            connection.close()
            raise StorageError("The store is of an older version. Start tui-xmpp once, which brings it up to date.")
    except _Damaged as error:
        raise StorageError(f"The store {path} is damaged. It will be moved aside at the next start.") from error
    return connection


def suspect(path: Path) -> None:
    """Leave a mark that damage was met, so that the next start looks at the whole file."""
    _mark(path).touch(mode=0o600)


def move_aside(path: Path, why: str = "damaged") -> Path:
    """Give a store that cannot be used another name, together with its log; returns that name."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    target = path.with_name(f"{path.name}.{why}-{stamp}")
    number = 1
    while target.exists():
        number += 1
        target = path.with_name(f"{path.name}.{why}-{stamp}-{number}")
    for suffix in ("", "-wal", "-shm"):
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.rename(target.with_name(target.name + suffix))
    _mark(path).unlink(missing_ok=True)
    return target


def _open(path: Path, key: Key | None, tell: migrations.Tell | None = None) -> Connection:
    _check_header(path, key)
    connection = connect(path, key)
    try:
        if _version(connection, path) > 0:
            _check_quickly(connection)
            if _mark(path).exists():
                _check_everything(connection)
                _mark(path).unlink()
        migrations.migrate(connection, tell)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_header(path: Path, key: Key | None) -> None:
    """Look at the file before SQLite does, so that nothing is touched that is not ours or newer than we are."""
    if not path.exists() or (size := path.stat().st_size) == 0:
        return
    refuse_wrong_key(path, key)
    if key is not None:
        _check_encrypted(path, key, size)
        return
    with path.open("rb") as file:
        header = file.read(_HEADER_SIZE)
    if len(header) < _HEADER_SIZE or not header.startswith(MAGIC):
        raise _Damaged("it does not begin like a database")
    (page_size,) = struct.unpack_from(">H", header, 16)
    change_counter, page_count = struct.unpack_from(">II", header, 24)
    (version,) = struct.unpack_from(">I", header, 60)
    (application,) = struct.unpack_from(">I", header, 68)
    (valid_for,) = struct.unpack_from(">I", header, 92)
    _refuse_foreign(path, application)
    _refuse_newer(path, version)
    # While there is a log, pages may still be in it; without one, the file has all that the header counts.
    if (
        not _has_log(path)
        and change_counter == valid_for
        and size < page_count * (65536 if page_size == 1 else page_size)
    ):
        raise _Damaged("its end is missing")


def _check_encrypted(path: Path, key: Key, size: int) -> None:
    """What can be told without the header, which SQLite itself holds against the file's length once it can read it."""
    if not key.fits(path):
        raise _Damaged("it does not begin like an encrypted database")
    if not _has_log(path) and size % PAGE_SIZE:
        raise _Damaged("its end is missing")


def _has_log(path: Path) -> bool:
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def _version(connection: Connection, path: Path) -> int:
    """The file's version. Raises StorageError when it is newer than ours or another program's."""
    version = migrations.version_of(connection)
    application = connection.number("PRAGMA application_id") or 0
    if version == 0 and application == 0 and connection.number("SELECT count(*) FROM sqlite_master"):
        _refuse_foreign(path, 1)
    _refuse_foreign(path, application)
    _refuse_newer(path, version)
    return version


def _refuse_foreign(path: Path, application: int) -> None:
    if application not in {0, migrations.APPLICATION_ID}:
        raise StorageError(f"The file {path} belongs to another program. It was left as it is.")


def _refuse_newer(path: Path, version: int) -> None:
    if version > migrations.VERSION:
        raise StorageError(
            f"The store {path} was written by a newer version of tui-xmpp. Please update tui-xmpp."
            " The store was left as it is.",
            title="The store is newer than the program",
        )


def _check_quickly(connection: Connection) -> None:
    """Touch the root of every table and index and both ends of the history; look through the small tables."""
    names = set(connection.texts("SELECT name FROM sqlite_master WHERE type = 'table'"))
    for name in sorted(names):
        if not name.startswith("sqlite_"):
            connection.all(tuple, f'{_SELECT_ALL} "{name}" LIMIT 1')
    for name in names.intersection(_SMALL_TABLES):
        _expect_ok(connection, f"PRAGMA quick_check({name})")
    if "messages" in names:
        connection.all(tuple, "SELECT * FROM messages ORDER BY id DESC LIMIT 1")
        connection.all(tuple, "SELECT * FROM messages ORDER BY chat_id DESC, position DESC, id DESC LIMIT 1")


def _check_everything(connection: Connection) -> None:
    _expect_ok(connection, "PRAGMA integrity_check(1)")


def _expect_ok(connection: Connection, sql: str) -> None:
    answer = connection.text(sql)
    if answer != "ok":
        raise _Damaged(answer or "the check gave no answer")


def _mark(path: Path) -> Path:
    return path.with_name(path.name + ".suspect")
