"""Being in one room: entering, staying in, and coming back when we fell out by mishap."""

import asyncio
import logging
from collections.abc import Callable

from tui_xmpp.core.backoff import Backoff
from tui_xmpp.core.context import Context
from tui_xmpp.core.room_model import RoomModel
from tui_xmpp.errors import RequestFailed, RoomRefusal, RoomRefused, TuiXmppError, Unavailable
from tui_xmpp.model.room import RoomStatus
from tui_xmpp.model.stanzas import RoomInfo
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)

HISTORY = 50
"""Messages asked of a room that keeps no archive."""

SILENCE = 600.0
"""Seconds without a stanza from the room after which we ask whether we are still in (XEP-0410)."""

GHOST_TRIES = 3
"""How often a nickname that is taken is tried again: it may be held by our own lost stream."""

MUC = "http://jabber.org/protocol/muc"

_NO_ROOM = {"service-unavailable", "feature-not-implemented", "item-not-found", "jid-malformed"}
"""What those answer who are no room when they are asked what they are."""

_HOPELESS = {"remote-server-not-found", "forbidden", "not-allowed", "gone"}
"""Answers to a person's wish to enter that trying again would not change."""


class Visit:
    """One stay in a room during one stream; a task that runs `keep` until we leave or the stream is gone.

    `told` is called whenever the model has changed, `entered` each time that we have got in.
    """

    def __init__(
        self,
        context: Context,
        model: RoomModel,
        turnstile: asyncio.Semaphore,
        *,
        told: Callable[[RoomModel], None],
        entered: Callable[[RoomModel], None],
        by_wish: bool,
    ) -> None:
        self._context = context
        self.model = model
        self._turnstile = turnstile
        self._told = told
        self._entered = entered
        self._by_wish = by_wish
        self._look = asyncio.Event()
        self._heard = False
        self._waits = Backoff()
        self._refusals = 0
        self.outcome: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when we are in for the first time, or fails with why we are not."""
        self.outcome.add_done_callback(_seen)

    def poke(self) -> None:
        """Look now whether we are in: the stream was resumed, or something says that we are out."""
        self._look.set()

    def heard(self) -> None:
        """The room sent something, so we are in."""
        self._heard = True

    def end(self) -> None:
        """Nobody is to wait for this visit any more."""
        if not self.outcome.done():
            self.outcome.set_exception(Unavailable("The room could not be entered now."))

    async def keep(self) -> None:
        """Enter, stay, come back; returns when a person must act or wants to be out."""
        try:
            while self.model.wanted:
                if await self._enter():
                    await self._stay()
        finally:
            self.end()

    async def _enter(self) -> bool:
        """Try once, and wait before the next try; whether we are in."""
        model = self.model
        try:
            async with self._turnstile:
                await self._knock()
        except TuiXmppError as error:
            await self._not_in(error)
            return False
        self._waits.reset()
        self._refusals = 0
        model.entered()
        self._told(model)
        if not self.outcome.done():
            self.outcome.set_result(None)
        self._entered(model)
        return True

    async def _knock(self) -> None:
        model, room = self.model, self.model.key.peer
        line = self._context.line()
        try:
            info = await line.room_info(room)
        except RequestFailed as error:
            # A room that does not exist yet is created by entering it.
            if error.condition != "item-not-found":
                raise (_no_room() if error.condition in _NO_ROOM else error) from error
            info = RoomInfo()
        if info.features and MUC not in info.features:
            raise _no_room()
        await self._learn(info)
        model.visited = bool(self._context.store.messages.newest(model.key, 1))
        model.begin_entering()
        history = 0 if info.has_archive else HISTORY
        await line.join_room(room, model.nick, model.password, history=history)
        # It is new, or was configured after it had said what it is and before it would have told us of changes.
        if not info.features or info.shows_addresses != model.shows_addresses:
            await self.ask()

    async def ask(self) -> None:
        """Ask again what the room says of itself: it is new, or its configuration has changed."""
        try:
            await self._learn(await self._context.line().room_info(self.model.key.peer))
        except (RequestFailed, Unavailable) as error:
            log.info("%s does not say what it is: %s", self.model.key.peer, error)

    async def _learn(self, info: RoomInfo) -> None:
        model = self.model
        model.learn(info)

        def keep(writes: Writes) -> None:
            writes.set_room_state(model.key, name=info.name or None, private=info.is_private)

        await self._context.pen.write(keep)
        self._told(model)

    async def _not_in(self, error: TuiXmppError) -> None:
        model = self.model
        refusal = error.refusal if isinstance(error, RoomRefused) else None
        condition = error.condition if isinstance(error, RequestFailed) else ""
        if self._by_wish and refusal is None and condition in _HOPELESS:
            error = RoomRefused(error.message, refusal=RoomRefusal.NOT_FOUND, condition=condition)
            refusal = error.refusal
        timed_out = condition == "remote-server-timeout"
        if refusal is RoomRefusal.NICKNAME_TAKEN and not self._by_wish and self._refusals < GHOST_TRIES:
            self._refusals += 1
            refusal = None
        if refusal is not None and not timed_out:
            model.refused(refusal, error.message)
            if not self.outcome.done():
                self.outcome.set_exception(error)
            self._told(model)
            return
        model.waiting(error.message)
        self._told(model)
        if not self.outcome.done():
            self.outcome.set_exception(error)
        await self._pause(self._waits.next_wait())

    async def _stay(self) -> None:
        """Return when we are out."""
        while self._believes_in():
            self._heard = False
            await self._pause(SILENCE)
            if self._believes_in() and not self._heard and not await self._is_in():
                self.model.waiting()
                self._told(self.model)

    def _believes_in(self) -> bool:
        return self.model.status is RoomStatus.JOINED

    async def _is_in(self) -> bool:
        try:
            return await self._context.line().self_ping(self.model.key.peer, self.model.nick)
        except (RequestFailed, Unavailable):
            return True

    async def _pause(self, seconds: float) -> None:
        """Wait, but no longer than until somebody pokes."""
        try:
            async with asyncio.timeout(seconds):
                await self._look.wait()
        except TimeoutError:
            return
        self._look.clear()
        self._heard = False


def _no_room() -> RoomRefused:
    return RoomRefused("There is no room at this address.", refusal=RoomRefusal.NOT_FOUND)


def _seen(outcome: asyncio.Future[None]) -> None:
    """Whoever waits hears of a failure; that nobody waited is no failure of its own."""
    if not outcome.cancelled():
        outcome.exception()
