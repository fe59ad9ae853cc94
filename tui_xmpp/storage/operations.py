"""What is done with stored messages: whose it may be, and what it changes; or it waits until the message comes."""

import json
from collections.abc import Collection, Iterable
from typing import NamedTuple, assert_never

from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.message import Direction, MessageKind, Tombstone
from tui_xmpp.storage import beside, corrections, held, reactions, replies, rows, tombstones
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.messages import ids_by_name
from tui_xmpp.storage.replies import Name
from tui_xmpp.storage.values import Change, NewOperation

_WAITED_FOR = """
SELECT value FROM json_each(?2) WHERE
    EXISTS (SELECT 1 FROM replies WHERE chat_id = ?1 AND target = value AND original_id IS NULL)
    OR EXISTS (SELECT 1 FROM held_operations WHERE chat_id = ?1 AND target = value)
"""


class _Original(NamedTuple):
    kind: str
    direction: str
    sender: str
    occupant_id: str
    time: int
    encryption: str
    device: int
    key_id: int
    beside: int


_BY_ARCHIVE_ID = """
SELECT message_id FROM archive_ids CROSS JOIN messages ON messages.id = message_id
WHERE archive_id = ? AND archive_ids.id = ? AND chat_id = ?
"""
_BY_CORRECTION_ID = """
SELECT messages.id FROM versions CROSS JOIN messages ON messages.id = message_id
WHERE versions.stanza_id = ? AND versions.stanza_id <> '' AND chat_id = ? ORDER BY versions.id DESC LIMIT 50
"""


def targets(db: Connection, chat: int, name: Name) -> list[int]:
    """Ids of the messages of a chat that a name may mean, also of those that were deleted; the newest first.

    The id of a correction means the message that it corrected. What is done with one that is not opened yet waits.
    """
    if not name.id:
        return []
    if name.archive:
        found = set(db.numbers(_BY_ARCHIVE_ID, (name.archive, name.id, chat)))
    else:
        found = {*ids_by_name(db, chat, name.id), *db.numbers(_BY_CORRECTION_ID, (name.id, chat))}
    return [each for each in sorted(found, reverse=True) if not beside.has(db, each, beside.SEALED)]


def meant(db: Connection, chat: int, operation: NewOperation) -> list[int]:
    """Ids of the messages that an operation may mean, the newest first.

    Old clients take their messages back by the origin-id in rooms too, where only the author's own can be meant.
    """
    found = targets(db, chat, name_of(db, operation))
    if not found and operation.archive is not None and operation.change is Change.RETRACTION:
        return targets(db, chat, Name(0, operation.target))
    return found


def name_of(db: Connection, operation: NewOperation) -> Name:
    """What an operation calls the message that it is about."""
    archive = operation.archive
    return Name(0 if archive is None else rows.ensure_archive(db, operation.key.account, archive), operation.target)


def is_due_to(db: Connection, operation: NewOperation, message_id: int) -> bool:
    """Whether its author may do this with the message (SECURITY 13-15).

    Corrections and retractions are the author's: the same occupant-id where one is known, else the same sender, and
    the same class of encryption, by the same device and key. Whether a nickname is still the same person's is the
    core's to know.
    """
    original = db.one(
        _Original._make,
        "SELECT kind, direction, sender, occupant_id, time, encryption, device, key_id, beside FROM messages"
        " WHERE id = ?",
        (message_id,),
    )
    if original is None or original.kind != MessageKind.TEXT:
        return False
    if operation.change in {Change.MODERATION, Change.REACTIONS}:
        return True
    if original.direction != operation.direction or original.encryption != operation.encryption:
        return False
    if operation.direction is Direction.OUT:
        return True
    is_known = bool(original.key_id and operation.key_id)
    if original.device != operation.device or (is_known and original.key_id != operation.key_id):
        return False
    if operation.occupant_id or original.occupant_id:
        return operation.occupant_id == original.occupant_id
    return original.sender == str(operation.sender) and operation.not_before <= original.time


def apply(db: Connection, message_id: int, operation: NewOperation) -> bool:
    """Do it; says whether anything changed. With a message that was taken back nothing can be done any more."""
    if operation.change is Change.RETRACTION or operation.change is Change.MODERATION:
        tombstone = Tombstone(
            operation.time, operation.change is Change.MODERATION, operation.moderator, operation.body
        )
        return tombstones.bury(db, message_id, tombstone, stanza_id=operation.stanza_id)
    if beside.has(db, message_id, beside.TOMBSTONE | beside.HIDDEN):
        return False
    match operation.change:
        case Change.CORRECTION:
            return corrections.apply(db, message_id, operation)
        case Change.REACTIONS:
            return reactions.put(db, message_id, operation)
        case _:
            assert_never(operation.change)


def is_known_as_ours(db: Connection, message_id: int, stanza_id: str) -> bool:
    """Whether we did something with a message in a stanza of this id."""
    if not stanza_id:
        return False
    sql = "SELECT 1 FROM outgoing WHERE message_id = ? AND stanza_id = ?"
    if db.number(sql, (message_id, stanza_id)) or reactions.was_ours(db, message_id, stanza_id):
        return True
    if db.text("SELECT direction FROM messages WHERE id = ?", (message_id,)) != Direction.OUT:
        return False
    grave = tombstones.get(db, message_id)
    by_us = grave is not None and grave.stanza_id == stanza_id and not grave.moderated
    return by_us or bool(
        db.number("SELECT 1 FROM versions WHERE message_id = ? AND stanza_id = ?", (message_id, stanza_id))
    )


def learned(db: Connection, chat: int, key: ChatKey, message_id: int, names: Iterable[Name]) -> bool:
    """A message is known by these names now: link what answers it, and do what has waited; whether it has changed."""
    names = [name for name in names if name.id]
    if not waited_for(db, chat, {name.id for name in names}):
        return False
    replies.link(db, chat, message_id, names)
    changed = False
    for row, operation in held.waiting_for(db, chat, key, names):
        if not is_due_to(db, operation, message_id):
            continue
        changed = apply(db, message_id, operation) or changed
        held.done(db, row)
        if operation.change is Change.CORRECTION:
            changed = learned(db, chat, key, message_id, [Name(0, operation.stanza_id)]) or changed
    return changed


def waited_for(db: Connection, chat: int, names: Collection[str]) -> set[str]:
    """Which of these names something waits for; one question, for nothing is in store for most messages."""
    return set(db.texts(_WAITED_FOR, (chat, json.dumps([*names])))) if names else set()
