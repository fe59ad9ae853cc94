"""Everything that can be written, as one object that a work of the writer gets."""

from tui_xmpp.model.address import Address
from tui_xmpp.storage import rows
from tui_xmpp.storage.archives import ArchiveReader
from tui_xmpp.storage.chats import ChatReader, ChatWrites
from tui_xmpp.storage.contacts import ContactReader, ContactWrites
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.delivery import DeliveryWrites
from tui_xmpp.storage.devices import DeviceReader, DeviceWrites
from tui_xmpp.storage.keeping import KeepingReader, KeepingWrites
from tui_xmpp.storage.message_writes import MessageWrites
from tui_xmpp.storage.messages import MessageReader
from tui_xmpp.storage.operation_writes import OperationWrites
from tui_xmpp.storage.outgoing import OutgoingReader
from tui_xmpp.storage.reading import ReadingReader, ReadingWrites
from tui_xmpp.storage.requests import RequestReader, RequestWrites
from tui_xmpp.storage.rooms import RoomReader, RoomWrites
from tui_xmpp.storage.seals import SealReader, SealWrites
from tui_xmpp.storage.spans import SpanWrites
from tui_xmpp.storage.uploads import UploadReader, UploadWrites


class Writes(
    ChatWrites,
    MessageWrites,
    OperationWrites,
    DeliveryWrites,
    SpanWrites,
    ReadingWrites,
    KeepingWrites,
    ContactWrites,
    RoomWrites,
    RequestWrites,
    DeviceWrites,
    SealWrites,
    UploadWrites,
):
    """The writing methods of every part, and the readers, which see what the open transaction has written."""

    def __init__(self, db: Connection) -> None:
        super().__init__(db)
        self.chats = ChatReader(db)
        self.messages = MessageReader(db)
        self.contacts = ContactReader(db)
        self.rooms = RoomReader(db)
        self.requests = RequestReader(db)
        self.archives = ArchiveReader(db)
        self.outgoing = OutgoingReader(db)
        self.devices = DeviceReader(db)
        self.seals = SealReader(db)
        self.reading = ReadingReader(db)
        self.keeping = KeepingReader(db)
        self.uploads = UploadReader(db)

    def forget_some(self, account: Address, limit: int = 1_000) -> bool:
        """Delete a part of what belongs to an account; False: nothing is left.

        Each part is a work of its own, so that messages of other accounts need not wait until a long history is gone.
        From the first part on, nothing of the account is on a list.
        """
        row = rows.account_id(self._db, account)
        self._db.run("UPDATE chats SET open = 0 WHERE account_id = ?", (row,))
        self._db.run("DELETE FROM contacts WHERE account_id = ?", (row,))
        self._db.run("DELETE FROM requests WHERE account_id = ?", (row,))
        deleted = self._db.run(
            "DELETE FROM messages WHERE id IN (SELECT messages.id FROM chats"
            " CROSS JOIN messages ON chat_id = chats.id WHERE account_id = ? LIMIT ?)",
            (row, limit),
        )
        if deleted < limit:
            self._db.run("DELETE FROM accounts WHERE id = ?", (row,))
            self._db.ids = None if self._db.ids is None else {}
        return deleted == limit
