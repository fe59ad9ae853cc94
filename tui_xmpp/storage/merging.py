"""What another arrival of a message that is stored adds to it."""

from typing import NamedTuple

from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.message import Delivery, Direction
from tui_xmpp.storage import archive_pages, counters, identity, operations, tombstones
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.identity import ArchiveId
from tui_xmpp.storage.messages import MessageReader
from tui_xmpp.storage.replies import Name
from tui_xmpp.storage.values import NewMessage, Outcome, Stored


class _Known(NamedTuple):
    delivery: int
    direction: str
    stanza_id: str
    origin_id: str
    occupant_id: str


def merge(
    db: Connection, chat: int, message_id: int, new: NewMessage, ids: list[ArchiveId], *, is_reflection: bool
) -> Stored:
    """Keep what another arrival of a known message adds: ids, and for ours that it has reached the server.

    What a room reflects comes in the room's order: ours stands behind what came while it was under way.
    """
    identity.remember(db, [(message_id, archived) for archived in ids])
    old = db.one(
        _Known._make,
        "SELECT delivery, direction, stanza_id, origin_id, occupant_id FROM messages WHERE id = ?",
        (message_id,),
    )
    assert old is not None
    delivery = _merged_delivery(db, chat, old, new)
    values = (
        delivery,
        old.stanza_id or new.stanza_id,
        old.origin_id or new.origin_id,
        old.occupant_id or new.occupant_id,
    )
    if values != (old.delivery, old.stanza_id, old.origin_id, old.occupant_id):
        db.run(
            "UPDATE messages SET delivery = ?, stanza_id = ?, origin_id = ?, occupant_id = ? WHERE id = ?",
            (*values, message_id),
        )
    if delivery != old.delivery:
        db.run("UPDATE messages SET error = '' WHERE id = ?", (message_id,))
        counters.refresh_preview_of(db, chat, message_id)
    changed = new.tombstone is not None and tombstones.bury(db, message_id, new.tombstone)
    changed = operations.learned(db, chat, new.key, message_id, names(new, ids)) or changed
    archive = ids[0].archive if ids else 0
    is_first = is_reflection and old.direction == Direction.OUT and old.delivery == Delivery.PENDING
    moved = is_first and archive_pages.follow_on(db, chat, archive, message_id)
    message = MessageReader(db).stored(message_id)
    assert message is not None
    if moved:
        return Stored(message, Outcome.MOVED)
    is_shown = MessageReader(db).get(message_id) is not None
    is_news = is_shown and (changed or delivery != old.delivery)
    return Stored(message, Outcome.UPDATED if is_news else Outcome.KNOWN)


def _merged_delivery(db: Connection, chat: int, old: _Known, new: NewMessage) -> int:
    """Only ours have one that grows. What FAILED was refused by the other side, which an archive does not know.

    A room that reflects our message has it, whatever was refused before.
    """
    if old.direction != Direction.OUT or new.delivery is Delivery.FAILED:
        return old.delivery
    if old.delivery == Delivery.FAILED:
        is_room = db.text("SELECT kind FROM chats WHERE id = ?", (chat,)) == ChatKind.ROOM
        return int(new.delivery) if is_room and new.delivery >= Delivery.SENT else old.delivery
    return max(old.delivery, int(new.delivery))


def names(new: NewMessage, ids: list[ArchiveId]) -> list[Name]:
    """All names by which other messages may mean this one."""
    return [Name(0, new.stanza_id), Name(0, new.origin_id), *(Name(archived.archive, archived.id) for archived in ids)]
