"""What we did with messages and the server may not have: shown at once, kept until it is settled, or taken back."""

import json
from dataclasses import replace
from typing import NamedTuple

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.storage import beside, corrections, operations, reactions, rows, tombstones
from tui_xmpp.storage.addresses import address
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.reactions import OURS, ReactionSet
from tui_xmpp.storage.rows import Part
from tui_xmpp.storage.values import Change, NewOperation, OutgoingOperation


class _Row(NamedTuple):
    id: int
    account: str
    peer: str
    message_id: int
    change: str
    stanza_id: str
    time: int
    body: str
    undo: str


_SELECT = """
SELECT outgoing.id, accounts.address, peer, message_id, change, stanza_id, outgoing.time, body, undo
FROM outgoing JOIN chats ON chats.id = chat_id JOIN accounts ON accounts.id = account_id
"""


class OutgoingReader(Part):
    """Reads what the server may not have yet."""

    def all(self, account: Address) -> tuple[OutgoingOperation, ...]:
        """What we did with messages of an account, in the order in which it was done."""
        found = self._db.all(_Row._make, f"{_SELECT} WHERE accounts.address = ? ORDER BY outgoing.id", (str(account),))
        return tuple(_operation(row) for row in found)


def begin(db: Connection, message_id: int, operation: NewOperation) -> OutgoingOperation | None:
    """Do it, and keep it until it is settled, with what takes it back."""
    undo, before = "", 0
    if operation.change is Change.RETRACTION:
        undo = tombstones.texts(db, message_id)
        # What was done with it before need not be said any more.
        db.run("DELETE FROM outgoing WHERE message_id = ?", (message_id,))
    elif operation.change is Change.REACTIONS:
        old = reactions.get(db, message_id, OURS)
        undo, before = json.dumps(old, ensure_ascii=False), 0 if old is None else old.time
    elif operation.change is Change.CORRECTION:
        before = db.number("SELECT max(time) FROM versions WHERE message_id = ?", (message_id,)) or 0
    # This is the last word, whatever a clock says.
    operations.apply(db, message_id, replace(operation, time=max(operation.time, before + 1)))
    chat = rows.ensure_chat(db, operation.key, operation.kind)
    is_set = operation.change is Change.REACTIONS
    body = json.dumps(operation.emojis, ensure_ascii=False) if is_set else operation.body
    row = db.insert(
        "INSERT INTO outgoing (chat_id, message_id, change, stanza_id, time, body, undo) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (chat, message_id, operation.change, operation.stanza_id, operation.time, body, undo),
    )
    beside.mark(db, message_id, beside.WAITING)
    return OutgoingOperation(
        row,
        operation.key,
        message_id,
        operation.change,
        operation.stanza_id,
        operation.time,
        operation.body,
        operation.emojis,
        undo,
    )


def end(db: Connection, operation: OutgoingOperation) -> None:
    """It waits for nothing any more."""
    db.run("DELETE FROM outgoing WHERE id = ?", (operation.id,))
    if not db.number("SELECT 1 FROM outgoing WHERE message_id = ? LIMIT 1", (operation.message_id,)):
        beside.unmark(db, operation.message_id, beside.WAITING)


def undo(db: Connection, operation: OutgoingOperation) -> None:
    """Take it back."""
    kept = db.text("SELECT undo FROM outgoing WHERE id = ?", (operation.id,))
    operation = operation if kept is None else replace(operation, undo=kept)
    match operation.change:
        case Change.CORRECTION:
            corrections.take_back(db, operation.message_id, operation.stanza_id)
        case Change.RETRACTION:
            tombstones.restore(db, operation.message_id, operation.undo, operation.stanza_id)
        case Change.REACTIONS:
            _undo_reactions(db, operation)
        case Change.MODERATION:
            pass  # is asked, not said: nothing is changed before the room has done it
    end(db, operation)


def _undo_reactions(db: Connection, operation: OutgoingOperation) -> None:
    """Show the reactions of before, unless there are others since; those go back to these then."""
    if beside.has(db, operation.message_id, beside.TOMBSTONE | beside.HIDDEN):
        return
    now = reactions.get(db, operation.message_id, OURS)
    if now is not None and now.stanza_id == operation.stanza_id:
        kept: list[str | int] | None = json.loads(operation.undo)
        reactions.replace(db, operation.message_id, OURS, None if kept is None else ReactionSet._make(kept))
        return
    later = db.number(
        "SELECT min(id) FROM outgoing WHERE message_id = ? AND change = ? AND id > ?",
        (operation.message_id, Change.REACTIONS, operation.id),
    )
    db.run("UPDATE outgoing SET undo = ? WHERE id = ?", (operation.undo, later))


def _operation(row: _Row) -> OutgoingOperation:
    is_set = row.change == Change.REACTIONS
    return OutgoingOperation(
        row.id,
        ChatKey(address(row.account), address(row.peer)),
        row.message_id,
        Change(row.change),
        row.stanza_id,
        row.time,
        "" if is_set else row.body,
        tuple(json.loads(row.body)) if is_set else (),
        row.undo,
    )
