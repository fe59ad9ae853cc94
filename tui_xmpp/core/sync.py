"""Keeps the store gap-free against the servers' archives (XEP-0313): newest page first, then back until spans meet.

For each archive, the account's and each room's, the store knows the spans of ids that it holds without a gap. After
a stream was opened (or a room entered) the newest page is fetched, so that a person sees now; then older pages
until the newest span meets the one before. Of an archive never seen before only the newest pages are fetched;
older ones when somebody scrolls there.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tui_xmpp.core.archive_writes import PageWritten, write_page
from tui_xmpp.core.context import Context, now
from tui_xmpp.core.judge import Judge, Judged
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.events import HistoryExtended
from tui_xmpp.model.message import Direction
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


@dataclass(slots=True)
class _Live:
    """What came live from one archive since the stream was opened (or the room entered)."""

    first: str = ""
    """Archive id of the first message; all after it are held without a gap."""
    first_heard: str = ""
    """The same of the first that was not ours: ours stand where they were typed, and bound nothing."""
    has_newest: bool = False
    """The newest page is stored, so that what comes live follows on it."""


class Sync:
    """Fetches what one account's archives have and the store lacks; `stored` is told of every page that is on disk."""

    def __init__(
        self,
        context: Context,
        judge: Judge,
        *,
        stored: StoredPage,
    ) -> None:
        self._context = context
        self._judge = judge
        self._stored = stored
        self._live: dict[Address, _Live] = {}
        self._tips: dict[Address, str] = {}
        self._older: set[ChatKey] = set()
        self._begun: set[ChatKey] = set()

    # Catching up

    def stream_gone(self) -> None:
        """What is said from now on does not reach us live."""
        self._live.clear()
        self._begun.clear()

    def room_left(self, room: Address) -> None:
        """What is said in a room from now on does not reach us live."""
        self._live.pop(room, None)
        self._begun.discard(self._context.key(room))

    async def catch_up(self, archive: Address) -> int:
        """Fetch pages from the newest back until the gap is closed; returns the time, µs, back to which that reached.

        Raises Unavailable.
        """
        try:
            return await self._catch_up(archive)
        except RequestFailed as error:
            await self._failed(archive, error)
            return now()

    async def _catch_up(self, archive: Address) -> int:
        live = self._live.setdefault(archive, _Live())
        is_held = self._is_held(archive, live)
        was_empty = not is_held and self._context.store.archives.begins(self._context.own, archive)
        before, fetched, reached, is_whole = "", 0, now(), True
        while True:
            page = await self._page(archive, None, before)
            written = await self._keep(archive, page, before=before, peer=None, counts_unread=is_held or was_empty)
            live.has_newest = True
            self._stored(written, is_news=True)
            fetched += len(page.messages)
            if is_whole:
                reached = min((judged.time for judged in written.judged), default=reached)
            span = written.span
            if page.complete or span is None or not page.first:
                return 0 if page.complete and is_whole else reached
            has_gap = self._context.store.archives.has_gap(self._context.own, archive)
            has_enough = not has_gap and (is_held or fetched >= FIRST_VISIT)
            if has_enough or fetched >= DEEPEST or before == span.oldest_id:
                return reached
            # A page that met what was held joins the spans: then it goes on below all that, which is not read again.
            is_whole = is_whole and span.oldest_id == page.first
            before = span.oldest_id

    async def look_for(self, key: ChatKey, kind: ChatKind, since: int) -> None:
        """Fetch what the archive has of a chat back to a time (µs), known or not. Raises Unavailable.

        The spans do not say whether the archive has a message of ours: what we send does not come back live, so a
        span may reach over messages of which we do not know whether they arrived.
        """
        archive, peer = self._where(key, kind)
        before, fetched = "", 0
        try:
            while fetched < DEEPEST:
                page = await self._page(archive, peer, before)
                # No span: this page may lie above a gap that catching up has still to find.
                written = await self._keep(archive, page, before=before, peer=peer, counts_unread=True, spans=False)
                self._stored(written, is_news=True)
                fetched += len(page.messages)
                oldest = min((judged.time for judged in written.judged), default=since)
                if page.complete or not page.first or oldest < since:
                    return
                before = page.first
        except RequestFailed as error:
            await self._failed(archive, error)

    async def _failed(self, archive: Address, error: RequestFailed) -> None:
        if error.condition == "item-not-found":
            own = self._context.own
            await self._context.pen.write(lambda writes: writes.forget_spans(own, archive))
        elif error.condition not in _NO_ARCHIVE:
            self._context.problem(RequestFailed(error.message, title="History could not be fetched"))

    def _is_held(self, archive: Address, live: _Live) -> bool:
        """Whether we have something of this archive from before this stream."""
        spans = self._context.store.archives.spans(self._context.own, archive)
        return any(not live.first or span.oldest_id != live.first for span in spans)

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
        archive, peer = self._where(key, kind)
        keeping = self._context.keeping
        if keeping.top(key) is not None:
            return
        has_hole, since = keeping.has_hole(key), keeping.oldest(key)
        before = self._context.store.archives.oldest_id(key, archive)
        if kind is ChatKind.ROOM and not has_hole:
            span = self._context.store.archives.span(own, archive)
            before = before if span is None else span.oldest_id
        page = await self._page(archive, peer, before)
        written = await self._keep(
            archive, page, before=before, peer=peer, counts_unread=False, spans=not has_hole, since=since
        )
        if any(judged.time < since for judged in written.judged):
            await self._context.pen.write(lambda writes: writes.note_cut(key, since))
        elif has_hole and page.complete:
            await self._context.pen.write(lambda writes: writes.note_cut(key, 0))
        self._stored(written, is_news=False)
        if not written.added(key):
            self._context.hub.publish(HistoryExtended(key, 0))

    def begins(self, key: ChatKey, kind: ChatKind) -> bool:
        """Whether the server has nothing of a chat that is older than what the store has."""
        own = self._context.own
        if kind is ChatKind.ROOM:
            return self._context.store.archives.begins(own, key.peer)
        return self._context.store.archives.begins(own, own, key.peer)

    def _where(self, key: ChatKey, kind: ChatKind) -> tuple[Address, Address | None]:
        """The archive that has a chat, and with whom."""
        return (key.peer, None) if kind is ChatKind.ROOM else (self._context.own, key.peer)

    # One page

    async def _page(self, archive: Address, peer: Address | None, before: str) -> ArchivePage:
        query = ArchiveQuery(
            archive=None if archive == self._context.own else archive, peer=peer, before=before, size=PAGE
        )
        return await self._context.line().archive_page(query)

    async def _keep(
        self,
        archive: Address,
        page: ArchivePage,
        *,
        before: str,
        peer: Address | None,
        counts_unread: bool,
        spans: bool = True,
        since: int = 0,
    ) -> PageWritten:
        judged = tuple(j for message in page.messages if (j := self._judge.judge(message, archive)) is not None)
        ids = _ids(page)
        own = self._context.own
        live = self._live.get(archive)
        first_live = live.first or None if live is not None and before == "" else None
        first_heard = "" if live is None else live.first_heard

        log.debug("%s: %d results before %r, first live %s", archive, len(ids), before, first_live)

        def keep(writes: Writes) -> PageWritten:
            stored = write_page(
                writes,
                own,
                archive,
                judged,
                before=before,
                first_live=first_live,
                first_heard=first_heard,
                counts_unread=counts_unread,
                since=since,
            )
            span: Span | None = None
            if spans:
                follows = first_live if peer is None else None
                span = writes.extend_span(
                    own, archive, ids, before=before, complete=page.complete, peer=peer, first_live=follows
                )
            return PageWritten(archive, judged, stored, span)

        return await self._context.pen.write(keep)

    # What comes live

    def is_first(self, judged: Judged) -> bool:
        """Whether others say with this their first live message of its chat on this stream, or since we entered."""
        if not judged.live or judged.place.direction is Direction.OUT or judged.key in self._begun:
            return False
        self._begun.add(judged.key)
        return True

    def heard(self, judged: Judged) -> None:
        """A message has come live, and its archive ids are verified: the newest span ends with it now.

        Called when the message itself is queued to be written. Delayed ones, as they come when a stream is resumed,
        count too, but not as the first of a stream: what offline storage gives has gaps before it.
        """
        for archive, name in judged.archive_ids:
            live = self._live.setdefault(archive, _Live())
            if live.first:
                if not self._tips:
                    asyncio.get_running_loop().call_soon(self._advance)
                self._tips[archive] = name
            elif judged.live or live.has_newest:
                live.first = name
                self._begin(archive, name, follows=live.has_newest)
            if live.first and not live.first_heard and judged.place.direction is Direction.IN:
                live.first_heard = name

    def _begin(self, archive: Address, name: str, *, follows: bool) -> None:
        own = self._context.own

        def begin(writes: Writes) -> None:
            writes.advance_span(own, archive, name, begin=not follows)

        self._context.pen.write_soon(begin)

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
