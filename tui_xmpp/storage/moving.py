"""Moves stored messages of a chat, and with them everything that says up to where something is done."""

from collections.abc import Mapping
from typing import NamedTuple

from tui_xmpp.model.message import Delivery
from tui_xmpp.storage import counters, positions
from tui_xmpp.storage.database import Connection


class Place(NamedTuple):
    """Where a message stands, among what has the same position by its id."""

    position: int
    id: int


class Target(NamedTuple):
    """Where a message goes, and the archive's stamp, which it takes: ours would contradict what stands around it."""

    chat: int
    position: int
    time: int


def move(db: Connection, targets: Mapping[int, Target]) -> list[Place]:
    """Put messages where they belong; returns where ours among them stood."""
    left: list[Place] = []
    for message_id, target in targets.items():
        left += db.all(
            Place._make, "SELECT position, id FROM messages WHERE id = ? AND direction = 'out'", (message_id,)
        )
        db.run(
            "UPDATE messages SET position = ?, time = ? WHERE id = ?",
            (target.position, positions.clamp(target.time), message_id),
        )
        db.run(
            "UPDATE displayed_marks SET position = ?1 WHERE id IN (SELECT id FROM archive_ids WHERE message_id = ?2)"
            " AND (account_id, peer) = (SELECT account_id, peer FROM chats WHERE id = ?3)",
            (target.position, message_id, target.chat),
        )
    for chat in {target.chat for target in targets.values()}:
        counters.refresh_preview(db, chat)
    return left


def take_along(db: Connection, chat: int, left: Place, position: int) -> None:
    """Let what was typed after an own message, and waits to be sent, stand no further down than that does now."""
    db.run(
        "UPDATE messages SET position = ?1 WHERE chat_id = ?2 AND direction = 'out' AND delivery = ?3"
        " AND (position, id) > (?4, ?5) AND position < ?1",
        (positions.clamp(position), chat, Delivery.PENDING, *left),
    )


def take_along_newer(db: Connection, archive: int, chat: int, left: Place, position: int, oldest: int) -> None:
    """The same where a page, which begins at `oldest`, has shown the own message; for all that it does not have.

    What stands on the page's stretch, was typed later and is not on the page has reached the archive after the page
    was read.
    """
    take_along(db, chat, left, position)
    db.run(
        "UPDATE messages SET position = ?1 WHERE chat_id = ?2 AND direction = 'out' AND delivery > ?3"
        " AND (position, id) > (?4, ?5) AND position < ?1 AND position >= ?6"
        " AND NOT EXISTS (SELECT 1 FROM archive_ids WHERE message_id = messages.id AND archive_id = ?7)",
        (positions.clamp(position), chat, Delivery.PENDING, *left, oldest, archive),
    )


def make_room(db: Connection, chat: int, position: int, room: int) -> None:
    """Shift all that a chat has from a position on: only the order within a chat counts."""
    db.run(
        "UPDATE messages SET position = min(position + ?, ?) WHERE chat_id = ? AND position >= ?",
        (room, positions.MAX_POSITION, chat, position),
    )
    db.run(
        "UPDATE sealed SET position = position + ? WHERE position >= ?"
        " AND (SELECT chat_id FROM messages WHERE messages.id = message_id) = ?",
        (room, position, chat),
    )
    db.run(
        "UPDATE displayed_marks SET position = position + ? WHERE position >= ?"
        " AND (account_id, peer) = (SELECT account_id, peer FROM chats WHERE id = ?)",
        (room, position, chat),
    )
    for column in ("read_position", "marker_position"):
        db.run(
            f"UPDATE chats SET {column} = {column} + ? WHERE {column} >= ? AND id = ?",  # noqa: S608 - these two alone
            (room, position, chat),
        )
    counters.refresh_preview(db, chat)
