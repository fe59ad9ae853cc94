"""What a message answers (XEP-0461). The original may be stored later than the answer: with an older page."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from tui_xmpp.model.address import Address
from tui_xmpp.storage import beside, rows
from tui_xmpp.storage.database import Connection

if TYPE_CHECKING:
    from tui_xmpp.storage.values import NewReply


class Name(NamedTuple):
    """What a message is called by others: its id or origin-id (`archive` 0), or the id that an archive gave it."""

    archive: int
    id: str


class _Open(NamedTuple):
    message_id: int
    archive: int
    target: str


_OPEN = """
SELECT message_id, archive_id, target FROM replies
WHERE chat_id = ? AND target IN (?, ?, ?) AND original_id IS NULL LIMIT 500
"""


def add(db: Connection, account: Address, chat: int, message_id: int, reply: "NewReply", original: int | None) -> None:
    """Keep that a message answers another one, which is in the same chat."""
    archive = 0 if reply.archive is None else rows.ensure_archive(db, account, reply.archive)
    db.run(
        "INSERT OR IGNORE INTO replies (message_id, chat_id, archive_id, target, quoted, original_id)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (message_id, chat, archive, reply.target, reply.quoted, original),
    )
    beside.mark(db, message_id, beside.REPLY)


def link(db: Connection, chat: int, message_id: int, names: Iterable[Name]) -> None:
    """A message is known by these names now: it is the original of the answers that name it."""
    known = set(names)
    for three in threes(sorted({name.id for name in known})):
        for answer in db.all(_Open._make, _OPEN, (chat, *three)):
            if Name(answer.archive, answer.target) in known and answer.message_id != message_id:
                db.run("UPDATE replies SET original_id = ? WHERE message_id = ?", (message_id, answer.message_id))


def answers_to(db: Connection, message_id: int) -> list[int]:
    """Ids of the newest messages that answer one, oldest first."""
    sql = "SELECT message_id FROM replies WHERE original_id = ? ORDER BY message_id DESC LIMIT 50"
    return db.numbers(sql, (message_id,))[::-1]


def threes(ids: list[str]) -> Iterable[tuple[str, str, str]]:
    """A fixed number of values, so that SQLite plans the statement once; a message rarely has more names."""
    for start in range(0, len(ids), 3):
        one, two, three = (ids[start : start + 3] * 3)[:3]
        yield one, two, three
