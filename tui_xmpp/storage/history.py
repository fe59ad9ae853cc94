"""Reading the whole history from its beginning, as an export needs it, a page at a time."""

import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKey
from tui_xmpp.model.message import Message
from tui_xmpp.model.record import Record
from tui_xmpp.storage.addresses import address
from tui_xmpp.storage.archives import ArchiveReader
from tui_xmpp.storage.chats import ChatReader
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.messages import MessageReader
from tui_xmpp.storage.rows import Part

EARLIEST, LATEST = -(2**63), 2**63 - 1
"""The bounds of an INTEGER column."""

_PAGE = 500


class _ArchiveIdRow(NamedTuple):
    message_id: int
    archive: str
    id: str


_ARCHIVE_IDS = """
SELECT message_id, archives.address, archive_ids.id
FROM json_each(?) CROSS JOIN archive_ids ON message_id = value JOIN archives ON archives.id = archive_id
ORDER BY message_id, archives.address, archive_ids.id
"""


class HistoryReader(Part):
    """Reads everything. No transaction spans two pages, so that a writer beside it can always tidy up its log."""

    def __init__(self, db: Connection) -> None:
        super().__init__(db)
        self._chats = ChatReader(db)
        self._messages = MessageReader(db)
        self._archives = ArchiveReader(db)

    def chats(self) -> tuple[Chat, ...]:
        """Every chat that was ever had, also those that are not on the list, by account and address."""
        return self._chats.all()

    def gaps(self, key: ChatKey, archive: Address) -> frozenset[int]:
        """The messages between which and those before them something is missing that the archive may have."""
        after = [
            message
            for position in self._archives.gaps(key.account, archive)
            for message in self._messages.newer(key, position, LATEST, 1)
        ]
        return frozenset(one.id for one in after if self._messages.older(key, one.position, one.id, 1))

    def records(self, key: ChatKey, since: int = EARLIEST, until: int = LATEST) -> Iterator[Record]:
        """The messages of a chat sent from `since` on and before `until` (µs), in the order of the history."""
        position, message_id = EARLIEST, EARLIEST
        more = True
        while more:
            page = self._messages.between(key, position, message_id, _PAGE, since=since, until=until)
            more = len(page) == _PAGE
            archive_ids = self._archive_ids(page)
            for message in page:
                versions = self._messages.versions(message.id) if message.edited else ()
                yield Record(message, versions, tuple(archive_ids.get(message.id, ())))
            if more:
                position, message_id = page[-1].position, page[-1].id

    def _archive_ids(self, page: Sequence[Message]) -> dict[int, list[tuple[Address, str]]]:
        found: dict[int, list[tuple[Address, str]]] = {}
        ids = json.dumps([message.id for message in page])
        for row in self._db.all(_ArchiveIdRow._make, _ARCHIVE_IDS, (ids,)):
            found.setdefault(row.message_id, []).append((address(row.archive), row.id))
        return found
