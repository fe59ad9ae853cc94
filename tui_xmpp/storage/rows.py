"""The integer ids behind accounts, chats and archives, and the base of every part that reads or writes."""

from collections.abc import Hashable
from typing import NamedTuple

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.storage.database import Connection


class _NamedChat(NamedTuple):
    key: str
    id: int


_CHAT = "SELECT chats.id FROM chats JOIN accounts ON accounts.id = account_id WHERE address = ? AND peer = ?"
_ARCHIVE = """
SELECT archives.id FROM archives JOIN accounts ON accounts.id = account_id
WHERE accounts.address = ? AND archives.address = ?
"""


class Part:
    """Works on one connection: the reader's, or the writer's inside its transaction."""

    def __init__(self, db: Connection) -> None:
        self._db = db


def account_id(db: Connection, account: Address) -> int | None:
    """The row of an account; None: nothing was ever stored for it."""
    return db.number("SELECT id FROM accounts WHERE address = ?", (str(account),))


def ensure_account(db: Connection, account: Address) -> int:
    """The row of an account, made if needed."""
    found = account_id(db, account)
    return db.insert("INSERT INTO accounts (address) VALUES (?)", (str(account),)) if found is None else found


def chat_id(db: Connection, key: ChatKey) -> int | None:
    """The row of a chat; None: it was never seen."""
    return _looked_up(db, key, _CHAT, (key.account, key.peer))


def chat_ids(db: Connection) -> dict[str, int]:
    """The row of every chat by `str(ChatKey)`."""
    found = db.all(
        _NamedChat._make,
        "SELECT accounts.address || ' ' || peer, chats.id FROM chats JOIN accounts ON accounts.id = account_id",
    )
    return {chat.key: chat.id for chat in found}


def ensure_chat(db: Connection, key: ChatKey, kind: ChatKind) -> int:
    """The row of a chat, made (not open) if needed; the kind of a known chat stays."""
    found = chat_id(db, key)
    if found is not None:
        return found
    return db.insert(
        "INSERT INTO chats (account_id, peer, kind) VALUES (?, ?, ?)",
        (ensure_account(db, key.account), str(key.peer), kind),
    )


def archive_id(db: Connection, account: Address, archive: Address) -> int | None:
    """The row of an archive as one account sees it; None: nothing of it is stored."""
    return _looked_up(db, ("archive", account, archive), _ARCHIVE, (account, archive))


def ensure_archive(db: Connection, account: Address, archive: Address) -> int:
    """The row of an archive, made if needed. Two accounts may share a room; each has the room's archive for itself."""
    found = archive_id(db, account, archive)
    if found is not None:
        return found
    return db.insert(
        "INSERT INTO archives (account_id, address) VALUES (?, ?)", (ensure_account(db, account), str(archive))
    )


def _looked_up(db: Connection, name: Hashable, sql: str, addresses: tuple[Address, Address]) -> int | None:
    """A row's id, asked for once in a transaction: a page of an archive names the same few again and again."""
    if db.ids is not None and (known := db.ids.get(name)) is not None:
        return known
    found = db.number(sql, tuple(map(str, addresses)))
    if db.ids is not None and found is not None:
        db.ids[name] = found
    return found
