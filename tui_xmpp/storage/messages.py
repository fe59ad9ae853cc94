"""Reading the history: pages by keyset, single messages, lookups by the ids of the protocol."""

from typing import NamedTuple

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.message import Delivery, Direction, Encryption, Message, MessageKind
from tui_xmpp.model.omemo import Trust
from tui_xmpp.model.record import Version
from tui_xmpp.storage import beside, replies, rows
from tui_xmpp.storage.addresses import address
from tui_xmpp.storage.annotations import annotated
from tui_xmpp.storage.database import Connection, Values
from tui_xmpp.storage.rows import Part


class _MessageRow(NamedTuple):
    id: int
    position: int
    time: int
    direction: str
    sender: str
    body: str
    kind: str
    nick: str
    occupant_id: str
    delivery: int
    encryption: str
    stanza_id: str
    origin_id: str
    edited: int
    mentions_us: int
    error: str
    device: int
    trust: str
    beside: int
    key_id: int


class _Key(NamedTuple):
    account: str
    peer: str


class _VersionRow(NamedTuple):
    body: str
    time: int


_SELECT = """
SELECT id, position, time, direction, sender, body, kind, nick, occupant_id, delivery, encryption, stanza_id, origin_id,
       edited, mentions_us, error, device, trust, beside, key_id
FROM messages
"""

# A sender who reuses an id without end must not make us slow, hence the limits; written out, because a limit that is a
# variable makes SQLite plan the statement anew each time.
_BY_STANZA_ID = """
SELECT id FROM messages WHERE chat_id = ? AND stanza_id = ? AND stanza_id <> '' ORDER BY id DESC LIMIT 50
"""
_BY_ORIGIN_ID = """
SELECT id FROM messages WHERE chat_id = ? AND origin_id = ? AND origin_id <> '' AND origin_id <> stanza_id
ORDER BY id DESC LIMIT 50
"""
_BY_CORRECTION_ID = """
SELECT messages.id FROM versions CROSS JOIN messages ON messages.id = message_id
WHERE versions.stanza_id = ? AND versions.stanza_id <> '' AND chat_id = ?
ORDER BY versions.id DESC LIMIT 50
"""

_CORRECTED_WHOLE = """
SELECT CASE whole WHEN '' THEN body ELSE whole END FROM versions WHERE message_id = ? AND first = 0
ORDER BY time DESC, id DESC LIMIT 1
"""
_WHOLE = """
SELECT coalesce(whole_texts.body, messages.body) FROM messages LEFT JOIN whole_texts ON message_id = messages.id
WHERE messages.id = ?
"""

# Looking up a member by its value through the enumeration's class costs five times as much.
_DIRECTIONS = {member.value: member for member in Direction}
_KINDS = {member.value: member for member in MessageKind}
_DELIVERIES = {member.value: member for member in Delivery}
_ENCRYPTIONS = {member.value: member for member in Encryption}
_TRUSTS = {member.value: member for member in Trust}


class MessageReader(Part):
    """Reads messages; pages come oldest first and never use OFFSET."""

    def newest(self, key: ChatKey, limit: int) -> tuple[Message, ...]:
        """The last messages of a chat."""
        return self._page(key, "1", "DESC", (), limit)

    def older(self, key: ChatKey, before_position: int, before_id: int, limit: int) -> tuple[Message, ...]:
        """The messages just before a place."""
        return self._page(key, "(position, id) < (?, ?)", "DESC", (before_position, before_id), limit)

    def newer(self, key: ChatKey, after_position: int, after_id: int, limit: int) -> tuple[Message, ...]:
        """The messages just after a place."""
        return self._page(key, "(position, id) > (?, ?)", "ASC", (after_position, after_id), limit)

    def between(
        self, key: ChatKey, after_position: int, after_id: int, limit: int, *, since: int, until: int
    ) -> tuple[Message, ...]:
        """As `newer`, but only what was sent from `since` on and before `until`."""
        where = "(position, id) > (?, ?) AND time >= ? AND time < ?"
        return self._page(key, where, "ASC", (after_position, after_id, since, until), limit)

    def get(self, message_id: int) -> Message | None:
        """One message; None: there is none with this id, or it was deleted here."""
        return self._one(f"id = ? AND beside & {beside.HIDDEN} = 0", (message_id,))

    def stored(self, message_id: int) -> Message | None:
        """As `get`, also if it was deleted here."""
        return self._one("id = ?", (message_id,))

    def pending(self, account: Address) -> tuple[Message, ...]:
        """Own messages of all chats that are not known to be at the server, in the order in which they were written.

        Without those that were taken back or deleted since, which are not to go out any more, and without files that
        are not uploaded yet: there is no link to be sent.
        """
        ids = self._db.numbers(
            "SELECT messages.id FROM accounts JOIN chats ON chats.account_id = accounts.id"
            " JOIN messages ON messages.chat_id = chats.id AND delivery = 0 AND beside & ? = 0"
            " WHERE accounts.address = ? AND (beside & ? = 0"
            " OR EXISTS (SELECT 1 FROM uploads WHERE message_id = messages.id AND link <> ''))"
            " ORDER BY messages.id",
            (beside.TOMBSTONE | beside.HIDDEN, str(account), beside.UPLOAD),
        )
        return self.by_ids(ids)

    def by_ids(self, ids: list[int]) -> tuple[Message, ...]:
        """Messages by their ids, in the order of the ids; unknown ones are left out."""
        found = (self.get(message_id) for message_id in ids)
        return tuple(message for message in found if message is not None)

    def versions(self, message_id: int) -> tuple[Version, ...]:
        """Every text that a corrected message had, the first one first; empty: it was never corrected."""
        found = self._db.all(
            _VersionRow._make,
            "SELECT body, time FROM versions WHERE message_id = ? ORDER BY first DESC, time, id",
            (message_id,),
        )
        return tuple(Version(row.body, row.time) for row in found)

    def whole_text(self, message_id: int) -> str:
        """The body as it came, with what is there for other clients only (XEP-0428)."""
        corrected = self._db.text(_CORRECTED_WHOLE, (message_id,))
        return (self._db.text(_WHOLE, (message_id,)) or "") if corrected is None else corrected

    def answers_to(self, message_id: int) -> tuple[Message, ...]:
        """The newest messages that answer one, oldest first; they quote it."""
        return self.by_ids(replies.answers_to(self._db, message_id))

    def find_by_stanza_id(self, key: ChatKey, stanza_id: str) -> tuple[Message, ...]:
        """Messages of a chat that an id may mean: a stanza id, an origin-id, or the id of one of its corrections."""
        chat = rows.chat_id(self._db, key)
        if chat is None or not stanza_id:
            return ()
        corrected = self._db.numbers(_BY_CORRECTION_ID, (stanza_id, chat))
        return self.by_ids(sorted({*ids_by_name(self._db, chat, stanza_id), *corrected}))

    def find_by_archive_id(self, key: ChatKey, archive: Address, archive_id: str) -> Message | None:
        """The message of a chat that an archive gave this id."""
        message_id = self._db.number(
            "SELECT message_id FROM archive_ids WHERE archive_id = ? AND id = ?",
            (rows.archive_id(self._db, key.account, archive), archive_id),
        )
        found = None if message_id is None else self.get(message_id)
        return found if found is not None and found.chat == key else None

    def archive_id(self, message_id: int, archive: Address, account: Address) -> str:
        """The id that an archive gave a message; empty: none is known."""
        return (
            self._db.text(
                "SELECT id FROM archive_ids WHERE message_id = ? AND archive_id = ?",
                (message_id, rows.archive_id(self._db, account, archive)),
            )
            or ""
        )

    def _one(self, where: str, values: Values) -> Message | None:
        row = self._db.one(_MessageRow._make, f"{_SELECT} WHERE {where}", values)
        if row is None:
            return None
        key = self._db.one(
            _Key._make,
            "SELECT accounts.address, peer FROM messages JOIN chats ON chats.id = chat_id"
            " JOIN accounts ON accounts.id = account_id WHERE messages.id = ?",
            (row.id,),
        )
        assert key is not None
        message = _message(row, ChatKey(address(key.account), address(key.peer)))
        return annotated(self._db, (message,), (row.beside,))[0]

    def _page(self, key: ChatKey, where: str, direction: str, values: Values, limit: int) -> tuple[Message, ...]:
        chat = rows.chat_id(self._db, key)
        if chat is None:
            return ()
        found = self._db.all(
            _MessageRow._make,
            f"{_SELECT} WHERE chat_id = ? AND {where} AND beside & {beside.HIDDEN} = 0"
            f" ORDER BY position {direction}, id {direction} LIMIT ?",
            (chat, *values, limit),
        )
        if direction == "DESC":
            found.reverse()
        return annotated(self._db, [_message(row, key) for row in found], [row.beside for row in found])


def ids_by_name(db: Connection, chat: int, name: str) -> list[int]:
    """Ids of a chat's messages with this stanza id or origin-id, newest first; `name` is not empty."""
    return [*db.numbers(_BY_STANZA_ID, (chat, name)), *db.numbers(_BY_ORIGIN_ID, (chat, name))]


def _message(row: _MessageRow, key: ChatKey) -> Message:
    return Message(
        row.id,
        key,
        row.position,
        row.time,
        _DIRECTIONS[row.direction],
        address(row.sender),
        row.body,
        _KINDS[row.kind],
        row.nick,
        row.occupant_id,
        _DELIVERIES[row.delivery],
        _ENCRYPTIONS[row.encryption],
        row.stanza_id,
        row.origin_id,
        row.edited == 1,
        row.mentions_us == 1,
        row.error,
        device=row.device,
        trust=_TRUSTS.get(row.trust),
        key_id=row.key_id,
    )
