"""Looking into an archive (XEP-0313) once more, soon after a stream was opened.

A server that does many things at once may find nobody who could get a message while our presence is on its way, and
put it into the archive when we have looked there already. Then it comes neither live nor on a page, and what comes
live next would be taken for what follows on it. ejabberd does so when it is busy.
"""

import logging

from tui_xmpp.core.live_ends import LiveEnds
from tui_xmpp.core.pages import Pages
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.storage.values import Above

log = logging.getLogger(__name__)

AFTER = 3.0
"""Seconds after catching up when all that was under way then is in the archive."""

MOST_PAGES = 10
"""Pages that are read back to what the first look has seen."""


class SecondLook:
    """The second looks into one account's archives."""

    def __init__(self, pages: Pages, live: LiveEnds) -> None:
        self._pages = pages
        self._live = live
        self._seen: dict[Address, str] = {}
        """The newest id that the first look has seen; it stays until there was a second one, on whichever stream."""

    def expect(self, archive: Address) -> None:
        """An archive was caught up with: it is to be looked into once more."""
        self._seen.setdefault(archive, self._live.of(archive).newest)

    async def look(self, archive: Address, *, is_extended: bool) -> None:
        """Store what an archive has got since the first look. Raises Unavailable."""
        seen = self._seen.get(archive)
        if seen is None:
            return
        try:
            await self._look(archive, seen, after=seen if is_extended else "")
        except RequestFailed as error:
            log.info("%s could not be looked into once more: %s", archive, error)
        self._seen.pop(archive, None)

    async def _look(self, archive: Address, seen: str, *, after: str) -> None:
        before, above = "", Above()
        for _ in range(MOST_PAGES):
            page = await self._pages.ask(archive, None, before, after=after)
            # No span: what is held is known already, and what is found lies within.
            await self._pages.keep(
                archive, page, before=before, peer=None, counts_unread=True, is_news=True, spans=False, above=above
            )
            ids = {page.first, page.last, *(message.archive_id for message in page.messages)}
            if page.complete or not page.first or page.first == before or seen in ids:
                return
            before = page.first
