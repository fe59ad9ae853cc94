"""Bookmarks (XEP-0402) and what is known of rooms between visits."""

from collections.abc import Iterable
from typing import NamedTuple

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.room import Bookmark, Room
from tui_xmpp.storage import rows
from tui_xmpp.storage.addresses import address
from tui_xmpp.storage.database import Values
from tui_xmpp.storage.rows import Part


class _BookmarkRow(NamedTuple):
    room: str
    name: str
    nick: str
    password: str
    autojoin: int
    extensions: str


class _StateRow(NamedTuple):
    name: str
    subject: str
    subject_by: str
    private: int


_SELECT = """
SELECT room, name, nick, password, autojoin, extensions FROM bookmarks JOIN accounts ON accounts.id = account_id
"""


class RoomReader(Part):
    """Reads bookmarks and rooms."""

    def bookmarks(self, account: Address) -> tuple[Bookmark, ...]:
        """The account's bookmarks by address."""
        return self._bookmarks("accounts.address = ? ORDER BY room", (str(account),))

    def bookmark(self, account: Address, room: Address) -> Bookmark | None:
        """The account's bookmark of a room; None: it has none."""
        found = self._bookmarks("accounts.address = ? AND room = ?", (str(account), str(room)))
        return next(iter(found), None)

    def state(self, key: ChatKey) -> Room:
        """A room as it was last seen, not joined; also for one that was never seen."""
        row = self._db.one(
            _StateRow._make,
            "SELECT name, subject, subject_by, private FROM room_state WHERE chat_id = ?",
            (rows.chat_id(self._db, key),),
        )
        bookmark = self.bookmark(key.account, key.peer)
        return Room(
            key=key,
            name="" if row is None else row.name,
            nick="" if bookmark is None else bookmark.nick,
            subject="" if row is None else row.subject,
            subject_by="" if row is None else row.subject_by,
            bookmarked=bookmark is not None,
            autojoin=bookmark is not None and bookmark.autojoin,
            private=row is not None and bool(row.private),
        )

    def _bookmarks(self, where: str, values: Values) -> tuple[Bookmark, ...]:
        found = self._db.all(
            _BookmarkRow._make,
            f"{_SELECT} WHERE {where}",
            values,
        )
        return tuple(
            Bookmark(address(row.room), row.name, row.nick, row.password, bool(row.autojoin), row.extensions)
            for row in found
        )


class RoomWrites(Part):
    """Writes bookmarks and rooms."""

    def replace_bookmarks(self, account: Address, bookmarks: Iterable[Bookmark]) -> None:
        """Make the account's bookmarks what the server has."""
        self._db.run("DELETE FROM bookmarks WHERE account_id = ?", (rows.ensure_account(self._db, account),))
        for bookmark in bookmarks:
            self.upsert_bookmark(account, bookmark)

    def upsert_bookmark(self, account: Address, bookmark: Bookmark) -> None:
        """Add or change one bookmark."""
        self._db.run(
            "INSERT OR REPLACE INTO bookmarks (account_id, room, name, nick, password, autojoin, extensions)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                rows.ensure_account(self._db, account),
                str(bookmark.room),
                bookmark.name,
                bookmark.nick,
                bookmark.password,
                int(bookmark.autojoin),
                bookmark.extensions,
            ),
        )

    def remove_bookmark(self, account: Address, room: Address) -> bool:
        """Remove one bookmark; says whether there was one."""
        row = rows.account_id(self._db, account)
        return self._db.run("DELETE FROM bookmarks WHERE account_id = ? AND room = ?", (row, str(room))) > 0

    def set_room_state(
        self,
        key: ChatKey,
        *,
        name: str | None = None,
        subject: str | None = None,
        subject_by: str | None = None,
        private: bool | None = None,
    ) -> Room:
        """Remember what a room says of itself; None leaves a value as it is. Makes the chat known, not open."""
        chat = rows.ensure_chat(self._db, key, ChatKind.ROOM)
        self._db.run("INSERT OR IGNORE INTO room_state (chat_id) VALUES (?)", (chat,))
        self._db.run(
            "UPDATE room_state SET name = coalesce(?, name), subject = coalesce(?, subject),"
            " subject_by = coalesce(?, subject_by), private = coalesce(?, private) WHERE chat_id = ?",
            (name, subject, subject_by, None if private is None else int(private), chat),
        )
        return RoomReader(self._db).state(key)
