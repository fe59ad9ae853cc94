"""The one function that opens a database, and the typed connection it gives.

The driver is sqlcipher3 (unencrypted as long as no key is set), which has no type information; it is wrapped here so
that the rest of the store is typed. All tables are STRICT, so SQLite itself guarantees the column types that the
row shapes of the readers promise.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from sqlcipher3 import dbapi2

from tui_xmpp.errors import StorageError
from tui_xmpp.storage.cipher import Key

Value = str | int | None
"""What a column holds."""
Values = Sequence[Value]
Row = tuple[Value, ...]
T = TypeVar("T")

DriverError: type[Exception] = dbapi2.Error
"""Root of the driver's exceptions."""

BUSY_TIMEOUT_MS = 5_000
_FILE_MODE = 0o600
_DIRECTORY_MODE = 0o700


class _Cursor(Protocol):
    """The part of a driver's cursor (PEP 249) that is used."""

    @property
    def rowcount(self) -> int: ...
    @property
    def lastrowid(self) -> int: ...
    def fetchone(self) -> Row | None: ...
    def fetchall(self) -> list[Row]: ...


class _DriverConnection(Protocol):
    """The part of a driver's connection (PEP 249 and the extensions of Python's sqlite3) that is used."""

    @property
    def in_transaction(self) -> bool: ...
    def execute(self, sql: str, parameters: Values = ..., /) -> _Cursor: ...
    def executemany(self, sql: str, parameters: Iterable[Values], /) -> _Cursor: ...
    def close(self) -> None: ...


class Connection:
    """A connection in autocommit mode: transactions are begun and ended by hand."""

    def __init__(self, driver: _DriverConnection) -> None:
        self._driver = driver
        self.ids: dict[Hashable, int] | None = None
        """Row ids that were looked up in the transaction that is open; None: another connection may change them."""
        self.explained: Callable[[Exception], Exception] = lambda error: error
        """What is raised in place of an error of the driver in a query."""

    def run(self, sql: str, values: Values = ()) -> int:
        """Run one statement; returns how many rows it changed."""
        return self._driver.execute(sql, values).rowcount

    def insert(self, sql: str, values: Values = ()) -> int:
        """Run an INSERT; returns the id of the row."""
        return self._driver.execute(sql, values).lastrowid

    def many(self, sql: str, rows: Iterable[Values]) -> None:
        """Run one statement for each row of values."""
        self._driver.executemany(sql, rows)

    def all(self, shape: Callable[[Iterable[Value]], T], sql: str, values: Values = ()) -> list[T]:
        """All rows of a query, each made into `shape`, the `_make` of a NamedTuple in the order of the columns."""
        return [shape(row) for row in self._rows(sql, values)]

    def one(self, shape: Callable[[Iterable[Value]], T], sql: str, values: Values = ()) -> T | None:
        """The first row of a query, made into `shape`; None: no row."""
        row = self._row(sql, values)
        return None if row is None else shape(row)

    def number(self, sql: str, values: Values = ()) -> int | None:
        """The first column of the first row, an integer; None: no row, or NULL."""
        row = self._row(sql, values)
        return row[0] if row is not None and isinstance(row[0], int) else None

    def text(self, sql: str, values: Values = ()) -> str | None:
        """The first column of the first row, a text; None: no row, or NULL."""
        row = self._row(sql, values)
        return row[0] if row is not None and isinstance(row[0], str) else None

    def numbers(self, sql: str, values: Values = ()) -> list[int]:
        """The first column of all rows, integers."""
        return [row[0] for row in self._rows(sql, values) if isinstance(row[0], int)]

    def texts(self, sql: str, values: Values = ()) -> list[str]:
        """The first column of all rows, texts."""
        return [row[0] for row in self._rows(sql, values) if isinstance(row[0], str)]

    def _row(self, sql: str, values: Values) -> Row | None:
        try:
            return self._driver.execute(sql, values).fetchone()
        except DriverError as error:
            raise self.explained(error) from error

    def _rows(self, sql: str, values: Values) -> list[Row]:
        try:
            return self._driver.execute(sql, values).fetchall()
        except DriverError as error:
            raise self.explained(error) from error

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open; SQLite ends one by itself when the disk is full."""
        return self._driver.in_transaction

    def close(self) -> None:
        """Close; may be called twice."""
        self._driver.close()


def connect(path: Path, key: Key | None = None, *, read_only: bool = False) -> Connection:
    """Open the database at `path`, encrypted where there is a `key`; without `read_only` file and directory are created
    (0600, 0700).

    Every connection of the program is made here, so that the key of an encrypted store is set in one place. Raises
    the driver's errors (see `is_damage`, `explain`); a connection may move between threads but is used by one.
    """
    if not read_only:
        _prepare_file(path)
    driver: _DriverConnection = dbapi2.connect(
        str(path), timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None, check_same_thread=False
    )
    connection = Connection(driver)
    try:
        connection.run("PRAGMA cipher_log_level = NONE")  # else errors are also printed on the terminal
        if key is not None:
            connection.text(f"PRAGMA key = {key.sql}")
        connection.run("PRAGMA temp_store = MEMORY")  # a file for sorting would be readable beside an encrypted store
        if not read_only:
            # Only before anything is written: pages that deleting frees can be given back then, a few at a time.
            if path.stat().st_size == 0:
                connection.run("PRAGMA auto_vacuum = INCREMENTAL")
            connection.text("PRAGMA journal_mode = WAL")
        # NORMAL does no fsync at a commit: what is committed survives the death of the process at any moment,
        # and a power cut can at most take the last moments, never the consistency.
        connection.run("PRAGMA synchronous = NORMAL")
        connection.run("PRAGMA foreign_keys = ON")
        connection.run("PRAGMA trusted_schema = OFF")
        connection.run("PRAGMA cache_size = -4000")  # KiB; more gains nothing in a store of 200,000 messages
        connection.run("PRAGMA journal_size_limit = 16777216")
        if read_only:
            connection.run("PRAGMA query_only = ON")
    except DriverError:
        connection.close()
        raise
    return connection


def _prepare_file(path: Path) -> None:
    """Make the directory and the file with their modes before SQLite does; -wal and -shm take the file's mode."""
    path.parent.mkdir(mode=_DIRECTORY_MODE, parents=True, exist_ok=True)
    path.parent.chmod(_DIRECTORY_MODE)
    if not path.exists():
        path.touch(mode=_FILE_MODE)
    path.chmod(_FILE_MODE)


def is_damage(error: BaseException) -> bool:
    """Whether an error of the driver means that the file is damaged or is no database."""
    return _code(error) in _DAMAGE


def is_of_the_machine(error: BaseException) -> bool:
    """Whether the disk or the file is at fault, so that the same work may succeed another time."""
    return _code(error) in _MACHINE


def explain(error: Exception, path: Path) -> StorageError:
    """Say in people's words what an error of the driver or of the file system means."""
    if isinstance(error, StorageError):
        return error
    if isinstance(error, OSError):
        return StorageError(f"The store {path} cannot be used: {error.strerror or error}.")
    sentence = _SENTENCES.get(_code(error))
    return StorageError(
        f"The store {path} cannot be used: {error}." if sentence is None else sentence.format(path=path)
    )


def _code(error: BaseException) -> int:
    """SQLite's primary result code; 0 where the error has none."""
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else 0


_DAMAGE: frozenset[int] = frozenset({dbapi2.SQLITE_CORRUPT, dbapi2.SQLITE_NOTADB})

_MACHINE: frozenset[int] = _DAMAGE | {
    dbapi2.SQLITE_FULL,
    dbapi2.SQLITE_IOERR,
    dbapi2.SQLITE_READONLY,
    dbapi2.SQLITE_CANTOPEN,
    dbapi2.SQLITE_BUSY,
    dbapi2.SQLITE_LOCKED,
    dbapi2.SQLITE_NOMEM,
}

_SENTENCES: dict[int, str] = {
    dbapi2.SQLITE_FULL: "The disk is full: nothing more can be stored.",
    dbapi2.SQLITE_READONLY: "The store {path} may not be written.",
    dbapi2.SQLITE_PERM: "The store {path} may not be used.",
    dbapi2.SQLITE_CANTOPEN: "The store {path} cannot be opened.",
    dbapi2.SQLITE_BUSY: "The store {path} is in use by another program.",
    dbapi2.SQLITE_LOCKED: "The store {path} is in use by another program.",
    dbapi2.SQLITE_CORRUPT: "The store {path} is damaged. It will be moved aside at the next start.",
    dbapi2.SQLITE_NOTADB: "The store {path} is not a database.",
    dbapi2.SQLITE_IOERR: "The store {path} cannot be read or written: the disk reports an error.",
}
