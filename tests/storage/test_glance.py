"""What a start sees of a store before it is opened: what is there, or nothing, and never an error."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.storage.builders import BOB, BOBS, KEY, ME, OTHER_ME, ROOM, ROOMS, in_room, incoming
from tui_xmpp.storage import migrations
from tui_xmpp.storage.glance import glance
from tui_xmpp.storage.opening import open_store
from tui_xmpp.storage.store import Store
from tui_xmpp.storage.writes import Writes


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "chat.db"
    db, _ = open_store(path)
    write(Writes(db))
    db.close()
    return path


def write(writes: Writes) -> None:
    writes.add_message(incoming("older", stanza_id="1", time=1))
    writes.add_message(in_room("newest", stanza_id="2", time=2))
    for key in (BOBS, ROOMS):
        writes.set_open(key, True)
    writes.set_room_state(ROOMS, name="Room", subject="what it is about", subject_by="bob")


def test_the_chat_that_was_last_alive_is_open(path: Path) -> None:
    seen = glance(path, [ME])
    assert seen is not None
    assert [chat.key for chat in seen.chats] == [ROOMS, BOBS]
    assert seen.open_chat.key == ROOMS
    assert [message.body for message in seen.messages] == ["newest"]
    assert seen.first_unread == seen.messages[0].id
    assert seen.subject == "what it is about"


def test_a_chat_that_was_asked_for_is_open(path: Path) -> None:
    seen = glance(path, [ME], open_at=BOB)
    assert seen is not None
    assert [message.body for message in seen.messages] == ["older"]


def test_of_accounts_that_are_not_set_up_any_more_nothing_is_seen(path: Path) -> None:
    assert glance(path, [OTHER_ME]) is None


def test_an_encrypted_store_is_seen_with_its_key_only(tmp_path: Path) -> None:
    path = tmp_path / "chat.db"
    db, _ = open_store(path, KEY)
    write(Writes(db))
    db.close()
    assert glance(path, [ME]) is None
    seen = glance(path, [ME], key=KEY)
    assert seen is not None
    assert [message.body for message in seen.messages] == ["newest"]


async def test_what_another_process_has_open_is_not_seen(path: Path) -> None:
    store = Store.open(path)
    assert glance(path, [ME]) is None
    await store.close()
    assert glance(path, [ME]) is not None


def older(path: Path) -> None:
    db, _ = open_store(path)
    db.run(f"PRAGMA user_version = {migrations.VERSION - 1}")
    db.close()


def newer(path: Path) -> None:
    db, _ = open_store(path)
    db.run(f"PRAGMA user_version = {migrations.VERSION + 1}")
    db.close()


def damaged(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100] + b"\xff" * 8000)


@pytest.mark.parametrize("spoil", [older, newer, damaged, Path.unlink, lambda path: path.write_bytes(b"")])
def test_a_store_that_others_have_to_deal_with_is_left_to_them(path: Path, spoil: Callable[[Path], object]) -> None:
    spoil(path)
    before = path.read_bytes() if path.exists() else None
    assert glance(path, [ME]) is None
    assert (path.read_bytes() if path.exists() else None) == before


def test_looking_changes_nothing(path: Path) -> None:
    before = path.read_bytes()
    assert glance(path, [ME]) is not None
    assert path.read_bytes() == before


def test_a_room_that_is_asked_for_without_its_nickname_is_found(path: Path) -> None:
    seen = glance(path, [ME], open_at=ROOM.with_resource("bob"))
    assert seen is not None
    assert seen.open_chat.key == ROOMS
