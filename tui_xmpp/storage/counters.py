"""What a chat's row keeps about its messages: unread counts, read position, preview, activity.

All are kept in step in the transaction that changes a message. The unread messages carry a flag with a partial
index, so that counting costs what is unread and not what is stored.
"""

from typing import NamedTuple

from tui_xmpp.model.message import Direction, MessageKind
from tui_xmpp.storage import beside
from tui_xmpp.storage.database import Connection

PREVIEW_LIMIT = 200
"""Most characters of a message kept in the chat list."""


class _Counts(NamedTuple):
    unread: int
    mentions: int


class _Last(NamedTuple):
    id: int
    position: int
    body: str
    nick: str
    direction: str
    time: int
    delivery: int


def newest_position(db: Connection, chat: int) -> int:
    """Position of the newest message; 0: there is none."""
    return db.number("SELECT max(position) FROM messages WHERE chat_id = ?", (chat,)) or 0


def read_all(db: Connection, chat: int, *, settled: bool) -> None:
    """Take all that is stored of a chat as seen.

    Not `settled`: messages may still come that belong between those that are stored, and they were not seen.
    """
    db.run("UPDATE messages SET unread = 0 WHERE chat_id = ? AND unread = 1", (chat,))
    if settled:
        # An own message that waits may stand below others that have reached the server before it.
        position = db.number(
            "SELECT position FROM messages WHERE chat_id = ? AND delivery <> 0 ORDER BY position DESC LIMIT 1", (chat,)
        )
        db.run("UPDATE chats SET read_position = max(read_position, ?) WHERE id = ?", (position or 0, chat))
    recount(db, chat)


def read_up_to(db: Connection, chat: int, position: int) -> None:
    """Take everything up to a position as seen; never goes back."""
    db.run(
        "UPDATE messages SET unread = 0 WHERE chat_id = ? AND unread = 1 AND position <= ?",
        (chat, position),
    )
    db.run("UPDATE chats SET read_position = max(read_position, ?) WHERE id = ?", (position, chat))
    recount(db, chat)


def forget_marker(db: Connection, chat: int, position: int) -> None:
    """Who wrote what stands up to a position is told by another device, or by our answer, that it was read."""
    db.run("UPDATE chats SET marker_id = '' WHERE id = ? AND marker_position <= ?", (chat, position))


def note_marker(db: Connection, chat: int, marker: str, position: int) -> None:
    """Keep the id that a marker has to name when the newest unread message that asks for one is read (XEP-0333)."""
    db.run(
        "UPDATE chats SET marker_id = ?1, marker_position = ?2 WHERE id = ?3 AND marker_position < ?2",
        (marker, position, chat),
    )


def recount(db: Connection, chat: int) -> None:
    """Count the chat's unread messages anew."""
    counts = db.one(
        _Counts._make,
        "SELECT count(*), coalesce(sum(mentions_us), 0) FROM messages WHERE chat_id = ? AND unread = 1",
        (chat,),
    )
    assert counts is not None
    db.run("UPDATE chats SET unread = ?, mentions = ? WHERE id = ?", (counts.unread, counts.mentions, chat))


def preview_text(body: str) -> str:
    """A body, which has been cleaned, in one line of limited length; empty only where it was taken back."""
    line = " ".join(body[: 2 * PREVIEW_LIMIT].split())
    return line if len(line) <= PREVIEW_LIMIT else line[: PREVIEW_LIMIT - 1] + "…"


def refresh_preview(db: Connection, chat: int) -> None:
    """Copy the last text of a chat into its row."""
    last = db.one(
        _Last._make,
        "SELECT id, position, body, nick, direction, time, delivery FROM messages"
        " WHERE chat_id = ? AND kind = ? AND beside & ? = 0 ORDER BY position DESC, id DESC LIMIT 1",
        (chat, MessageKind.TEXT, beside.HIDDEN),
    )
    if last is None:
        db.run(
            "UPDATE chats SET preview_id = 0, preview_position = 0, preview_text = '', preview_sender = '',"
            " preview_own = 0, preview_time = 0, preview_delivery = 0 WHERE id = ?",
            (chat,),
        )
        return
    db.run(
        "UPDATE chats SET preview_id = ?, preview_position = ?, preview_text = ?, preview_sender = ?,"
        " preview_own = ?, preview_time = ?, preview_delivery = ? WHERE id = ?",
        (
            last.id,
            last.position,
            preview_text(last.body),
            last.nick,
            int(last.direction == Direction.OUT),
            last.time,
            last.delivery,
            chat,
        ),
    )


def refresh_preview_of(db: Connection, chat: int, message_id: int) -> None:
    """Copy the last text anew if it is this message, which has changed."""
    if db.number("SELECT preview_id FROM chats WHERE id = ?", (chat,)) == message_id:
        refresh_preview(db, chat)
