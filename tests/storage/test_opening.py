"""Opening: fresh, damaged, foreign, newer, in use."""

import logging
import multiprocessing
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.storage.builders import BOBS, KEYS, incoming
from tui_xmpp.errors import StorageError
from tui_xmpp.storage import opening
from tui_xmpp.storage.cipher import Key
from tui_xmpp.storage.database import connect
from tui_xmpp.storage.migrations import APPLICATION_ID, VERSION
from tui_xmpp.storage.opening import open_store
from tui_xmpp.storage.store import Store
from tui_xmpp.storage.writes import Writes


@pytest.fixture(params=KEYS)
def key(request: pytest.FixtureRequest) -> Key | None:
    return KEYS[str(request.param)]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def contents(path: Path) -> bytes:
    return path.read_bytes()


def fill(path: Path, key: Key | None, messages: int = 1) -> None:
    """A closed store with some messages."""
    db, _ = open_store(path, key)
    db.run("BEGIN")
    writes = Writes(db)
    for n in range(messages):
        writes.add_message(incoming(f"text {n} " + "x" * 500, stanza_id=f"{n}"))
    db.run("COMMIT")
    db.text("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


async def test_a_fresh_store_is_for_its_owner_only(path: Path, key: Key | None) -> None:
    store = Store.open(path, key)
    await store.write(lambda writes: writes.add_message(incoming()))
    assert store.moved_aside is None
    files = sorted(file.name for file in path.parent.iterdir())
    assert files == ["chat.db", "chat.db-shm", "chat.db-wal", "chat.db.lock"]
    assert mode(path.parent) == 0o700
    assert {mode(file) for file in path.parent.iterdir()} == {0o600}
    await store.close()


def test_modes_that_were_too_wide_are_narrowed(path: Path, key: Key | None) -> None:
    fill(path, key)
    path.chmod(0o644)
    path.parent.chmod(0o755)
    Store.open(path, key).close_now()
    assert (mode(path.parent), mode(path)) == (0o700, 0o600)


async def test_everything_is_there_after_closing(path: Path, key: Key | None) -> None:
    store = Store.open(path, key)
    store.write_soon(lambda writes: writes.add_message(incoming("Hello")))
    await store.close()
    await store.close()
    assert [file.name for file in path.parent.iterdir() if "wal" in file.name] == []
    store = Store.open(path, key)
    assert [message.body for message in store.messages.newest(BOBS, 9)] == ["Hello"]
    await store.close()


def overwrite(path: Path, key: Key | None) -> None:
    path.write_bytes(b"This is not a database, but a letter. " * 200)


def cut_short(path: Path, key: Key | None) -> None:
    path.write_bytes(path.read_bytes()[:-8192])


def cut_by_a_few_bytes(path: Path, key: Key | None) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def cut_to_a_piece(path: Path, key: Key | None) -> None:
    path.write_bytes(path.read_bytes()[:50])


def spoil_the_schema(path: Path, key: Key | None) -> None:
    _spoil(path, 1)


def spoil_the_chats(path: Path, key: Key | None) -> None:
    _spoil(path, _root(path, key, "chats"))


def spoil_the_root_of_messages(path: Path, key: Key | None) -> None:
    _spoil(path, _root(path, key, "messages"))


def spoil_the_root_of_an_index(path: Path, key: Key | None) -> None:
    _spoil(path, _root(path, key, "messages_order"))


def spoil_the_middle(path: Path, key: Key | None) -> None:
    _spoil(path, path.stat().st_size // 4096 // 2)


def _root(path: Path, key: Key | None, name: str) -> int:
    db = connect(path, key)
    root = db.number("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,))
    db.close()
    assert root is not None
    return root


def _spoil(path: Path, page: int) -> None:
    data = bytearray(path.read_bytes())
    start = (page - 1) * 4096 + (100 if page == 1 else 0)
    data[start : page * 4096] = b"\xff" * (page * 4096 - start)
    path.write_bytes(data)


@pytest.mark.parametrize(
    "damage",
    [
        overwrite,
        cut_short,
        cut_by_a_few_bytes,
        cut_to_a_piece,
        spoil_the_schema,
        spoil_the_chats,
        spoil_the_root_of_messages,
        spoil_the_root_of_an_index,
    ],
)
async def test_a_damaged_store_is_moved_aside_and_a_fresh_one_begun(
    path: Path,
    key: Key | None,
    damage: Callable[[Path, Key | None], None],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    fill(path, key, 200)
    damage(path, key)
    damaged = contents(path)
    with caplog.at_level(logging.WARNING):
        store = Store.open(path, key)
    assert store.moved_aside is not None
    assert store.moved_aside.parent == path.parent
    assert store.moved_aside.name.startswith("chat.db.damaged-2")
    assert contents(store.moved_aside)[4096:] == damaged[4096:]
    assert "damaged" in caplog.text
    assert store.messages.newest(BOBS, 9) == ()
    await store.write(lambda writes: writes.add_message(incoming()))
    await store.close()
    assert capfd.readouterr() == ("", "")


def test_two_damaged_stores_of_one_second_have_names_of_their_own(path: Path, key: Key | None) -> None:
    names = set()
    for _ in range(3):
        fill(path, key)
        (path.parent / "chat.db-wal").write_bytes(b"log")
        names.add(opening.move_aside(path))
    assert len(names) == 3
    assert all(name.with_name(name.name + "-wal").read_bytes() == b"log" for name in names)
    assert not path.exists()


async def test_damage_inside_is_found_at_the_start_after_it_was_met(path: Path, key: Key | None) -> None:
    fill(path, key, 2_000)
    spoil_the_middle(path, key)
    store = Store.open(path, key)
    assert store.moved_aside is None
    problems: list[Exception] = []
    store.on_problem = problems.append
    store.write_soon(lambda writes: writes._db.text("PRAGMA quick_check"))
    with pytest.raises(StorageError, match=r"damaged.*next start"):
        await store.write(lambda writes: [writes.delete_message(m.id) for m in writes.messages.newest(BOBS, 2_000)])
    await store.close()
    store = Store.open(path, key)
    assert store.moved_aside is not None
    await store.close()
    store = Store.open(path, key)
    assert store.moved_aside is None
    await store.close()


async def test_a_false_alarm_is_forgotten(path: Path, key: Key | None) -> None:
    fill(path, key)
    opening.suspect(path)
    for _ in range(2):
        store = Store.open(path, key)
        assert store.moved_aside is None
        assert len(store.messages.newest(BOBS, 9)) == 1
        await store.close()
    assert not path.with_name("chat.db.suspect").exists()


def test_a_store_of_a_newer_version_is_left_as_it_is(path: Path, key: Key | None) -> None:
    fill(path, key)
    db = connect(path, key)
    db.run(f"PRAGMA user_version = {VERSION + 1}")
    db.text("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    before = path.read_bytes(), path.stat().st_mtime_ns
    for exclusive in (True, False):
        with pytest.raises(StorageError, match="newer version of tui-xmpp") as caught:
            Store.open(path, key, exclusive=exclusive)
        assert caught.value.title == "The store is newer than the program"
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_a_newer_version_that_is_only_in_the_log_yet_is_seen(path: Path, key: Key | None) -> None:
    fill(path, key)
    db = connect(path, key)
    db.run(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(StorageError, match="newer version"):
        Store.open(path, key)
    db.close()


@pytest.mark.parametrize("sql", ["PRAGMA application_id = 5", "PRAGMA user_version = 0"])
def test_another_programs_database_is_left_as_it_is(path: Path, key: Key | None, sql: str) -> None:
    db = connect(path, key)
    db.run("CREATE TABLE theirs (id INTEGER)")
    db.run(sql)
    db.text("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    with pytest.raises(StorageError, match="belongs to another program"):
        Store.open(path, key)
    db = connect(path, key)
    assert db.texts("SELECT name FROM sqlite_master") == ["theirs"]
    db.close()


def _hold(
    path: Path, key: Key | None, ready: "multiprocessing.synchronize.Event", done: "multiprocessing.synchronize.Event"
) -> None:
    store = Store.open(path, key)
    ready.set()
    done.wait(30)
    store.close_now()


async def test_a_second_process_hears_that_it_is_already_running_but_may_read(path: Path, key: Key | None) -> None:
    fill(path, key)
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(path, key, ready, done))
    other.start()
    try:
        assert ready.wait(30)
        with pytest.raises(StorageError, match="already running") as caught:
            Store.open(path, key)
        assert caught.value.title == "Already running"
        reading = Store.open(path, key, exclusive=False)
        assert len(reading.messages.newest(BOBS, 9)) == 1
        with pytest.raises(StorageError, match="read only"):
            await reading.write(lambda writes: writes.add_message(incoming("no")))
        await reading.committed()
        await reading.close()
    finally:
        done.set()
        other.join(30)
    await Store.open(path, key).close()


def test_the_lock_is_free_after_a_failed_start(path: Path, key: Key | None) -> None:
    path.parent.mkdir()
    db = connect(path, key)
    db.run("PRAGMA application_id = 5")
    db.close()
    for _ in range(2):
        with pytest.raises(StorageError, match="another program"):
            Store.open(path, key)


def test_reading_needs_a_store(path: Path, key: Key | None) -> None:
    with pytest.raises(StorageError, match="Nothing is stored yet"):
        Store.open(path, key, exclusive=False)
    assert not path.parent.exists()


def test_reading_does_not_migrate_nor_move_aside(path: Path, key: Key | None) -> None:
    db = connect(path, key)
    db.run(f"PRAGMA application_id = {APPLICATION_ID}")
    db.close()
    with pytest.raises(StorageError, match="older version"):
        Store.open(path, key, exclusive=False)
    overwrite(path, key)
    with pytest.raises(StorageError, match="damaged"):
        Store.open(path, key, exclusive=False)
    assert path.exists()


def test_a_place_that_cannot_be_used_is_said_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match=r"cannot be used: (File exists|Not a directory)"):
        Store.open(tmp_path / "file" / "chat.db")
    (tmp_path / "chat.db").mkdir()
    with pytest.raises(StorageError, match="cannot be"):
        Store.open(tmp_path / "chat.db")
