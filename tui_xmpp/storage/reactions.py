"""Reactions (XEP-0444): one set of emojis for each author of a message, the one that was sent last."""

import json
from typing import TYPE_CHECKING, NamedTuple

from tui_xmpp.model.message import Direction
from tui_xmpp.storage import beside
from tui_xmpp.storage.database import Connection

if TYPE_CHECKING:
    from tui_xmpp.storage.values import NewOperation

OURS = ""
"""The author of our own, from whichever device."""

MOST_AUTHORS = 500
"""Most authors kept for one message (SECURITY 15)."""

MOST_USES = 100
"""Most emojis of one author of which it is kept when they were first used, so that they need not jump about."""


class ReactionSet(NamedTuple):
    """The reactions of one author."""

    nick: str
    time: int
    stanza_id: str
    emojis: str
    uses: str
    earlier: str


_SELECT = "SELECT nick, time, stanza_id, emojis, uses, earlier FROM reactions WHERE message_id = ? AND author = ?"


MOST_EARLIER = 20
"""Most ids kept of our own sets before the present one."""


def author_of(operation: "NewOperation") -> str:
    """Who reacts: the occupant-id in rooms that assign them, else the address; all our devices are one."""
    if operation.direction is Direction.OUT:
        return OURS
    return operation.occupant_id or str(operation.sender)


def get(db: Connection, message_id: int, author: str) -> ReactionSet | None:
    """The reactions of an author; None: there are none."""
    return db.one(ReactionSet._make, _SELECT, (message_id, author))


def put(db: Connection, message_id: int, operation: "NewOperation") -> bool:
    """Make these the reactions of their author, unless they sent others later; says whether anything changed.

    The same set may come again; then an archive's time counts, by which it is compared with what else the archive has.
    """
    author = author_of(operation)
    old = get(db, message_id, author)
    if old is not None and operation.stanza_id and old.stanza_id == operation.stanza_id:
        if operation.from_archive and operation.time != old.time:
            replace(db, message_id, author, old._replace(time=operation.time))
        return False
    earlier: list[str] = [] if old is None else json.loads(old.earlier)
    if operation.stanza_id in earlier:
        return False
    if old is None and _authors(db, message_id) >= MOST_AUTHORS:
        return False
    uses = {} if old is None else _uses(old)
    for place, emoji in enumerate(operation.emojis):
        if emoji in uses or len(uses) < MOST_USES:
            uses[emoji] = min(operation.time + place, uses.get(emoji, operation.time + place))
    new = ReactionSet(
        operation.nick,
        operation.time,
        operation.stanza_id,
        json.dumps(operation.emojis, ensure_ascii=False),
        json.dumps(uses, ensure_ascii=False),
        json.dumps(earlier),
    )
    if old is not None:
        late = operation.time < old.time
        if author == OURS:
            earlier.append(operation.stanza_id if late else old.stanza_id)
        new = new._replace(earlier=json.dumps(earlier[-MOST_EARLIER:]))
        new = old._replace(uses=new.uses, earlier=new.earlier) if late else new
    replace(db, message_id, author, new)
    return old is None or new != old


def replace(db: Connection, message_id: int, author: str, new: ReactionSet | None) -> None:
    """Set the reactions of an author, whatever was there; None: there are none."""
    if new is None:
        db.run("DELETE FROM reactions WHERE message_id = ? AND author = ?", (message_id, author))
        if not _authors(db, message_id):
            beside.unmark(db, message_id, beside.REACTIONS)
        return
    db.run(
        "INSERT OR REPLACE INTO reactions (message_id, author, nick, time, stanza_id, emojis, uses, earlier)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (message_id, author, *new),
    )
    beside.mark(db, message_id, beside.REACTIONS)


def forget(db: Connection, message_id: int) -> None:
    """Take away all reactions to a message."""
    db.run("DELETE FROM reactions WHERE message_id = ?", (message_id,))
    beside.unmark(db, message_id, beside.REACTIONS)


def was_ours(db: Connection, message_id: int, stanza_id: str) -> bool:
    """Whether a set of this id was sent by us."""
    ours = get(db, message_id, OURS)
    return ours is not None and stanza_id in {ours.stanza_id, *json.loads(ours.earlier)}


def _authors(db: Connection, message_id: int) -> int:
    return db.number("SELECT count(*) FROM reactions WHERE message_id = ?", (message_id,)) or 0


def _uses(old: ReactionSet) -> dict[str, int]:
    found: dict[str, int] = json.loads(old.uses)
    return found
