"""Every older version of the store comes up to today's."""

from datetime import date
from pathlib import Path

import pytest

from tests.storage import dumps
from tests.storage.builders import BOB, BOBS, ME, NOON, OTHER_ME, ROOM, ROOMS, SECOND, incoming
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.message import Quote, Tombstone
from tui_xmpp.model.search import parse
from tui_xmpp.model.sending import Secrecy, Upload
from tui_xmpp.storage import migrations, search_index
from tui_xmpp.storage.database import Connection, DriverError
from tui_xmpp.storage.migrations import MIGRATIONS, VERSION, Migration, version_of
from tui_xmpp.storage.opening import open_store
from tui_xmpp.storage.search import SearchReader
from tui_xmpp.storage.uploads import StoredFile
from tui_xmpp.storage.writes import Writes


@pytest.fixture
def fresh_schema(tmp_path: Path) -> list[str]:
    db, _ = open_store(tmp_path / "fresh.db")
    found = dumps.schema(db)
    db.close()
    return found


def squeezed(statements: list[str]) -> list[str]:
    return [" ".join(sql.split()) for sql in statements]


@pytest.mark.parametrize("version", range(1, VERSION + 1))
def test_there_is_a_dump_of_every_version(version: int) -> None:
    assert dumps.dump_path(version).exists(), "python -m tests.storage.dumps writes it"


@pytest.mark.parametrize("version", range(VERSION + 1))
def test_a_store_of_any_version_comes_up_to_todays(path: Path, version: int, fresh_schema: list[str]) -> None:
    dumps.load(path, version)
    db, moved_aside = open_store(path)
    assert moved_aside is None
    assert version_of(db) == VERSION
    assert db.number("PRAGMA application_id") == migrations.APPLICATION_ID
    assert sorted(squeezed(dumps.schema(db))) == sorted(squeezed(fresh_schema))
    assert db.text("PRAGMA integrity_check") == "ok"
    assert db.all(tuple, "PRAGMA foreign_key_check") == []
    db.run("INSERT INTO messages_text (messages_text, rank) VALUES ('integrity-check', 1)")
    db.close()


@pytest.mark.parametrize("version", range(1, VERSION + 1))
def test_nothing_is_lost_on_the_way(path: Path, version: int) -> None:
    dumps.load(path, version)
    db, _ = open_store(path)
    writes = Writes(db)
    assert [chat.key for chat in writes.chats.all_open()] == [ROOMS, BOBS]
    assert [(chat.title, chat.draft, chat.unread) for chat in writes.chats.all_open()] == [
        ("The room", "", 2),
        ("Bob", "Dear\nBob", 0),
    ]
    assert [message.body for message in writes.messages.newest(BOBS, 9)] == ["Hello", "It's me", "Refused"]
    assert [message.body for message in writes.messages.newest(ROOMS, 9)] == ["one", "two", "News"]
    assert [version.body for version in writes.messages.versions(writes.messages.newest(BOBS, 9)[0].id)] == [
        "Helo",
        "Hello",
    ]
    assert len(writes.messages.pending(ME)) == 1
    assert writes.contacts.all(ME)[0].groups == ("Friends", "Work")
    assert writes.contacts.roster_version(ME) == "v1"
    assert writes.rooms.state(ROOMS).subject == "News"
    assert writes.requests.all()[0].room == ROOM
    assert writes.archives.begins(ME, ME)
    db.close()


def test_what_the_first_version_stored_is_found(path: Path) -> None:
    dumps.load(path, 1)
    db, _ = open_store(path)
    hits = SearchReader(db).find(parse("hell", today=date(2026, 1, 1)), 9).hits
    assert [hit.message.body for hit in hits] == ["Hello"]
    assert len(SearchReader(db).find(parse("from:me", today=date(2026, 1, 1)), 9).hits) == 2
    db.close()


@pytest.mark.parametrize("version", range(1, VERSION + 1))
def test_a_correction_that_waited_in_an_older_store_still_finds_its_message(path: Path, version: int) -> None:
    dumps.load(path, version)
    db, _ = open_store(path)
    stored = Writes(db).add_message(incoming("Erly", stanza_id="unknown")).message
    assert (stored.body, stored.edited) == ("Early", True)
    assert db.number("SELECT count(*) FROM held_operations WHERE change = 'correction'") == 0
    db.close()


@pytest.mark.parametrize("version", range(3, VERSION + 1))
def test_what_was_done_with_messages_is_kept(path: Path, version: int) -> None:
    dumps.load(path, version)
    db, _ = open_store(path)
    messages = Writes(db).messages
    bread, yes, oops = messages.newest(ChatKey(OTHER_ME, BOB), 9)
    assert [(reaction.emoji, reaction.own) for reaction in bread.reactions] == [
        ("👍", False),
        ("🍞", False),
        ("🥖", True),
    ]
    assert bread.waiting
    assert yes.reply == Quote(bread.id, text="Bread?")
    assert messages.whole_text(yes.id) == "> Bread?\nYes"
    assert oops.tombstone == Tombstone(NOON + SECOND)
    assert [operation.emojis for operation in Writes(db).outgoing.all(OTHER_ME)] == [("🥖",)]
    db.close()


@pytest.mark.parametrize("version", range(7, VERSION + 1))
def test_files_on_their_way_are_kept(path: Path, version: int) -> None:
    dumps.load(path, version)
    db, _ = open_store(path)
    writes = Writes(db)
    (waiting,) = writes.uploads.waiting(OTHER_ME)
    assert writes.uploads.get(waiting.id) == StoredFile("notes.txt", 5, Secrecy.ENCRYPTED, content="Words")
    _, sent = writes.messages.newest(ChatKey(OTHER_ME, OTHER_ME), 9)
    assert sent.upload == Upload("dough.jpg", 70_000, Secrecy.AS_CHAT, "https://files.example.net/2/dough.jpg")
    db.close()


def test_the_current_dump_is_what_the_current_steps_make(path: Path, fresh_schema: list[str]) -> None:
    dumps.load(path, VERSION)
    db, _ = open_store(path)
    assert squeezed(dumps.schema(db)) == squeezed(fresh_schema), "a released step is never changed: add another"
    db.close()


def test_a_step_that_fails_leaves_the_version_before_it(
    path: Path, db: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Migration("broken", ("CREATE TABLE half (id INTEGER) STRICT", "CREATE TABLE accounts (id INTEGER)"))
    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, broken))
    with pytest.raises(DriverError):
        migrations.migrate(db)
    assert version_of(db) == VERSION
    assert db.number("SELECT count(*) FROM sqlite_master WHERE name = 'half'") == 0
    assert not db.in_transaction


def test_a_further_step_runs_once(db: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    further = Migration("further", ("CREATE TABLE further (id INTEGER) STRICT",))
    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, further))
    migrations.migrate(db)
    migrations.migrate(db)
    assert version_of(db) == VERSION + 1


def test_a_migration_tells_how_far_it_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "_BATCH", 2)
    dumps.load(path, 1)
    told: list[float] = []
    db, _ = open_store(path, None, told.append)
    assert told == sorted(told)
    assert (told[0], told[-1] < 1) == (0, True)
    assert len(told) > len(MIGRATIONS), "more than once in the step that takes long"
    db.close()


def test_a_store_that_is_up_to_date_has_nothing_to_tell(path: Path) -> None:
    told: list[float] = []
    for _ in range(2):
        told.clear()
        db, _ = open_store(path, None, told.append)
        db.close()
    assert not told
