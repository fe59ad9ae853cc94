"""Where the messages of one archive page stand in their chats (XEP-0313)."""

from collections import defaultdict
from collections.abc import Sequence

from tui_xmpp.model.address import Address
from tui_xmpp.storage import identity, positions, rows
from tui_xmpp.storage.archives import ArchiveReader
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.values import NewMessage


def places(
    db: Connection,
    account: Address,
    archive: Address,
    page: Sequence[NewMessage],
    *,
    before: str | None,
    after: str | None,
) -> list[int]:
    """A position for each message of a page, oldest first; an account's archive mixes chats.

    Only the order within a chat counts. What is known on the page holds the others in place; the message named by
    `before` or `after`, and for the newest page the newest one of the span that is held, bound the page as a whole.
    """
    reader = ArchiveReader(db)
    span = reader.span(account, archive)
    floor = reader.position_of(account, archive, after) if after else None
    ceiling = reader.position_of(account, archive, before) if before else None
    if span is not None and floor is None and (before == "" or (after and after == span.newest_id)):
        floor = span.newest_position or None
    if span is not None and ceiling is None and before and before == span.oldest_id:
        ceiling = span.oldest_position or None

    chats = [rows.ensure_chat(db, new.key, new.kind) for new in page]
    known = [_known_position(db, chat, new) for chat, new in zip(chats, page, strict=True)]
    # A newest page may reach back into the span that is held: only what comes after that is bound by the span's end.
    bound_from = _after_last_held(known, floor) if before == "" else 0
    per_chat: dict[int, list[int]] = defaultdict(list)
    for index, chat in enumerate(chats):
        per_chat[chat].append(index)
    result = [0] * len(page)
    for chat, indexes in per_chat.items():
        placed = positions.assign(
            [page[index].time for index in indexes],
            [known[index] for index in indexes],
            _neighbour_below(db, chat, floor),
            _neighbour_above(db, chat, ceiling),
            floor_from=sum(index < bound_from for index in indexes),
            backwards=before is not None and before != "",
        )
        for index, position in zip(indexes, placed, strict=True):
            result[index] = position
    return result


def _after_last_held(known: Sequence[int | None], floor: int | None) -> int:
    """Index just after the last known message that is not newer than the end of the held span."""
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
