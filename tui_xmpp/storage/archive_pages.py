"""Where the messages of one archive page stand in their chats (XEP-0313).

Pages are read from the newest to the oldest, and the archive's order is the truth for all that it has, our own messages
too. So each page stands below what the pages above it have shown and over all else that the archive has. What is stored
already holds the rest in place; what contradicts the archive's order moves, as little as that takes.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.storage import counters, identity, moving, positions
from tui_xmpp.storage.archives import ArchiveReader
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.identity import Arrival
from tui_xmpp.storage.rows import archive_id as archive_row
from tui_xmpp.storage.values import Above, NewMessage

ROOM_FOR_GAP = 10_000
"""µs left free between what is held and what may follow on a gap, a newest page that does not reach back to it or what
comes live: the pages between will stand there, whose stamps may all be the same second or ahead of our clock."""


class _Standing(NamedTuple):
    id: int
    position: int
    is_anchor: bool
    """It came from the server in its order. Ours without an archive's id stand where they were typed."""


class Place(NamedTuple):
    """Where a message of a page stands, and whether it has to be stored."""

    position: int
    is_new: bool
    """Neither stored, nor with an id of one before it on the page, which it may be the same as."""
    moves: int | None = None
    """The stored message that has to leave the place where it stands for this one."""


_STANDING = """
SELECT id, position, direction = 'in' OR EXISTS
    (SELECT 1 FROM archive_ids WHERE message_id = messages.id AND archive_id = ?1) AS is_anchor
FROM messages
"""


def places(
    db: Connection, account: Address, archive: Address, arrivals: Sequence[Arrival], *, before: str, above: Above
) -> list[Place]:
    """Where each message of a page stands, oldest first; an account's archive mixes chats.

    Only the order within a chat counts, and only within a chat are positions compared, for they are bent where clocks
    disagree. `above` is what the pages above have shown and what came live since; it takes in this page too.
    """
    page = [arrival.new for arrival in arrivals]
    stored = identity.find_all(db, arrivals)
    ids = [_id_in(archive, new) for new in page]
    copies = _copies(ids, stored)
    on_page = {name for index, name in enumerate(stored) if name is not None and index not in copies}
    line = _Line(db, archive_row(db, account, archive) or 0, on_page)
    known = [None if message_id is None else line.standing(message_id) for message_id in stored]
    end = _end(db, account, archive, before) if above.skipped else None

    per_chat: dict[int, list[int]] = defaultdict(list)
    for index, arrival in enumerate(arrivals):
        if index not in copies:
            per_chat[arrival.chat].append(index)
    result = [0 if standing is None else standing.position for standing in known]
    for chat, indexes in per_chat.items():
        key, here = page[indexes[0]].key, [known[index] for index in indexes]
        limit = _limit(above, key, here, {ids[index] for index in indexes})
        kept, floor, ceiling = line.held(chat, here, limit, end)
        if floor is not None and ceiling is not None and not _fits(floor, ceiling, len(kept)):
            room = len(kept) + ROOM_FOR_GAP
            moving.make_room(db, chat, ceiling, room)
            above.shift(key, ceiling, room)
            ceiling += room
            here = [None if one is None else line.standing(one.id) for one in here]
            for index, one in zip(indexes, here, strict=True):
                known[index] = one
        bottom = next((place for place, at in enumerate(kept) if at is not None), len(kept))
        if floor is not None and before == "" and bottom == len(kept) and _fits(floor + ROOM_FOR_GAP, ceiling, bottom):
            floor += ROOM_FOR_GAP
        floors = [floor if place < bottom else None for place in range(len(kept))]
        wishes = _wishes([page[index].time for index in indexes], here, kept)
        placed = positions.assign(wishes, kept, floors, ceiling, backwards=True)
        for index, position in zip(indexes, placed, strict=True):
            result[index] = position
            above.passed.setdefault(key, {})[ids[index]] = position
        above.bound(key, min(placed))
    moves = [
        None if standing is None or standing.position == position else standing.id
        for standing, position in zip(known, result, strict=True)
    ]
    return list(map(Place, result, _new(page, stored), moves))


def position_of(db: Connection, chat: int, new: NewMessage) -> int:
    """Where a message stands that comes by itself: live at the end of its chat, from a room's history by its time."""
    if not new.from_archive:
        return at_end(new, counters.newest_position(db, chat))
    # History comes in order, often with stamps of whole seconds: it goes after what came with the same stamp.
    same_time = db.number(
        "SELECT position FROM messages WHERE chat_id = ? AND position BETWEEN ? AND ? AND time = ?"
        " ORDER BY position DESC, id DESC LIMIT 1",
        (chat, positions.clamp(new.time), positions.clamp(new.time + 1_000_000), positions.clamp(new.time)),
    )
    position = max(new.time, (same_time or 0) + 1, (new.position_after or 0) + 1)
    return position if new.position_before is None else min(position, new.position_before - 1)


def at_end(new: NewMessage, newest: int) -> int:
    """Where a message stands behind the newest one of its chat."""
    return max(new.time, newest + (ROOM_FOR_GAP if new.leaves_room else 1))


def follow_on(db: Connection, chat: int, archive: int, message_id: int) -> bool:
    """Let an own message stand behind all that came before the server got it; says whether it had to move."""
    line = _Line(db, archive, {message_id})
    newest, own = line.below(chat, None), line.standing(message_id)
    if newest is None or newest < own.position:
        return False
    db.run("UPDATE messages SET position = ? WHERE id = ?", (positions.clamp(newest + 1), message_id))
    moving.take_along(db, chat, moving.Place(own.position, own.id), newest + 1)
    counters.refresh_preview(db, chat)
    return True


class _Held(NamedTuple):
    kept: list[int | None]
    """The positions of what stays."""
    floor: int | None
    ceiling: int | None


class _Line:
    """What an archive has of each chat in the store, as it stands there; what is on the page is left out."""

    def __init__(self, db: Connection, archive: int, on_page: set[int]) -> None:
        self._db = db
        self._archive = archive
        self._on_page = on_page

    def standing(self, message_id: int) -> _Standing:
        """Where a stored message stands."""
        found = self._db.one(_Standing._make, f"{_STANDING} WHERE id = ?2", (self._archive, message_id))
        assert found is not None
        return found

    def held(self, chat: int, here: Sequence[_Standing | None], limit: int | None, end: int | None) -> "_Held":
        """What stays of a page's messages of one chat, and between what the page has to stand.

        That is what the archive has on either side of what stays. Where there is no room, less stays.
        """
        kept = _kept(here, limit)
        while True:
            left = [index for index, position in enumerate(kept) if position is not None]
            if not left:
                ceiling = limit if end is None else _lesser(limit, self.above(chat, end - 1))
                return _Held(kept, self.below(chat, ceiling), ceiling)
            first, last = kept[left[0]] or 0, kept[left[-1]] or 0
            floor, ceiling = self.below(chat, first), _lesser(limit, self.above(chat, last))
            if not _fits(floor, first, left[0]):
                kept[left[0]] = None
            elif not _fits(last, ceiling, len(kept) - 1 - left[-1]):
                kept[left[-1]] = None
            else:
                return _Held(kept, floor, ceiling)

    def below(self, chat: int, position: int | None) -> int | None:
        """Where the next one stands below a position (None: the newest)."""
        top = positions.MAX_POSITION + 1 if position is None else position
        return self._next(chat, "<", "DESC", (top, 0))

    def above(self, chat: int, position: int) -> int | None:
        """Where the next one stands above a position."""
        return self._next(chat, ">", "ASC", (position + 1, 0))

    def _next(self, chat: int, beyond: str, direction: str, start: tuple[int, int]) -> int | None:
        position, message_id = start
        while True:
            # Many of ours may stand at one position: what was sent at once, behind the last that had come.
            found = self._db.all(
                _Standing._make,
                f"{_STANDING} WHERE chat_id = ?2 AND (position, id) {beyond} (?3, ?4)"
                f" ORDER BY position {direction}, id {direction} LIMIT 20",
                (self._archive, chat, position, message_id),
            )
            for standing in found:
                if standing.is_anchor and standing.id not in self._on_page:
                    return standing.position
            if len(found) < 20:
                return None
            position, message_id = found[-1].position, found[-1].id


def _limit(above: Above, key: ChatKey, here: Sequence[_Standing | None], ids: set[str]) -> int | None:
    """Below what a chat's messages on a page have to stand; None: anything.

    What came live is newer, unless the page has anything from there on: then it reaches into that.
    """
    limit, live = above.limit(key, ids), above.live.get(key)
    if limit is not None or live is None:
        return limit
    return None if any(one is not None and one.position >= live for one in here) else live


def _kept(here: Sequence[_Standing | None], limit: int | None) -> list[int | None]:
    """The positions of as many as stand in the archive's order already, with room for those between them.

    That is the longest row of falling positions from the newest to the oldest. Of two that are as long it is the one
    with the newer: what was held back for a lost stream, and passed on after what is newer, is what moves.
    """
    heaps: list[list[tuple[int, int]]] = []
    """For each length the ends of the rows that are so long, each with its index."""
    follows: dict[int, int | None] = {}
    for index in reversed(range(len(here))):
        one = here[index]
        if one is None or not one.is_anchor or not _fits(one.position, limit, len(here) - 1 - index):
            continue
        end = index - one.position
        length = bisect_right(heaps, end, key=lambda heap: heap[-1][0])
        if length == len(heaps):
            heaps.append([])
        heaps[length].append((end, index))
        shorter = heaps[length - 1] if length else []
        follows[index] = shorter[bisect_left(shorter, -end, key=lambda row: -row[0])][1] if shorter else None
    kept: list[int | None] = [None] * len(here)
    at = heaps[-1][0][1] if heaps else None
    while at is not None:
        standing = here[at]
        kept[at] = None if standing is None else standing.position
        at = follows[at]
    return kept


def _fits(floor: int | None, ceiling: int | None, count: int) -> bool:
    """Whether so many can stand between two positions."""
    return floor is None or ceiling is None or ceiling - floor > count


def _wishes(times: Sequence[int], here: Sequence[_Standing | None], kept: Sequence[int | None]) -> list[int]:
    """Where each message stands if it fits: by its stamp, or where it is, if nothing around it says otherwise."""
    sure = [
        at if at is not None else time if one is None else None for time, one, at in zip(times, here, kept, strict=True)
    ]
    least = list(accumulate((0 if at is None else at for at in sure), max))
    most = list(accumulate((positions.MAX_POSITION if at is None else at for at in reversed(sure)), min))[::-1]
    return [
        one.position if one is not None and low <= one.position <= high else time
        for time, one, low, high in zip(times, here, least, most, strict=True)
    ]


def _new(page: Sequence[NewMessage], stored: Sequence[int | None]) -> list[bool]:
    seen: set[str] = set()
    result: list[bool] = []
    for new, message_id in zip(page, stored, strict=True):
        names = {new.stanza_id, new.origin_id, *(archive_id for _, archive_id in new.archive_ids)} - {""}
        result.append(message_id is None and seen.isdisjoint(names))
        seen |= names
    return result


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


def _end(db: Connection, account: Address, archive: Address, archive_id: str) -> int | None:
    """What a page ends before: a message, or a span whose end is none, but a receipt."""
    if not archive_id:
        return None
    reader = ArchiveReader(db)
    at_span = (span.oldest_position for span in reader.spans(account, archive) if span.oldest_id == archive_id)
    return reader.position_of(account, archive, archive_id) or next(at_span, 0) or None


def _id_in(archive: Address, new: NewMessage) -> str:
    return next((archive_id for by, archive_id in new.archive_ids if by == archive), "")


def _lesser(one: int | None, other: int | None) -> int | None:
    return min((bound for bound in (one, other) if bound is not None), default=None)
