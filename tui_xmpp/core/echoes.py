"""Copies of our own messages that do not say so: a room's history, and archives that keep one message twice."""

from collections.abc import Iterable
from dataclasses import replace

from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.message import Direction
from tui_xmpp.storage.values import NewMessage
from tui_xmpp.storage.writes import Writes


def as_ours(writes: Writes, row: NewMessage) -> NewMessage:
    """The row as our own, if a room's history repeats what this client sent.

    Nothing else proves that in a room without occupant-ids: the nickname may have been somebody else's then.
    """
    if row.kind is not ChatKind.ROOM or row.direction is Direction.OUT or not row.stanza_id:
        return row
    ours = any(
        m.direction is Direction.OUT and m.body == row.body and m.sender == row.sender
        for m in writes.find_by_stanza_id(row.key, row.stanza_id)
    )
    return replace(row, direction=Direction.OUT, mentions_us=False) if ours else row


def as_second_copy(writes: Writes, row: NewMessage) -> NewMessage:
    """The row without its archive ids, if the archive already has our message under another one.

    An archive keeps a note to oneself twice, as sent and as received, and a message that was sent again twice too.
    The store takes two ids of one archive for two messages; the origin-id says that these are one.
    """
    if row.direction is Direction.IN or not row.origin_id or not row.archive_ids:
        return row
    known = [m for m in writes.find_by_stanza_id(row.key, row.origin_id) if m.direction is Direction.OUT]
    for message in known:
        for archive, name in row.archive_ids:
            has = writes.messages.archive_id(message.id, archive, row.key.account)
            if message.origin_id == row.origin_id and has and has != name:
                return replace(row, archive_ids=())
    return row


def without_second_copies(rows: Iterable[NewMessage]) -> list[NewMessage]:
    """The rows of one page, each own message once."""
    seen: set[tuple[ChatKey, str]] = set()
    kept: list[NewMessage] = []
    for row in rows:
        if row.direction is Direction.OUT and row.origin_id:
            name = (row.key, row.origin_id)
            if name in seen:
                continue
            seen.add(name)
        kept.append(row)
    return kept
