"""Operations that came before the message that they are about: they wait for it, a limited number in each chat."""

import json
from collections.abc import Iterable
from typing import NamedTuple

from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.message import Direction, Encryption
from tui_xmpp.storage import rows
from tui_xmpp.storage.addresses import address
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.replies import Name
from tui_xmpp.storage.values import Change, NewOperation

MOST_HELD = 500
"""Most operations of a kind that wait in one chat, the newest of them (SECURITY 15)."""


class _Held(NamedTuple):
    id: int
    archive: int
    target: str
    change: str
    direction: str
    sender: str
    nick: str
    occupant_id: str
    time: int
    stanza_id: str
    encryption: str
    body: str
    whole: str
    mentions_us: int
    moderator: str
    not_before: int
    from_archive: int
    device: int
    key_id: int


_COLUMNS = """
archive_id, target, change, direction, sender, nick, occupant_id, time, stanza_id, encryption, body, whole, mentions_us,
moderator, not_before, from_archive, device, key_id
"""
_INSERT = f"INSERT OR IGNORE INTO held_operations (chat_id, {_COLUMNS}) VALUES (?{', ?' * 18})"  # noqa: S608 (ours)
_SELECT = f"SELECT id, {_COLUMNS} FROM held_operations WHERE chat_id = ? AND target = ? ORDER BY id"  # noqa: S608 (ours)
_TRIM = """
DELETE FROM held_operations WHERE id IN (
    SELECT id FROM held_operations WHERE chat_id = ?1 AND change = ?2 ORDER BY id
    LIMIT max(0, (SELECT count(*) FROM held_operations WHERE chat_id = ?1 AND change = ?2) - ?3)
)
"""


def hold(db: Connection, chat: int, operation: NewOperation) -> None:
    """Keep an operation until its message comes."""
    archive = 0 if operation.archive is None else rows.ensure_archive(db, operation.key.account, operation.archive)
    is_set = operation.change is Change.REACTIONS
    added = db.run(
        _INSERT,
        (
            chat,
            archive,
            operation.target,
            operation.change,
            operation.direction,
            str(operation.sender),
            operation.nick,
            operation.occupant_id,
            operation.time,
            operation.stanza_id,
            operation.encryption,
            json.dumps(operation.emojis, ensure_ascii=False) if is_set else operation.body,
            operation.whole,
            int(operation.mentions_us),
            operation.moderator,
            operation.not_before,
            int(operation.from_archive),
            operation.device,
            operation.key_id,
        ),
    )
    if added:
        db.run(_TRIM, (chat, operation.change, MOST_HELD))


def waiting_for(db: Connection, chat: int, key: ChatKey, names: Iterable[Name]) -> list[tuple[int, NewOperation]]:
    """What waits for a message of these names, in the order in which it came, with its row."""
    known = set(names)
    found = [
        held
        for text in sorted({name.id for name in known})
        for held in db.all(_Held._make, _SELECT, (chat, text))
        if Name(held.archive, held.target) in known or (held.change == Change.RETRACTION and Name(0, text) in known)
    ]
    return [(held.id, _operation(key, held)) for held in sorted(found)]


def is_empty(db: Connection) -> bool:
    """Whether nothing waits anywhere, as is mostly so."""
    return db.number("SELECT 1 FROM held_operations LIMIT 1") is None


def done(db: Connection, row: int) -> None:
    """An operation does not wait any more."""
    db.run("DELETE FROM held_operations WHERE id = ?", (row,))


def _operation(key: ChatKey, held: _Held) -> NewOperation:
    is_set = held.change == Change.REACTIONS
    return NewOperation(
        key=key,
        kind=ChatKind.PRIVATE if key.peer.resource else ChatKind.CONTACT,  # of a known chat the kind stays
        change=Change(held.change),
        target=held.target,
        direction=Direction(held.direction),
        sender=address(held.sender),
        time=held.time,
        body="" if is_set else held.body,
        emojis=tuple(json.loads(held.body)) if is_set else (),
        nick=held.nick,
        occupant_id=held.occupant_id,
        stanza_id=held.stanza_id,
        encryption=Encryption(held.encryption),
        whole=held.whole,
        mentions_us=bool(held.mentions_us),
        moderator=held.moderator,
        not_before=held.not_before,
        from_archive=bool(held.from_archive),
        device=held.device,
        key_id=held.key_id,
    )
