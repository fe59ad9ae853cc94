"""Looking through an archive (XEP-0313) for messages of ours that may have arrived."""

from tui_xmpp.core.archive_writes import PageWritten
from tui_xmpp.core.catch_up import DEEPEST
from tui_xmpp.core.pages import Pages
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.message import Direction
from tui_xmpp.storage.values import Above


@frozen
class _Look:
    """How far an interrupted look has got: all between the two ids was seen."""

    newest_id: str
    oldest_id: str
    below: "_Look | None"
    """One that was interrupted before that, and that it has not met."""


class Looking:
    """Looks through one account's archives, known parts too; on a bad line each look goes on where the last one ended.

    The spans do not say whether an archive has a message of ours: what we send does not come back live, so a span may
    reach over messages of which we do not know whether they arrived.
    """

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._looks: dict[tuple[Address, Address | None], _Look | None] = {}

    async def look(self, archive: Address, peer: Address | None, since: int, mark: str = "") -> None:
        """Store what the archive has (`peer`: only of one chat) back to a time (µs). Raises as `Pages.ask`.

        The time is a guess, since clocks differ: it is far enough when our own message with the id `mark` is met.
        """
        try:
            await self._look(archive, peer, since, mark)
        except RequestFailed:
            self._looks.pop((archive, peer), None)  # its places may be gone from the archive
            raise

    async def _look(self, archive: Address, peer: Address | None, since: int, mark: str) -> None:
        below = self._looks.get((archive, peer))
        newest, before, fetched, asked, above = "", "", 0, {""}, Above()
        while fetched < DEEPEST:
            page = await self._pages.ask(archive, peer, before)
            # No span: this page may lie above a gap that catching up has still to find.
            written = await self._pages.keep(
                archive, page, before=before, peer=peer, counts_unread=True, is_news=True, spans=False, above=above
            )
            fetched += max(len(page.messages), 1)
            oldest = min((judged.time for judged in written.judged), default=since)
            if page.complete or page.first in asked or oldest < since or _has(written, mark):
                break
            newest, before = newest or page.last, page.first
            asked.add(before)
            ids = {page.first, page.last, *(message.archive_id for message in page.messages)}
            while below is not None and below.newest_id in ids:
                if below.oldest_id not in ids:
                    before, above.skipped = below.oldest_id, True
                below = below.below
            self._looks[archive, peer] = _Look(newest, before, below)
        self._looks.pop((archive, peer), None)


def _has(page: PageWritten, mark: str) -> bool:
    """Whether our own message of this id is on a page."""
    ours = (one.message for one in page.stored if one.message.direction is Direction.OUT)
    return bool(mark) and any(message.origin_id == mark for message in ours)
