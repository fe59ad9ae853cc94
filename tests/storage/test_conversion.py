"""Encrypting and decrypting a store that is there: all of it or nothing, whatever happens on the way."""

import os
import random
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import pytest

from tests.bench.fill import fill
from tests.storage.builders import KEY, KEYS, incoming
from tui_xmpp.errors import StorageError
from tui_xmpp.storage import conversion, opening
from tui_xmpp.storage.cipher import Key
from tui_xmpp.storage.conversion import convert, only_ours, plain_copies
from tui_xmpp.storage.database import Row, connect
from tui_xmpp.storage.opening import open_store
from tui_xmpp.storage.store import Store

WAYS = [("plain", "encrypted"), ("encrypted", "plain")]


def make(path: Path, key: Key | None, messages: int = 300) -> None:
    """A store of some weeks, encrypted with `key` or not."""
    fill(path, contacts=20, chats=9, messages=messages)
    if key is not None:
        with only_ours(path):
            convert(path, None, key)


def everything(path: Path, key: Key | None) -> dict[str, list[Row]]:
    """Every row of every table, what the store is made of, and its version."""
    db = connect(path, key, read_only=True)
    tables = db.texts("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0")
    found = {table: db.all(tuple, f'SELECT * FROM "{table}"') for table in tables}
    found["made of"] = db.all(tuple, "SELECT type, name, sql FROM sqlite_master ORDER BY type, name")
    found["version"] = [(db.number("PRAGMA user_version"), db.number("PRAGMA application_id"))]
    db.close()
    return found


@pytest.mark.parametrize(("old", "new"), WAYS)
def test_all_that_is_stored_is_there_afterwards_and_can_be_found(path: Path, old: str, new: str) -> None:
    make(path, KEYS[old])
    before = everything(path, KEYS[old])
    with only_ours(path):
        convert(path, KEYS[old], KEYS[new])
    assert everything(path, KEYS[new]) == before
    db, moved_aside = open_store(path, KEYS[new])
    assert moved_aside is None
    db.run("INSERT INTO messages_text (messages_text, rank) VALUES ('integrity-check', 1)")
    db.close()
    assert sorted(file.name for file in path.parent.iterdir()) == ["chat.db", "chat.db.lock", "chat.db.readers"]
    assert {file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {0o600}


def test_what_is_only_in_the_log_yet_comes_along(path: Path) -> None:
    make(path, None)
    db = connect(path)
    db.run("UPDATE chats SET draft = 'in the log'")
    log = path.with_name("chat.db-wal").read_bytes()
    shared = path.with_name("chat.db-shm").read_bytes()
    content = path.read_bytes()
    db.close()
    path.write_bytes(content)
    path.with_name("chat.db-wal").write_bytes(log)
    path.with_name("chat.db-shm").write_bytes(shared)
    with only_ours(path):
        convert(path, None, KEY)
    db = connect(path, KEY)
    assert set(db.texts("SELECT draft FROM chats")) == {"in the log"}
    db.close()


@pytest.mark.parametrize("exclusive", [True, False])
def test_a_store_that_somebody_has_open_is_left_alone(path: Path, exclusive: bool) -> None:
    make(path, None)
    before = path.read_bytes()
    store = Store.open(path, exclusive=exclusive)
    with pytest.raises(StorageError, match=r"already running|in use by another"), only_ours(path):
        pass
    store.close_now()
    assert path.read_bytes() == before
    with only_ours(path):
        pass


def test_a_store_that_another_program_has_open_is_left_alone(path: Path) -> None:
    make(path, None)
    db = connect(path)
    with pytest.raises(StorageError, match="in use by another program"), only_ours(path):
        convert(path, None, KEY)
    db.close()
    assert everything(path, None)


def test_nobody_opens_a_store_that_is_being_written_anew(path: Path) -> None:
    make(path, None)
    with only_ours(path):
        for exclusive in (True, False):
            with pytest.raises(StorageError, match=r"already running|in use by another"):
                Store.open(path, exclusive=exclusive)


def test_a_damaged_store_is_not_written_anew(path: Path) -> None:
    make(path, None)
    content = bytearray(path.read_bytes())
    middle = len(content) // 4096 // 2 * 4096
    content[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(content)
    with pytest.raises(StorageError, match="damaged"), only_ours(path):
        convert(path, None, KEY)
    assert path.read_bytes()[middle : middle + 4096] == b"\xff" * 4096
    assert not path.with_name("chat.db.draft").exists()


def test_a_copy_that_is_not_whole_never_takes_the_stores_place(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(path, None)
    before = everything(path, None)
    copy = conversion._copy

    def lossy(store: object, draft: Path, key: Key | None) -> None:
        copy(store, draft, key)  # type: ignore[arg-type]  # handed through
        db = connect(draft, key)
        db.run("DELETE FROM archive_ids WHERE id = (SELECT max(id) FROM archive_ids)")
        db.text("PRAGMA journal_mode = DELETE")
        db.close()

    monkeypatch.setattr(conversion, "_copy", lossy)
    with pytest.raises(StorageError, match="left as it is"), only_ours(path):
        convert(path, None, KEY)
    assert everything(path, None) == before


def test_what_was_moved_aside_unencrypted_is_known(path: Path) -> None:
    make(path, KEY)
    assert plain_copies(path) == []
    encrypted = opening.move_aside(path)
    make(path, None)
    plain = opening.move_aside(path)
    plain.with_name(plain.name + "-wal").write_bytes(b"log")
    assert plain_copies(path) == [plain, plain.with_name(plain.name + "-wal")]
    assert encrypted.exists()


CONVERTING = """
import os, signal, sys
from pathlib import Path
from tests.storage.builders import KEYS
from tui_xmpp.storage.conversion import convert, only_ours

path, old, new, last = Path(sys.argv[1]), KEYS[sys.argv[2]], KEYS[sys.argv[3]], int(sys.argv[4])
seen = 0

def watch(event, args):
    global seen
    if event in ("open", "os.rename", "os.remove", "os.fsync") and str(path.parent) in str(args[0]):
        seen += 1
        if seen == last:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
fsync = os.fsync
os.fsync = lambda handle: (watch("os.fsync", (str(path),)), fsync(handle))
print("ready", flush=True)
with only_ours(path):
    convert(path, old, new)
"""


def converting(path: Path, old: str, new: str, *, die_at: int = 0) -> "subprocess.Popen[bytes]":
    """A process that converts; it kills itself before its `die_at`-th touch of the directory."""
    command = [sys.executable, "-c", CONVERTING, str(path), old, new, f"{die_at}"]
    return subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE)


def state(path: Path) -> str:
    """Whether the store is encrypted; it has to be whole."""
    name = "plain" if path.read_bytes()[:15] == b"SQLite format 3" else "encrypted"
    db, moved_aside = open_store(path, KEYS[name])
    assert moved_aside is None
    assert db.text("PRAGMA integrity_check") == "ok"
    db.close()
    return name


@pytest.mark.parametrize(("old", "new"), WAYS)
def test_killed_before_any_touch_of_a_file_it_is_one_or_the_other_and_whole(path: Path, old: str, new: str) -> None:
    make(path, KEYS[old])
    before = everything(path, KEYS[old])
    seen = []
    for die_at in count(1):
        process = converting(path, old, new, die_at=die_at)
        process.communicate(timeout=50)
        seen.append(state(path))
        assert everything(path, KEYS[seen[-1]]) == before
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL
        if seen[-1] == new:
            make_again = path.with_name("again.db")
            make(make_again, KEYS[old])
            make_again.replace(path)
    assert len(seen) > 5
    assert seen[-1] == new
    assert not [file for file in path.parent.iterdir() if "draft" in file.name]


def test_killed_at_any_moment_it_is_one_or_the_other_and_whole(path: Path) -> None:
    make(path, None, messages=5_000)
    before = everything(path, None)
    chance = random.Random(5)
    now, other = "plain", "encrypted"
    for _ in range(12):
        process = converting(path, now, other)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0, 0.5))  # any moment will do
        os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=30)
        found = state(path)
        assert everything(path, KEYS[found]) == before
        if found == other:
            now, other = other, now


async def test_it_goes_on_being_written_to_afterwards(path: Path) -> None:
    make(path, None)
    with only_ours(path):
        convert(path, None, KEY)
    store = Store.open(path, KEY)
    stored = await store.write(lambda writes: writes.add_message(incoming("after all")))
    await store.close()
    store = Store.open(path, KEY)
    assert store.messages.get(stored.message.id) == stored.message
    await store.close()
