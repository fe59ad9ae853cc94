"""Catching up with one archive (XEP-0313): the newest page first, then back until all that is held hangs together.

Where the archive can bound a page from below (`urn:xmpp:mam:2#extended`), exactly what is missing is fetched. Where it
cannot, a page is known to have met what is held by the ids on it. Pages come oldest first: turned round
(`flip-page`) they would be seen no earlier, for a page is shown when all of it has come.
"""

import asyncio
import logging
from dataclasses import dataclass, field

from tui_xmpp.core.archive_writes import PageWritten
from tui_xmpp.core.clock import now
from tui_xmpp.core.context import Context
from tui_xmpp.core.live_ends import LiveEnds
from tui_xmpp.core.pages import Pages
from tui_xmpp.core.seams import Seams
from tui_xmpp.errors import RequestFailed, Unavailable
from tui_xmpp.model.address import Address
from tui_xmpp.model.archive import ArchivePage
from tui_xmpp.storage.values import Above, Span

log = logging.getLogger(__name__)

FIRST_VISIT = 150
"""How many results of an archive are fetched that was never seen before."""

DEEPEST = 20_000
"""Results that are fetched as fast as the archive gives them; what is missing beyond comes at leisure."""

AT_ONCE = 8
"""Most pages that are stored together, where the archive can stop at what is held. It is begun with one, so that a line
that is lost again and again still brings us further."""

LEISURE = 1.0
"""Seconds between two pages after that, so that an archive without end does not keep us busy."""


@dataclass(slots=True)
class _Run:
    """Where one catching up is."""

    is_held: bool
    """We have something of this archive from before this stream."""
    was_empty: bool
    """It was empty when it was looked at before: all that is in it is news."""
    before: str = ""
    """What the next page has to end before; empty: the newest page."""
    last: str = ""
    """The first id of the page before."""
    fetched: int = 0
    at_once: int = 1
    """How many pages are stored together."""
    reached: int = field(default_factory=now)
    """Time, µs, down to which nothing was left out."""
    is_whole: bool = True
    """No page has been left out yet, because what is on it was held."""
    began_anew: bool = False
    above: Above = field(default_factory=Above)
    asked: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    """Ends of spans that the archive does not know any more."""


class CatchUp:
    """Fetches what one archive has and the store lacks; made for one run."""

    def __init__(
        self, context: Context, live: LiveEnds, pages: Pages, seams: Seams, archive: Address, *, is_extended: bool
    ) -> None:
        self._context = context
        self._seams = seams
        self._ends = live
        self._live = live.of(archive)
        self._pages = pages
        self._archive = archive
        self._is_extended = is_extended
        self._shown: set[str] = set()
        is_held = any(not self._is_live(span) for span in self._spans())
        was_empty = not is_held and context.store.archives.begins(context.own, archive)
        self._run = _Run(is_held, was_empty)

    @property
    def leaves_out(self) -> bool:
        """Whether something that came live before the newest page was on no page: the archive had not got round to it.

        Then it may have left out as well what nobody told us. What comes while an honest archive reads the newest page
        is asked for once more in vain.
        """
        return not self._live.names <= self._shown

    async def run(self) -> int:
        """Go back until nothing is missing; returns the time, µs, back to which all was looked at.

        Raises RequestFailed, Unavailable.
        """
        run = self._run
        while True:
            page, after = await self._next_page()
            if run.before and after and run.fetched < DEEPEST:
                page = await self._pages.ask_on(self._archive, page, after=after, count=run.at_once - 1)
                run.at_once = min(2 * run.at_once, AT_ONCE)
            if self._ends.get(self._archive) is not self._live:
                raise Unavailable("The line was lost while an archive was read.")
            if page.complete and not (page.first or run.before) and self._live.first:
                log.warning("%s has nothing, and yet something came live from it", self._archive)
                return run.reached
            # Before it is written: whatever interrupts us, the next one finds it.
            self._seams.keep(self._archive, page.first, run.above, self._live.first_of)
            written = await self._pages.keep(
                self._archive,
                page,
                before=run.before,
                # An end that was reached is met; one that was not is no nearer than before.
                after=after if page.complete else "",
                peer=None,
                counts_unread=run.is_held or run.was_empty,
                is_news=True,
                above=run.above,
            )
            self._note(page, written)
            if page.complete and not after:
                return 0 if run.is_whole else run.reached
            if not page.first and not page.complete:
                log.warning("%s gave a page with nothing on it that does not end", self._archive)
                return run.reached
            if self._has_enough() or not await self._go_back(page, written.span):
                return run.reached
            if run.fetched >= DEEPEST:
                await asyncio.sleep(LEISURE)

    async def _next_page(self) -> tuple[ArchivePage, str]:
        """The next page and the id that bounds it from below.

        An id that the archive does not know any more bounds nothing: without it, pages follow on each other.
        """
        run = self._run
        while True:
            after = self._bound()
            try:
                return await self._pages.ask(self._archive, None, run.before, after=after), after
            except RequestFailed as error:
                if error.condition != "item-not-found":
                    raise
                log.info("%s does not know %r or %r any more", self._archive, run.before, after)
                if after:
                    run.unknown.add(after)
                elif run.last and run.before != run.last:
                    await self._walk(run.last)
                elif run.before and not run.began_anew:
                    run.before, run.last, run.began_anew, run.is_whole = "", "", True, False
                    run.above = Above()
                    run.asked.clear()
                else:
                    raise

    def _bound(self) -> str:
        """The newest id of what is held below the next page, where the archive can stop there."""
        if not self._is_extended or (self._run.began_anew and self._run.before == ""):
            return ""
        spans = self._spans()
        below = spans if self._run.before == "" and not (spans and self._is_live(spans[0])) else spans[1:]
        found = below[0].newest_id if below else ""
        return "" if found in self._run.unknown else found

    async def _walk(self, oldest: str) -> None:
        """Go on page by page through what is held: only what is passed counts as held now.

        Where nothing was passed yet, what comes live follows on nothing until there is a newest page again.
        """
        if not oldest:
            self._live.has_newest = False
        own, archive = self._context.own, self._archive
        await self._context.pen.write(lambda writes: writes.shorten_span(own, archive, oldest))
        self._run.before = oldest

    def _note(self, page: ArchivePage, written: PageWritten) -> None:
        run = self._run
        run.fetched += max(len(page.messages), 1)
        self._shown.update(message.archive_id for message in page.messages)
        if run.is_whole:
            run.reached = min((judged.time for judged in written.judged), default=run.reached)

    def _has_enough(self) -> bool:
        if self._context.store.archives.has_gap(self._context.own, self._archive):
            return False
        is_enough = self._run.is_held or self._run.fetched >= FIRST_VISIT
        if is_enough:
            self._seams.forget(self._archive)
        return is_enough

    async def _go_back(self, page: ArchivePage, span: Span | None) -> bool:
        """Aim at the next page; False: the archive has said this before, and would say it for ever."""
        run = self._run
        if span is None:
            return False
        own, archive = self._context.own, self._archive
        run.last = page.first or run.before
        if self._seams.pass_over(archive, span.oldest_id, run.above, own, self._context.store.archives):
            run.is_whole = run.is_whole and span.oldest_id == page.first
            run.before = span.oldest_id
        else:  # of what has been met nothing more is known: it is read once more
            await self._walk(run.last or self._live.first)
        if run.before in run.asked:
            log.warning("%s gives the same page again", self._archive)
            return False
        run.asked.add(run.before)
        return True

    def _spans(self) -> tuple[Span, ...]:
        return self._context.store.archives.spans(self._context.own, self._archive)

    def _is_live(self, span: Span) -> bool:
        """Whether a span is only what came live on this stream."""
        return bool(self._live.first) and span.oldest_id == self._live.first
