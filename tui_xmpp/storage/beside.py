"""What is kept of a message in tables of its own, as bits on its row: a plain message costs no look into them."""

from tui_xmpp.storage.database import Connection

REPLY = 1
REACTIONS = 2
TOMBSTONE = 4
WAITING = 8
"""Something that we did with it has not reached the server."""
HIDDEN = 16
"""Deleted here alone: it is not shown, but known when it comes again."""

SEALED = 32
"""Encrypted, and not opened, or opened and no text: hidden too, and known when it comes again."""

UNSTYLED = 64
"""Nothing else is kept of this: the text is to be shown as it is."""


UPLOAD = 128
"""It carries a file that goes, or went, out from here."""


def mark(db: Connection, message_id: int, bit: int) -> None:
    """Note that a table has something of a message."""
    db.run("UPDATE messages SET beside = beside | ? WHERE id = ?", (bit, message_id))


def unmark(db: Connection, message_id: int, bit: int) -> None:
    """Note that a table has nothing of a message any more."""
    db.run("UPDATE messages SET beside = beside & ~? WHERE id = ?", (bit, message_id))


def has(db: Connection, message_id: int, bits: int) -> bool:
    """Whether one of these is noted."""
    return bool((db.number("SELECT beside FROM messages WHERE id = ?", (message_id,)) or 0) & bits)
