"""Marks of our other devices (XEP-0490) that name what is no message here, and no row of the store.

Some clients mark the last stanza that they got, be it a reaction, a receipt or a correction. What has been read by that
is all that the archive has before it, which the archive itself can be asked.
"""

import logging

from tui_xmpp.core.context import Context
from tui_xmpp.core.rooms import Rooms
from tui_xmpp.errors import RequestFailed, Unavailable
from tui_xmpp.model.address import Address
from tui_xmpp.model.archive import ArchiveQuery
from tui_xmpp.model.chat import ChatKey, ChatKind

log = logging.getLogger(__name__)

MOST_PAGES = 4
"""Pages on which what came after a mark is looked for; a mark that is older stays as it is."""

_PAGE = 50


class UnmetMarks:
    """Finds out what such marks of one account mean, each once on a stream."""

    def __init__(self, context: Context, rooms: Rooms) -> None:
        self._context = context
        self._rooms = rooms
        self._asked: set[tuple[ChatKey, str]] = set()

    def forget(self) -> None:
        """Another stream may know more."""
        self._asked.clear()

    async def settle(self, archive: Address) -> None:
        """Take in those whose archive is stored without a gap, and can say what came after an id."""
        own = self._context.own
        if not self._is_extended(archive):
            return
        for key, name in self._context.store.reading.unmet(own):
            is_room = self._context.store.chats.kind(key) is ChatKind.ROOM
            if archive != (key.peer if is_room else own) or (key, name) in self._asked:
                continue
            self._asked.add((key, name))
            try:
                await self._settle(key, archive, None if is_room else key.peer, name)
            except RequestFailed as error:
                log.info("What %s has after a mark is not known: %s", archive, error)
            except Unavailable:
                return

    def _is_extended(self, archive: Address) -> bool:
        if archive == self._context.own:
            return self._context.has_extended_archive
        room = self._rooms.known(archive)
        return room is not None and room.has_extended_archive

    async def _settle(self, key: ChatKey, archive: Address, peer: Address | None, name: str) -> None:
        # What comes while the archive answers comes after the mark.
        newest = self._context.store.messages.newest(key, 1)
        before, later = "", list[str]()
        for _ in range(MOST_PAGES):
            query = ArchiveQuery(
                archive=None if peer is not None else archive, peer=peer, before=before, after_id=name, size=_PAGE
            )
            page = await self._context.line().archive_page(query)
            later += [page.first, *(message.archive_id for message in page.messages), page.last]
            if page.complete:
                break
            if not page.first or page.first == before:
                return
            before = page.first
        else:
            return
        until = newest[-1].position if newest else 0
        chat = await self._context.pen.write(lambda writes: writes.reach_before(key, archive, name, later, until))
        if chat is not None:
            self._context.hub.chat_changed(chat.key)
