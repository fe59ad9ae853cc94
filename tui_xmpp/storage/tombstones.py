"""Taking messages back (XEP-0424, XEP-0425), and deleting them here: the row stays, so that it is known again."""

import json
import zlib
from typing import NamedTuple

from tui_xmpp.model.message import Tombstone
from tui_xmpp.storage import beside, counters, reactions, search_index
from tui_xmpp.storage.database import Connection

_UNKNOWN = -1


class _Grave(NamedTuple):
    time: int
    moderated: int
    moderator: str
    reason: str
    stanza_id: str
    trace: int


class _Living(NamedTuple):
    chat: int
    body: str
    edited: int
    mentions_us: int


class _Version(NamedTuple):
    time: int
    body: str
    stanza_id: str
    first: int
    whole: str
    mentions_us: int


class _Reply(NamedTuple):
    chat_id: int
    archive_id: int
    target: str
    quoted: str
    original_id: int | None


class _File(NamedTuple):
    name: str
    path: str
    size: int
    changed: int
    secrecy: str
    link: str


class _Set(NamedTuple):
    author: str
    nick: str
    time: int
    stanza_id: str
    emojis: str
    uses: str
    earlier: str


def trace_of(text: str) -> int:
    """Sixteen bits of a text: enough to know it again beside its id, far too few to guess it."""
    return zlib.crc32(text.encode()) & 0xFFFF


def fits(db: Connection, message_id: int, text: str | None) -> bool:
    """Whether a text may be the one that is lost; None: it is not known either."""
    trace = db.number("SELECT trace FROM tombstones WHERE message_id = ?", (message_id,))
    return text is None or trace is None or trace in {_UNKNOWN, trace_of(text)}


def add(db: Connection, message_id: int, tombstone: Tombstone, *, stanza_id: str = "", text: str | None = None) -> bool:
    """Put a tombstone where none is; of two the earlier one stays, with what only the other says."""
    trace = _UNKNOWN if text is None else trace_of(text)
    new = _Grave(tombstone.time, int(tombstone.moderated), tombstone.by, tombstone.reason, stanza_id, trace)
    old = get(db, message_id)
    if old is not None:
        first, second = (new, old) if (new.time, -new.moderated) < (old.time, -old.moderated) else (old, new)
        same = first.moderated == second.moderated
        new = first._replace(
            moderator=first.moderator or (second.moderator if same else ""),
            reason=first.reason or (second.reason if same else ""),
            trace=max(old.trace, new.trace),
        )
    db.run(
        "INSERT OR REPLACE INTO tombstones (message_id, time, moderated, moderator, reason, stanza_id, trace)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (message_id, *new),
    )
    beside.mark(db, message_id, beside.TOMBSTONE)
    return new != old


def get(db: Connection, message_id: int) -> _Grave | None:
    """What is left of a message."""
    return db.one(
        _Grave._make,
        "SELECT time, moderated, moderator, reason, stanza_id, trace FROM tombstones WHERE message_id = ?",
        (message_id,),
    )


def bury(db: Connection, message_id: int, tombstone: Tombstone, *, stanza_id: str = "") -> bool:
    """Take a message back: its texts, what it answers and its reactions are lost. Says whether anything changed."""
    if beside.has(db, message_id, beside.TOMBSTONE | beside.HIDDEN):
        return not beside.has(db, message_id, beside.HIDDEN) and add(db, message_id, tombstone, stanza_id=stanza_id)
    add(db, message_id, tombstone, stanza_id=stanza_id, text=_first_text(db, message_id))
    _empty(db, message_id)
    return True


def hide(db: Connection, message_id: int, time: int) -> None:
    """Delete a message here alone: nothing of it is shown, and it does not come back."""
    if not beside.has(db, message_id, beside.TOMBSTONE):
        add(db, message_id, Tombstone(time), text=_first_text(db, message_id))
    beside.mark(db, message_id, beside.HIDDEN)
    db.run("DELETE FROM outgoing WHERE message_id = ?", (message_id,))
    beside.unmark(db, message_id, beside.WAITING)
    _empty(db, message_id)


def texts(db: Connection, message_id: int) -> str:
    """All that `bury` takes away, so that `restore` can bring it back."""
    living = _living(db, message_id)
    return json.dumps(
        {
            "body": living.body,
            "edited": living.edited,
            "mentions_us": living.mentions_us,
            "whole": db.text("SELECT body FROM whole_texts WHERE message_id = ?", (message_id,)),
            "reply": db.one(
                _Reply._make,
                "SELECT chat_id, archive_id, target, quoted, original_id FROM replies WHERE message_id = ?",
                (message_id,),
            ),
            "file": db.one(
                _File._make,
                "SELECT name, path, size, changed, secrecy, link FROM uploads WHERE message_id = ?",
                (message_id,),
            ),
            "versions": db.all(
                _Version._make,
                "SELECT time, body, stanza_id, first, whole, mentions_us FROM versions"
                " WHERE message_id = ? ORDER BY id",
                (message_id,),
            ),
            "reactions": db.all(
                _Set._make,
                "SELECT author, nick, time, stanza_id, emojis, uses, earlier FROM reactions WHERE message_id = ?",
                (message_id,),
            ),
        },
        ensure_ascii=False,
    )


def restore(db: Connection, message_id: int, kept: str, stanza_id: str) -> bool:
    """Bring back what a retraction of this id took away, unless the message was taken back in another way too."""
    grave = get(db, message_id)
    if grave is None or grave.stanza_id != stanza_id or beside.has(db, message_id, beside.HIDDEN):
        return False
    found = json.loads(kept)
    db.run("DELETE FROM tombstones WHERE message_id = ?", (message_id,))
    beside.unmark(db, message_id, beside.TOMBSTONE)
    db.run(
        "UPDATE messages SET body = ?, edited = ?, mentions_us = ? WHERE id = ?",
        (found["body"], found["edited"], found["mentions_us"], message_id),
    )
    if found["whole"] is not None:
        db.run("INSERT INTO whole_texts (message_id, body) VALUES (?, ?)", (message_id, found["whole"]))
    if found["reply"] is not None:
        db.run(
            "INSERT INTO replies (message_id, chat_id, archive_id, target, quoted, original_id)"
            " SELECT ?, ?, ?, ?, ?, (SELECT id FROM messages WHERE id = ?)",
            (message_id, *found["reply"]),
        )
        beside.mark(db, message_id, beside.REPLY)
    if found.get("file") is not None:
        db.run(
            "INSERT INTO uploads (message_id, name, path, size, changed, secrecy, link) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (message_id, *found["file"]),
        )
        beside.mark(db, message_id, beside.UPLOAD)
    db.many(
        "INSERT INTO versions (message_id, time, body, stanza_id, first, whole, mentions_us)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(message_id, *version) for version in found["versions"]],
    )
    for author, *rest in found["reactions"]:
        reactions.replace(db, message_id, author, reactions.ReactionSet._make(rest))
    search_index.add_again(db, message_id)
    counters.refresh_preview_of(db, _living(db, message_id).chat, message_id)
    return True


def _empty(db: Connection, message_id: int) -> None:
    chat = _living(db, message_id).chat
    db.run(
        "UPDATE messages SET body = '', edited = 0, mentions_us = 0, unread = 0 WHERE id = ?", (message_id,)
    )  # a trigger takes it out of the search index
    db.run("DELETE FROM versions WHERE message_id = ?", (message_id,))
    db.run("DELETE FROM whole_texts WHERE message_id = ?", (message_id,))
    db.run("DELETE FROM replies WHERE message_id = ?", (message_id,))
    db.run("DELETE FROM uploads WHERE message_id = ?", (message_id,))
    beside.unmark(db, message_id, beside.REPLY | beside.UPLOAD)
    reactions.forget(db, message_id)
    counters.recount(db, chat)
    counters.refresh_preview_of(db, chat, message_id)


def _first_text(db: Connection, message_id: int) -> str:
    first = db.text("SELECT body FROM versions WHERE message_id = ? AND first = 1", (message_id,))
    return _living(db, message_id).body if first is None else first


def _living(db: Connection, message_id: int) -> _Living:
    living = db.one(
        _Living._make, "SELECT chat_id, body, edited, mentions_us FROM messages WHERE id = ?", (message_id,)
    )
    assert living is not None
    return living
