"""For how long messages are kept, and deleting them, so that they do not come back from the archive."""

import json
from typing import NamedTuple

from tui_xmpp.model.chat import Chat, ChatKey
from tui_xmpp.storage import counters, rows
from tui_xmpp.storage.addresses import address
from tui_xmpp.storage.chats import ChatReader
from tui_xmpp.storage.identity import UNIQUE
from tui_xmpp.storage.positions import MAX_POSITION
from tui_xmpp.storage.rows import Part
from tui_xmpp.storage.values import NewMessage

REMEMBERED = 2_000
"""Of how many deleted messages the ids are remembered: more than ever come once more."""

WINDOW = 3 * 24 * 60 * 60 * 1_000_000
"""µs before the newest deleted message in which another is known by its ids alone: clocks may be wrong by so much."""


class Kept(NamedTuple):
    """A chat, and for how many days its messages are kept."""

    key: ChatKey
    days: int | None


class Floor(NamedTuple):
    """Below what the store does not have a chat's messages though the archive may, as times in µs; 0: nothing is."""

    cut: int
    """What is older was not to be kept for so long."""
    deleted_until: int
    """A person has deleted the history."""


_INCREMENTAL = 2
"""What `PRAGMA auto_vacuum` says where the file can be shortened."""


class _Newest(NamedTuple):
    id: int
    time: int
    stays: int


class _KeptRow(NamedTuple):
    account: str
    peer: str
    days: int | None


# Own messages that wait or failed, or with which something was done that waits, are somebody's to deal with, as unread
# ones are where they are not muted.
_OLD = """
SELECT messages.id FROM messages
WHERE chat_id = ? AND position < ? AND (unread = 0 OR (SELECT muted = 1 FROM chats WHERE chats.id = chat_id))
  AND NOT (direction = 'out' AND delivery IN (0, 9))
  AND NOT EXISTS (SELECT 1 FROM outgoing WHERE message_id = messages.id)
ORDER BY position LIMIT ?
"""

_DELETED = """
SELECT messages.id FROM messages
WHERE chat_id = ? AND position <= ? AND NOT (direction = 'out' AND delivery = 0)
  AND NOT EXISTS (SELECT 1 FROM outgoing WHERE message_id = messages.id)
ORDER BY position LIMIT ?
"""

# What stays, as `_DELETED` has it, is still to come back from the room or the archive, and must be known then.
_NEWEST = """
SELECT id, time, (direction = 'out' AND delivery = 0) OR EXISTS (SELECT 1 FROM outgoing WHERE message_id = messages.id)
FROM messages WHERE chat_id = ? ORDER BY position DESC, id DESC LIMIT ?
"""

# What was to stay may have arrived since, and goes then.
_KNOWN_BY_NAME = """
SELECT messages.id FROM json_each(?) CROSS JOIN messages ON messages.id = value JOIN chats ON chats.id = chat_id
WHERE messages.time > deleted_until
"""

# Asked for every page, and for every message that comes live.
_DELETED_UNTIL = """
SELECT deleted_until FROM accounts CROSS JOIN chats ON account_id = accounts.id WHERE address = ? AND peer = ?
"""

_REMEMBER = "INSERT OR IGNORE INTO forgotten (chat_id, name, sender)"
_NAMES = (
    "SELECT ?1, archive_ids.id, '' FROM json_each(?2) CROSS JOIN archive_ids ON message_id = value",
    "SELECT ?1, stanza_id, sender FROM json_each(?2) CROSS JOIN messages ON messages.id = value WHERE stanza_id <> ''",
    "SELECT ?1, origin_id, sender FROM json_each(?2) CROSS JOIN messages ON messages.id = value WHERE origin_id <> ''",
)


class KeepingReader(Part):
    """Reads for how long messages are kept."""

    def days(self, key: ChatKey) -> int | None:
        """For how many days a chat's messages are kept; None: as the settings say, 0: for ever."""
        return self._db.number("SELECT keep_days FROM chats WHERE id = ?", (rows.chat_id(self._db, key),))

    def chats(self) -> tuple[Kept, ...]:
        """Every chat of every account."""
        found = self._db.all(
            _KeptRow._make,
            "SELECT accounts.address, peer, keep_days FROM chats JOIN accounts ON accounts.id = account_id",
        )
        return tuple(Kept(ChatKey(address(row.account), address(row.peer)), row.days) for row in found)

    def floor(self, key: ChatKey) -> Floor:
        """Where the messages of a chat end here."""
        sql = "SELECT cut, deleted_until FROM chats WHERE id = ?"
        return self._db.one(Floor._make, sql, (rows.chat_id(self._db, key),)) or Floor(0, 0)


class KeepingWrites(Part):
    """Writes for how long messages are kept, and deletes them in parts: each is a work of its own, and short."""

    def set_keep_days(self, key: ChatKey, days: int | None) -> Chat | None:
        """Keep a chat's messages for so many days; None: as the settings say, 0: for ever."""
        self._db.run("UPDATE chats SET keep_days = ? WHERE id = ?", (days, rows.chat_id(self._db, key)))
        return ChatReader(self._db).get(key)

    def let_go(self, key: ChatKey, before: int, limit: int) -> int:
        """Delete messages of a chat that are older than a time (µs), the oldest first; returns how many there were.

        Unread ones stay, unless the chat is muted, and own ones that wait or failed.
        """
        chat = rows.chat_id(self._db, key)
        if chat is None:
            return 0
        self._db.run("DELETE FROM held_operations WHERE chat_id = ? AND time < ?", (chat, before))
        count = self._delete(chat, self._db.numbers(_OLD, (chat, before, limit)))
        if count:
            self.note_cut(key, before)
        return count

    def note_cut(self, key: ChatKey, before: int) -> None:
        """What was sent before a time is not kept, though the archive may have it; 0: all that it has is wanted."""
        self._db.run("UPDATE chats SET cut = ? WHERE id = ?", (before, rows.chat_id(self._db, key)))

    def begin_deleting(self, key: ChatKey, now: int = MAX_POSITION) -> int:
        """Take all that is stored of a chat as read, and remember that it is not wanted any more.

        A message that a wrong clock has put after `now` (µs) must not keep out what is said until then. Returns the
        position up to which `delete_some` has to delete; 0: there is nothing.
        """
        chat = rows.chat_id(self._db, key)
        last = 0 if chat is None else counters.newest_position(self._db, chat)
        if chat is None or not last:
            return 0
        newest = self._db.all(_Newest._make, _NEWEST, (chat, REMEMBERED))
        until = min(now, max(message.time for message in newest)) - WINDOW
        if len(newest) == REMEMBERED:
            until = max(until, newest[-1].time)
        self._db.run("UPDATE chats SET deleted_until = max(?, 1) WHERE id = ?", (until, chat))
        self._db.run("DELETE FROM forgotten WHERE chat_id = ?", (chat,))
        self._db.run("DELETE FROM held_operations WHERE chat_id = ?", (chat,))
        self._remember(chat, [message.id for message in newest if not message.stays])
        counters.read_up_to(self._db, chat, last)
        counters.forget_marker(self._db, chat, last)
        self._db.run("UPDATE chats SET untold = 0 WHERE id = ?", (chat,))
        return last

    def delete_some(self, key: ChatKey, until: int, limit: int) -> int:
        """Delete a part of a chat's history up to a position; returns how many messages there were.

        Own messages that are still on their way stay, and go out.
        """
        chat = rows.chat_id(self._db, key)
        if chat is None:
            return 0
        ids = self._db.numbers(_DELETED, (chat, until, limit))
        self._remember(chat, self._db.numbers(_KNOWN_BY_NAME, (json.dumps(ids),)))
        return self._delete(chat, ids)

    def has_forgotten(self, key: ChatKey) -> bool:
        """Whether a person has deleted anything of a chat's history."""
        return bool(self._deleted_until(key))

    def is_forgotten(self, new: NewMessage) -> bool:
        """Whether this is a message that a person has deleted, which has come once more.

        What comes live is known by its ids alone: our clock may have been wrong when the others came. An id that its
        client has counted says nothing where the archive's id says that it is another message.
        """
        until = self._deleted_until(new.key)
        if not until:
            return False
        if new.from_archive and new.time <= until:
            return True
        by_archive = {name: "" for _, name in new.archive_ids}
        given = (name for name in (new.stanza_id, new.origin_id) if name and (len(name) >= UNIQUE or not by_archive))
        names = by_archive | {name: str(new.sender) for name in given}
        chat = rows.chat_id(self._db, new.key)
        sql = "SELECT 1 FROM forgotten WHERE chat_id = ? AND name = ? AND sender = ?"
        return any(self._db.number(sql, (chat, name, sender)) for name, sender in names.items())

    def give_back(self, pages: int) -> bool:
        """Shorten the file by pages that nothing uses any more; whether there are more of them.

        A store that was begun before this was possible keeps them, and fills them with what comes.
        """
        self._db.all(tuple, f"PRAGMA incremental_vacuum({pages})")
        is_possible = self._db.number("PRAGMA auto_vacuum") == _INCREMENTAL
        return is_possible and bool(self._db.number("PRAGMA freelist_count"))

    def _deleted_until(self, key: ChatKey) -> int:
        return self._db.number(_DELETED_UNTIL, (str(key.account), str(key.peer))) or 0

    def _remember(self, chat: int, ids: list[int]) -> None:
        for names in _NAMES:
            self._db.run(f"{_REMEMBER} {names}", (chat, json.dumps(ids)))

    def _delete(self, chat: int, ids: list[int]) -> int:
        if not ids:
            return 0
        self._db.many("DELETE FROM messages WHERE id = ?", [(message_id,) for message_id in ids])
        counters.recount(self._db, chat)
        preview = self._db.number("SELECT preview_id FROM chats WHERE id = ?", (chat,))
        if preview in ids:
            counters.refresh_preview(self._db, chat)
        return len(ids)
