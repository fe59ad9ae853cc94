"""Everything that can be written, as one object that a work of the writer gets."""

from tui_xmpp.model.address import Address
from tui_xmpp.storage.archives import ArchiveReader
from tui_xmpp.storage.chats import ChatReader, ChatWrites
from tui_xmpp.storage.contacts import ContactReader, ContactWrites
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.delivery import DeliveryWrites
from tui_xmpp.storage.message_writes import MessageWrites
from tui_xmpp.storage.messages import MessageReader
from tui_xmpp.storage.requests import RequestReader, RequestWrites
from tui_xmpp.storage.rooms import RoomReader, RoomWrites
from tui_xmpp.storage.spans import SpanWrites


class Writes(ChatWrites, MessageWrites, DeliveryWrites, SpanWrites, ContactWrites, RoomWrites, RequestWrites):
    """The writing methods of every part, and the readers, which see what the open transaction has written."""

    def __init__(self, db: Connection) -> None:
        super().__init__(db)
        self.chats = ChatReader(db)
        self.messages = MessageReader(db)
        self.contacts = ContactReader(db)
        self.rooms = RoomReader(db)
        self.requests = RequestReader(db)
        self.archives = ArchiveReader(db)

    def forget_account(self, account: Address) -> None:
        """Delete everything that belongs to an account."""
        self._db.run("DELETE FROM accounts WHERE address = ?", (str(account),))
