"""Files of ours on their way out, each beside the message that will carry its link (XEP-0363)."""

from dataclasses import field
from typing import NamedTuple

from tui_xmpp.model.address import Address
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.message import Delivery, Message
from tui_xmpp.model.sending import Secrecy
from tui_xmpp.storage import archive_pages, beside, corrections, counters, positions
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.messages import MessageReader
from tui_xmpp.storage.rows import Part


@frozen
class StoredFile:
    """What is kept of a file."""

    name: str
    size: int
    secrecy: Secrecy
    path: str = ""
    """Where its bytes are; empty: they are in `content`."""
    changed: int = 0
    """When the file was changed last, ns since the epoch."""
    content: str | None = field(default=None, repr=False)
    link: str = field(default="", repr=False)


class _Row(NamedTuple):
    name: str
    size: int
    secrecy: str
    path: str
    changed: int
    link: str
    content: str | None


_WAITING = """
SELECT messages.id FROM accounts JOIN chats ON chats.account_id = accounts.id
JOIN messages ON messages.chat_id = chats.id AND delivery = 0 AND beside & ? = ?
JOIN uploads ON message_id = messages.id AND link = ''
WHERE accounts.address = ? ORDER BY messages.time, messages.id
"""


class UploadReader(Part):
    """Reads what is to be uploaded."""

    def get(self, message_id: int) -> StoredFile | None:
        """What is kept of the file that a message carries."""
        row = self._db.one(
            _Row._make,
            "SELECT name, size, secrecy, path, changed, link, content FROM uploads WHERE message_id = ?",
            (message_id,),
        )
        if row is None:
            return None
        return StoredFile(row.name, row.size, Secrecy(row.secrecy), row.path, row.changed, row.content, row.link)

    def waiting(self, account: Address) -> tuple[Message, ...]:
        """The messages whose files are still to be uploaded, in the order in which they were wished for."""
        bits = beside.UPLOAD | beside.TOMBSTONE | beside.HIDDEN
        ids = self._db.numbers(_WAITING, (bits, beside.UPLOAD, str(account)))
        return MessageReader(self._db).by_ids(ids)


class UploadWrites(Part):
    """Writes what becomes of files."""

    def keep_file(self, message_id: int, file: StoredFile) -> Message:
        """Keep what a message that was just stored will carry."""
        self._db.run(
            "INSERT INTO uploads (message_id, name, path, size, changed, secrecy, content)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (message_id, file.name, file.path, file.size, file.changed, file.secrecy, file.content),
        )
        beside.mark(self._db, message_id, beside.UPLOAD)
        return _read(self._db, message_id)

    def file_uploaded(self, message_id: int, link: str, time: int) -> Message | None:
        """The server has the file: its link is the message's text, which goes out as if it were written at this time.

        So it stands behind all that was said meanwhile. None: it is gone.
        """
        if self._db.run("UPDATE uploads SET link = ? WHERE message_id = ?", (link, message_id)) == 0:
            return None
        chat = self._db.number("SELECT chat_id FROM messages WHERE id = ?", (message_id,)) or 0
        position = max(time, counters.newest_position(self._db, chat) + archive_pages.ROOM_FOR_GAP)
        self._db.run(
            "UPDATE messages SET position = ?, time = ?, error = '' WHERE id = ?",
            (positions.clamp(position), positions.clamp(time), message_id),
        )
        counters.refresh_preview(self._db, chat)
        corrections.replace_text(self._db, message_id, link)
        return _read(self._db, message_id)

    def upload_again(
        self, message_id: int, *, secrecy: Secrecy | None = None, size: int | None = None, changed: int | None = None
    ) -> Message | None:
        """Let a file be uploaded anew, as it is now; whatever kept it is forgotten. None: it is gone."""
        name = self._db.text("SELECT name FROM uploads WHERE message_id = ?", (message_id,))
        if name is None:
            return None
        self._db.run(
            "UPDATE uploads SET link = '', secrecy = coalesce(?, secrecy), size = coalesce(?, size),"
            " changed = coalesce(?, changed) WHERE message_id = ?",
            (secrecy, size, changed, message_id),
        )
        self._db.run("UPDATE messages SET delivery = ?, error = '' WHERE id = ?", (Delivery.PENDING, message_id))
        corrections.replace_text(self._db, message_id, name)
        return _read(self._db, message_id)


def _read(db: Connection, message_id: int) -> Message:
    message = MessageReader(db).stored(message_id)
    assert message is not None
    return message
