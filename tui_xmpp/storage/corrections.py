"""Corrections (XEP-0308): every text of a message is kept, and the one that was sent last is shown."""

from typing import NamedTuple

from tui_xmpp.storage import counters, search_index
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.values import NewOperation


class _Original(NamedTuple):
    chat: int
    body: str
    time: int
    mentions_us: int
    edited: int


class _Shown(NamedTuple):
    body: str
    mentions_us: int
    first: int


_INSERT = """
INSERT INTO versions (message_id, time, body, stanza_id, first, whole, mentions_us) VALUES (?, ?, ?, ?, ?, ?, ?)
"""


def apply(db: Connection, message_id: int, correction: NewOperation) -> bool:
    """Add a text to a message; what was sent last is shown. One that is known changes nothing, and says so."""
    if db.number(
        "SELECT 1 FROM versions WHERE message_id = ? AND first = 0 AND stanza_id = ?"
        " AND (stanza_id <> '' OR (time = ? AND body = ?))",
        (message_id, correction.stanza_id, correction.time, correction.body),
    ):
        return False
    original = _original(db, message_id)
    if not original.edited:
        db.run(_INSERT, (message_id, original.time, original.body, "", 1, "", original.mentions_us))
    mentions_us = int(correction.mentions_us)
    db.run(
        _INSERT,
        (message_id, correction.time, correction.body, correction.stanza_id, 0, correction.whole, mentions_us),
    )
    _show_last(db, message_id, original.chat)
    return True


def take_back(db: Connection, message_id: int, stanza_id: str) -> bool:
    """Remove one text of a message, which was not accepted; says whether there was one."""
    removed = db.run(
        "DELETE FROM versions WHERE message_id = ? AND stanza_id = ? AND first = 0", (message_id, stanza_id)
    )
    if removed:
        _show_last(db, message_id, _original(db, message_id).chat)
    return removed > 0


def replace_text(db: Connection, message_id: int, body: str) -> None:
    """Give another text to a message, and keep none of those that it had."""
    db.run("UPDATE messages SET body = ? WHERE id = ?", (body, message_id))
    db.run("DELETE FROM versions WHERE message_id = ?", (message_id,))
    db.run("UPDATE messages SET edited = 0 WHERE id = ?", (message_id,))
    search_index.add_again(db, message_id)
    counters.refresh_preview_of(db, _original(db, message_id).chat, message_id)


def _show_last(db: Connection, message_id: int, chat: int) -> None:
    shown = db.one(
        _Shown._make,
        "SELECT body, mentions_us, first FROM versions WHERE message_id = ? ORDER BY first, time DESC, id DESC LIMIT 1",
        (message_id,),
    )
    assert shown is not None
    db.run(
        "UPDATE messages SET body = ?, mentions_us = ?, edited = ? WHERE id = ?",
        (shown.body, shown.mentions_us, int(not shown.first), message_id),
    )
    if shown.first:
        db.run("DELETE FROM versions WHERE message_id = ?", (message_id,))
    search_index.add_again(db, message_id)
    counters.recount(db, chat)
    counters.refresh_preview_of(db, chat, message_id)


def _original(db: Connection, message_id: int) -> _Original:
    original = db.one(
        _Original._make, "SELECT chat_id, body, time, mentions_us, edited FROM messages WHERE id = ?", (message_id,)
    )
    assert original is not None
    return original
