"""Scrolling back: what an archive (XEP-0313) has of one chat before the oldest message that is stored."""

import logging
from dataclasses import replace
from itertools import takewhile

from tui_xmpp.core.context import Context
from tui_xmpp.core.pages import Pages
from tui_xmpp.core.seams import Seams
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.model.archive import ArchivePage
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.events import HistoryExtended
from tui_xmpp.model.stanzas import MessageReceived
from tui_xmpp.storage.history import EARLIEST
from tui_xmpp.storage.values import Above

log = logging.getLogger(__name__)

MOST_PAGES = 10
"""Pages without a message to show, as of receipts and markers alone, that are passed over in one go."""

SLACK = 600 * 1_000_000
"""How far a server's clock may be before ours where a place in the archive is known by its time only, in µs."""


class Older:
    """Fetches older pages of one account's chats."""

    def __init__(self, context: Context, pages: Pages, seams: Seams) -> None:
        self._context = context
        self._pages = pages
        self._seams = seams
        self._busy: set[ChatKey] = set()
        self._at_end: set[ChatKey] = set()
        """Chats of which the archive gives nothing more on this stream, though it does not say that it begins."""

    def forget(self) -> None:
        """Another stream may know more."""
        self._at_end.clear()

    async def fetch(self, key: ChatKey, kind: ChatKind) -> None:
        """Fetch pages before the oldest stored message until there is one to show. Raises as `Pages.ask`."""
        if key in self._busy or self._context.keeping.top(key) is not None:
            return
        self._busy.add(key)
        try:
            if not await self._fetch(key, kind):
                self._context.hub.publish(HistoryExtended(key, 0))
        finally:
            self._busy.discard(key)

    async def _fetch(self, key: ChatKey, kind: ChatKind) -> bool:
        archive, peer = self.where(key, kind)
        keeping, archives = self._context.keeping, self._context.store.archives
        has_hole, since = keeping.has_hole(key), keeping.oldest(key)
        before = archives.oldest_id(key, archive) if has_hole else self._oldest_id(key, archive, peer)
        # Who scrolls back before everything is caught up with comes upon what was missed, which nobody has read.
        in_gap = kind is ChatKind.ROOM and archives.has_gap(self._context.own, archive)
        above = self._above(key, archive, before)
        asked: set[str] = set()
        for _ in range(MOST_PAGES):
            asked.add(before)
            page = await self._page(key, archive, peer, before)
            written = await self._pages.keep(
                archive,
                page,
                before=before,
                peer=peer,
                counts_unread=in_gap,
                is_news=False,
                spans=not has_hole,
                above=above,
                since=since,
            )
            if any(judged.time < since for judged in written.judged):
                await self._context.pen.write(lambda writes: writes.note_cut(key, since))
                return False
            if has_hole and page.complete:
                await self._context.pen.write(lambda writes: writes.note_cut(key, 0))
                return False
            if written.added(key):
                return True
            if page.complete:
                return False
            if not page.first or page.first in asked:
                log.warning("%s gives nothing more of %s, but does not say that it ends", archive, key.peer)
                self._at_end.add(key)
                return False
            before = page.first
        return False

    async def _page(self, key: ChatKey, archive: Address, peer: Address | None, before: str) -> ArchivePage:
        """The page before an id; if the archive has purged or forgotten that, the one before the time that it had."""
        try:
            return await self._pages.ask(archive, peer, before)
        except RequestFailed as error:
            message = self._context.store.messages.find_by_archive_id(key, archive, before)
            if error.condition != "item-not-found" or message is None:
                raise
            page = await self._pages.ask(archive, peer, "", end=message.time + SLACK)
            return replace(page, messages=self._unknown(key, archive, page))

    def _unknown(self, key: ChatKey, archive: Address, page: ArchivePage) -> tuple[MessageReceived, ...]:
        """What stands on a page before the first that is stored."""
        find = self._context.store.messages.find_by_archive_id
        return tuple(takewhile(lambda message: find(key, archive, message.archive_id) is None, page.messages))

    def _above(self, key: ChatKey, archive: Address, before: str) -> Above:
        """Older pages stand below all that is stored of a chat; those that fill a gap, below what is over the gap."""
        own, archives = self._context.own, self._context.store.archives
        if archives.has_gap(own, archive):
            above = Above(skipped=True)
            self._seams.pass_over(archive, before, above, own, archives)
            return above
        oldest = self._context.store.messages.newer(key, EARLIEST, EARLIEST, 1)
        return Above(limits={message.chat: message.position for message in oldest})

    def _oldest_id(self, key: ChatKey, archive: Address, peer: Address | None) -> str:
        """The archive's id of the oldest that we know it to have of a chat, be it a message or not."""
        own, archives = self._context.own, self._context.store.archives
        oldest = archives.oldest_id(key, archive)
        span = archives.span(own, archive, peer)
        if span is None:
            return oldest
        position = archives.position_of(own, archive, oldest) if oldest and peer is not None else None
        return span.oldest_id if position is None or span.oldest_position <= position else oldest

    def begins(self, key: ChatKey, kind: ChatKind) -> bool:
        """Whether the server has nothing of a chat that is older than what the store has."""
        own = self._context.own
        if key in self._at_end:
            return True
        if kind is ChatKind.ROOM:
            return self._context.store.archives.begins(own, key.peer)
        return self._context.store.archives.begins(own, own, key.peer)

    def gaps(self, key: ChatKey, kind: ChatKind) -> frozenset[int]:
        """The messages between which and those before them something is missing, as far as is known."""
        archive, _ = self.where(key, kind)
        return self._context.store.history.gaps(key, archive)

    def where(self, key: ChatKey, kind: ChatKind) -> tuple[Address, Address | None]:
        """The archive that has a chat, and with whom."""
        return (key.peer, None) if kind is ChatKind.ROOM else (self._context.own, key.peer)
