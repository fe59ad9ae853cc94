"""What is on the server before anybody signs in, as `plugins/mod_stage.lua` reads it (JSON of the dataclasses here)."""

import json
import secrets
from dataclasses import asdict
from datetime import datetime, timedelta

from tui_xmpp.demo.script import commons, kitchen
from tui_xmpp.demo.script.lines import PAST
from tui_xmpp.demo.script.people import BY_NAME, CAST, CONTACTS, DOMAIN, GUEST, GUEST_ADDRESS
from tui_xmpp.demo.script.rooms import COMMONS, KITCHEN, ROOMS, RoomPlan
from tui_xmpp.model.frozen import frozen

_SCENE_GAP = timedelta(hours=7)
_LINE_GAP = timedelta(seconds=50)


@frozen
class Contact:
    """An entry of somebody's contact list, with presence shared both ways."""

    name: str
    groups: tuple[str, ...]


@frozen
class ArchivedMessage:
    """A message of a chat; `time` in seconds since the epoch, addresses bare or full."""

    time: int
    sender: str
    recipient: str
    peer: str
    body: str


@frozen
class ArchivedRoomMessage:
    """A message of a room; `author` is the bare address behind the nickname."""

    time: int
    nick: str
    author: str
    body: str


@frozen
class Room:
    """A room to be opened; `affiliations` by bare address."""

    address: str
    name: str
    subject: str
    subject_by: str
    private: bool
    affiliations: dict[str, str]
    messages: tuple[ArchivedRoomMessage, ...]


@frozen
class Bookmark:
    """A room that the guest joins at the start (XEP-0402)."""

    room: str
    name: str
    nick: str


@frozen
class Stage:
    """Everything; the keys of the dictionaries are local parts."""

    accounts: dict[str, str]
    """Passwords."""
    rosters: dict[str, dict[str, Contact]]
    archives: dict[str, tuple[ArchivedMessage, ...]]
    rooms: tuple[Room, ...]
    bookmarks: dict[str, tuple[Bookmark, ...]]

    def to_json(self) -> str:
        """The file for the server."""
        return json.dumps(asdict(self), ensure_ascii=False)


def build(now: datetime) -> Stage:
    """Set the stage so that the last of the past lies just before `now` (aware)."""
    return Stage(
        accounts={name: secrets.token_urlsafe(16) for name in (GUEST, *(person.local for person in CAST))},
        rosters=_rosters(),
        archives={GUEST: _past_chats(now)},
        rooms=tuple(_room(plan, now) for plan in ROOMS),
        bookmarks={GUEST: tuple(Bookmark(plan.address, plan.name, GUEST) for plan in ROOMS if plan.bookmarked)},
    )


def _rosters() -> dict[str, dict[str, Contact]]:
    guest = {GUEST_ADDRESS: Contact(GUEST, ())}
    own = {person.address: Contact(person.name, person.groups) for person in CONTACTS}
    return {GUEST: own} | {person.local: guest for person in CONTACTS}


def _past_chats(now: datetime) -> tuple[ArchivedMessage, ...]:
    messages = []
    for line in sorted(PAST, key=lambda line: -line.minutes):
        peer = line.peer.address
        sender, recipient = (GUEST_ADDRESS, peer) if line.author is None else (peer, GUEST_ADDRESS)
        time = int((now - timedelta(minutes=line.minutes)).timestamp())
        messages.append(ArchivedMessage(time, sender, recipient, peer, line.text))
    return tuple(messages)


def _room(plan: RoomPlan, now: datetime) -> Room:
    members = {person.address: "member" for person in plan.people}
    if plan.private and plan.bookmarked:
        members[GUEST_ADDRESS] = "member"
    return Room(
        address=plan.address,
        name=plan.name,
        subject=plan.subject,
        subject_by=plan.owner.name,
        private=plan.private,
        affiliations={**members, plan.owner.address: "owner"},
        messages=_room_past(plan, now),
    )


def _room_past(plan: RoomPlan, now: datetime) -> tuple[ArchivedRoomMessage, ...]:
    if plan is COMMONS:
        lines = commons.past(now)
        return tuple(ArchivedRoomMessage(line.time, line.nick, _author(line.nick), line.text) for line in lines)
    if plan is not KITCHEN:
        return ()
    messages = []
    for number, scene in enumerate(kitchen.EARLIER):
        time = now - _SCENE_GAP * (len(kitchen.EARLIER) - number)
        for nick, text in scene:
            messages.append(ArchivedRoomMessage(int(time.timestamp()), nick, _author(nick), text))
            time += _LINE_GAP
    return tuple(messages)


def _author(nick: str) -> str:
    person = BY_NAME.get(nick)
    return f"{nick.lower()}@{DOMAIN}" if person is None else person.address
