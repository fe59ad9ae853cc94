"""Where a message stands in its chat: positions that grow along each archive's order, and ids made from them.

A position is a time in µs that is bent where clocks disagree: an archive's stamps are often whole seconds by the
server's clock, live messages have ours. Inside an archive its own order is the truth.
"""

from collections.abc import Sequence

from tui_xmpp.storage.database import Connection

MAX_POSITION = 2**53 - 1
"""The year 2255; with the slots it fills 63 bits."""

_SLOTS = 1024
"""Ids that one position has room for."""


def clamp(position: int) -> int:
    """A position that an id can be made from, whatever date a stanza claims."""
    return min(max(position, 1), MAX_POSITION)


def free_id(db: Connection, position: int, chat: int) -> int:
    """An unused message id for a position; ordering by id is ordering by position over all chats.

    Chats that are busy in the same µs start in different slots; where one is taken, the one after the last follows.
    """
    first = position * _SLOTS
    wanted = first + chat % _SLOTS
    while db.number("SELECT 1 FROM messages WHERE id = ?", (wanted,)) is not None:
        last = db.number("SELECT max(id) FROM messages WHERE id BETWEEN ? AND ?", (first, first + _SLOTS - 1))
        wanted = first if last is None else last + 1
        if wanted == first + _SLOTS:
            first += _SLOTS if position < MAX_POSITION else -_SLOTS
            wanted = first
    return wanted


def assign(
    times: Sequence[int],
    known: Sequence[int | None],
    floor: int | None,
    ceiling: int | None,
    *,
    backwards: bool,
    floor_from: int = 0,
) -> list[int]:
    """Positions for the messages that one archive page has of one chat, oldest first.

    `times` are their stamps; `known` the positions of those that are stored already, which stay; `floor` and
    `ceiling` are the positions of the chat's messages just before and just after the page, where known; the floor
    bounds what comes at the index `floor_from` and later. New ones get their time, moved as little as the order
    needs. Where the bounds contradict each other, the side wins from which the archive is being read: its neighbour
    is in the archive's order, the other one may not be.
    """
    count = len(times)
    times = [clamp(time) for time in times]
    lower = [0 if floor is None or index < floor_from else floor + 1 for index in range(count)]
    for index in range(1, count):
        before = known[index - 1]
        lower[index] = max(lower[index], lower[index - 1] if before is None else before + 1)
    upper = [MAX_POSITION if ceiling is None else ceiling - 1] * count
    for index in range(count - 2, -1, -1):
        after = known[index + 1]
        upper[index] = min(upper[index], upper[index + 1] if after is None else after - 1)
    places = (_downwards if backwards else _upwards)(times, known, lower, upper)
    return [clamp(place) for place in places]


def _upwards(times: Sequence[int], known: Sequence[int | None], lower: list[int], upper: list[int]) -> list[int]:
    """From the oldest to the newest; as far below the next known one as there are new ones still to place."""
    places: list[int] = []
    room = _distances(known)
    for index, time in enumerate(times):
        fixed = known[index]
        if fixed is not None:
            places.append(fixed)
            continue
        least = max(lower[index], places[-1] + 1) if places and known[index - 1] is None else lower[index]
        places.append(max(min(time, upper[index] - room[index]), least))
    return places


def _downwards(times: Sequence[int], known: Sequence[int | None], lower: list[int], upper: list[int]) -> list[int]:
    """The mirror image: from the newest to the oldest."""
    mirrored = _upwards(
        [-time for time in reversed(times)],
        [None if place is None else -place for place in reversed(known)],
        [-place for place in reversed(upper)],
        [-place for place in reversed(lower)],
    )
    return [-place for place in reversed(mirrored)]


def _distances(known: Sequence[int | None]) -> list[int]:
    """For each message, how many new ones follow it before the next known one."""
    distances = [0] * len(known)
    for index in range(len(known) - 2, -1, -1):
        distances[index] = 0 if known[index + 1] is not None else distances[index + 1] + 1
    return distances
