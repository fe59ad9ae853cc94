"""Corrections (XEP-0308): every text of a message is kept, and a correction may come before its original."""

from typing import NamedTuple

from tui_xmpp.model.message import Message
from tui_xmpp.storage import counters, search_index
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.messages import MessageReader
from tui_xmpp.storage.values import NewMessage


class Correction(NamedTuple):
    """A new text, and who sent it."""

    sender: str
    occupant_id: str
    body: str
    time: int
    stanza_id: str
    encryption: str


class _Held(NamedTuple):
    id: int
    sender: str
    occupant_id: str
    body: str
    time: int
    stanza_id: str
    encryption: str


_HELD = """
SELECT id, sender, occupant_id, body, time, stanza_id, encryption FROM pending_corrections
WHERE chat_id = ? AND replaces = ?
"""


class _Original(NamedTuple):
    chat: int
    body: str
    time: int


def is_by_author_of(correction: Correction, message: Message) -> bool:
    """Whether it may correct the message (SECURITY 13): same occupant-id where one is known, else same sender.

    And sent in the same class of encryption. Whether a nickname is still the same person's is the core's to know.
    """
    if correction.encryption != message.encryption:
        return False
    if correction.occupant_id or message.occupant_id:
        return correction.occupant_id == message.occupant_id
    return correction.sender == str(message.sender)


def apply(db: Connection, message_id: int, correction: Correction) -> None:
    """Add a text to a message; what was sent last is shown. One that is known changes nothing."""
    if db.number(
        "SELECT 1 FROM versions WHERE message_id = ? AND first = 0 AND stanza_id = ?"
        " AND (stanza_id <> '' OR (time = ? AND body = ?))",
        (message_id, correction.stanza_id, correction.time, correction.body),
    ):
        return
    original = db.one(_Original._make, "SELECT chat_id, body, time FROM messages WHERE id = ?", (message_id,))
    assert original is not None
    if not db.number("SELECT 1 FROM versions WHERE message_id = ?", (message_id,)):
        db.run(
            "INSERT INTO versions (message_id, time, body, stanza_id, first) VALUES (?, ?, ?, '', 1)",
            (message_id, original.time, original.body),
        )
    db.run(
        "INSERT INTO versions (message_id, time, body, stanza_id) VALUES (?, ?, ?, ?)",
        (message_id, correction.time, correction.body, correction.stanza_id),
    )
    body = db.text(
        "SELECT body FROM versions WHERE message_id = ? ORDER BY first, time DESC, id DESC LIMIT 1", (message_id,)
    )
    db.run("UPDATE messages SET body = ?, edited = 1 WHERE id = ?", (body, message_id))
    search_index.add_again(db, message_id)
    counters.refresh_preview_of(db, original.chat, message_id)


def hold(db: Connection, chat: int, replaces: str, correction: Correction) -> None:
    """Keep a correction until its original comes."""
    db.run(
        "INSERT OR IGNORE INTO pending_corrections"
        " (chat_id, replaces, sender, occupant_id, body, time, stanza_id, encryption) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (chat, replaces, *correction),
    )


def apply_held(db: Connection, chat: int, message_id: int, new: NewMessage) -> bool:
    """Apply what has waited for a message that was just stored; says whether anything did."""
    applied = False
    for name in {new.stanza_id, new.origin_id} - {""}:
        for held in db.all(_Held._make, _HELD, (chat, name)):
            message = MessageReader(db).get(message_id)
            assert message is not None
            correction = Correction(*held[1:])
            if is_by_author_of(correction, message):
                apply(db, message_id, correction)
                db.run("DELETE FROM pending_corrections WHERE id = ?", (held.id,))
                applied = True
    return applied
