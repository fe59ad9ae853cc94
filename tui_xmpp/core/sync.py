"""Keeps the store gap-free against the servers' archives (XEP-0313): newest page first, then back until spans meet.

For each archive, the account's and each room's, the store knows the spans of ids that it holds without a gap. After
a stream was opened (or a room entered) the newest page is fetched, so that a person sees now; then older pages
until the newest span meets the one before. Of an archive never seen before only the newest pages are fetched;
older ones when somebody scrolls there.
"""

import asyncio
import logging
from collections import defaultdict

from tui_xmpp.core.backoff import Backoff
from tui_xmpp.core.catch_up import CatchUp
from tui_xmpp.core.chores import Chores
from tui_xmpp.core.clock import now
from tui_xmpp.core.context import Context
from tui_xmpp.core.judge import Judge, Judged
from tui_xmpp.core.live_ends import LiveEnds
from tui_xmpp.core.looking import Looking
from tui_xmpp.core.older import Older
from tui_xmpp.core.pages import TRIES, Pages, StoredPage
from tui_xmpp.core.seams import Seams
from tui_xmpp.core.second_look import SecondLook
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind

log = logging.getLogger(__name__)

LOOKS = 5
"""How often an archive is looked through for what of ours may have arrived, before it is sent again."""

_NO_ARCHIVE = {"service-unavailable", "feature-not-implemented"}
_NOT_FOR_US = {"forbidden", "not-allowed", "not-authorized", "registration-required", "bad-request", "jid-malformed"}
"""Answers that asking again would not change."""


class Sync:
    """Fetches what one account's archives have and the store lacks; `stored` is told of every page that is on disk."""

    def __init__(self, context: Context, judge: Judge, *, stored: StoredPage) -> None:
        self._context = context
        self._seams = Seams()
        self._live = LiveEnds(context, self._seams)
        self._pages = Pages(context, judge, self._live, stored)
        self._older = Older(context, self._pages, self._seams)
        self._looking = Looking(self._pages)
        self._second = SecondLook(self._pages, self._live)
        self._chores = Chores(context.tasks)
        self._locks: defaultdict[Address, asyncio.Lock] = defaultdict(asyncio.Lock)

    # The line

    def stream_gone(self) -> None:
        """What is said from now on does not reach us live."""
        self._live.forget()
        self._older.forget()
        self._chores.forget()

    def stream_lost(self) -> None:
        """What comes when it is resumed may come in another order than it was said; see `unsettled`."""
        self._live.break_off()

    def stream_resumed(self) -> None:
        """What was interrupted goes on."""
        self._chores.again()

    def room_left(self, room: Address) -> None:
        """What is said in a room from now on does not reach us live."""
        self._live.forget_room(room)
        self._chores.forget(_name(room))

    def is_first(self, judged: Judged) -> bool:
        """Whether others say with this their first live message of its chat on this stream, or since we entered."""
        return self._live.is_first(judged)

    def heard(self, judged: Judged) -> None:
        """A message has come live, and its archive ids are verified."""
        self._live.heard(judged)

    def found(self, archive: Address) -> set[int]:
        """Local ids of what the first look into an archive has found on this stream: it counts as read for now."""
        return self._live.found(archive)

    def unsettled(self) -> tuple[Address, ...]:
        """Archives from which something has come since the stream was resumed, in what may not be their order."""
        return self._live.unsettled()

    def settled(self) -> None:
        """What was held back while the line was down has come by now."""
        self._live.follow_on()

    # Catching up

    async def catch_up(self, archive: Address, *, is_extended: bool) -> int:
        """Fetch pages from the newest back until the gap is closed; returns the time, µs, back to which that reached.

        `is_extended`: the archive can bound pages by ids. What fails is tried again, later and later, as long as the
        stream lasts. Raises Unavailable.
        """
        try:
            return await self._run(archive, is_extended=is_extended)
        except RequestFailed as error:
            if self._tell(archive, error):
                self._chores.do(_name(archive), lambda: self._again(archive, is_extended=is_extended))
            return now()

    async def _again(self, archive: Address, *, is_extended: bool) -> None:
        waits = Backoff()
        while True:
            await asyncio.sleep(waits.next_wait())
            try:
                await self._run(archive, is_extended=is_extended)
            except RequestFailed as error:
                log.info("%s still fails: %s", archive, error)
            else:
                return

    async def _run(self, archive: Address, *, is_extended: bool) -> int:
        async with self._locks[archive]:
            await self._live.calm.wait()
            run = CatchUp(self._context, self._live, self._pages, self._seams, archive, is_extended=is_extended)
            reached = await run.run()
            waits = Backoff()
            for _ in range(TRIES):
                if not run.leaves_out:
                    break
                # Only on a page can be seen where it stands; what is held bounds nothing then.
                log.info("%s left out what it had passed on, and is asked once more", archive)
                await asyncio.sleep(waits.next_wait())
                run = CatchUp(self._context, self._live, self._pages, self._seams, archive, is_extended=False)
                await run.run()
            return reached

    def _tell(self, archive: Address, error: RequestFailed) -> bool:
        """Tell people what failed, if it is of interest; whether it is worth another try."""
        log.warning("%s could not be asked: %s", archive, error)
        if error.condition in _NO_ARCHIVE:
            return False
        if error.condition in _NOT_FOR_US:
            self._context.problem(RequestFailed(error.message, title="History could not be fetched"))
            return False
        title = "History could not be fetched, and is tried again"
        self._context.problem(RequestFailed(error.message, title=title))
        return True

    async def look_for(self, key: ChatKey, kind: ChatKind, since: int, mark: str = "") -> None:
        """Fetch what the archive has of a chat back to a time (µs) or our message `mark`. Raises Unavailable.

        One that cannot answer just now is asked again for a while: what is sent twice, others have twice.
        """
        archive, peer = self._older.where(key, kind)
        waits, left = Backoff(), LOOKS
        while left:
            left -= 1
            try:
                await self._looking.look(archive, peer, since, mark)
            except RequestFailed as error:
                if not left or error.condition in _NO_ARCHIVE | _NOT_FOR_US:
                    self._tell(archive, error)
                    return
                log.info("%s is asked again for what may have arrived: %s", archive, error)
                await asyncio.sleep(waits.next_wait())
            else:
                return

    def expect_more(self, archive: Address) -> None:
        """An archive was caught up with, and may get more of what was under way; see `look_again`."""
        self._second.expect(archive)

    async def look_again(self, archive: Address, *, is_extended: bool) -> None:
        """Fetch what an archive has got since it was caught up with, and nobody has handed over. Raises Unavailable."""
        await self._second.look(archive, is_extended=is_extended)

    # Scrolling back

    async def older(self, key: ChatKey, kind: ChatKind) -> None:
        """Fetch what is before the oldest stored message of a chat. Raises RequestFailed, Unavailable."""
        await self._older.fetch(key, kind)

    def gaps(self, key: ChatKey, kind: ChatKind) -> frozenset[int]:
        """The messages between which and those before them something is missing that the server may have."""
        return self._older.gaps(key, kind)

    def begins(self, key: ChatKey, kind: ChatKind) -> bool:
        """Whether the server has nothing of a chat that is older than what the store has."""
        return self._older.begins(key, kind)


def _name(archive: Address) -> str:
    return f"ask {archive} again"
