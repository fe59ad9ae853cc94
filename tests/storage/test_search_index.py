"""The full-text index is in step with the messages."""

import pytest

from tests.storage.builders import BOB, BOBS, ME, NOON, archived, correct, incoming
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.writes import Writes


@pytest.fixture
def search(db: Connection) -> "Search":
    return Search(db)


class Search:
    def __init__(self, db: Connection) -> None:
        self._db = db

    def __call__(self, words: str) -> list[str]:
        """Texts that match, newest first; checks that there is nothing in the index but the messages."""
        self._db.run("INSERT INTO messages_text (messages_text, rank) VALUES ('integrity-check', 1)")
        indexed = self._db.numbers("SELECT id FROM messages_text_docsize ORDER BY id")
        assert indexed == self._db.numbers("SELECT id FROM messages ORDER BY id")
        return self._db.texts(
            "SELECT messages.body FROM messages_text JOIN messages ON messages.id = messages_text.rowid"
            " WHERE messages_text MATCH ? ORDER BY messages_text.rowid DESC",
            (f"body : ({words})",),
        )


def test_what_is_stored_is_found_by_words_and_prefixes_with_accents_folded(writes: Writes, search: Search) -> None:
    writes.add_message(incoming("Café in Łódź, naïve", stanza_id="1"))
    for words in ("cafe", "CAFE", "naiv*", '"in lodz"'):
        assert search(words) == ["Café in Łódź, naïve"]
    assert search("tea") == []


def test_what_comes_twice_is_found_once(writes: Writes, search: Search) -> None:
    writes.add_message(incoming("hello"))
    writes.add_message(archived(incoming("hello"), "a"))
    assert search("hello") == ["hello"]


def test_a_corrected_message_is_found_by_its_current_text_only(writes: Writes, search: Search) -> None:
    writes.add_message(incoming("helo world"))
    correct(writes, BOBS, "s1", sender=BOB, body="hello world", time=NOON)
    assert search("helo") == []
    assert search("hello") == ["hello world"]


def test_a_correction_that_was_held_is_found_when_its_message_comes(writes: Writes, search: Search) -> None:
    correct(writes, BOBS, "s1", sender=BOB, body="hello world", time=NOON + 1, stanza_id="s2")
    writes.add_message(incoming("helo world"))
    assert search("helo") == []
    assert search("hello") == ["hello world"]


def test_a_text_that_was_changed_by_hand_is_not_found_any_more(writes: Writes, search: Search, db: Connection) -> None:
    message = writes.add_message(incoming("secret")).message
    db.run("UPDATE messages SET body = '' WHERE id = ?", (message.id,))
    assert db.numbers("SELECT rowid FROM messages_text WHERE messages_text MATCH 'secret'") == []


def test_a_deleted_message_is_not_found(writes: Writes, search: Search) -> None:
    message = writes.add_message(incoming("hello")).message
    writes.delete_message(message.id)
    assert search("hello") == []


def test_results_can_be_read_newest_first_without_sorting(writes: Writes, search: Search) -> None:
    for n in (3, 1, 2):
        writes.add_message(incoming(f"hello {n}", stanza_id=f"{n}", time=NOON + n, from_archive=True))
    assert search("hello") == ["hello 3", "hello 2", "hello 1"]


def test_a_forgotten_account_leaves_nothing(writes: Writes, search: Search, db: Connection) -> None:
    writes.add_message(archived(incoming("hello"), "a"))
    correct(writes, BOBS, "later", sender=BOB, body="x", time=NOON)
    writes.extend_span(ME, ME, ["a"], before="")
    assert not writes.forget_some(ME)
    assert search("hello") == []
    tables = db.texts("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT%'")
    assert len(tables) > 10
    for table in tables:
        assert db.number(f"SELECT count(*) FROM {table}") == 0, table
