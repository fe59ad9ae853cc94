"""When two arrivals are one message, however it comes: live, carbon, archive, reflection, resend.

The rules, in this order; equal text alone never makes two messages one:
 1. An archive gave both the same id (XEP-0359).
 2. Two different ids of one archive: never the same.
 3. Ours: same chat, and the origin-id of one, which nobody gives twice by chance, is an id of the other; or same stanza
    id and ours still waits for the server, or the text is equal and they are near in time. A gateway may change the
    text that it reflects, and drop the origin-id; and a device of ours may run a client that counts its ids.
 4. Theirs: same chat, sender and text, same stanza id or origin-id, and near in time. How near depends on what else
    speaks for it, because some clients count their ids from 1 at every start.

Of what was taken back or deleted the text is lost; what its trace fits counts as equal. Of what came encrypted the
ciphertext is compared, since nothing is decrypted twice.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tui_xmpp.model.message import Delivery, Direction
from tui_xmpp.storage import beside, rows, tombstones
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.messages import ids_by_name
from tui_xmpp.storage.values import NewMessage

NEAR = 5 * 60 * 1_000_000
"""µs between two arrivals of one incoming message."""

NEAR_WITH_ARCHIVE = 24 * 60 * 60 * 1_000_000
"""The same where one arrival comes from an archive and the other has no id of it, or where they share an id that is
unique: one time is by the server's clock, the other by ours, which may be wrong by time zones."""

UNIQUE = 16
"""Characters of an id that nobody gives twice by chance; some clients count theirs from 1 at every start."""

_KNOWN_NAMES = """
SELECT value FROM json_each(?2) WHERE value <> '' AND (
    EXISTS (SELECT 1 FROM messages WHERE chat_id = ?1 AND stanza_id = value AND stanza_id <> '')
    OR EXISTS (
        SELECT 1 FROM messages WHERE chat_id = ?1 AND origin_id = value AND origin_id <> '' AND origin_id <> stanza_id
    )
)
"""
_KNOWN_ARCHIVE_IDS = """
SELECT archive_ids.id FROM json_each(?2) CROSS JOIN archive_ids ON archive_id = ?1 AND archive_ids.id = value
"""
_CANDIDATES = """
SELECT messages.id, direction, sender, body, time, delivery, stanza_id, origin_id, seal
FROM json_each(?) CROSS JOIN messages ON messages.id = value
"""


class _Candidate(NamedTuple):
    id: int
    direction: str
    sender: str
    body: str
    time: int
    delivery: int
    stanza_id: str
    origin_id: str
    seal: str


class ArchiveId(NamedTuple):
    """An archive's row and the id it gave."""

    archive: int
    id: str


class Arrival(NamedTuple):
    """A message that comes, with the rows of its chat and of the archives that gave it ids."""

    new: NewMessage
    chat: int
    ids: list[ArchiveId]


def arrival(db: Connection, new: NewMessage) -> Arrival:
    """The message with the rows behind it, which are made if needed; the chat is not put on the list."""
    ids = [ArchiveId(rows.ensure_archive(db, new.key.account, by), text) for by, text in new.archive_ids if text]
    return Arrival(new, rows.ensure_chat(db, new.key, new.kind), ids)


def find_all(db: Connection, arrivals: Sequence[Arrival]) -> list[int | None]:
    """As `find`, for many: nearly nothing of a page is known by any name, and only what is has to be looked at."""
    known = known_names(db, [(each.chat, each.new) for each in arrivals])
    archived: defaultdict[int, list[str]] = defaultdict(list)
    for each in arrivals:
        for archive, name in each.ids:
            archived[archive].append(name)
    for archive, names in archived.items():
        known.update(db.texts(_KNOWN_ARCHIVE_IDS, (archive, json.dumps(names))))
    return [
        None if known.isdisjoint((each.new.stanza_id, each.new.origin_id, *(name for _, name in each.ids)))
        else find(db, each)
        for each in arrivals
    ]  # fmt: skip


def known_names(db: Connection, messages: Iterable[tuple[int, NewMessage]]) -> set[str]:
    """Which stanza ids and origin-ids of messages, each with its chat's row, name something that is stored there."""
    names: defaultdict[int, set[str]] = defaultdict(set)
    for chat, new in messages:
        names[chat] |= {new.stanza_id, new.origin_id}
    return {name for chat, texts in names.items() for name in db.texts(_KNOWN_NAMES, (chat, json.dumps([*texts])))}


def find(db: Connection, arrival: Arrival) -> int | None:
    """Id of the stored message that this one is; None: it is a new one."""
    new, chat, ids = arrival
    for archived in ids:
        known = message_of(db, chat, archived)
        if known is not None:
            return known
    names = {text for text in (new.stanza_id, new.origin_id) if text}
    found = {message for name in names for message in ids_by_name(db, chat, name)}
    candidates = db.all(_Candidate._make, _CANDIDATES, (json.dumps([*found]),)) if found else []
    # Of two that a client has given one name the nearest is meant, else the newest.
    nearest = sorted(candidates, key=lambda one: (abs(one.time - new.time), -one.id))
    return next((candidate.id for candidate in nearest if _same(db, candidate, new, ids)), None)


def message_of(db: Connection, chat: int, archived: ArchiveId) -> int | None:
    """The message of the chat with an archive's id. One of another chat does not count: it would be a forgery."""
    return db.number(
        "SELECT message_id FROM archive_ids JOIN messages ON messages.id = message_id"
        " WHERE archive_id = ? AND archive_ids.id = ? AND chat_id = ?",
        (archived.archive, archived.id, chat),
    )


def remember(db: Connection, ids: Iterable[tuple[int, ArchiveId]]) -> None:
    """Keep archive ids of messages; one that is known stays with the message it was first given to."""
    db.many(
        "INSERT OR IGNORE INTO archive_ids (archive_id, id, message_id) VALUES (?, ?, ?)",
        [(archived.archive, archived.id, message_id) for message_id, archived in ids],
    )


def ids_of(db: Connection, message_id: int) -> list[ArchiveId]:
    """Archive ids of a message."""
    return db.all(ArchiveId._make, "SELECT archive_id, id FROM archive_ids WHERE message_id = ?", (message_id,))


def _same(db: Connection, old: _Candidate, new: NewMessage, ids: list[ArchiveId]) -> bool:
    if old.direction != new.direction:
        return False
    has = set(db.numbers("SELECT archive_id FROM archive_ids WHERE message_id = ?", (old.id,)))
    if any(archived.archive in has for archived in ids):
        return False  # the archive gave that message another id, else it had been found by it
    if new.sealed is not None or (old.seal and new.tombstone is None):
        same_text = new.sealed is not None and new.sealed.sealed.mark == old.seal
    else:
        same_text = may_have_said(db, old.id, old.body, None if new.tombstone is not None else new.body)
    is_ours = new.direction is Direction.OUT
    if is_ours and (_by_origin_id(old, new) or old.delivery == Delivery.PENDING):
        return True
    if not same_text or (not is_ours and old.sender != str(new.sender)):
        return False
    is_sure = bool(ids) != bool(has) or any(len(name) >= UNIQUE for name in _shared(old, new))
    return abs(old.time - new.time) < (NEAR_WITH_ARCHIVE if is_sure else NEAR)


def may_have_said(db: Connection, message_id: int, current: str, text: str | None) -> bool:
    """Whether this is the first text of a message, or may be where that is lost; None: it is not known."""
    if beside.has(db, message_id, beside.TOMBSTONE | beside.HIDDEN):
        return tombstones.fits(db, message_id, text)
    return text is None or text == first_text(db, message_id, current)


def _by_origin_id(old: _Candidate, new: NewMessage) -> bool:
    """Whether the origin-id of one, which its client made to be unique, is an id of the other."""
    shared = _shared(old, new) & {old.origin_id, new.origin_id}
    return any(len(name) >= UNIQUE for name in shared)


def _shared(old: _Candidate, new: NewMessage) -> set[str]:
    return {old.stanza_id, old.origin_id} & {new.stanza_id, new.origin_id} - {""}


def first_text(db: Connection, message_id: int, current: str) -> str:
    """The text that a message had before it was corrected."""
    first = db.text("SELECT body FROM versions WHERE message_id = ? AND first = 1", (message_id,))
    return current if first is None else first
