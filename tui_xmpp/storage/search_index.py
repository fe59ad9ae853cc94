"""Keeping the search index in step with the messages. Two triggers take out what was changed or deleted."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from tui_xmpp.model.links import Carried, carried_by
from tui_xmpp.model.message import Direction
from tui_xmpp.storage.database import Connection, Values

INDEXED = 16_384
"""Most characters of a message that can be found; more would let a stranger keep the writer busy."""

# Facts are words of one character that no text has: `model.text.clean` takes the private ones out. So short a word
# is not in the prefix index.
OWN = "\ue000"
"""The fact that a message is ours."""
_HAS = {Carried.LINK: "\ue001", Carried.FILE: "\ue002", Carried.IMAGE: "\ue003"}
_FIRST_CHAT, _LAST_CHAT = 0xE100, 0xF8FF

_INSERT = "INSERT INTO messages_text (rowid, body, who, facts) VALUES (?, ?, ?, ?)"
_SELECT = "SELECT id, chat_id, direction, sender, nick, body FROM messages"
_BATCH = 5_000


class Indexed(NamedTuple):
    """What the index knows of a message."""

    id: int
    chat: int
    direction: str
    sender: str
    nick: str
    body: str


def add(db: Connection, messages: Iterable[Indexed]) -> None:
    """Make messages that were just stored found."""
    db.many(_INSERT, map(_row, messages))


def add_again(db: Connection, message_id: int) -> None:
    """Make a message found by its new text, after its body was changed."""
    db.run("DELETE FROM messages_text WHERE rowid = ?", (message_id,))
    db.many(_INSERT, map(_row, db.all(Indexed._make, f"{_SELECT} WHERE id = ?", (message_id,))))


def rebuild(db: Connection, tell: Callable[[float], None] | None = None) -> None:
    """Make every message found; the index is empty before. `tell` hears how much of it is done, of 1."""
    last, done = 0, 0
    total = 0 if tell is None else db.number("SELECT count(*) FROM messages") or 0
    while batch := db.all(Indexed._make, f"{_SELECT} WHERE id > ? ORDER BY id LIMIT {_BATCH}", (last,)):
        db.many(_INSERT, map(_row, batch))
        last, done = batch[-1].id, done + len(batch)
        if tell is not None:
            tell(done / max(total, done))


def chat_fact(chat: int) -> str:
    """The fact that a message is in a chat."""
    place = _FIRST_CHAT + chat
    return chr(place) if place <= _LAST_CHAT else f"\ue000{chat}"


def has_fact(carried: Carried) -> str:
    """The fact that a message carries something."""
    return _HAS[carried]


def _row(message: Indexed) -> Values:
    from tui_xmpp.model.folding import words  # the store is opened without it

    who = message.nick or message.sender.partition("/")[2]
    return message.id, words(message.body[:INDEXED]), words(who), " ".join(_facts(message))


def _facts(message: Indexed) -> Iterable[str]:
    yield chat_fact(message.chat)
    if message.direction == Direction.OUT:
        yield OWN
    for carried in sorted(carried_by(message.body[:INDEXED])):
        yield has_fact(carried)
