"""Reading what is kept beside messages: a few queries for a whole page, and none for plain ones."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from tui_xmpp.model.links import without_keys
from tui_xmpp.model.message import Direction, Message, Quote, Reaction, Tombstone
from tui_xmpp.model.sending import Secrecy, Upload
from tui_xmpp.storage import beside
from tui_xmpp.storage.counters import preview_text
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.reactions import OURS

MOST_EMOJIS = 50
"""Most different reactions shown under one message, those that were used first (SECURITY 15)."""


class _ReplyRow(NamedTuple):
    message_id: int
    original_id: int | None
    quoted: str
    nick: str
    direction: str
    body: str
    beside: int


class _ReactionRow(NamedTuple):
    message_id: int
    author: str
    nick: str
    emojis: str
    uses: str


class _UploadRow(NamedTuple):
    message_id: int
    name: str
    size: int
    secrecy: str
    link: str


class _TombstoneRow(NamedTuple):
    message_id: int
    time: int
    moderated: int
    moderator: str
    reason: str


# CROSS JOIN keeps the order of the tables: from the ids asked for to their rows.
_REPLIES = """
SELECT message_id, messages.id, quoted, coalesce(nick, ''), coalesce(direction, ''), coalesce(substr(body, 1, 400), ''),
       coalesce(beside, 0)
FROM json_each(?) CROSS JOIN replies ON message_id = value LEFT JOIN messages ON messages.id = original_id
"""
_REACTIONS = """
SELECT message_id, author, nick, emojis, uses FROM json_each(?) CROSS JOIN reactions ON message_id = value
"""
_UPLOADS = """
SELECT message_id, name, size, secrecy, link FROM json_each(?) CROSS JOIN uploads ON message_id = value
"""
_TOMBSTONES = """
SELECT message_id, time, moderated, moderator, reason FROM json_each(?) CROSS JOIN tombstones ON message_id = value
"""


def annotated(db: Connection, messages: Sequence[Message], marks: Sequence[int]) -> tuple[Message, ...]:
    """The messages with what is beside them; `marks` are the bits on their rows."""
    if not any(marks):
        return tuple(messages)
    quotes = _quotes(db, _ids(messages, marks, beside.REPLY))
    sets = _reactions(db, _ids(messages, marks, beside.REACTIONS))
    tombstones = _tombstones(db, _ids(messages, marks, beside.TOMBSTONE))
    uploads = _uploads(db, _ids(messages, marks, beside.UPLOAD))
    return tuple(
        message
        if not bits
        else replace(
            message,
            reactions=sets.get(message.id, ()),
            reply=quotes.get(message.id),
            tombstone=tombstones.get(message.id),
            waiting=bool(bits & beside.WAITING),
            unstyled=bool(bits & beside.UNSTYLED),
            upload=uploads.get(message.id),
        )
        for message, bits in zip(messages, marks, strict=True)
    )


def _ids(messages: Sequence[Message], marks: Sequence[int], bit: int) -> list[int]:
    return [message.id for message, bits in zip(messages, marks, strict=True) if bits & bit]


def _quotes(db: Connection, ids: list[int]) -> dict[int, Quote]:
    found = db.all(_ReplyRow._make, _REPLIES, (json.dumps(ids),)) if ids else []
    return {row.message_id: _quote(row) for row in found}


def _quote(row: _ReplyRow) -> Quote:
    if row.original_id is None or row.beside & beside.HIDDEN:
        return Quote(None, text=preview_text(without_keys(row.quoted)))
    return Quote(row.original_id, row.nick, row.direction == Direction.OUT, preview_text(without_keys(row.body)))


def _reactions(db: Connection, ids: list[int]) -> dict[int, tuple[Reaction, ...]]:
    found: dict[int, list[_ReactionRow]] = {}
    for row in db.all(_ReactionRow._make, _REACTIONS, (json.dumps(ids),)) if ids else ():
        found.setdefault(row.message_id, []).append(row)
    return {message_id: tuple(_gathered(sets)) for message_id, sets in found.items()}


def _gathered(sets: Iterable[_ReactionRow]) -> Iterable[Reaction]:
    """Each emoji with all who use it, in the order in which it was first used by one of them."""
    by_emoji: dict[str, list[tuple[int, str, str]]] = {}
    for row in sets:
        uses = json.loads(row.uses)
        for emoji in json.loads(row.emojis):
            by_emoji.setdefault(emoji, []).append((uses.get(emoji, 0), row.author, row.nick))
    for emoji, users in sorted(by_emoji.items(), key=lambda item: min(item[1]))[:MOST_EMOJIS]:
        others = tuple(nick for _, author, nick in sorted(users) if author != OURS)
        yield Reaction(emoji, others, own=len(others) < len(users))


def _uploads(db: Connection, ids: list[int]) -> dict[int, Upload]:
    found = db.all(_UploadRow._make, _UPLOADS, (json.dumps(ids),)) if ids else []
    return {row.message_id: Upload(row.name, row.size, Secrecy(row.secrecy), row.link) for row in found}


def _tombstones(db: Connection, ids: list[int]) -> dict[int, Tombstone]:
    found = db.all(_TombstoneRow._make, _TOMBSTONES, (json.dumps(ids),)) if ids else []
    return {row.message_id: Tombstone(row.time, bool(row.moderated), row.moderator, row.reason) for row in found}
