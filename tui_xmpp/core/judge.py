"""Puts the decisions of `authorship` together for one message, with what we know of contacts and rooms."""

import logging
from dataclasses import replace

from tui_xmpp.core.authorship import (
    OwnOccupant,
    Place,
    believed_ids,
    clamped,
    doubt,
    is_ours_in_room,
    peer_of,
    place_of,
    trusted_delay,
)
from tui_xmpp.core.changing import Author
from tui_xmpp.core.clock import now
from tui_xmpp.core.contacts import Contacts
from tui_xmpp.core.context import Context
from tui_xmpp.core.fallbacks import shown
from tui_xmpp.core.mentions import names
from tui_xmpp.core.room_model import RoomModel
from tui_xmpp.core.rooms import Rooms
from tui_xmpp.core.wording import encrypted
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.message import Direction, Encryption, Message, MessageKind, Tombstone
from tui_xmpp.model.message_parts import Retraction
from tui_xmpp.model.stanzas import MessageReceived, MessageType, OpenedMessage, Route, Sealed
from tui_xmpp.model.text import clean_line
from tui_xmpp.storage.values import NewMessage, NewReply, NewSeal

log = logging.getLogger(__name__)

RECENT = 60 * 1_000_000
"""A carbon stamped no longer ago than this is news, in µs."""


@frozen
class Judged:
    """A message whose sender is believed: where it belongs, whose it is, when it was sent."""

    message: MessageReceived
    place: Place
    author: Author
    time: int
    live: bool
    """It is said just now; else it is backlog."""
    archive_ids: tuple[tuple[Address, str], ...] = ()
    room: RoomModel | None = None
    writer: Address | None = None
    """Real bare address of the author, where it is known: whose OMEMO device it is (SECURITY 31)."""
    own_device: int = 0
    """Our own device."""

    @property
    def key(self) -> ChatKey:
        """The chat that it belongs to."""
        return self.place.key

    @property
    def ids_by(self) -> Address | None:
        """Whose ids name other messages here: the room's where it gives them (SECURITY 15); None: their senders'."""
        return self.key.peer if self.room is not None and self.room.assigns_ids else None

    @property
    def is_archived(self) -> bool:
        """It comes from an archive, whose stamps can be compared."""
        return self.message.route is Route.ARCHIVE

    @property
    def is_told_by_archive(self) -> bool:
        """It comes from an archive, or is part of what a room repeats: only they put tombstones for messages."""
        return self.is_archived or self.is_room_history

    @property
    def is_room_history(self) -> bool:
        """It is part of what a room repeats to everybody who enters (XEP-0045 §7.2.14)."""
        return self.message.route is Route.LIVE and self.room is not None and not self.live


class Judge:
    """Judges the messages of one account."""

    def __init__(self, context: Context, contacts: Contacts, rooms: Rooms) -> None:
        self._context = context
        self._contacts = contacts
        self._rooms = rooms

    def judge(self, message: MessageReceived, archive: Address | None = None) -> Judged | None:
        """Say where a message belongs; None, logged, for one that is not believed."""
        own = self._context.own
        room = self._rooms.known(message.sender.bare) if message.type is MessageType.GROUPCHAT else None
        reason = doubt(message, own, archive, in_room=room is not None and room.wanted)
        if reason is not None:
            log.warning("Ignored %s, from %s", reason, message.outer_sender)
            return None
        place = self._place(message, room)
        present = now()
        said = trusted_delay(message, own)
        return Judged(
            message,
            place,
            self._author(message, place, room),
            present if said is None else clamped(said, present),
            _is_live(message, said, present),
            believed_ids(
                message,
                own,
                archive,
                own_assigns=self._context.assigns_ids,
                room_assigns=room is not None and room.assigns_ids,
            ),
            room,
            self._writer(message, place, room) if message.sealed is not None else None,
            self._context.own_device,
        )

    def reopened(self, opened: OpenedMessage, row: Message, kind: ChatKind, key_id: int, *, live: bool) -> Judged:
        """An encrypted message that was judged when it came, now that it is known what is in it."""
        message = opened.message
        assert message is not None
        place = Place(row.chat, kind, row.direction, row.sender)
        room = self._rooms.known(row.chat.peer) if kind is ChatKind.ROOM else None
        author = self._author(message, place, room)
        author = replace(author, occupant_id=row.occupant_id, encryption=Encryption.OMEMO)
        author = replace(author, device=opened.device, key_id=key_id)
        archive = row.chat.peer if kind is ChatKind.ROOM else row.chat.account
        name = self._context.store.messages.archive_id(row.id, archive, row.chat.account)
        return Judged(message, place, author, row.time, live, ((archive, name),) if name else (), room)

    def _writer(self, message: MessageReceived, place: Place, room: RoomModel | None) -> Address | None:
        if place.direction is Direction.OUT:
            return self._context.own
        if place.kind is ChatKind.CONTACT:
            return place.sender.bare
        here = room if room is not None else self._rooms.known(place.key.peer.bare)
        if here is None:
            return None
        if message.route is Route.LIVE and message.delay is None:
            occupant = here.occupants.get(place.sender.resource)
            return None if occupant is None or occupant.address is None else occupant.address.bare
        if not here.has_occupant_ids or not message.occupant_id:
            return None
        return self._context.store.devices.person(here.key, message.occupant_id)

    def _place(self, message: MessageReceived, room: RoomModel | None) -> Place:
        own = self._context.own
        if message.type is MessageType.GROUPCHAT:
            ours = room is not None and is_ours_in_room(
                message, _own_occupant(room), has_occupant_ids=room.has_occupant_ids
            )
            return place_of(message, own, peer_is_room=True, peer_is_contact=False, ours_in_room=ours)
        peer = peer_of(message, own).bare
        return place_of(
            message,
            own,
            peer_is_room=self._rooms.is_room(peer),
            peer_is_contact=self._contacts.get(peer) is not None,
            ours_in_room=False,
        )

    def _author(self, message: MessageReceived, place: Place, room: RoomModel | None) -> Author:
        here = room
        if here is None and place.kind is ChatKind.PRIVATE:
            here = self._rooms.known(place.key.peer.bare)
        said_now = message.route is Route.LIVE and message.delay is None
        return Author(
            place.direction,
            place.sender,
            message.occupant_id if room is not None and room.has_occupant_ids else "",
            here.since.get(place.sender.resource) if here is not None and said_now else None,
            _encryption(message),
        )


def new_message(judged: Judged, *, counts_unread: bool = True, is_answer: bool = False) -> NewMessage:
    """The row that a message with a text, or what is left of one, becomes.

    `is_answer` if it is drawn as an answer though it does not say what it answers, as a correction of one.
    """
    message, place = judged.message, judged.place
    cut = shown(message, is_answer=is_answer or message.reply_to is not None)
    body = encrypted(message.encrypted) if message.encrypted else cut.text
    whole = message.body if not message.encrypted and message.body != body else None
    room = judged.room
    return NewMessage(
        key=place.key,
        kind=place.kind,
        direction=place.direction,
        sender=place.sender,
        body=body,
        time=judged.time,
        nick="" if place.kind is ChatKind.CONTACT else clean_line(place.sender.resource),
        occupant_id=judged.author.occupant_id,
        encryption=judged.author.encryption,
        device=judged.author.device,
        key_id=judged.author.key_id,
        stanza_id=message.id,
        origin_id=message.origin_id,
        mentions_us=room is not None and place.direction is Direction.IN and names(body, room.nick),
        archive_ids=judged.archive_ids,
        from_archive=message.route is Route.ARCHIVE or (judged.is_room_history and room is not None and room.entering),
        counts_unread=counts_unread,
        marker=_marker(judged) if message.markable else "",
        reply=_reply(judged, cut.quoted),
        whole=whole or "",
        unstyled=message.unstyled,
        tombstone=None if message.tombstone is None else tombstone_of(judged, message.tombstone),
    )


def new_sealed(judged: Judged, sealed: Sealed, *, counts_unread: bool) -> NewMessage:
    """The row of a message that is still encrypted. What this very device wrote it cannot open, and need not."""
    is_this_ones = judged.place.direction is Direction.OUT and sealed.device == judged.own_device
    archive = judged.key.peer if judged.place.kind is ChatKind.ROOM else judged.key.account
    seal = NewSeal(sealed, archive, judged.writer, waits=not is_this_ones)
    return replace(new_message(judged, counts_unread=counts_unread), sealed=seal, reply=None, whole="")


def _marker(judged: Judged) -> str:
    """The id that a marker for this message has to name: in rooms the room's, else the sender's (XEP-0333 §4)."""
    match judged.place.kind:
        case ChatKind.CONTACT:
            return judged.message.id
        case ChatKind.ROOM:
            return next((name for by, name in judged.archive_ids if by == judged.key.peer), "")
        case ChatKind.PRIVATE:
            return ""


def _reply(judged: Judged, quoted: str) -> NewReply | None:
    to = judged.message.reply_to
    return None if to is None else NewReply(to.id, judged.ids_by, quoted)


def tombstone_of(judged: Judged, retraction: Retraction) -> Tombstone:
    """What is left of a message that was taken back; an archive that does not say when has just told us."""
    present = now()
    time = present if retraction.stamp is None else clamped(retraction.stamp, present)
    moderated = retraction.moderated and judged.place.kind is ChatKind.ROOM
    return Tombstone(time, moderated, moderator(judged, retraction), retraction.reason if moderated else "")


def moderator(judged: Judged, retraction: Retraction) -> str:
    """Nickname of who moderated, where the room says it; by the occupant-id, where only that tells."""
    room, by = judged.room, retraction.by
    if room is None or not retraction.moderated:
        return ""
    if by is not None and by.bare == room.key.peer and by.resource:
        return clean_line(by.resource)
    wanted = retraction.by_occupant_id
    nicks = (one.nick for one in room.occupants.values() if wanted and one.occupant_id == wanted)
    return clean_line(next(nicks, ""))


def new_subject(judged: Judged) -> NewMessage:
    """The row that says that somebody set a room's subject."""
    message, place = judged.message, judged.place
    return NewMessage(
        key=place.key,
        kind=place.kind,
        direction=place.direction,
        sender=place.sender,
        body=message.subject or "",
        time=judged.time,
        message_kind=MessageKind.SUBJECT,
        nick=clean_line(place.sender.resource),
        occupant_id=judged.author.occupant_id,
        stanza_id=message.id,
        archive_ids=judged.archive_ids,
        from_archive=message.route is Route.ARCHIVE,
        counts_unread=False,
    )


def _own_occupant(room: RoomModel) -> OwnOccupant:
    return OwnOccupant(room.nick, room.own_occupant_id, here=room.holds_nick)


def _is_live(message: MessageReceived, said: int | None, present: int) -> bool:
    if message.route is Route.ARCHIVE:
        return False
    if message.route is Route.LIVE:
        return said is None
    # The stamp of a carbon is often only when it was forwarded.
    return said is None or present - said < RECENT


def _encryption(message: MessageReceived) -> Encryption:
    return Encryption.UNREADABLE if message.encrypted else Encryption.NONE
