"""An encrypted store: unreadable without its key, never touched with a wrong one, and told from a damaged one."""

import os
from pathlib import Path

import pytest

from tests.storage.builders import BOBS, KEY, incoming
from tui_xmpp.errors import StorageError, StoreLocked
from tui_xmpp.storage.cipher import PAGE_SIZE, Key, looks_encrypted
from tui_xmpp.storage.database import connect
from tui_xmpp.storage.store import Store

OTHER = Key(bytes(range(1, 33)))
WORDS = "Nobody else shall read of the marmalade"


async def write(path: Path, key: Key | None, *, close: bool = True) -> Store:
    store = Store.open(path, key)
    await store.write(lambda writes: writes.add_message(incoming(WORDS)))
    if close:
        await store.close()
    return store


def changed(path: Path) -> int:
    return path.stat().st_mtime_ns


def spoil_the_salt(path: Path) -> None:
    path.write_bytes(os.urandom(16) + path.read_bytes()[16:])


def on_disk(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.parent.iterdir() if not file.name.endswith("-shm")}


async def test_no_word_is_readable_in_the_store_or_its_log(path: Path) -> None:
    store = await write(path, KEY, close=False)
    open_files = on_disk(path)
    assert len(open_files["chat.db-wal"]) > PAGE_SIZE
    await store.close()
    for content in (*open_files.values(), *on_disk(path).values()):
        assert b"marmalade" not in content
        assert KEY.secret not in content
        assert KEY.secret.hex().encode() not in content


async def test_the_same_store_without_a_key_would_be_readable(path: Path) -> None:
    store = await write(path, None, close=False)
    assert any(b"marmalade" in content for content in on_disk(path).values())
    await store.close()


@pytest.mark.parametrize("exclusive", [True, False])
@pytest.mark.parametrize(("key", "words"), [(None, "there is no key"), (OTHER, "key does not belong")])
async def test_with_a_wrong_key_or_none_a_store_is_left_as_it_is(
    path: Path, key: Key | None, words: str, exclusive: bool
) -> None:
    await write(path, KEY)
    before, when = on_disk(path), changed(path)
    with pytest.raises(StoreLocked, match=words) as caught:
        Store.open(path, key, exclusive=exclusive)
    assert caught.value.title == "The store is locked"
    after = on_disk(path)
    after.pop("chat.db.readers", None)
    assert (after, changed(path)) == (before, when)
    store = Store.open(path, KEY)
    assert [message.body for message in store.messages.newest(BOBS, 9)] == [WORDS]
    await store.close()


async def test_a_wrong_key_condemns_no_store_that_is_still_in_its_log(path: Path) -> None:
    store = await write(path, KEY, close=False)
    log = path.with_name("chat.db-wal").read_bytes()
    with pytest.raises(StoreLocked):
        Store.open(path, OTHER, exclusive=False)
    assert path.with_name("chat.db-wal").read_bytes() == log
    await store.close()


async def test_a_store_that_has_been_put_in_the_place_of_an_encrypted_one_is_not_written_to(path: Path) -> None:
    await write(path, None)
    with pytest.raises(StoreLocked, match="not encrypted, though it should be"):
        Store.open(path, KEY)


async def test_random_bytes_in_the_place_of_the_salt_lock_the_store_and_do_not_condemn_it(path: Path) -> None:
    await write(path, KEY)
    spoil_the_salt(path)
    with pytest.raises(StoreLocked):
        Store.open(path, KEY)
    assert "chat.db" in on_disk(path)


def test_only_an_encrypted_store_looks_encrypted(tmp_path: Path) -> None:
    texts = (b"", b"\0" * 9000, b"A letter to Bob. " * 600, os.urandom(4095), bytes(range(200)) * 30)
    for number, content in enumerate(texts):
        path = tmp_path / f"{number}"
        path.write_bytes(content)
        assert not looks_encrypted(path)
    for number in range(50):
        path = tmp_path / f"random{number}"
        path.write_bytes(os.urandom(4096))
        assert looks_encrypted(path)
    assert not looks_encrypted(tmp_path / "nothing")


def test_a_key_is_not_shown_and_has_the_right_length() -> None:
    assert repr(KEY) == "Key()"
    assert Key.fresh() != Key.fresh()
    assert KEY.salt not in KEY.secret
    with pytest.raises(ValueError, match="32 bytes"):
        Key(b"short")


def test_what_sqlite_keeps_on_the_side_stays_in_memory(path: Path) -> None:
    db = connect(path, KEY)
    assert db.number("PRAGMA temp_store") == 2
    db.close()


async def test_a_reader_of_an_encrypted_store_needs_the_key_and_sees_what_is_written(path: Path) -> None:
    store = await write(path, KEY, close=False)
    reading = Store.open(path, KEY, exclusive=False)
    assert len(reading.messages.newest(BOBS, 9)) == 1
    with pytest.raises(StorageError, match="read only"):
        await reading.write(lambda writes: writes.add_message(incoming("no")))
    await reading.close()
    await store.close()
