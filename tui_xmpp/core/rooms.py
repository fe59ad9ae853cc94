"""The rooms of one account (XEP-0045): which we are in, what they tell, and what we want of them."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tui_xmpp.core.clock import now
from tui_xmpp.core.context import Context
from tui_xmpp.core.room_model import RoomModel, Turn
from tui_xmpp.core.visit import Visit
from tui_xmpp.core.wording import not_in_room
from tui_xmpp.errors import Unavailable
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.room import Bookmark, Occupant, Room, RoomStatus
from tui_xmpp.model.stanzas import OccupantError, OccupantReceived
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Rooms that are entered at the same time; the others wait their turn."""

HISTORY_LIMIT = 10.0
"""Seconds after which a room's history counts as told though no subject came."""

CONFIGURATION_CHANGED = frozenset({104, 170, 171, 172, 173, 174})
"""Status codes after which a room is asked anew what it is (XEP-0045 §15.6.2)."""


@dataclass(slots=True)
class _Entered:
    visit: Visit
    task: asyncio.Task[None]

    def end(self) -> None:
        self.task.cancel()
        self.visit.end()


class Rooms:
    """Knows every room of the account that is on the list or bookmarked, and keeps us in those we want to be in."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.on_entered: Callable[[RoomModel], None] = lambda _model: None
        """Called each time that a room has let us in."""
        self._models: dict[Address, RoomModel] = {}
        self._visits: dict[Address, _Entered] = {}
        self._no_rooms: set[Address] = set()
        self._turnstile = asyncio.Semaphore(AT_ONCE)
        self._subject_told = asyncio.Event()
        for bookmark in context.store.rooms.bookmarks(context.own):
            model = self.model(bookmark.room)
            if bookmark.autojoin and model.status is RoomStatus.LEFT and context.settings.enabled:
                model.waiting()

    # What is known

    def known(self, room: Address) -> RoomModel | None:
        """The room, if it is one that we know."""
        return self.model(room) if self.is_room(room) else None

    def is_room(self, address: Address) -> bool:
        """Whether this bare address is a room that we know; remembered, since every message asks."""
        if address in self._models:
            return True
        if address in self._no_rooms:
            return False
        if self._context.store.chats.kind(self._context.key(address)) is ChatKind.ROOM:
            return True
        self._no_rooms.add(address)
        return False

    @property
    def entering(self) -> bool:
        """Whether we are on our way into a room."""
        return any(model.status is RoomStatus.JOINING for model in self._models.values())

    @property
    def joined(self) -> Iterator[ChatKey]:
        """Those that we are in."""
        return (model.key for model in self._models.values() if model.status is RoomStatus.JOINED)

    def model(self, room: Address) -> RoomModel:
        """The state of a room, begun from what the store has of it."""
        model = self._models.get(room)
        if model is None:
            kept = self._context.store.rooms.state(self._context.key(room))
            bookmark = self._context.store.rooms.bookmark(self._context.own, room)
            model = RoomModel(
                kept.key,
                (bookmark.nick if bookmark is not None else "") or self._context.settings.room_nickname,
                password=bookmark.password if bookmark is not None else "",
                name=kept.name,
                subject=kept.subject,
                subject_by=kept.subject_by,
                private=kept.private,
                bookmarked=bookmark is not None,
                autojoin=bookmark is not None and bookmark.autojoin,
            )
            self._models[room] = model
            self._no_rooms.discard(room)
        return model

    def room(self, key: ChatKey) -> Room:
        """The room as the screen shows it."""
        model = self._models.get(key.peer)
        return self._context.store.rooms.state(key) if model is None else model.shown

    def occupants(self, key: ChatKey) -> tuple[Occupant, ...]:
        """Who is there now."""
        model = self._models.get(key.peer)
        return () if model is None else tuple(model.occupants.values())

    def check_may_talk(self, key: ChatKey, kind: ChatKind) -> None:
        """Raise Unavailable when this is a room, or somebody in one, and we are neither in it nor coming."""
        if kind is ChatKind.CONTACT:
            return
        model = self.model(key.peer.bare)
        if not model.wanted:
            raise Unavailable(not_in_room(model.name or model.key.peer.shown), title="You are not in the room")

    def addresses(self, room: Address) -> tuple[Address, ...]:
        """Real addresses of those who are in a room now, as far as it shows them."""
        model = self._models.get(room)
        occupants = () if model is None else model.occupants.values()
        return tuple(dict.fromkeys(one.address.bare for one in occupants if one.address is not None))

    def is_among_us(self, address: Address) -> bool:
        """Whether somebody is in a private room with us now, and so sees that we are here."""
        rooms = (model for model in self._models.values() if model.private and model.status is RoomStatus.JOINED)
        return any(address in self.addresses(model.key.peer) for model in rooms)

    # Coming and going

    async def enter(self, room: Address, nick: str = "", password: str = "") -> None:
        """Enter by a person's wish; returns when we are in. Raises RoomRefused, and Unavailable without a line."""
        model = self.model(room)
        if model.status is RoomStatus.JOINED and nick in {"", model.nick}:
            return
        model.nick = nick or model.nick
        model.password = password or model.password
        self._context.line()
        await self._end_visit(room)
        model.begin_entering()
        self._tell(model)
        await asyncio.shield(self._begin_visit(model, by_wish=True).outcome)

    def want(self, room: Address, nick: str = "", password: str = "") -> None:
        """Be in a room from now on, in the background: it is bookmarked, or there is no line yet."""
        model = self.model(room)
        model.password = password or model.password
        if model.wanted and (room in self._visits or not self._context.online):
            return
        model.nick = nick or model.nick
        model.begin_entering()
        self._tell(model)
        if self._context.online:
            self._begin_visit(model, by_wish=False)

    def leave(self, room: Address) -> None:
        """Be out of a room."""
        model = self.known(room)
        if model is None:
            return
        was_in = model.wanted
        nick = model.nick
        model.left()
        entered = self._visits.pop(room, None)
        if entered is not None:
            entered.end()
        if was_in and self._context.online:
            self._context.line().leave_room(room, nick)
        self._tell(model)

    def forget(self, room: Address) -> None:
        """There is no room at this address."""
        entered = self._visits.pop(room, None)
        if entered is not None:
            entered.end()
        self._models.pop(room, None)
        self._no_rooms.add(room)

    def _begin_visit(self, model: RoomModel, *, by_wish: bool) -> Visit:
        visit = Visit(self._context, model, self._turnstile, told=self._tell, entered=self.on_entered, by_wish=by_wish)
        self._visits[model.key.peer] = _Entered(visit, self._context.tasks.spawn(visit.keep(), f"room {model.key}"))
        return visit

    async def _end_visit(self, room: Address) -> None:
        entered = self._visits.pop(room, None)
        if entered is not None:
            entered.end()
            await asyncio.wait([entered.task])

    # The stream

    def stream_opened(self) -> None:
        """A stream was opened anew: come back into every room that we want to be in."""
        for model in tuple(self._models.values()):
            if model.wanted and model.key.peer not in self._visits:
                self._begin_visit(model, by_wish=False)

    def stream_resumed(self) -> None:
        """The stream lives on; whether the rooms still have us must be asked (XEP-0410 §2)."""
        for entered in self._visits.values():
            entered.visit.poke()

    def stream_gone(self) -> None:
        """The stream is lost for good, and we are in no room any more."""
        for entered in self._visits.values():
            entered.end()
        self._visits.clear()
        for model in self._models.values():
            model.informed = False
            if model.status is RoomStatus.JOINED:
                model.waiting()
                self._tell(model)

    # What rooms tell

    def occupant(self, presence: OccupantReceived) -> None:
        """Somebody in a room came, went or changed; perhaps we did."""
        room = presence.sender.bare
        model = self._models.get(room)
        if model is None or not model.wanted:
            return
        self._heard(room)
        before = model.status, model.nick, len(model.occupants)
        turn = model.apply(presence, now())
        self._remember(model, presence)
        self._context.hub.occupants_changed(model.key)
        if turn is Turn.ENTERED:
            model.entered()
        entered = self._visits.get(room)
        if turn in {Turn.LOST, Turn.OUT} and entered is not None:
            entered.visit.poke()
        if (model.status, model.nick, len(model.occupants)) != before:
            self._context.hub.room_changed(model.key)

    def _remember(self, model: RoomModel, presence: OccupantReceived) -> None:
        """Keep whose an occupant-id is: what they wrote encrypted may come when they are gone (SECURITY 31)."""
        name, person = presence.occupant_id, presence.address
        if not model.has_occupant_ids or not name or person is None or model.people.get(name) == person.bare:
            return
        model.people[name] = person.bare
        people = {name: person.bare}
        self._context.pen.write_soon(lambda writes: writes.remember_people(model.key, people))

    async def has_archive(self, room: Address) -> bool:
        """Whether a room has an archive; asked, unless it has said so. Raises RequestFailed, Unavailable."""
        model = self.model(room)
        if not model.informed:
            model.learn(await self._context.line().room_info(room))
        return model.has_archive

    async def ask(self, room: Address) -> None:
        """Ask a room that we are in what it is, where what it said last decides on something."""
        entered = self._visits.get(room)
        if entered is not None:
            await entered.visit.ask()

    def error(self, error: OccupantError) -> None:
        """A room does not accept our presence; those that enter are told by the call that entered."""
        log.info("%s answered our presence with %s", error.sender.bare, error.condition)
        entered = self._visits.get(error.sender.bare)
        if entered is not None:
            entered.visit.poke()

    def thrown_out(self, room: Address) -> bool:
        """A room says that we are not in it: come back, unless we are on our way already. Whether we want to be in."""
        model, entered = self._models.get(room), self._visits.get(room)
        if model is None or entered is None or not model.wanted:
            return False
        if model.status is RoomStatus.JOINED:
            model.waiting()
            self._tell(model)
            entered.visit.poke()
        return True

    def message_heard(self, model: RoomModel, status_codes: frozenset[int]) -> None:
        """A message came from a room."""
        self._heard(model.key.peer)
        entered = self._visits.get(model.key.peer)
        if entered is not None and status_codes & CONFIGURATION_CHANGED:
            self._context.tasks.spawn(entered.visit.ask(), f"ask {model.key}")

    def subject(self, model: RoomModel, subject: str, by: str) -> None:
        """The room's subject is told, when we enter and when it changes."""
        model.subject_known = True
        self._subject_told.set()
        if (model.subject, model.subject_by) == (subject, by):
            return
        model.subject, model.subject_by = subject, by

        def keep(writes: Writes) -> None:
            writes.set_room_state(model.key, subject=subject, subject_by=by)

        self._context.pen.write_soon(keep, lambda _state: self._tell(model))

    async def history_over(self, model: RoomModel) -> None:
        """Wait until a room has repeated its history to us: its subject ends it (XEP-0045 §7.2.15)."""
        try:
            async with asyncio.timeout(HISTORY_LIMIT):
                while not model.subject_known:
                    self._subject_told.clear()
                    await self._subject_told.wait()
        except TimeoutError:
            log.info("%s sent no subject", model.key.peer)

    def bookmarked(self, bookmark: Bookmark | None, room: Address) -> None:
        """A room's bookmark was set or (None) taken away."""
        model = self.model(room)
        model.bookmarked = bookmark is not None
        model.autojoin = bookmark is not None and bookmark.autojoin
        if bookmark is not None:
            model.password = bookmark.password or model.password
            if bookmark.nick and not model.wanted:
                model.nick = bookmark.nick
        self._tell(model)

    def _heard(self, room: Address) -> None:
        entered = self._visits.get(room)
        if entered is not None:
            entered.visit.heard()

    def _tell(self, model: RoomModel) -> None:
        self._context.hub.room_changed(model.key)
        self._context.hub.occupants_changed(model.key)
        self._context.hub.chat_changed(model.key)
