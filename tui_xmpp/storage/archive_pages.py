"""Where the messages of one archive page stand in their chats (XEP-0313)."""

from collections import defaultdict
from collections.abc import Sequence
from functools import partial

from tui_xmpp.model.address import Address
from tui_xmpp.storage import identity, positions, rows
from tui_xmpp.storage.archives import ArchiveReader
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.values import NewMessage

ROOM_FOR_GAP = 10_000
"""µs left free between what is held and a newest page that does not reach back to it: the pages between will stand
there, whose stamps may all be the same second."""


def places(
    db: Connection,
    account: Address,
    archive: Address,
    page: Sequence[NewMessage],
    *,
    before: str | None,
    after: str | None,
    held: str | None,
    first_live: str | None,
) -> list[int]:
    """A position for each message of a page, oldest first; an account's archive mixes chats.

    Only the order within a chat counts. What is known on the page holds the others in place; what `before` or
    `after` name bounds the page as a whole; one that is read backwards stands above the span that is held below, and
    the newest one below what came live since, unless that is on the page.
    """
    bounds = _Bounds(ArchiveReader(db), account, archive)
    on_page = {pair for new in page for pair in new.archive_ids}
    ceiling = bounds.oldest(before or (None if (archive, first_live) in on_page else first_live))
    floor = bounds.below(before, held) if before is not None else bounds.newest(after)
    chats = [rows.ensure_chat(db, new.key, new.kind) for new in page]
    known = [_known_position(db, chat, new) for chat, new in zip(chats, page, strict=True)]
    # A page that is read backwards may reach into what is held: only what comes after that is bound by its end.
    bound_from = _after_last_held(known, floor) if before is not None else 0
    room = ROOM_FOR_GAP if before == "" and bound_from == 0 else 0
    per_chat: dict[int, list[int]] = defaultdict(list)
    for index, chat in enumerate(chats):
        per_chat[chat].append(index)
    result = [0] * len(page)
    for chat, indexes in per_chat.items():
        neighbour = _neighbour_below(db, chat, floor)
        placed = positions.assign(
            [page[index].time for index in indexes],
            [known[index] for index in indexes],
            None if neighbour is None else neighbour + room,
            _neighbour_above(db, chat, ceiling),
            floor_from=sum(index < bound_from for index in indexes),
            backwards=before is not None,
        )
        for index, position in zip(indexes, placed, strict=True):
            result[index] = position
    return result


class _Bounds:
    """Positions that bound a page, from the ids of messages or else from the spans, whose ends may be receipts."""

    def __init__(self, reader: ArchiveReader, account: Address, archive: Address) -> None:
        self._position = partial(reader.position_of, account, archive)
        self._spans = reader.spans(account, archive)

    def oldest(self, archive_id: str | None) -> int | None:
        """Position of what a page ends before."""
        spans = (span.oldest_position for span in self._spans if span.oldest_id == archive_id)
        return (self._position(archive_id) or next(spans, None) or None) if archive_id else None

    def newest(self, archive_id: str | None) -> int | None:
        """Position of what a page starts after."""
        spans = (span.newest_position for span in self._spans if span.newest_id == archive_id)
        return (self._position(archive_id) or next(spans, None) or None) if archive_id else None

    def below(self, before: str, held: str | None) -> int | None:
        """Position of the end of the span that a page read backwards will meet."""
        if held is not None:
            return self.newest(held)
        here = [index for index, span in enumerate(self._spans) if before and span.oldest_id == before]
        if before and not here:
            return None
        return next((span.newest_position or None for span in self._spans[here[0] + 1 if here else 0 :]), None)


def _after_last_held(known: Sequence[int | None], floor: int | None) -> int:
    """Index just after the last known message that is not newer than the end of what is held."""
    held = (index + 1 for index, position in enumerate(known) if position and floor and position <= floor)
    return max(held, default=0)


def _known_position(db: Connection, chat: int, new: NewMessage) -> int | None:
    message_id = identity.find(db, chat, new, identity.archive_ids(db, new))
    return db.number("SELECT position FROM messages WHERE id = ?", (message_id,)) if message_id else None


def _neighbour_below(db: Connection, chat: int, position: int | None) -> int | None:
    """The chat's last position not above a place; None: the place is not known, or nothing is there."""
    if position is None:
        return None
    return db.number("SELECT max(position) FROM messages WHERE chat_id = ? AND position <= ?", (chat, position))


def _neighbour_above(db: Connection, chat: int, position: int | None) -> int | None:
    if position is None:
        return None
    return db.number("SELECT min(position) FROM messages WHERE chat_id = ? AND position >= ?", (chat, position))
