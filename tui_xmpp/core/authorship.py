"""Who said it: every decision on what a stanza claims, as pure functions on plain values (SECURITY 9-19, 27)."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.contact import Contact
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.message import Direction, Message, MessageKind
from tui_xmpp.model.room import Occupant, Room
from tui_xmpp.model.stanzas import DisplayedMark, MessageReceived, MessageType, Route

MARKED_ROOM = 20
"""Most people beside us in a room that gets markers: each marker goes to all of them."""

FUTURE_SLACK = 60 * 1_000_000
"""How far ahead of our clock a time may be, in µs (SECURITY 19)."""


class Doubt(StrEnum):
    """Why a message is not believed; for the log."""

    FORGED_CARBON = "a carbon that does not come from our own account"
    NESTED_GROUPCHAT = "a room's message inside a carbon or in the account's archive"
    FORGED_ARCHIVE = "an archive's result that does not come from the archive that was asked"
    NOT_OURS = "a copy of a message that was neither from us nor to us"
    FOREIGN_ARCHIVE = "a message in a room's archive that is not of that room"
    NOT_JOINED = "a room's message from where we are in no room"


def doubt(message: MessageReceived, own: Address, archive: Address | None, *, in_room: bool) -> Doubt | None:
    """Why `message` must be ignored, or None when its sender and recipient may be believed.

    `own` is our bare address, `archive` the one that was asked (its bare address) for archive results, `in_room`
    whether the sender's bare address is a room that we are in or are entering.
    """
    is_room_message = message.type is MessageType.GROUPCHAT
    if message.route is Route.LIVE:
        return Doubt.NOT_JOINED if is_room_message and not in_room else None
    if message.route is Route.ARCHIVE:
        asked = archive or own
        # Without `from` it is our own server's word, which answers for our own archive alone.
        if message.outer_sender != asked and not (message.outer_sender is None and asked == own):
            return Doubt.FORGED_ARCHIVE
        if asked != own:
            return None if is_room_message and message.sender.bare == asked else Doubt.FOREIGN_ARCHIVE
    elif message.outer_sender != own:
        return Doubt.FORGED_CARBON
    if is_room_message:
        return Doubt.NESTED_GROUPCHAT
    ours, to_us = message.sender.bare == own, message.recipient.bare == own
    believed = {Route.CARBON_SENT: ours, Route.CARBON_RECEIVED: to_us}.get(message.route, ours or to_us)
    return None if believed else Doubt.NOT_OURS


@frozen
class Place:
    """Where a message belongs."""

    key: ChatKey
    kind: ChatKind
    direction: Direction
    sender: Address
    """As the history keeps it: bare in 1:1 chats, with the nickname in rooms and private messages."""


def place_of(
    message: MessageReceived, own: Address, *, peer_is_room: bool, peer_is_contact: bool, ours_in_room: bool
) -> Place:
    """The chat of a believed message, and whose it is.

    A message of an occupant is a room's private message when its sender is a room that we know, or says that it is
    one and is no contact of ours: never merged with a contact (SECURITY 17).
    """
    if message.type is MessageType.GROUPCHAT:
        direction = Direction.OUT if ours_in_room else Direction.IN
        return Place(ChatKey(own, message.sender.bare), ChatKind.ROOM, direction, message.sender)
    direction = Direction.OUT if message.sender.bare == own else Direction.IN
    peer = message.recipient if direction is Direction.OUT else message.sender
    is_private = bool(peer.resource) and (peer_is_room or (message.is_private and not peer_is_contact))
    if not is_private:
        sender = own if direction is Direction.OUT else peer.bare
        return Place(ChatKey(own, peer.bare), ChatKind.CONTACT, direction, sender)
    sender = own if direction is Direction.OUT else peer
    return Place(ChatKey(own, peer), ChatKind.PRIVATE, direction, sender)


def peer_of(message: MessageReceived, own: Address) -> Address:
    """The other end of a message that is not a room's."""
    return message.recipient if message.sender.bare == own else message.sender


def believed_ids(
    message: MessageReceived, own: Address, archive: Address | None, *, own_assigns: bool, room_assigns: bool
) -> tuple[tuple[Address, str], ...]:
    """The archive ids of a message that may be believed, as (archive, id) pairs (XEP-0359 §5, SECURITY 16).

    A stanza-id counts only `by` our own account or by the room of a room's message, if that entity announces that
    it assigns ids (and so takes forged ones out), and only when it stands there once.
    """
    if message.route is Route.ARCHIVE:
        return ((archive or own, message.archive_id),) if message.archive_id else ()
    is_room_message = message.type is MessageType.GROUPCHAT
    if not message.stanza_ids or not (room_assigns if is_room_message else own_assigns):
        return ()
    believed = message.sender.bare if is_room_message else own
    ids = tuple((i.by, i.id) for i in message.stanza_ids if i.by == believed)
    return ids if len(ids) == 1 and ids[0][1] else ()


def trusted_delay(message: MessageReceived, own: Address) -> int | None:
    """When the message was sent, if somebody says so whom we believe: the archive, our server, the room."""
    if message.delay is None:
        return None
    if message.route is Route.ARCHIVE:
        return message.delay
    # Inside a carbon it may be the sender's own, so there too it must be stamped by our server.
    trusted = {own, Address(own.domain)}
    if message.type is MessageType.GROUPCHAT:
        trusted = {message.sender.bare, Address(message.sender.domain)}
    return message.delay if message.delay_by in trusted else None


def clamped(time: int, now: int) -> int:
    """A time that can be shown: not before 1970, not more than a minute ahead of our clock (µs since the epoch)."""
    return max(0, min(time, now + FUTURE_SLACK))


def may_acknowledge(message: Message, kind: ChatKind) -> bool:
    """Whether a receipt or a marker that came in this message's chat may move it (SECURITY 15).

    The chat's key is made from who sent the receipt, so only what we sent there is left to be checked.
    """
    return kind is not ChatKind.ROOM and message.direction is Direction.OUT and message.kind is MessageKind.TEXT


def archive_of_mark(mark: DisplayedMark, own: Address, *, is_room: bool | None) -> Address | None:
    """The archive whose id a mark of one of our devices names, or None when it is not to be believed (XEP-0490 §3).

    In a room that is the room, else our own account. `is_room` is None where nothing is known of the peer.
    """
    by, peer = mark.stanza_id.by, mark.peer
    if not mark.stanza_id.id:
        return None
    if by == own:
        return None if is_room and peer.is_bare else own
    return peer if by == peer and peer.is_bare and is_room is not False else None


def may_mark_in_room(room: Room, people: Sequence[Occupant], contacts: Mapping[Address, Contact], own: Address) -> bool:
    """Whether a room may be told how far we have read (XEP-0333 §5, SECURITY 27).

    Only a small private group in which everybody may see anyway when we are here.
    """
    others = [person.address for person in people if not person.own and person.address != own]
    if not room.private or not others or len(others) > MARKED_ROOM:
        return False
    return all(address is not None and may_know_of_us(contacts.get(address.bare)) for address in others)


def may_know_of_us(contact: Contact | None) -> bool:
    """Whether somebody may have receipts, markers and typing states from us (SECURITY 27)."""
    return contact is not None and contact.subscription.they_see_us


@frozen
class OwnOccupant:
    """Who we are in a room."""

    nick: str
    occupant_id: str = ""
    here: bool = False
    """The nickname is ours now, so nobody else can hold it."""


def is_ours_in_room(message: MessageReceived, us: OwnOccupant, *, has_occupant_ids: bool) -> bool:
    """Whether a room's message was sent by us, from this device or another.

    The occupant-id decides where the room assigns them. Without, the nickname is proof only for what is said while
    we hold it; in history somebody else may have had it.
    """
    if has_occupant_ids and us.occupant_id and message.occupant_id:
        return message.occupant_id == us.occupant_id
    said_now = message.route is Route.LIVE and message.delay is None
    return said_now and us.here and bool(us.nick) and message.sender.resource == us.nick
