"""Being in rooms (XEP-0045 §7): entering, leaving, another nickname; and whether we still are in (XEP-0410).

What happens in a room is told to the core by the stanzas themselves; here only our own coming and going is
followed, as far as it takes to answer whoever waits for it.
"""

import asyncio
import logging
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from tui_xmpp.errors import AddressError, RequestFailed, RoomRefusal, RoomRefused, Unavailable
from tui_xmpp.model.address import Address
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.stanzas import OccupantError, OccupantReceived
from tui_xmpp.xmpp import build, names
from tui_xmpp.xmpp.conditions import TIMEOUT
from tui_xmpp.xmpp.forms import FORM
from tui_xmpp.xmpp.iq import REQUEST_TIMEOUT, Requests
from tui_xmpp.xmpp.line import Line
from tui_xmpp.xmpp.room_refusals import refused, timed_out

log = logging.getLogger(__name__)

_ROOM = names.tag(names.ROOM, "x")
_HISTORY = names.tag(names.ROOM, "history")
_PASSWORD = names.tag(names.ROOM, "password")
_PING = names.tag(names.PING, "ping")
_OWNER_QUERY = names.tag(names.ROOM_OWNER, "query")

_SELF = 110
_NICKNAME_ASSIGNED = 210
_CREATED = 201
_NICKNAME_CHANGED = 303

_STILL_IN = {"service-unavailable", "feature-not-implemented"}
"""Errors to a ping of ourselves that only an occupant gets (XEP-0410 §3.2).

`item-not-found` would mean that another device has changed our nickname, but a room that is gone answers it too; to
enter once more does no harm.
"""

_UNKNOWN = {"remote-server-not-found", TIMEOUT}
"""Errors that say nothing about whether we are in."""


@dataclass(slots=True)
class _Waiting:
    """Somebody waits for our own presence to come back."""

    nick: str
    """What was asked for; empty on entering, when the room may give us another."""
    own_presence: asyncio.Future[OccupantReceived]


class Rooms:
    """The rooms that one account is in, is entering, or leaves."""

    def __init__(self, line: Line, requests: Requests, seconds: float = REQUEST_TIMEOUT) -> None:
        self._line = line
        self._requests = requests
        self._seconds = seconds
        self._nicks: dict[Address, str] = {}
        self._waiting: dict[Address, _Waiting] = {}
        self._shown: tuple[Availability, str] = (Availability.ONLINE, "")

    def includes(self, room: Address) -> bool:
        """Whether we are in the room or entering it."""
        return room in self._nicks or room in self._waiting

    def reset(self) -> None:
        """Forget all rooms: a new stream is in none."""
        self._nicks.clear()
        for waiting in self._waiting.values():
            if not waiting.own_presence.done():
                waiting.own_presence.set_exception(Unavailable("The connection was lost while entering the room."))

    async def join(self, room: Address, nick: str, password: str, history: int) -> None:
        """Enter a room; return when it has let us in, and is unlocked if it is new (§7.2, §10.1.2).

        Raises RoomRefused, and Unavailable without a stream.
        """
        stanza = self._presence(_occupant(room, nick))
        entering = SubElement(stanza, _ROOM)
        SubElement(entering, _HISTORY, {"maxstanzas": str(history)})
        if password:
            build.text_child(entering, _PASSWORD, password)
        try:
            presence = await self._send_and_wait(room, nick, stanza)
        except RoomRefused as refusal:
            if refusal.condition == TIMEOUT and self._line.online:
                self.leave(room, nick)  # or a late answer would leave us in a room that nobody knows of
            raise
        if _CREATED in presence.status_codes:
            await self._unlock(room)

    async def change_nick(self, room: Address, nick: str) -> None:
        """Take another nickname (§7.6). Raises RoomRefused."""
        if room not in self._nicks:  # the same stanza would enter, in the way of before XEP-0045
            raise RoomRefused("You are not in this room.", refusal=RoomRefusal.OTHER, condition="not-acceptable")
        await self._send_and_wait(room, nick, self._presence(_occupant(room, nick)))

    def leave(self, room: Address, nick: str) -> None:
        """Go (§7.14)."""
        self._line.send(build.presence(Availability.OFFLINE, recipient=_occupant(room, nick)))

    def show_presence(self, availability: Availability, status: str) -> None:
        """Tell the rooms what was broadcast to the contacts, since they do not get it (§7.7)."""
        if availability is Availability.OFFLINE:
            return
        self._shown = (availability, status)
        for room, nick in self._nicks.items():
            self._line.send(self._presence(_occupant(room, nick)))

    async def self_ping(self, room: Address, nick: str) -> bool:
        """Whether we are still in. Raises RequestFailed when that cannot be found out now."""
        try:
            await self._requests.get(Element(_PING), _occupant(room, nick))
        except RequestFailed as refusal:
            if refusal.condition in _UNKNOWN:
                raise
            return refusal.condition in _STILL_IN
        return True

    def take(self, signal: OccupantReceived | OccupantError) -> None:
        """Follow our own presence in rooms; called with every presence from one."""
        room = signal.sender.bare
        waiting = self._waiting.get(room)
        if isinstance(signal, OccupantError):
            if waiting is not None and not waiting.own_presence.done():
                waiting.own_presence.set_exception(refused(signal.condition, signal.text))
            return
        if _SELF not in signal.status_codes and self._nicks.get(room) != signal.sender.resource:
            return
        if signal.availability is Availability.OFFLINE:
            if _NICKNAME_CHANGED not in signal.status_codes:
                self._nicks.pop(room, None)
            return
        self._nicks[room] = signal.sender.resource
        if waiting is None or waiting.own_presence.done():
            return
        if waiting.nick in {"", signal.sender.resource} or _NICKNAME_ASSIGNED in signal.status_codes:
            waiting.own_presence.set_result(signal)

    def _presence(self, occupant: Address) -> Element:
        return build.presence(*self._shown, recipient=occupant)

    async def _send_and_wait(self, room: Address, nick: str, stanza: Element) -> OccupantReceived:
        """Send presence and wait for it to come back, changed by the room perhaps."""
        own_presence: asyncio.Future[OccupantReceived] = asyncio.get_running_loop().create_future()
        waiting = _Waiting(_occupant(room, nick).resource if room in self._nicks else "", own_presence)
        earlier = self._waiting.get(room)
        if earlier is not None and not earlier.own_presence.done():
            earlier.own_presence.set_exception(
                RoomRefused("Another attempt to enter the room took its place.", refusal=RoomRefusal.OTHER)
            )
        self._waiting[room] = waiting
        try:
            self._line.send(stanza)
            async with asyncio.timeout(self._seconds):
                return await own_presence
        except TimeoutError:
            raise timed_out() from None
        finally:
            if self._waiting.get(room) is waiting:
                del self._waiting[room]

    async def _unlock(self, room: Address) -> None:
        """Accept the default configuration of a room that we have created (§10.1.2)."""
        query = Element(_OWNER_QUERY)
        SubElement(query, FORM, {"type": "submit"})
        try:
            await self._requests.set(query, room)
        except RequestFailed as refusal:
            log.warning("a new room could not be unlocked: %s", refusal.condition)
            raise RoomRefused(
                "The room was created, but its server does not open it.",
                refusal=RoomRefusal.LOCKED,
                condition=refusal.condition,
            ) from refusal


def _occupant(room: Address, nick: str) -> Address:
    try:
        return room.with_resource(nick)
    except AddressError as error:
        raise RoomRefused(error.message, refusal=RoomRefusal.NICKNAME_INVALID, condition="jid-malformed") from error
