"""What a start shows first, read from a store that is not open yet."""

import logging
from collections.abc import Collection
from pathlib import Path

from tui_xmpp.errors import StorageError
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.glance import FIRST, LIMIT, Glance
from tui_xmpp.storage.chats import ChatReader
from tui_xmpp.storage.cipher import Key
from tui_xmpp.storage.contacts import ContactReader
from tui_xmpp.storage.database import Connection, DriverError
from tui_xmpp.storage.history import HistoryReader
from tui_xmpp.storage.lock import Lock
from tui_xmpp.storage.messages import MessageReader
from tui_xmpp.storage.opening import open_to_read
from tui_xmpp.storage.requests import RequestReader
from tui_xmpp.storage.rooms import RoomReader

_log = logging.getLogger(__name__)


def glance(
    path: Path, accounts: Collection[Address], *, key: Key | None = None, open_at: Address | None = None
) -> Glance | None:
    """What the store at `path` has for these accounts, with the chat of `open_at` open, or the one last alive.

    None where there is nothing to be seen, or nothing to be said yet: a store that is missing, older, damaged or in
    use is for those to deal with who open it.
    """
    if not path.exists():
        return None
    try:
        Lock(path).release()
        db = open_to_read(path, key)
        try:
            return _read(db, accounts, open_at)
        finally:
            db.close()
    except (StorageError, DriverError, OSError) as error:
        _log.info("Nothing can be shown before the store is open: %s", error)
        return None


def _read(db: Connection, accounts: Collection[Address], open_at: Address | None) -> Glance | None:
    chats = [chat for chat in ChatReader(db).all_open() if chat.key.account in accounts]
    wanted = (chat for chat in chats if open_at is None or chat.key.peer == open_at.bare)
    chat = next(wanted, None)
    if chat is None:
        return None
    is_room = chat.kind is ChatKind.ROOM
    room = RoomReader(db).state(chat.key) if is_room else None
    return Glance(
        chats,
        chat,
        MessageReader(db).newest(chat.key, min(max(FIRST, chat.unread + 20), LIMIT)),
        ChatReader(db).first_unread(chat.key) if chat.unread else None,
        HistoryReader(db).gaps(chat.key, chat.key.peer if is_room else chat.key.account),
        room.subject if room is not None else "",
        room.nick if room is not None else "",
        [request for request in RequestReader(db).all() if request.account in accounts],
        [contact for contact in ContactReader(db).all() if contact.account in accounts],
    )
