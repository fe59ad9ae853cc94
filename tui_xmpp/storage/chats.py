"""The chat list: reading its rows, and writing what a person or the core sets on a chat."""

import json
from collections.abc import Iterable
from typing import NamedTuple

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKey, ChatKind, Preview
from tui_xmpp.model.message import Delivery
from tui_xmpp.model.notifying import Notify
from tui_xmpp.model.text import clean_line
from tui_xmpp.storage import counters, rows
from tui_xmpp.storage.addresses import address, shown
from tui_xmpp.storage.rows import Part


class _ChatRow(NamedTuple):
    account: str
    peer: str
    kind: str
    title: str
    draft: str
    activity: int
    unread: int
    mentions: int
    muted: int
    preview_id: int
    preview_text: str
    preview_sender: str
    preview_own: int
    preview_time: int
    preview_delivery: int
    handle: str | None
    """Name in the contact list; None: not a contact."""
    bookmark: str | None
    room: str | None
    """What the room calls itself; for a private chat, what its room is called."""


class Unread(NamedTuple):
    """Counts of unread messages."""

    messages: int
    mentions: int


_SELECT = """
SELECT accounts.address, chats.peer, chats.kind, chats.title, chats.draft, chats.activity, chats.unread,
       chats.mentions, chats.muted, chats.preview_id, chats.preview_text, chats.preview_sender, chats.preview_own,
       chats.preview_time, chats.preview_delivery, contacts.name, bookmarks.name, room_state.name
FROM chats
JOIN accounts ON accounts.id = chats.account_id
LEFT JOIN contacts ON contacts.account_id = chats.account_id AND contacts.address = chats.peer
LEFT JOIN bookmarks ON bookmarks.account_id = chats.account_id AND bookmarks.room = chats.peer
LEFT JOIN room_state ON room_state.chat_id = chats.id
"""


_NOTIFY = (None, Notify.NONE, Notify.MENTIONS, Notify.ALL)
"""What the numbers in the column `muted` mean."""

_UPDATE = "UPDATE chats SET"


class ChatReader(Part):
    """Reads rows of the chat list."""

    def all_open(self) -> tuple[Chat, ...]:
        """The chats on the list, newest activity first."""
        found = self._db.all(_ChatRow._make, f"{_SELECT} WHERE chats.open = 1 ORDER BY chats.activity DESC, chats.id")
        return tuple(_chat(row) for row in found)

    def all(self) -> tuple[Chat, ...]:
        """Every chat that was ever had, on the list or not, by account and address."""
        found = self._db.all(_ChatRow._make, f"{_SELECT} ORDER BY accounts.address, chats.peer")
        return tuple(_chat(row) for row in found)

    def get(self, key: ChatKey) -> Chat | None:
        """One chat's row, open or not; None: never seen."""
        row = self._db.one(
            _ChatRow._make,
            f"{_SELECT} WHERE accounts.address = ? AND chats.peer = ?",
            (str(key.account), str(key.peer)),
        )
        return None if row is None else _chat(row)

    def kind(self, key: ChatKey) -> ChatKind | None:
        """What kind of chat it is; None: never seen."""
        chat = rows.chat_id(self._db, key)
        kind = self._db.text("SELECT kind FROM chats WHERE id = ?", (chat,))
        return None if kind is None else ChatKind(kind)

    def is_open(self, key: ChatKey) -> bool:
        """Whether the chat is on the list."""
        return bool(self._db.number("SELECT open FROM chats WHERE id = ?", (rows.chat_id(self._db, key),)))

    def first_unread(self, key: ChatKey) -> int | None:
        """Id of the first unread message; None: everything is read."""
        return self._db.number(
            "SELECT id FROM messages WHERE chat_id = ? AND unread = 1 ORDER BY position LIMIT 1",
            (rows.chat_id(self._db, key),),
        )

    def unread_among(self, ids: Iterable[int]) -> Unread:
        """How many of these messages are unread."""
        found = self._db.one(
            Unread._make,
            "SELECT count(*), coalesce(sum(mentions_us), 0) FROM messages"
            " WHERE unread = 1 AND id IN (SELECT value FROM json_each(?))",
            (json.dumps([*ids]),),
        )
        assert found is not None
        return found

    def read_position(self, key: ChatKey) -> int:
        """Position up to which everything has been seen; 0: nothing."""
        return self._db.number("SELECT read_position FROM chats WHERE id = ?", (rows.chat_id(self._db, key),)) or 0


def _chat(row: _ChatRow) -> Chat:
    peer = address(row.peer)
    kind = ChatKind(row.kind)
    preview = None
    if row.preview_id:
        preview = Preview(
            row.preview_text,
            row.preview_sender,
            bool(row.preview_own),
            row.preview_time,
            Delivery(row.preview_delivery),
        )
    return Chat(
        key=ChatKey(address(row.account), peer),
        kind=kind,
        title=_title(row, kind, peer),
        unread=row.unread,
        mentions=row.mentions,
        draft=row.draft,
        preview=preview,
        activity=row.activity,
        in_contacts=row.handle is not None,
        muted=row.muted == _NOTIFY.index(Notify.NONE),
        notify=_NOTIFY[row.muted] if 0 <= row.muted < len(_NOTIFY) else None,
    )


def _title(row: _ChatRow, kind: ChatKind, peer: Address) -> str:
    match kind:
        case ChatKind.CONTACT:
            return row.handle or row.title or (peer.local if row.handle is not None else "") or shown(peer)
        case ChatKind.ROOM:
            return row.bookmark or row.room or row.title or shown(peer)
        case ChatKind.PRIVATE:
            return row.title or f"{clean_line(peer.resource)} ({shown(peer.bare)})"


class ChatWrites(Part):
    """Writes what is set on a chat. Every method returns the chat's new row; None: the chat is not known."""

    def ensure_account(self, account: Address) -> None:
        """Give an account its row."""
        rows.ensure_account(self._db, account)

    def ensure_chat(self, key: ChatKey, kind: ChatKind, *, open: bool | None = None, now: int = 0) -> Chat:  # noqa: A002 (the column)
        """Make the chat known as one of this kind, and put it on the list or off it unless `open` is None.

        `now` lifts its activity, so that a chat that a person just opened stands on top.
        """
        chat = rows.ensure_chat(self._db, key, kind)
        self._db.run(
            "UPDATE chats SET kind = ?, open = coalesce(?, open), activity = max(activity, ?) WHERE id = ?",
            (kind, None if open is None else int(open), now, chat),
        )
        row = self._row(key)
        assert row is not None
        return row

    def set_open(self, key: ChatKey, open: bool, *, now: int = 0) -> Chat | None:  # noqa: A002 (the column)
        """Put a known chat on the list or take it off."""
        self._set(key, "open = ?, activity = max(activity, ?)", int(open), now)
        return self._row(key)

    def set_title(self, key: ChatKey, title: str) -> Chat | None:
        """Remember a name for the other end that neither the contact list nor the room gives; cleaned."""
        self._set(key, "title = ?", title)
        return self._row(key)

    def set_notify(self, key: ChatKey, notify: Notify | None) -> Chat | None:
        """What of the chat makes notifications; None: as the settings say."""
        self._set(key, "muted = ?", _NOTIFY.index(notify))
        return self._row(key)

    def set_draft(self, key: ChatKey, text: str) -> Chat | None:
        """Keep what was typed but not sent; empty text removes it."""
        self._set(key, "draft = ?", text)
        return self._row(key)

    def mark_read(self, key: ChatKey) -> Chat | None:
        """Everything that is stored of a chat has been seen here.

        What comes late counts as seen too if it belongs above the newest, unless the archive is known to have a gap.
        """
        from tui_xmpp.storage.archives import ArchiveReader

        chat = rows.chat_id(self._db, key)
        if chat is not None:
            self._db.run("UPDATE chats SET untold = 1 WHERE id = ? AND unread > 0", (chat,))
            is_room = ChatReader(self._db).kind(key) is ChatKind.ROOM
            has_gap = ArchiveReader(self._db).has_gap(key.account, key.peer if is_room else key.account)
            counters.read_all(self._db, chat, settled=not has_gap)
        return self._row(key)

    def mark_read_to(self, key: ChatKey, message_id: int) -> Chat | None:
        """Everything up to one message has been seen elsewhere; never takes back what was marked before."""
        chat = rows.chat_id(self._db, key)
        position = self._db.number("SELECT position FROM messages WHERE id = ? AND chat_id = ?", (message_id, chat))
        if chat is not None and position is not None:
            counters.read_up_to(self._db, chat, position)
            counters.forget_marker(self._db, chat, position)
        return self._row(key)

    def _set(self, key: ChatKey, assignment: str, *values: str | int) -> None:
        chat = rows.chat_id(self._db, key)
        if chat is not None:
            self._db.run(f"{_UPDATE} {assignment} WHERE id = ?", (*values, chat))

    def _row(self, key: ChatKey) -> Chat | None:
        return ChatReader(self._db).get(key)
