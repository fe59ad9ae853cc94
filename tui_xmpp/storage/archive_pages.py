"""Where the messages of one archive page stand in their chats (XEP-0313)."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from tui_xmpp.model.address import Address
from tui_xmpp.model.message import Direction
from tui_xmpp.storage import identity, positions, rows
from tui_xmpp.storage.archives import ArchiveReader
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.values import NewMessage, Span

LATE = 500_000
"""µs that an own message may be under way before it counts as typed long before it arrived."""

ROOM_FOR_GAP = 10_000
"""µs left free between what is held and what may follow on a gap, a newest page that does not reach back to it or what
comes live: the pages between will stand there, whose stamps may all be the same second or ahead of our clock."""


class Place(NamedTuple):
    """Where a message of a page stands, and whether it has to be stored."""

    position: int
    is_new: bool
    """Neither stored, nor with an id of one before it on the page, which it may be the same as."""


def places(
    db: Connection,
    account: Address,
    archive: Address,
    page: Sequence[NewMessage],
    *,
    before: str | None,
    after: str | None,
    first_live: str | None,
    first_heard: str | None,
) -> list[Place]:
    """Where each message of a page stands, oldest first; an account's archive mixes chats.

    Only the order within a chat counts. What is known on the page holds the others in place; what `before` or
    `after` name bounds the page as a whole; one that is read backwards stands above the span that is held below, and
    the newest one below what came live since, unless that is on the page.
    """
    reader = ArchiveReader(db)
    spans = reader.spans(account, archive)
    chats = [rows.ensure_chat(db, new.key, new.kind) for new in page]
    stored = [
        identity.find(db, chat, new, identity.archive_ids(db, new)) for chat, new in zip(chats, page, strict=True)
    ]
    known = [None if message_id is None else _position(db, message_id) for message_id in stored]
    late = _late(page, chats, known)
    ids = [_id_in(archive, new) for new in page]
    ceiling: int | None = None
    if before is None:
        floors = [_start(reader, spans, account, archive, after)] * len(page)
    else:
        live_id = first_live if first_heard is None else first_heard
        next_id = before or (None if live_id in ids else live_id)
        ceiling = _end(reader, spans, account, archive, next_id)
        in_line = [None if index in late else position for index, position in enumerate(known)]
        floors = _floors(ids, in_line, _spans_below(spans, before, first_live), room=ROOM_FOR_GAP if not before else 0)
        if ceiling is not None and any(floor is not None and floor.position >= ceiling for floor in floors):
            # An own message that was typed long before it arrived: it is no bound for what is held below.
            ceiling = None

    per_chat: dict[int, list[int]] = defaultdict(list)
    result = [0] * len(page)
    for index, chat in enumerate(chats):
        if index in late:
            result[index] = known[index] or 0
        else:
            per_chat[chat].append(index)
    for chat, indexes in per_chat.items():
        placed = positions.assign(
            [page[index].time for index in indexes],
            [known[index] for index in indexes],
            [_neighbour_below(db, chat, floors[index]) for index in indexes],
            _neighbour_above(db, chat, ceiling),
            backwards=before is not None,
        )
        for index, position in zip(indexes, placed, strict=True):
            result[index] = position
    return [Place(position, is_new) for position, is_new in zip(result, _new(page, stored), strict=True)]


def _new(page: Sequence[NewMessage], stored: Sequence[int | None]) -> list[bool]:
    seen: set[str] = set()
    result: list[bool] = []
    for new, message_id in zip(page, stored, strict=True):
        names = {new.stanza_id, new.origin_id, *(archive_id for _, archive_id in new.archive_ids)} - {""}
        result.append(message_id is None and seen.isdisjoint(names))
        seen |= names
    return result


def _late(page: Sequence[NewMessage], chats: Sequence[int], known: Sequence[int | None]) -> set[int]:
    """Indexes of own messages that hold nothing in place: they were typed long before the server got them.

    They stand where they were typed, and the archive has them where they arrived. It shows by the archive's stamp,
    or by messages of others that stand on the wrong side of them.
    """
    late: set[int] = set()
    for order, is_after in ((range(len(page)), True), (reversed(range(len(page))), False)):
        passed: dict[int, int] = {}
        for index in order:
            position, chat = known[index], chats[index]
            if position is None:
                continue
            if page[index].direction is Direction.IN:
                passed[chat] = (max if is_after else min)(position, passed.get(chat, position))
                continue
            other = passed.get(chat, position)
            is_inverted = other > position if is_after else other < position
            if is_inverted or page[index].time - position > LATE:
                late.add(index)
    return late


class _Floor(NamedTuple):
    """Above what a message stands."""

    position: int
    room: int
    """µs to be left free."""


def _floors(
    ids: Sequence[str], known: Sequence[int | None], spans: Sequence[Span], *, room: int
) -> list[_Floor | None]:
    """For each message of a page that is read backwards, the end of the span below it; inside of one there is none.

    `spans` are those below the page or overlapped by it, newest first. `room` is left above the first of them, if the
    page does not reach it.
    """
    floors: list[_Floor | None] = [None] * len(ids)
    remaining = list(spans)
    inside = False
    for index in reversed(range(len(ids))):
        position = known[index]
        if not remaining:
            break
        span = remaining[0]
        inside = inside or (position is not None and position <= span.newest_position)
        if not inside and span.newest_position:
            floors[index] = _Floor(span.newest_position, room)
        elif inside and (ids[index] == span.oldest_id or (position and position <= span.oldest_position)):
            del remaining[0]
            inside = False
    if inside or len(remaining) < len(spans):
        floors = [None if floor is None else floor._replace(room=0) for floor in floors]
    return floors


def _spans_below(spans: Sequence[Span], before: str, first_live: str | None) -> Sequence[Span]:
    """The spans older than the place from which a page is read backwards."""
    if before == "":
        return spans[1:] if first_live else spans
    here = (index + 1 for index, span in enumerate(spans) if span.oldest_id == before)
    return spans[next(here, len(spans)) :]


def _start(
    reader: ArchiveReader, spans: Sequence[Span], account: Address, archive: Address, archive_id: str | None
) -> _Floor | None:
    """What a page starts after: a message, or a span whose end is none, but a receipt."""
    if not archive_id:
        return None
    at_span = (span.newest_position for span in spans if span.newest_id == archive_id)
    position = reader.position_of(account, archive, archive_id) or next(at_span, 0)
    return _Floor(position, 0) if position else None


def _end(
    reader: ArchiveReader, spans: Sequence[Span], account: Address, archive: Address, archive_id: str | None
) -> int | None:
    """What a page ends before."""
    if not archive_id:
        return None
    at_span = (span.oldest_position for span in spans if span.oldest_id == archive_id)
    return reader.position_of(account, archive, archive_id) or next(at_span, 0) or None


def _id_in(archive: Address, new: NewMessage) -> str:
    return next((archive_id for by, archive_id in new.archive_ids if by == archive), "")


def _position(db: Connection, message_id: int) -> int | None:
    return db.number("SELECT position FROM messages WHERE id = ?", (message_id,))


def _neighbour_below(db: Connection, chat: int, floor: _Floor | None) -> int | None:
    """The chat's last position not above a floor; None: there is no floor, or the chat has nothing below it."""
    if floor is None:
        return None
    sql = "SELECT max(position) + ? FROM messages WHERE chat_id = ? AND position <= ?"
    return db.number(sql, (floor.room, chat, floor.position))


def _neighbour_above(db: Connection, chat: int, position: int | None) -> int | None:
    if position is None:
        return None
    return db.number("SELECT min(position) FROM messages WHERE chat_id = ? AND position >= ?", (chat, position))
