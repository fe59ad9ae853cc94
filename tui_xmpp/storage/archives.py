"""What the store holds of each archive (XEP-0313): the spans of archive ids without a gap."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.storage import rows
from tui_xmpp.storage.addresses import address
from tui_xmpp.storage.rows import Part

if TYPE_CHECKING:
    from tui_xmpp.storage.values import Span


class _SpanRow(NamedTuple):
    id: int
    archive: str
    peer: str
    oldest_id: str
    newest_id: str
    oldest_position: int
    newest_position: int
    begins: int


# CROSS JOIN keeps the order of the tables: along the chat until the first message that has an id.
_SELECT_ID = """
SELECT archive_ids.id FROM messages CROSS JOIN archive_ids ON message_id = messages.id AND archive_id = ?
"""


class ArchiveReader(Part):
    """Reads what is held of an archive: the account's own (its bare address) or a room's."""

    def span(self, account: Address, archive: Address, peer: Address | None = None) -> "Span | None":
        """The newest span; None: nothing is held."""
        return next(iter(self._spans(account, archive, peer, 1)), None)

    def spans(self, account: Address, archive: Address, peer: Address | None = None) -> tuple["Span", ...]:
        """All spans, the newest first."""
        return self._spans(account, archive, peer, -1)

    def has_gap(self, account: Address, archive: Address) -> bool:
        """Whether something is missing between what is held; also when the archive was empty once."""
        sql = "SELECT count(*) FROM spans WHERE archive_id = ? AND peer = ''"
        return (self._db.number(sql, (rows.archive_id(self._db, account, archive),)) or 0) > 1

    def gaps(self, account: Address, archive: Address) -> tuple[int, ...]:
        """Positions after which something is missing between what is held, the newest first."""
        return tuple(span.newest_position for span in self.spans(account, archive)[1:])

    def begins(self, account: Address, archive: Address, peer: Address | None = None) -> bool:
        """Whether the newest span reaches the beginning of the archive (of what it has with `peer`)."""
        asked = {"", "" if peer is None else str(peer)}
        row = rows.archive_id(self._db, account, archive)
        sql = "SELECT begins FROM spans WHERE archive_id = ? AND peer = ? ORDER BY place DESC LIMIT 1"
        return any(self._db.number(sql, (row, text)) for text in asked)

    def oldest_id(self, key: ChatKey, archive: Address) -> str:
        """The archive's id of the oldest message of a chat that has one; empty: none has."""
        return self._outermost(key, archive, "ASC")

    def newest_id(self, key: ChatKey, archive: Address) -> str:
        """The archive's id of the newest message of a chat that has one; empty: none has."""
        return self._outermost(key, archive, "DESC")

    def position_of(self, account: Address, archive: Address, archive_id: str) -> int | None:
        """Position of the message with this id; None: no message has it."""
        return self._db.number(
            "SELECT position FROM archive_ids JOIN messages ON messages.id = message_id"
            " WHERE archive_id = ? AND archive_ids.id = ?",
            (rows.archive_id(self._db, account, archive), archive_id),
        )

    def positions_of(self, account: Address, archive: Address, archive_ids: Sequence[str]) -> list[int]:
        """Positions of the messages with these ids, in no order."""
        return self._db.numbers(
            "SELECT position FROM json_each(?2) CROSS JOIN archive_ids ON archive_id = ?1 AND archive_ids.id = value"
            " CROSS JOIN messages ON messages.id = message_id",
            (rows.archive_id(self._db, account, archive), json.dumps([*archive_ids])),
        )

    def _spans(self, account: Address, archive: Address, peer: Address | None, limit: int) -> tuple["Span", ...]:
        found = self._db.all(
            _SpanRow._make,
            "SELECT spans.id, archives.address, peer, oldest_id, newest_id, oldest_position, newest_position, begins"
            " FROM archives JOIN spans ON spans.archive_id = archives.id"
            " WHERE archives.id = ? AND peer = ? AND newest_id <> '' ORDER BY place DESC LIMIT ?",
            (rows.archive_id(self._db, account, archive), "" if peer is None else str(peer), limit),
        )
        return tuple(_span(row) for row in found)

    def _outermost(self, key: ChatKey, archive: Address, direction: str) -> str:
        return (
            self._db.text(
                f"{_SELECT_ID} WHERE chat_id = ? ORDER BY position {direction}, messages.id {direction} LIMIT 1",
                (rows.archive_id(self._db, key.account, archive), rows.chat_id(self._db, key)),
            )
            or ""
        )


def _span(row: _SpanRow) -> "Span":
    from tui_xmpp.storage.values import Span

    return Span(
        id=row.id,
        archive=address(row.archive),
        peer=address(row.peer) if row.peer else None,
        oldest_id=row.oldest_id,
        newest_id=row.newest_id,
        oldest_position=row.oldest_position,
        newest_position=row.newest_position,
        begins=bool(row.begins),
    )
