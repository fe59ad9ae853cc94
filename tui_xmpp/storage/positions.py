"""Where a message stands in its chat: positions that grow along each archive's order, and ids made from them.

A position is a time in µs that is bent where clocks disagree: an archive's stamps are often whole seconds by the
server's clock, live messages have ours. Inside an archive its own order is the truth.
"""

from collections.abc import Collection, Sequence

from tui_xmpp.storage.database import Connection

MAX_POSITION = 2**53 - 1
"""The year 2255; with the slots it fills 63 bits."""

_SLOTS = 1024
"""Ids that one position has room for."""

_TAKEN = "SELECT messages.id FROM json_each(?) CROSS JOIN messages ON messages.id = value"


def clamp(position: int) -> int:
    """A position that an id can be made from, whatever date a stanza claims."""
    if 1 <= position <= MAX_POSITION:  # said first, for it is asked several times for every message
        return position
    return 1 if position < 1 else MAX_POSITION


def first_id(position: int) -> int:
    """The least id that a message at this position can have."""
    return clamp(position) * _SLOTS


def free_ids(db: Connection, places: Sequence[tuple[int, int]]) -> list[int]:
    """Unused ids for messages at these positions of these chats; ordering by id is ordering by position over all chats.

    Chats that are busy in the same µs start in different slots; where one is taken, the one after the last follows.
    """
    wanted = [position * _SLOTS + chat % _SLOTS for position, chat in places]
    taken = set(db.numbers(_TAKEN, (str(wanted),)))  # a list of numbers is written as JSON is
    ids: list[int] = []
    for (position, _), found in zip(places, wanted, strict=True):
        ids.append(_free_id(db, position, taken) if found in taken else found)
        taken.add(ids[-1])
    return ids


def _free_id(db: Connection, position: int, given: Collection[int]) -> int:
    """The id after the last that is taken, in the store or by those that are `given`."""
    first = position * _SLOTS
    while True:
        last = max(
            db.number("SELECT max(id) FROM messages WHERE id BETWEEN ? AND ?", (first, first + _SLOTS - 1)) or 0,
            max((found for found in given if first <= found < first + _SLOTS), default=0),
            first - 1,
        )
        if last + 1 < first + _SLOTS:
            return last + 1
        first += _SLOTS if position < MAX_POSITION else -_SLOTS


Bounds = list[int | None]
"""For each message of a page the least or greatest position that it may have; None: any."""


def assign(
    times: Sequence[int],
    known: Sequence[int | None],
    floors: Sequence[int | None],
    ceiling: int | None,
    *,
    backwards: bool,
) -> list[int]:
    """Positions for the messages that one archive page has of one chat, oldest first.

    `times` are their stamps; `known` the positions of those that are stored already, which stay; `floors` say above
    what each has to stand, `ceiling` below what all have to. New ones get their time where it fits. Where it does
    not, they stand close to their neighbour on the side from which the archive is being read, so that there is room
    on the other side for what is still to come.
    """
    count = len(times)
    times = [clamp(time) for time in times]
    lower: Bounds = [None if floor is None else floor + 1 for floor in floors]
    for index in range(1, count):
        before = known[index - 1]
        lower[index] = _greater(lower[index], lower[index - 1] if before is None else before + 1)
    upper: Bounds = [None if ceiling is None else ceiling - 1] * count
    for index in range(count - 2, -1, -1):
        after = known[index + 1]
        upper[index] = _lesser(upper[index], upper[index + 1] if after is None else after - 1)
    places = (_downwards if backwards else _upwards)(times, known, lower, upper)
    return [clamp(place) for place in places]


def _upwards(times: Sequence[int], known: Sequence[int | None], lower: Bounds, upper: Bounds) -> list[int]:
    """From the oldest to the newest, leaving room below the next known one for the new ones before it."""
    places: list[int] = []
    followers = _followers(known)
    for index, time in enumerate(times):
        fixed = known[index]
        if fixed is not None:
            places.append(fixed)
            continue
        least = lower[index] if not places else _greater(lower[index], places[-1] + 1)
        most = upper[index]
        if most is not None and time > most - followers[index]:
            places.append(most - followers[index] if least is None else least)
        else:
            places.append(time if least is None else max(time, least))
    return places


def _downwards(times: Sequence[int], known: Sequence[int | None], lower: Bounds, upper: Bounds) -> list[int]:
    """The mirror image: from the newest to the oldest."""
    mirrored = _upwards(
        [-time for time in reversed(times)],
        _mirrored(known),
        _mirrored(upper),
        _mirrored(lower),
    )
    return [-place for place in reversed(mirrored)]


def _mirrored(bounds: Sequence[int | None]) -> Bounds:
    return [None if bound is None else -bound for bound in reversed(bounds)]


def _followers(known: Sequence[int | None]) -> list[int]:
    """For each message, how many new ones follow it before the next known one."""
    counts = [0] * len(known)
    for index in range(len(known) - 2, -1, -1):
        counts[index] = 0 if known[index + 1] is not None else counts[index + 1] + 1
    return counts


def _greater(one: int | None, other: int | None) -> int | None:
    return max((bound for bound in (one, other) if bound is not None), default=None)


def _lesser(one: int | None, other: int | None) -> int | None:
    return min((bound for bound in (one, other) if bound is not None), default=None)
