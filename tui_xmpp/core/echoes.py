"""Second copies that do not say so: what a room's history repeats, and what an archive keeps twice."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.message import Direction, Message
from tui_xmpp.storage.identity import NEAR, UNIQUE
from tui_xmpp.storage.values import NewMessage
from tui_xmpp.storage.writes import Writes


def as_ours(writes: Writes, row: NewMessage) -> NewMessage:
    """The row as our own, if a room's history repeats what this client sent.

    Nothing else proves that in a room without occupant-ids: the nickname may have been somebody else's then.
    """
    if row.kind is not ChatKind.ROOM or row.direction is Direction.OUT or not row.stanza_id:
        return row
    ours = any(
        m.direction is Direction.OUT and m.sender == row.sender for m in writes.said(row.key, row.stanza_id, _text(row))
    )
    return replace(row, direction=Direction.OUT, mentions_us=False) if ours else row


def as_second_copy(writes: Writes, row: NewMessage) -> NewMessage:
    """The row without its archive ids, if the archive already has our message under another one.

    An archive keeps a note to oneself twice, as sent and as received, and a message that was sent again twice too.
    The store takes two ids of one archive for two messages; the origin-id says that these are one. One that a client
    has counted says so only of the same text at nearly the same time.
    """
    if row.direction is not Direction.OUT:
        return row
    is_unique = len(row.origin_id) >= UNIQUE
    kept = (
        known for known in _kept(writes, row, None if is_unique else _text(row)) if known.direction is Direction.OUT
    )
    if any(is_unique or abs(known.time - row.time) < NEAR for known in kept):
        return replace(row, archive_ids=())
    return row


def is_sent_again(writes: Writes, row: NewMessage) -> bool:
    """Whether this is somebody else's message that we have, sent again since they could not know that it had arrived.

    Their client says so by the origin-id, which it must not give to another message (XEP-0359 §3), and says the same.
    Some servers make such a copy themselves: they go on reading a line whose stream has been resumed on another.
    Where a room does not tell who its occupants are, one copy of what our other device said there may be taken for
    ours, and the other one not.
    """
    if row.sealed is not None or len(row.origin_id) < UNIQUE:
        return False
    in_room = row.kind is ChatKind.ROOM
    return any(
        known.sender == row.sender
        and Direction.IN in {known.direction, row.direction}
        and (in_room or known.direction is row.direction)
        # Of two copies that both come encrypted the first to be opened is read, though the other one is here too.
        and not writes.is_sealed(known.id)
        for known in _kept(writes, row, row.body)
    )


def _kept(writes: Writes, row: NewMessage, text: str | None) -> Iterator[Message]:
    """The messages with this origin-id (and text) to which the archive gave another id already."""
    if not row.origin_id or not row.archive_ids:
        return
    for known in writes.said(row.key, row.origin_id, text):
        if known.origin_id != row.origin_id:
            continue
        for archive, name in row.archive_ids:
            has = writes.messages.archive_id(known.id, archive, row.key.account)
            if has and has != name:
                yield known


def without_second_copies(rows: Iterable[NewMessage]) -> list[NewMessage]:
    """The rows of one page, each message once."""
    seen: dict[tuple[ChatKey, str, str, str], int] = {}
    kept: list[NewMessage] = []
    for row in rows:
        ours, is_unique = row.direction is Direction.OUT, len(row.origin_id) >= UNIQUE
        if not (is_unique or (ours and row.origin_id)):
            kept.append(row)
            continue
        what = ("", "") if ours and is_unique else (str(row.sender), _said(row))
        name = (row.key, row.origin_id, *what)
        if name not in seen or not (is_unique or abs(seen[name] - row.time) < NEAR):
            kept.append(row)
        seen[name] = row.time
    return kept


def _text(row: NewMessage) -> str | None:
    """What a message says; None: nobody knows before it is opened."""
    return row.body if row.sealed is None else None


def _said(row: NewMessage) -> str:
    """What makes a message differ from another one of the same name."""
    return row.body if row.sealed is None else row.sealed.sealed.mark
