"""Writing a store anew with another key, or with none: whole or not at all, whenever the process dies.

The new store is written as a draft beside the old one, looked through and brought to the disk, and then takes the old
one's name in one step. What a disk still holds of a deleted file is out of our hands.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tui_xmpp.errors import StorageError
from tui_xmpp.storage import migrations
from tui_xmpp.storage.cipher import NO_KEY, Key, looks_encrypted
from tui_xmpp.storage.database import Connection, DriverError, connect, explain
from tui_xmpp.storage.lock import Lock, ReadersLock
from tui_xmpp.storage.opening import move_aside, open_whole


@contextmanager
def only_ours(path: Path) -> Iterator[None]:
    """Keep every other process off the store. Raises StorageError when one is at it."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = Lock(path)
        try:
            readers = ReadersLock(path, exclude=True)
        except BaseException:
            lock.release()
            raise
    except OSError as error:
        raise explain(error, path) from error
    try:
        yield
    finally:
        readers.release()
        lock.release()


def convert(path: Path, old: Key | None, new: Key | None) -> None:
    """Encrypt the store with `new` in place of `old`; None: not at all. Within `only_ours`. Raises StorageError."""
    draft = path.with_name(path.name + ".draft")
    try:
        _remove_draft(draft)
        store = open_whole(path, old)
        try:
            store.text("PRAGMA journal_mode = DELETE")  # moves the log into the store; fails while anybody has it open
            _copy(store, draft, new)
            _check(store, draft, new)
        finally:
            store.close()
        _bring_to_disk(draft)
        draft.replace(path)
        _bring_to_disk(path.parent)
    except (DriverError, OSError) as error:
        raise explain(error, path) from error
    finally:
        _remove_draft(draft)


def set_aside(path: Path) -> Path:
    """Give a store that cannot be opened another name, with all that is beside it, for a new one to begin.

    Within `only_ours`. Raises StorageError.
    """
    try:
        aside = move_aside(path, "locked")
        _bring_to_disk(path.parent)
    except OSError as error:
        raise explain(error, path) from error
    return aside


def plain_copies(path: Path) -> list[Path]:
    """Damaged stores that were moved aside and hold messages which anybody with the disk can read."""
    return sorted(
        each
        for each in path.parent.glob(f"{path.name}.damaged-*")
        if not each.name.endswith("-shm") and not looks_encrypted(each.with_name(each.name.removesuffix("-wal")))
    )


def _copy(store: Connection, draft: Path, key: Key | None) -> None:
    draft.touch(mode=0o600)
    # Without KEY it would be encrypted as the store is.
    store.run(f"ATTACH ? AS draft KEY {NO_KEY if key is None else key.sql}", (str(draft),))
    # Nothing is written beside a draft: it is whole at the end, or thrown away.
    store.text("PRAGMA draft.journal_mode = OFF")
    store.run("PRAGMA draft.synchronous = OFF")
    # Only before anything is written, as where a store is begun; one that was begun without it gets it here.
    store.run("PRAGMA draft.auto_vacuum = INCREMENTAL")
    store.all(tuple, "SELECT sqlcipher_export('draft')")
    store.run(f"PRAGMA draft.application_id = {migrations.APPLICATION_ID}")
    store.run(f"PRAGMA draft.user_version = {migrations.version_of(store)}")
    store.run("DETACH draft")


def _check(store: Connection, draft: Path, key: Key | None) -> None:
    """Raise StorageError unless the draft is whole and has all that the store has."""
    copy = connect(draft, key, read_only=True)
    try:
        whole = copy.text("PRAGMA integrity_check(1)") == "ok"
        if not whole or _sizes(copy) != _sizes(store):
            raise StorageError("The store could not be written anew; it was left as it is.")
    finally:
        copy.close()


def _sizes(db: Connection) -> dict[str, int | None]:
    """How many rows each table has."""
    tables = db.texts("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0")
    return {table: db.number(f'SELECT count(*) FROM "{table}"') for table in tables}  # noqa: S608 (our tables)


def _bring_to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove_draft(draft: Path) -> None:
    for suffix in ("", "-journal", "-wal", "-shm"):
        draft.with_name(draft.name + suffix).unlink(missing_ok=True)
