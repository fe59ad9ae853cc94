"""Keeps the store gap-free against the servers' archives (XEP-0313): newest page first, then back until spans meet.

For each archive, the account's and each room's, the store knows the spans of ids that it holds without a gap. After
a stream was opened (or a room entered) the newest page is fetched, so that a person sees now; then older pages
until the newest span meets the one before. Of an archive never seen before only the newest pages are fetched;
older ones when somebody scrolls there.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from tui_xmpp.core.archive_writes import PageWritten, write_page
from tui_xmpp.core.context import Context
from tui_xmpp.core.judge import Judge, Judged
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.events import HistoryExtended
from tui_xmpp.model.stanzas import ArchivePage, ArchiveQuery
from tui_xmpp.storage.values import Span
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)

PAGE = 50
"""Results of one page: Prosody gives no more, and larger ones stall the loop."""

FIRST_VISIT = 150
"""How many results of an archive are fetched that was never seen before."""

DEEPEST = 20_000
"""Most results fetched in one catching up."""

_NO_ARCHIVE = {"service-unavailable", "feature-not-implemented"}


class StoredPage(Protocol):
    """Told that a page is on disk."""

    def __call__(self, page: PageWritten, *, is_news: bool) -> None:
        """`is_news`: newer than what was stored; else a page that somebody scrolled back to."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How far back an archive is stored now."""

    archive: Address
    since: int | None
    """Time of the oldest result of the page, µs; None: all that there is to fetch now is here."""


class Sync:
    """Fetches what one account's archives have and the store lacks.

    `stored` is told of every page that is on disk, `reached` how far back that goes.
    """

    def __init__(
        self,
        context: Context,
        judge: Judge,
        *,
        stored: StoredPage,
        reached: Callable[[Reached], None],
    ) -> None:
        self._context = context
        self._judge = judge
        self._stored = stored
        self._reached = reached
        self._current: set[Address] = set()
        """Archives whose newest span goes on with what comes live."""
        self._tips: dict[Address, str] = {}
        self._older: set[ChatKey] = set()

    # Catching up

    def stream_gone(self) -> None:
        """What is said from now on does not reach us live."""
        self._current.clear()

    def room_left(self, room: Address) -> None:
        """What is said in a room from now on does not reach us live."""
        self._current.discard(room)

    async def catch_up(self, archive: Address, needed_since: int | None) -> None:
        """Fetch pages from the newest back until the gap is closed.

        `needed_since`: go at least so far back (µs), even in an archive never seen before.
        """
        try:
            await self._catch_up(archive, needed_since)
        except RequestFailed as error:
            if error.condition == "item-not-found":
                own = self._context.own
                await self._context.pen.write(lambda writes: writes.forget_spans(own, archive))
            elif error.condition not in _NO_ARCHIVE:
                self._context.problem(RequestFailed(error.message, title="History could not be fetched"))
        self._reached(Reached(archive, None))

    async def _catch_up(self, archive: Address, needed_since: int | None) -> None:
        known = self._context.store.archives.span(self._context.own, archive) is not None
        before, fetched = "", 0
        while True:
            page = await self._page(archive, None, before)
            written = await self._keep(archive, page, before=before, peer=None, counts_unread=known)
            if not before:
                self._current.add(archive)
            self._stored(written, is_news=True)
            fetched += len(page.messages)
            oldest = min((j.time for j in written.judged), default=None)
            if oldest is not None:
                self._reached(Reached(archive, oldest))
            span = written.span
            if page.complete or span is None or not page.first or fetched >= DEEPEST:
                return
            is_needed = needed_since is not None and (oldest is None or oldest > needed_since)
            if not self._has_gap(archive) and (known or fetched >= FIRST_VISIT) and not (is_needed and not known):
                return
            if before == span.oldest_id:
                return
            before = span.oldest_id

    def _has_gap(self, archive: Address) -> bool:
        return len(self._context.store.archives.spans(self._context.own, archive)) > 1

    # Scrolling back

    async def older(self, key: ChatKey, kind: ChatKind) -> None:
        """Fetch one page before the oldest stored message of a chat. Raises RequestFailed, Unavailable."""
        if key in self._older:
            return
        self._older.add(key)
        try:
            await self._fetch_older(key, kind)
        finally:
            self._older.discard(key)

    async def _fetch_older(self, key: ChatKey, kind: ChatKind) -> None:
        own = self._context.own
        archive, peer = (key.peer, None) if kind is ChatKind.ROOM else (own, key.peer)
        self._context.line()
        before = self._context.store.archives.oldest_id(key, archive)
        if kind is ChatKind.ROOM:
            span = self._context.store.archives.span(own, archive)
            before = before if span is None else span.oldest_id
        page = await self._page(archive, peer, before)
        written = await self._keep(archive, page, before=before, peer=peer, counts_unread=False)
        self._stored(written, is_news=False)
        if not written.added(key):
            self._context.hub.publish(HistoryExtended(key, 0))

    def begins(self, key: ChatKey, kind: ChatKind) -> bool:
        """Whether the server has nothing of a chat that is older than what the store has."""
        own = self._context.own
        if kind is ChatKind.ROOM:
            return self._context.store.archives.begins(own, key.peer)
        return self._context.store.archives.begins(own, own, key.peer)

    # One page

    async def _page(self, archive: Address, peer: Address | None, before: str) -> ArchivePage:
        query = ArchiveQuery(
            archive=None if archive == self._context.own else archive, peer=peer, before=before, size=PAGE
        )
        return await self._context.line().archive_page(query)

    async def _keep(
        self, archive: Address, page: ArchivePage, *, before: str, peer: Address | None, counts_unread: bool
    ) -> PageWritten:
        judged = tuple(j for message in page.messages if (j := self._judge.judge(message, archive)) is not None)
        ids = _ids(page)
        own = self._context.own

        def keep(writes: Writes) -> PageWritten:
            stored = write_page(writes, own, archive, judged, before=before, counts_unread=counts_unread)
            span: Span | None = writes.extend_span(own, archive, ids, before=before, complete=page.complete, peer=peer)
            return PageWritten(archive, judged, stored, span)

        return await self._context.pen.write(keep)

    # What comes live

    def heard(self, judged: Judged) -> None:
        """A live message has an id in an archive that is up to date: the newest span ends with it now."""
        for archive, name in judged.archive_ids:
            if archive not in self._current:
                continue
            if not self._tips:
                asyncio.get_running_loop().call_soon(self._advance)
            self._tips[archive] = name

    def _advance(self) -> None:
        own, tips = self._context.own, self._tips
        self._tips = {}

        def advance(writes: Writes) -> None:
            for archive, name in tips.items():
                writes.advance_span(own, archive, name)

        self._context.pen.write_soon(advance)


def _ids(page: ArchivePage) -> Sequence[str]:
    """The ids of all results of a page, in order, those too whose message could not be read."""
    ids = [page.first, *(message.archive_id for message in page.messages), page.last]
    return tuple(dict.fromkeys(name for name in ids if name))
