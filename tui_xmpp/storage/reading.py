"""What is read where: marks of all our devices (XEP-0490), and whom to tell what was read (XEP-0333)."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKey, ChatKind
from tui_xmpp.model.message import Direction, Message, MessageKind
from tui_xmpp.storage import beside, counters, identity, rows
from tui_xmpp.storage.addresses import address
from tui_xmpp.storage.archives import ArchiveReader
from tui_xmpp.storage.chats import ChatReader
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.identity import ArchiveId, Arrival
from tui_xmpp.storage.messages import MessageReader
from tui_xmpp.storage.rows import Part


class Reached(NamedTuple):
    """The newest message from others that was read, as its archive knows it."""

    id: str
    position: int


class _Mark(NamedTuple):
    id: str
    position: int
    waiting: str


class _Peer(NamedTuple):
    peer: str


class _Named(NamedTuple):
    peer: str
    name: str


# A server that gives no ids must not cost a walk through a whole chat, hence the limit.
_REACHED = """
SELECT archive_ids.id, position FROM (
    SELECT id, position FROM messages
    WHERE chat_id = ? AND position <= (SELECT read_position FROM chats WHERE id = ?) AND direction = 'in'
    ORDER BY position DESC, id DESC LIMIT 200
) AS read CROSS JOIN archive_ids ON message_id = read.id AND archive_id = ?
ORDER BY position DESC LIMIT 1
"""


# Asked for every page, and for every message that comes with an id.
_WAITING = """
SELECT waiting FROM accounts CROSS JOIN displayed_marks ON account_id = accounts.id
WHERE accounts.address = ? AND peer = ?
"""


_UNSEEN = """
SELECT messages.id FROM json_each(?) CROSS JOIN messages ON messages.id = value JOIN chats ON chats.id = chat_id
WHERE messages.unread = 0 AND messages.position > read_position AND direction = 'in' AND messages.kind = 'text'
AND encryption <> 'unreadable' AND beside & ? = 0
"""
_AFTER_MARKS = """
AND messages.position > (
    SELECT CASE waiting WHEN '' THEN position ELSE 0 END FROM displayed_marks AS mark
    WHERE mark.account_id = chats.account_id AND mark.peer = chats.peer
)
"""


class ReadingReader(Part):
    """Reads what is read where."""

    def untold(self, account: Address) -> tuple[ChatKey, ...]:
        """The chats that were read here and whose mark on the server may be behind."""
        found = self._db.all(
            _Peer._make,
            "SELECT peer FROM chats JOIN accounts ON accounts.id = account_id"
            " WHERE accounts.address = ? AND untold = 1 ORDER BY activity DESC",
            (str(account),),
        )
        return tuple(ChatKey(account, address(row.peer)) for row in found)

    def unmet(self, account: Address) -> tuple[tuple[ChatKey, str], ...]:
        """Chats with unread messages, each with the id of a mark that names none of those that are stored."""
        found = self._db.all(
            _Named._make,
            "SELECT mark.peer, waiting FROM accounts JOIN displayed_marks AS mark ON mark.account_id = accounts.id"
            " JOIN chats ON chats.account_id = accounts.id AND chats.peer = mark.peer"
            " WHERE accounts.address = ? AND waiting <> '' AND unread > 0",
            (str(account),),
        )
        return tuple((ChatKey(account, address(row.peer)), row.name) for row in found)

    def to_publish(self, key: ChatKey, archive: Address, *, whole: bool = True) -> Reached | None:
        """Up to which message a chat was read, where that is further than the server's mark; None: it is not.

        While the archive is not stored as a `whole`, a mark that waits for its message may be further than ours.
        """
        return _to_publish(self._db, key, archive, whole=whole)

    def markers(self, account: Address) -> tuple[tuple[ChatKey, str], ...]:
        """What was read while its sender could not be told: chats, each with the id that a marker has to name."""
        found = self._db.all(
            _Named._make,
            "SELECT peer, marker_id FROM chats JOIN accounts ON accounts.id = account_id"
            " WHERE accounts.address = ? AND marker_id <> '' AND marker_position <= read_position",
            (str(account),),
        )
        return tuple((ChatKey(account, address(row.peer)), row.name) for row in found)

    def marker(self, key: ChatKey) -> str:
        """The id that a marker for all that is read in a chat has to name; empty: nobody asked, or all know."""
        return (
            self._db.text(
                "SELECT marker_id FROM chats WHERE id = ? AND marker_position <= read_position",
                (rows.chat_id(self._db, key),),
            )
            or ""
        )


class ReadingWrites(Part):
    """Writes what is read where."""

    def take_mark(self, key: ChatKey, archive: Address, archive_id: str) -> Chat | None:
        """One of our devices has read a chat up to the message that the archive gave this id; only goes forward.

        A message that is not stored yet is waited for. Returns the chat's new row; None: nothing has changed, also
        when the same mark is told again, which must not undo that a person marked something as unread.
        """
        account = rows.ensure_account(self._db, key.account)
        mark = _mark(self._db, account, str(key.peer))
        if archive_id in {mark.id, mark.waiting}:
            return None
        chat = rows.chat_id(self._db, key)
        archived = ArchiveId(rows.ensure_archive(self._db, key.account, archive), archive_id)
        message_id = None if chat is None else identity.message_of(self._db, chat, archived)
        if chat is None or message_id is None:
            _put(self._db, account, str(key.peer), mark._replace(waiting=archive_id))
            return None
        _reach(self._db, account, str(key.peer), chat, mark, archive_id, _position(self._db, message_id))
        return ChatReader(self._db).get(key)

    def reach_before(
        self, key: ChatKey, archive: Address, archive_id: str, later: Sequence[str], until: int
    ) -> Chat | None:
        """A mark waits for what is no message: read is all before the first that the archive has `later`.

        Nothing beyond the position `until` is. Returns the chat's new row; None: it does not wait any more.
        """
        account = rows.ensure_account(self._db, key.account)
        mark, chat = _mark(self._db, account, str(key.peer)), rows.chat_id(self._db, key)
        if chat is None or mark.waiting != archive_id:
            return None
        after = ArchiveReader(self._db).positions_of(key.account, archive, later)
        position = min([until, *(place - 1 for place in after)])
        _reach(self._db, account, str(key.peer), chat, mark, archive_id, position)
        return ChatReader(self._db).get(key)

    def told_mark(self, key: ChatKey, archive: Address, reached: Reached) -> None:
        """The server has our mark."""
        account = rows.ensure_account(self._db, key.account)
        mark = _mark(self._db, account, str(key.peer))
        if reached.position > mark.position:
            _put(self._db, account, str(key.peer), _Mark(reached.id, reached.position, ""))
        if _to_publish(self._db, key, archive, whole=True) is None:
            self._db.run("UPDATE chats SET untold = 0 WHERE id = ?", (rows.chat_id(self._db, key),))

    def settle(self, account: Address, archive: Address) -> tuple[Chat, ...]:
        """An archive has no gap any more: what was read while it had one is read up to the newest message.

        Where something came into the gap it stays unread. Returns the rows of the chats that are settled now.
        """
        settled: list[Chat] = []
        for key in ReadingReader(self._db).untold(account):
            chat, row = ChatReader(self._db).get(key), rows.chat_id(self._db, key)
            if chat is None or row is None or chat.unread:
                continue
            if archive == (key.peer if chat.kind is ChatKind.ROOM else account):
                counters.read_all(self._db, row, settled=True)
                settled.append(chat)
        return tuple(settled)

    def count_unread(self, message_id: int, marker: str) -> Message | None:
        """Take a message as unread that was stored as read; None: it has been seen, or is not shown yet.

        `marker` is the id that is to be named when it is read, if its sender asked for that.
        """
        self._db.run("UPDATE sealed SET counts_unread = 1 WHERE message_id = ?", (message_id,))
        if not self._count_unread(_UNSEEN, [message_id]):
            return None
        message = MessageReader(self._db).get(message_id)
        if marker and message is not None:
            chat = rows.chat_id(self._db, message.chat)
            assert chat is not None
            counters.note_marker(self._db, chat, marker, message.position)
        return message

    def count_unread_after_marks(self, messages: Iterable[int]) -> tuple[ChatKey, ...]:
        """Take as unread which of these messages came after what our devices have marked as read in their chats.

        A mark whose message is not here is older than all that is; a chat without one stays as it is. Returns the
        chats that have changed.
        """
        found = MessageReader(self._db).by_ids(self._count_unread(_UNSEEN + _AFTER_MARKS, messages))
        return tuple(dict.fromkeys(message.chat for message in found))

    def _count_unread(self, which: str, messages: Iterable[int]) -> list[int]:
        unseen = beside.TOMBSTONE | beside.HIDDEN | beside.SEALED
        found = self._db.numbers(which, (json.dumps(sorted(messages)), unseen))
        chats: set[int] = set()
        for message_id in found:
            self._db.run("UPDATE messages SET unread = 1 WHERE id = ?", (message_id,))
            chats.add(self._db.number("SELECT chat_id FROM messages WHERE id = ?", (message_id,)) or 0)
        for chat in chats:
            counters.recount(self._db, chat)
        return found

    def told_marker(self, key: ChatKey, marker_id: str) -> None:
        """Who wrote a message knows that it was read, or is not to know it."""
        self._db.run(
            "UPDATE chats SET marker_id = '' WHERE id = ? AND marker_id = ?", (rows.chat_id(self._db, key), marker_id)
        )

    def mark_unread(self, key: ChatKey, message_id: int) -> Chat | None:
        """Take a message and all after it as not seen; only here, since marks on the server never go back."""
        chat = rows.chat_id(self._db, key)
        position = self._db.number("SELECT position FROM messages WHERE id = ? AND chat_id = ?", (message_id, chat))
        if chat is None or position is None:
            return None
        self._db.run(
            "UPDATE messages SET unread = 1"
            " WHERE chat_id = ? AND position >= ? AND direction = ? AND kind = ? AND beside & ? = 0",
            (chat, position, Direction.IN, MessageKind.TEXT, beside.TOMBSTONE | beside.HIDDEN),
        )
        self._db.run("UPDATE chats SET read_position = min(read_position, ?) WHERE id = ?", (position - 1, chat))
        counters.recount(self._db, chat)
        return ChatReader(self._db).get(key)


def reach_waiting(db: Connection, arrivals: Iterable[tuple[Arrival, int]]) -> None:
    """Take as read, with all before it, for which of the messages, each with its row, a mark of ours has waited."""
    named: defaultdict[tuple[ChatKey, int], dict[str, int]] = defaultdict(dict)
    for arrival, message_id in arrivals:
        for archived in arrival.ids:
            named[arrival.new.key, arrival.chat].setdefault(archived.id, message_id)
    for (key, chat), messages in named.items():
        reached = messages.get(db.text(_WAITING, (str(key.account), str(key.peer))) or "")
        if reached is not None:
            account = rows.ensure_account(db, key.account)
            mark = _mark(db, account, str(key.peer))
            _reach(db, account, str(key.peer), chat, mark, mark.waiting, _position(db, reached))


def _position(db: Connection, message_id: int) -> int:
    return db.number("SELECT position FROM messages WHERE id = ?", (message_id,)) or 0


def _reach(db: Connection, account: int, peer: str, chat: int, mark: _Mark, archive_id: str, position: int) -> None:
    further = position > mark.position
    _put(db, account, peer, _Mark(archive_id, position, "") if further else mark._replace(waiting=""))
    if further:
        counters.read_up_to(db, chat, position)
        counters.forget_marker(db, chat, position)
        db.run("UPDATE chats SET untold = 0 WHERE id = ? AND read_position <= ?", (chat, position))


def _mark(db: Connection, account: int, peer: str) -> _Mark:
    sql = "SELECT id, position, waiting FROM displayed_marks WHERE account_id = ? AND peer = ?"
    return db.one(_Mark._make, sql, (account, peer)) or _Mark("", 0, "")


def _put(db: Connection, account: int, peer: str, mark: _Mark) -> None:
    db.run(
        "INSERT OR REPLACE INTO displayed_marks (account_id, peer, id, position, waiting) VALUES (?, ?, ?, ?, ?)",
        (account, peer, *mark),
    )


def _to_publish(db: Connection, key: ChatKey, archive: Address, *, whole: bool) -> Reached | None:
    chat = rows.chat_id(db, key)
    row = rows.archive_id(db, key.account, archive)
    reached = db.one(Reached._make, _REACHED, (chat, chat, row))
    account = rows.account_id(db, key.account)
    if reached is None or account is None:
        return None
    mark = _mark(db, account, str(key.peer))
    return None if reached.position <= mark.position or (mark.waiting and not whole) else reached
