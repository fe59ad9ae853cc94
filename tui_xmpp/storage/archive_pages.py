"""Where the messages of one archive page stand in their chats (XEP-0313)."""

import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.message import Direction
from tui_xmpp.storage import counters, identity, positions, rows
from tui_xmpp.storage.archives import ArchiveReader
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.rows import archive_id as archive_row
from tui_xmpp.storage.values import Above, NewMessage

LATE = 1_500_000
"""µs that an own message may be under way before it counts as typed long before it arrived; stamps are often whole
seconds."""

ROOM_FOR_GAP = 10_000
"""µs left free between what is held and what may follow on a gap, a newest page that does not reach back to it or what
comes live: the pages between will stand there, whose stamps may all be the same second or ahead of our clock."""


class _Standing(NamedTuple):
    id: int
    position: int
    time: int


class Place(NamedTuple):
    """Where a message of a page stands, and whether it has to be stored."""

    position: int
    is_new: bool
    """Neither stored, nor with an id of one before it on the page, which it may be the same as."""
    moves: int | None = None
    """The stored message that has to leave the place where it stands for this one."""


def places(
    db: Connection,
    account: Address,
    archive: Address,
    page: Sequence[NewMessage],
    *,
    before: str | None,
    after: str | None,
    first_live: str | None,
    above: Above | None = None,
) -> list[Place]:
    """Where each message of a page stands, oldest first; an account's archive mixes chats.

    Only the order within a chat counts, and only within a chat are positions compared, for they are bent where clocks
    disagree. What is known on the page holds the others in place. One that is read backwards stands below what the
    pages above it have shown, and what came live since (`above`, which takes in this page too), and over all else
    that is stored. What is known but contradicts the archive's order moves, down to what the archive has after it.
    """
    chats = [rows.ensure_chat(db, new.key, new.kind) for new in page]
    stored = [
        identity.find(db, chat, new, identity.archive_ids(db, new)) for chat, new in zip(chats, page, strict=True)
    ]
    found = {message_id: _standing(db, message_id) for message_id in stored if message_id is not None}
    known = [None if message_id is None else found[message_id].position for message_id in stored]
    ids = [_id_in(archive, new) for new in page]
    above = Above(skipped=True) if above is None else above
    copies = _copies(ids, stored)
    typed_late = _typed_late(page, stored, found, copies, above)
    late = copies | typed_late | _passed_by_others(page, chats, known, copies | typed_late)
    on_page = set(found)
    limits = {chat: _limit(db, chat, new.key, above, on_page) for chat, new in zip(chats, page, strict=True)}
    moving = set() if before is None else _out_of_order(page, chats, known, late, limits)

    reader = ArchiveReader(db)
    per_chat: dict[int, list[int]] = defaultdict(list)
    result = [0] * len(page)
    for index, chat in enumerate(chats):
        if index in late:
            result[index] = known[index] or 0
        else:
            per_chat[chat].append(index)
    end: int | None = None
    if before is not None and above.skipped:
        end = _end(reader, account, archive, before or (None if first_live in ids else first_live))
    start = None if before is not None else _start(reader, account, archive, after)
    row = archive_row(db, account, archive)
    for chat, in_line in per_chat.items():
        indexes = in_line
        kept = [None if index in moving else known[index] for index in indexes]
        floors: list[int | None] = [None] * len(indexes)
        ceiling: int | None = None
        if before is None:
            floors = [_neighbour_below(db, chat, start)] * len(indexes)
        else:
            ceiling = limits[chat]
            if above.skipped:
                further = _neighbour_above(db, chat, end, on_page)
                ceiling = further if ceiling is None else min(ceiling, further or ceiling)
            theirs = (at for at, index in zip(kept, indexes, strict=True) if page[index].direction is Direction.IN)
            top = next((at for at in theirs if at is not None), ceiling)
            floor = _newest_below(db, chat, row, top, on_page | above.passed)
            if floor is not None:
                # Ours that are below what was archived before this page were under way while that came.
                under_way = {index for at, index in zip(kept, indexes, strict=True) if at is not None and at <= floor}
                late |= under_way
                for index in under_way:
                    result[index] = known[index] or 0
                kept = [at for at, index in zip(kept, indexes, strict=True) if index not in under_way]
                indexes = [index for index in indexes if index not in under_way]
                floors = floors[: len(indexes)]
                bottom = next((place for place, at in enumerate(kept) if at is not None), len(kept))
                room = ROOM_FOR_GAP if before == "" and bottom == len(kept) else 0
                floors[:bottom] = [floor + room] * bottom
        placed = positions.assign(
            # What moves keeps its time, so to say: it stands as close to where it was as the archive's order lets it.
            [known[index] or page[index].time if index in moving else page[index].time for index in indexes],
            kept,
            floors,
            ceiling,
            backwards=before is not None,
        )
        for index, position in zip(indexes, placed, strict=True):
            result[index] = position
    if before is not None:
        moving |= _put_own_in_order(page, chats, result, late - copies - typed_late, known)
        _take_in(above, page, result, late, stored)
    moves = [stored[index] if index in moving else None for index in range(len(page))]
    return list(map(Place, result, _new(page, stored), moves))


def _take_in(
    above: Above, page: Sequence[NewMessage], result: Sequence[int], late: set[int], stored: Sequence[int | None]
) -> None:
    """Let what is further down stand below this page."""
    for index, new in enumerate(page):
        message_id = stored[index]
        if new.direction is Direction.OUT and message_id is not None:
            above.passed.add(message_id)
        if index not in late:
            above.bound(new.key, result[index], own=new.direction is Direction.OUT and message_id is not None)


def move(db: Connection, places: Sequence[Place]) -> frozenset[int]:
    """Put the stored messages that a page has found out of order where they belong; returns their ids."""
    moved = {place.moves: place.position for place in places if place.moves is not None}
    chats: set[int] = set()
    for message_id, position in moved.items():
        db.run("UPDATE messages SET position = ? WHERE id = ?", (position, message_id))
        chats.add(db.number("SELECT chat_id FROM messages WHERE id = ?", (message_id,)) or 0)
    for chat in chats:
        counters.refresh_preview(db, chat)
    return frozenset(moved)


def _new(page: Sequence[NewMessage], stored: Sequence[int | None]) -> list[bool]:
    seen: set[str] = set()
    result: list[bool] = []
    for new, message_id in zip(page, stored, strict=True):
        names = {new.stanza_id, new.origin_id, *(archive_id for _, archive_id in new.archive_ids)} - {""}
        result.append(message_id is None and seen.isdisjoint(names))
        seen |= names
    return result


def _typed_late(
    page: Sequence[NewMessage],
    stored: Sequence[int | None],
    found: Mapping[int, _Standing],
    copies: set[int],
    above: Above,
) -> set[int]:
    """Indexes of own messages that stand where they were typed, long before the archive got them.

    It shows by the archive's stamp, compared with what our clock made of what others said and came live.
    """
    times = {i: found[name].time for i, name in enumerate(stored) if name is not None and i not in copies}
    # What has the very stamp came from the archive, or stamped by the server: it was not typed here.
    delays = {i: page[i].time - time for i, time in times.items() if page[i].time != time}
    live = [delay for index, delay in delays.items() if page[index].direction is Direction.IN]
    if live:
        above.delay = int(statistics.median(live))
    return {i for i, delay in delays.items() if page[i].direction is Direction.OUT and delay - above.delay > LATE}


def _passed_by_others(
    page: Sequence[NewMessage], chats: Sequence[int], known: Sequence[int | None], late: set[int]
) -> set[int]:
    """Indexes of own messages with messages of others on the wrong side of them, which came while ours was under way.

    Others are not moved for them.
    """
    found: set[int] = set()
    for order, is_after in ((range(len(page)), True), (reversed(range(len(page))), False)):
        passed: dict[int, int] = {}
        for index in order:
            position, chat = known[index], chats[index]
            if position is None or index in late:
                continue
            if page[index].direction is Direction.IN:
                passed[chat] = (max if is_after else min)(position, passed.get(chat, position))
                continue
            other = passed.get(chat, position)
            if other > position if is_after else other < position:
                found.add(index)
    return found


def _copies(ids: Sequence[str], stored: Sequence[int | None]) -> set[int]:
    """Indexes of what is stored and shows up once more: a second copy in the archive, or twice on the page.

    Where the first copy stands is where the message stands; a second one says nothing of the order.
    """
    seen: set[int] = set()
    copies: set[int] = set()
    for index, message_id in enumerate(stored):
        if message_id is not None and (message_id in seen or not ids[index]):
            copies.add(index)
        elif message_id is not None:
            seen.add(message_id)
    return copies


def _out_of_order(
    page: Sequence[NewMessage],
    chats: Sequence[int],
    known: Sequence[int | None],
    late: set[int],
    limits: Mapping[int, int | None],
) -> set[int]:
    """Indexes of stored messages that stand behind one which the archive has after them, and so have to move down.

    A server may pass on what it held back for a lost stream after what is newer. For each that finds its place between
    two others there must be a µs, or the lower of them moves too.
    """
    found: set[int] = set()
    after: dict[int, int] = {}
    for index in reversed(range(len(page))):
        if index in late:
            continue
        position, chat = known[index], chats[index]
        limit = after.get(chat, limits[chat])
        if position is not None and index not in found:
            if limit is None or position < limit:
                after[chat] = position
                continue
            found.add(index)
        if limit is not None:
            after[chat] = limit - 1
    return found


def _put_own_in_order(
    page: Sequence[NewMessage],
    chats: Sequence[int],
    result: list[int],
    passed: set[int],
    known: Sequence[int | None],
) -> set[int]:
    """Put own messages that others have passed below those that the archive has after them; returns which moved."""
    moved: set[int] = set()
    after: dict[int, int] = {}
    for index in reversed(range(len(page))):
        if page[index].direction is Direction.IN or (index not in passed and known[index] is None):
            continue
        limit = after.get(chats[index])
        if limit is not None and index in passed and result[index] >= limit:
            result[index] = limit - 1
            moved.add(index)
        after[chats[index]] = min(result[index], limit or result[index])
    return moved


def _limit(db: Connection, chat: int, key: ChatKey, above: Above, on_page: set[int]) -> int | None:
    """Below what the chat's messages on a page have to stand; None: anything.

    An own message above bounds them only if nothing that others said before it stands behind it.
    """
    limit, own = above.limits.get(key), above.own_limits.get(key)
    if own is None or (limit is not None and limit <= own):
        return limit
    behind = db.numbers(
        "SELECT id FROM messages WHERE chat_id = ? AND position BETWEEN ? AND ? AND direction = 'in' LIMIT 100",
        (chat, own, positions.MAX_POSITION if limit is None else limit - 1),
    )
    return limit if set(behind) - on_page else own


def _start(reader: ArchiveReader, account: Address, archive: Address, archive_id: str | None) -> int | None:
    """What a page starts after: a message, or a span whose end is none, but a receipt."""
    if not archive_id:
        return None
    at_span = (span.newest_position for span in reader.spans(account, archive) if span.newest_id == archive_id)
    return reader.position_of(account, archive, archive_id) or next(at_span, 0) or None


def _end(reader: ArchiveReader, account: Address, archive: Address, archive_id: str | None) -> int | None:
    """What a page ends before."""
    if not archive_id:
        return None
    at_span = (span.oldest_position for span in reader.spans(account, archive) if span.oldest_id == archive_id)
    return reader.position_of(account, archive, archive_id) or next(at_span, 0) or None


def _id_in(archive: Address, new: NewMessage) -> str:
    return next((archive_id for by, archive_id in new.archive_ids if by == archive), "")


def _standing(db: Connection, message_id: int) -> _Standing:
    found = db.one(_Standing._make, "SELECT id, position, time FROM messages WHERE id = ?", (message_id,))
    assert found is not None
    return found


def _neighbour_below(db: Connection, chat: int, position: int | None) -> int | None:
    """The chat's last position not above another; None: there is none."""
    if position is None:
        return None
    return db.number("SELECT max(position) FROM messages WHERE chat_id = ? AND position <= ?", (chat, position))


def _neighbour_above(db: Connection, chat: int, position: int | None, without: set[int]) -> int | None:
    """The chat's first position from another on, of what is not on the page; None: there is none."""
    if position is None:
        return None
    found = db.all(
        _Standing._make,
        "SELECT id, position, time FROM messages WHERE chat_id = ? AND position >= ? ORDER BY position, id LIMIT ?",
        (chat, position, len(without) + 1),
    )
    return next((standing.position for standing in found if standing.id not in without), None)


def _newest_below(db: Connection, chat: int, archive: int | None, top: int | None, without: set[int]) -> int | None:
    """Where the newest message of a chat stands below `top` (None: at all) that was archived before this page.

    What we typed and the archive does not have, or has further up (`without`), says nothing.
    """
    place = positions.MAX_POSITION + 1 if top is None else top
    while True:
        found = db.all(
            _Standing._make,
            "SELECT id, position, time FROM messages WHERE chat_id = ?1 AND position < ?2 AND (direction = 'in'"
            " OR EXISTS (SELECT 1 FROM archive_ids WHERE message_id = messages.id AND archive_id = ?3))"
            " ORDER BY position DESC, id DESC LIMIT 20",
            (chat, place, archive),
        )
        for standing in found:
            if standing.id not in without:
                return standing.position
        if len(found) < 20:
            return None
        place = found[-1].position
