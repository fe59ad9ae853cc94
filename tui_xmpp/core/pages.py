"""Pages of one account's archives (XEP-0313): asking for them, and writing them down."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

from tui_xmpp.core.archive_writes import PageWritten, write_page
from tui_xmpp.core.backoff import Backoff
from tui_xmpp.core.context import Context
from tui_xmpp.core.judge import Judge
from tui_xmpp.core.live_ends import LiveEnds
from tui_xmpp.errors import RequestFailed, Unavailable
from tui_xmpp.model.address import Address
from tui_xmpp.model.archive import ArchivePage, ArchiveQuery
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.storage.values import Above, Outcome, Span, Stored
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)

PAGE = 50
"""Results of one page: Prosody gives no more, and larger ones stall the loop."""

TRIES = 3
"""How often a page is asked for at once when the archive cannot answer just now."""

_PASSING = {"internal-server-error", "resource-constraint", "recipient-unavailable"}


class StoredPage(Protocol):
    """Told that a page is on disk."""

    def __call__(self, page: PageWritten, *, is_news: bool) -> None:
        """`is_news`: newer than what was stored; else a page that somebody scrolled back to."""


class Pages:
    """Asks for pages and writes them; `stored` is told of every one that is on disk."""

    def __init__(self, context: Context, judge: Judge, live: LiveEnds, stored: StoredPage) -> None:
        self._context = context
        self._judge = judge
        self._live = live
        self._stored = stored

    async def ask(
        self, archive: Address, peer: Address | None, before: str, *, after: str = "", end: int | None = None
    ) -> ArchivePage:
        """One page before an id (empty: the newest), with nothing up to `after` and nothing later than `end` (µs).

        Raises RequestFailed, Unavailable; also when the line was lost meanwhile, for then nobody knows any more what
        came live before the answer.
        """
        live = self._live.of(archive)
        page = await self._ask(archive, peer, before, after, end)
        if self._live.get(archive) is not live:
            raise Unavailable("The line was lost while the archive answered.")
        return page

    async def ask_on(self, archive: Address, page: ArchivePage, *, after: str, count: int) -> ArchivePage:
        """The page and up to `count` more before it as one, down to `after`: to store them together costs far less.

        What an archive refuses, or gives twice, is left to be asked for by itself. Raises Unavailable.
        """
        for _ in range(count):
            if page.complete or not page.first:
                break
            try:
                older = await self.ask(archive, None, page.first, after=after)
            except RequestFailed:
                break
            if not (older.first or older.complete) or not set(_ids(older)).isdisjoint(_ids(page)):
                break
            messages = (*older.messages, *page.messages)
            page = ArchivePage(messages, older.first or page.first, page.last, older.complete)
        return page

    async def _ask(
        self, archive: Address, peer: Address | None, before: str, after: str, end: int | None
    ) -> ArchivePage:
        query = ArchiveQuery(
            archive=None if archive == self._context.own else archive,
            peer=peer,
            before=before,
            after_id=after,
            end=end,
            size=PAGE,
        )
        waits = Backoff()
        for _ in range(TRIES - 1):
            try:
                page = await self._context.line().archive_page(query)
            except RequestFailed as error:
                if error.condition not in _PASSING:
                    raise
                log.info("%s could not answer: %s", archive, error)
            else:
                if not self._is_doubtful(archive, query, page):
                    return page
                log.warning("%s says that it has nothing, though it had", archive)
            await asyncio.sleep(waits.next_wait())
        return await self._context.line().archive_page(query)

    def _is_doubtful(self, archive: Address, query: ArchiveQuery, page: ArchivePage) -> bool:
        """Whether an archive says that it has nothing where we know that it had something.

        All may have been purged; or the archive cannot look just now, which ejabberd does not tell apart when it is
        busy. To believe that would be to forget what is missing.
        """
        if not page.complete or page.first or query.end is not None:
            return False
        if query.peer is None and not query.before and self._live.of(archive).first:
            return True
        if query.after_id:
            return False
        archives, own = self._context.store.archives, self._context.own
        if query.peer is not None:
            return not query.before and bool(archives.newest_id(ChatKey(own, query.peer), archive))
        return len(archives.spans(own, archive)) > (1 if query.before else 0)

    async def keep(
        self,
        archive: Address,
        page: ArchivePage,
        *,
        before: str,
        peer: Address | None,
        counts_unread: bool,
        is_news: bool,
        spans: bool = True,
        after: str = "",
        above: Above | None = None,
        since: int = 0,
    ) -> PageWritten:
        """Write a page down; `spans`: also that it is held without a gap, up to `before` and down to `after`.

        `above` is what the pages above have shown, and takes in this one. What is older than `since` (µs) is left out.
        """
        judged = tuple(j for message in page.messages if (j := self._judge.judge(message, archive)) is not None)
        ids = _ids(page)
        own = self._context.own
        # A server may have archived it and hand it over to nobody: its writer was quicker than our presence.
        news_from = self._live.since if is_news and archive == own else None
        live = self._live.get(archive)
        first_live = live.first or None if live is not None and before == "" else None
        higher = Above(skipped=True) if above is None else above
        first_of = {} if live is None else dict(live.first_of)
        if live is not None and before == "" and spans and peer is None:
            # From here on, for what is heard now is written after this page.
            live.has_newest, live.newest = True, page.last or after

        log.debug(
            "%s%s: %d results before %r after %r, %s to %s, complete %s, first live %s",
            *(archive, "" if peer is None else f" with {peer}", len(ids), before, after),
            *(page.first, page.last, page.complete, first_live),
        )

        def keep(writes: Writes) -> PageWritten:
            for key, name in first_of.items():
                position = writes.archives.position_of(own, archive, name)
                if position is not None:
                    higher.live[key] = position
            stored = write_page(
                writes,
                own,
                archive,
                judged,
                before=before,
                above=higher,
                counts_unread=counts_unread,
                news_from=news_from,
                since=since,
            )
            if live is not None and is_news and not counts_unread:
                live.found.update(one.message.id for one in stored if _is_added(writes, one))
            span: Span | None = None
            if spans:
                follows = first_live if peer is None else None
                span = writes.extend_span(
                    own,
                    archive,
                    ids,
                    before=before,
                    after=after or None,
                    complete=page.complete,
                    peer=peer,
                    first_live=follows,
                )
            return PageWritten(archive, judged, stored, span)

        written = await self._context.pen.write(keep)
        self._stored(written, is_news=is_news)
        return written


def _is_added(writes: Writes, stored: Stored) -> bool:
    return stored.outcome is Outcome.ADDED or writes.is_sealed(stored.message.id)


def _ids(page: ArchivePage) -> Sequence[str]:
    """The ids of all results of a page, in order, those too whose message could not be read."""
    ids = [page.first, *(message.archive_id for message in page.messages), page.last]
    return tuple(dict.fromkeys(name for name in ids if name))
