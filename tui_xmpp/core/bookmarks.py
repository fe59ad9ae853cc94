"""Bookmarked rooms (XEP-0402): kept on the server, so that all clients of an account are in the same rooms."""

import logging
import time
from dataclasses import replace

from tui_xmpp.core.clock import now
from tui_xmpp.core.context import Context
from tui_xmpp.core.rooms import Rooms
from tui_xmpp.errors import RequestFailed, Unavailable
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKind
from tui_xmpp.model.room import Bookmark
from tui_xmpp.model.stanzas import BookmarksChanged
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)

ECHO_SECONDS = 30.0
"""How long the server may take to tell us what we published ourselves."""


class Bookmarks:
    """The bookmarks of one account: what the server has is what counts, but for what we could not tell it yet."""

    def __init__(self, context: Context, rooms: Rooms) -> None:
        self._context = context
        self._rooms = rooms
        self._untold: set[Address] = set()
        """Rooms whose bookmark was changed here while there was no line."""
        self._echoes: list[tuple[float, Address, bool]] = []
        """What we published just now: until when the server may tell us of it, the room, whether to be in it."""

    async def refresh(self) -> None:
        """After a stream was opened anew: tell what is untold, fetch all, and be in the rooms they name."""
        for room in tuple(self._untold):
            await self._publish(room)
        own = self._context.own
        try:
            found = await self._context.line().bookmarks()
        except RequestFailed as error:
            log.warning("The bookmarks could not be fetched: %s", error)
            return
        known = {bookmark.room for bookmark in found}
        kept = self._context.store.rooms.bookmarks(own)
        local = tuple(bookmark for bookmark in kept if bookmark.room in self._untold - known)
        await self._context.pen.write(lambda writes: writes.replace_bookmarks(own, (*found, *local)))
        for bookmark in kept:
            if bookmark.room not in known and bookmark not in local:
                self._taken_away(bookmark.room)
        for bookmark in found:
            self._follow(bookmark)

    def changed(self, signal: BookmarksChanged) -> None:
        """Another client of ours (or this one) changed bookmarks."""
        own = self._context.own
        news = [bookmark for bookmark in signal.published if not self._is_echo(bookmark)]

        def keep(writes: Writes) -> None:
            for bookmark in news:
                writes.upsert_bookmark(own, bookmark)
            for room in signal.retracted:
                writes.remove_bookmark(own, room)

        def kept(_nothing: None) -> None:
            for room in signal.retracted:
                self._taken_away(room)
            for bookmark in news:
                self._follow(bookmark)

        self._context.pen.write_soon(keep, kept)

    def _is_echo(self, bookmark: Bookmark) -> bool:
        """Whether we published that ourselves, and perhaps something else since: what we want now is known here."""
        present = time.monotonic()
        self._echoes = [echo for echo in self._echoes if echo[0] > present]
        for echo in self._echoes:
            if echo[1:] == (bookmark.room, bookmark.autojoin):
                self._echoes.remove(echo)
                return True
        return False

    def _follow(self, bookmark: Bookmark) -> None:
        """Be in the room, or not, as the bookmark says (XEP-0402 §4)."""
        self._rooms.bookmarked(bookmark, bookmark.room)
        if bookmark.autojoin:
            self._show(bookmark.room)
            self._rooms.want(bookmark.room, bookmark.nick, bookmark.password)
        elif self._rooms.model(bookmark.room).wanted and bookmark.room not in self._untold:
            self._rooms.leave(bookmark.room)

    def _taken_away(self, room: Address) -> None:
        self._rooms.bookmarked(None, room)
        self._rooms.leave(room)

    def _show(self, room: Address) -> None:
        key = self._context.key(room)
        if self._context.store.chats.is_open(key):
            return

        def show(writes: Writes) -> Chat:
            return writes.ensure_chat(key, ChatKind.ROOM, open=True, now=now())

        self._context.pen.write_soon(show, lambda _chat: self._context.hub.chat_changed(key))

    # Wishes

    async def keep(
        self, room: Address, *, autojoin: bool, nick: str | None = None, password: str | None = None
    ) -> None:
        """Keep a bookmark here and on the server, changing only what is given; unknown extensions are kept."""
        own = self._context.own
        bookmark = self._context.store.rooms.bookmark(own, room) or Bookmark(room)
        model = self._rooms.model(room)
        bookmark = replace(
            bookmark,
            autojoin=autojoin,
            name=bookmark.name or model.name,
            nick=bookmark.nick if nick is None else nick,
            password=bookmark.password if password is None else password,
        )
        await self._context.pen.write(lambda writes: writes.upsert_bookmark(own, bookmark))
        self._rooms.bookmarked(bookmark, room)
        self._untold.add(room)
        await self._publish(room)

    async def _publish(self, room: Address) -> None:
        bookmark = self._context.store.rooms.bookmark(self._context.own, room)
        if bookmark is None:
            self._untold.discard(room)
            return
        self._echoes.append((time.monotonic() + ECHO_SECONDS, room, bookmark.autojoin))
        try:
            await self._context.line().publish_bookmark(bookmark)
        except Unavailable:
            return
        except RequestFailed as error:
            # The room itself works without; it will not be known to the other clients.
            log.warning("The bookmark of %s could not be kept on the server: %s", room, error)
            return
        self._untold.discard(room)
