"""Messages that were taken back (XEP-0424, XEP-0425) or deleted here: the text is lost, and does not come again."""

from collections.abc import Callable
from datetime import date
from itertools import permutations

import pytest

from tests.storage.builders import (
    BOB,
    BOBS,
    EVES,
    ME,
    NOON,
    ROOM,
    ROOMS,
    SECOND,
    archived,
    correct,
    in_room,
    incoming,
    operation,
    outgoing,
)
from tui_xmpp.model.message import Delivery, Direction, Encryption, Message, Tombstone
from tui_xmpp.model.search import SearchQuery, parse
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.search import SearchReader
from tui_xmpp.storage.values import Change, Outcome
from tui_xmpp.storage.writes import Writes

TODAY = date(2026, 1, 1)
RETRACTION = operation(Change.RETRACTION)


def only(writes: Writes) -> Message:
    (message,) = writes.messages.newest(BOBS, 9)
    return message


def found(db: Connection, query: str) -> list[str]:
    return [hit.message.body for hit in SearchReader(db).find(parse(query, today=TODAY), 9).hits]


def test_a_retracted_message_loses_everything_but_its_place(writes: Writes, db: Connection) -> None:
    message = writes.add_message(incoming("> tea?\nSecret", whole="> tea?\nSecret")).message
    correct(writes, BOBS, "s1", sender=BOB, body="Secret too", time=NOON + 1, stanza_id="c1")
    changed = writes.operate(RETRACTION)
    assert changed == only(writes)
    assert (changed.id, changed.body, changed.edited) == (message.id, "", False)
    assert changed.tombstone == Tombstone(NOON + SECOND)
    assert writes.messages.versions(message.id) == ()
    assert writes.messages.whole_text(message.id) == ""
    assert found(db, "secret") == []
    chat = writes.chats.get(BOBS)
    assert chat is not None
    assert chat.preview is not None
    assert (chat.preview.text, chat.unread) == ("", 0)
    tables = db.texts("SELECT name FROM sqlite_master WHERE sql LIKE '%STRICT%' AND type = 'table'")
    for table in tables:
        columns = db.texts(f"SELECT name FROM pragma_table_info('{table}')")
        for column in columns:
            assert not db.number(f"SELECT count(*) FROM {table} WHERE {column} LIKE '%secret%'"), (table, column)


def test_a_search_by_date_alone_does_not_find_it(writes: Writes, db: Connection) -> None:
    writes.add_message(incoming("Secret"))
    query = SearchQuery(after=NOON - SECOND)
    assert len(SearchReader(db).find(query, 9).hits) == 1
    writes.operate(RETRACTION)
    assert SearchReader(db).find(query, 9).hits == ()


ARRIVALS: dict[str, Callable[[Writes], object]] = {
    "original": lambda w: w.add_message(incoming("Secret")),
    "archived": lambda w: w.add_archive_page(ME, ME, [archived(incoming("Secret"), "a1")], before=""),
    "correction": lambda w: w.operate(operation(Change.CORRECTION, body="Secret too", stanza_id="c1")),
    "retraction": lambda w: w.operate(RETRACTION),
}


@pytest.mark.parametrize("order", permutations(ARRIVALS))
def test_in_any_order_it_is_one_tombstone(writes: Writes, order: tuple[str, ...]) -> None:
    for name in (*order, *order):
        ARRIVALS[name](writes)
    message = only(writes)
    assert (message.body, message.edited, message.tombstone) == ("", False, Tombstone(NOON + SECOND))
    chat = writes.chats.get(BOBS)
    assert chat is not None
    assert chat.unread == 0


def test_another_message_under_its_id_is_another_message(writes: Writes) -> None:
    writes.add_message(incoming("One", stanza_id="1"))
    writes.operate(operation(Change.RETRACTION, "1"))
    assert writes.add_message(incoming("One", stanza_id="1")).outcome is Outcome.KNOWN
    assert writes.add_message(incoming("Two", stanza_id="1")).outcome is Outcome.ADDED


@pytest.mark.parametrize(
    "forged",
    [
        operation(Change.RETRACTION, direction=Direction.OUT, sender=ME),
        operation(Change.RETRACTION, sender=ME),
        operation(Change.RETRACTION, encryption=Encryption.OMEMO),
        operation(Change.RETRACTION, key=EVES),
        operation(Change.RETRACTION, not_before=NOON + 1),
    ],
)
@pytest.mark.parametrize("early", [False, True], ids=["after", "before"])
def test_only_its_author_takes_a_message_back(writes: Writes, forged: object, early: bool) -> None:
    assert isinstance(forged, type(RETRACTION))
    if early:
        writes.operate(forged)
    writes.add_message(incoming("Stays"))
    writes.operate(forged)
    assert (only(writes).body, only(writes).tombstone) == ("Stays", None)


def test_a_moderated_message_says_who_and_why(writes: Writes) -> None:
    writes.add_message(in_room("Spam", archive_ids=((ROOM, "a1"),)))
    moderation = operation(
        Change.MODERATION, "a1", key=ROOMS, archive=ROOM, sender=ROOM, moderator="carol", body="no spam"
    )
    changed = writes.operate(moderation)
    assert changed is not None
    assert changed.tombstone == Tombstone(NOON + SECOND, moderated=True, by="carol", reason="no spam")
    # What the archive says later, and less of, changes nothing.
    tombstone = Tombstone(NOON + 2 * SECOND, moderated=True)
    again = writes.add_message(archived(in_room("", tombstone=tombstone), "a1", ROOM))
    assert (again.outcome, again.message.tombstone) == (Outcome.KNOWN, changed.tombstone)


def test_a_tombstone_of_the_archive_stands_where_the_message_was(writes: Writes) -> None:
    tombstone = Tombstone(NOON + SECOND, moderated=True, by="carol")
    writes.add_archive_page(
        ME,
        ROOM,
        [
            archived(in_room("one", stanza_id="r1"), "a1", ROOM),
            archived(in_room("", stanza_id="r2", time=NOON + 1, tombstone=tombstone), "a2", ROOM),
            archived(in_room("three", stanza_id="r3", time=NOON + 2), "a3", ROOM),
        ],
        before="",
    )
    assert [message.body for message in writes.messages.newest(ROOMS, 9)] == ["one", "", "three"]
    assert writes.messages.newest(ROOMS, 9)[1].tombstone == tombstone
    assert writes.add_message(in_room("two", stanza_id="r2", time=NOON + 1)).outcome is Outcome.KNOWN
    chat = writes.chats.get(ROOMS)
    assert chat is not None
    assert chat.unread == 2


def test_a_tombstone_of_the_archive_takes_back_what_was_stored(writes: Writes) -> None:
    writes.add_message(incoming("Secret", archive_ids=((ME, "a1"),)))
    gone = writes.add_message(archived(incoming("", tombstone=Tombstone(NOON + 1)), "a1"))
    assert gone.outcome is Outcome.UPDATED
    assert (only(writes).body, only(writes).tombstone) == ("", Tombstone(NOON + 1))


def test_what_was_deleted_here_is_not_shown_and_does_not_come_again(writes: Writes, db: Connection) -> None:
    message = writes.add_message(incoming("Spam", archive_ids=((ME, "a1"),))).message
    writes.add_message(incoming("Ham", stanza_id="s2"))
    writes.hide_message(message.id, NOON)
    again = [
        writes.add_message(incoming("Spam")),
        *writes.add_archive_page(ME, ME, [archived(incoming("Spam"), "a1")], before=""),
    ]
    assert [stored.outcome for stored in again] == [Outcome.KNOWN, Outcome.KNOWN]
    assert only(writes).body == "Ham"
    assert writes.messages.get(message.id) is None
    assert writes.messages.find_by_stanza_id(BOBS, "s1") == ()
    assert found(db, "spam") == []
    chat = writes.chats.get(BOBS)
    assert chat is not None
    assert (chat.unread, chat.preview.text if chat.preview else "") == (1, "Ham")
    assert writes.hide_message(message.id, NOON) is None


@pytest.mark.parametrize("change", Change)
def test_with_what_was_deleted_here_nothing_can_be_done(writes: Writes, change: Change) -> None:
    message = writes.add_message(incoming("Spam")).message
    writes.hide_message(message.id, NOON)
    assert writes.operate(operation(change, body="Spam!", emojis=("👍",))) is None
    assert writes.begin_operation(message.id, operation(change, body="Spam!")) is None
    assert writes.messages.newest(BOBS, 9) == ()


def test_a_deleted_last_message_gives_the_preview_to_the_one_before(writes: Writes) -> None:
    writes.add_message(incoming("Ham", stanza_id="s0"))
    message = writes.add_message(outgoing("Spam", delivery=Delivery.FAILED)).message
    chat = writes.hide_message(message.id, NOON)
    assert chat is not None
    assert chat.preview is not None
    assert chat.preview.text == "Ham"
