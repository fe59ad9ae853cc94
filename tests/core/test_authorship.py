"""Who said it: every decision by a table."""

from dataclasses import replace

import pytest

from tui_xmpp.core.authorship import (
    Doubt,
    OwnOccupant,
    Place,
    believed_ids,
    clamped,
    doubt,
    is_ours_in_room,
    may_acknowledge,
    may_know_of_us,
    place_of,
    trusted_delay,
)
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.contact import Contact, Subscription
from tui_xmpp.model.message import Direction, Message
from tui_xmpp.model.message_parts import StanzaId
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Route

OWN = Address.parse("alice@chat.test")
OWN_PHONE = Address.parse("alice@chat.test/phone")
BOB = Address.parse("bob@chat.test/desk")
EVE = Address.parse("eve@evil.test/x")
ROOM = Address.parse("kitchen@rooms.chat.test")
CAROL_THERE = Address.parse("kitchen@rooms.chat.test/Carol")
SERVER = Address.parse("chat.test")


def message(
    sender: Address = BOB,
    recipient: Address = OWN_PHONE,
    *,
    route: Route = Route.LIVE,
    outer: Address | None = None,
    type: MessageType = MessageType.CHAT,  # noqa: A002 (as the field is called)
    ids: tuple[StanzaId, ...] = (),
    delay: int | None = None,
    delay_by: Address | None = None,
    archive_id: str = "",
    is_private: bool = False,
    occupant_id: str = "",
) -> MessageReceived:
    return MessageReceived(
        route=route,
        outer_sender=outer if outer is not None or route is not Route.LIVE else sender,
        sender=sender,
        recipient=recipient,
        type=type,
        body="x",
        stanza_ids=ids,
        delay=delay,
        delay_by=delay_by,
        archive_id=archive_id,
        is_private=is_private,
        occupant_id=occupant_id,
    )


@pytest.mark.parametrize(
    ("said", "archive", "in_room", "reason"),
    [
        (message(), None, False, None),
        # Carbons (SECURITY 9)
        (message(route=Route.CARBON_RECEIVED, outer=OWN), None, False, None),
        (message(OWN_PHONE, BOB, route=Route.CARBON_SENT, outer=OWN), None, False, None),
        (message(route=Route.CARBON_RECEIVED, outer=EVE), None, False, Doubt.FORGED_CARBON),
        (message(route=Route.CARBON_RECEIVED, outer=OWN_PHONE), None, False, Doubt.FORGED_CARBON),
        (message(route=Route.CARBON_RECEIVED, outer=SERVER), None, False, Doubt.FORGED_CARBON),
        (message(route=Route.CARBON_RECEIVED), None, False, Doubt.FORGED_CARBON),
        (message(BOB, EVE, route=Route.CARBON_RECEIVED, outer=OWN), None, False, Doubt.NOT_OURS),
        (message(BOB, EVE, route=Route.CARBON_SENT, outer=OWN), None, False, Doubt.NOT_OURS),
        (
            message(CAROL_THERE, route=Route.CARBON_RECEIVED, outer=OWN, type=MessageType.GROUPCHAT),
            None,
            True,
            Doubt.NESTED_GROUPCHAT,
        ),
        # The account's archive (SECURITY 10)
        (message(route=Route.ARCHIVE), OWN, False, None),
        (message(OWN_PHONE, BOB, route=Route.ARCHIVE, outer=OWN), OWN, False, None),
        (message(BOB, EVE, route=Route.ARCHIVE, outer=OWN), OWN, False, Doubt.NOT_OURS),
        (message(route=Route.ARCHIVE, outer=EVE), OWN, False, Doubt.FORGED_ARCHIVE),
        (
            message(CAROL_THERE, route=Route.ARCHIVE, outer=OWN, type=MessageType.GROUPCHAT),
            OWN,
            True,
            Doubt.NESTED_GROUPCHAT,
        ),
        # A room's archive
        (message(CAROL_THERE, route=Route.ARCHIVE, outer=ROOM, type=MessageType.GROUPCHAT), ROOM, True, None),
        (message(CAROL_THERE, route=Route.ARCHIVE, outer=ROOM), ROOM, True, Doubt.FOREIGN_ARCHIVE),
        (message(BOB, route=Route.ARCHIVE, outer=ROOM, type=MessageType.GROUPCHAT), ROOM, True, Doubt.FOREIGN_ARCHIVE),
        (
            message(CAROL_THERE, route=Route.ARCHIVE, outer=EVE, type=MessageType.GROUPCHAT),
            ROOM,
            True,
            Doubt.FORGED_ARCHIVE,
        ),
        # Rooms that we are not in
        (message(CAROL_THERE, type=MessageType.GROUPCHAT), None, True, None),
        (message(CAROL_THERE, type=MessageType.GROUPCHAT), None, False, Doubt.NOT_JOINED),
    ],
)
def test_a_message_is_believed_only_from_where_it_can_come(
    said: MessageReceived, archive: Address | None, in_room: bool, reason: Doubt | None
) -> None:
    assert doubt(said, OWN, archive, in_room=in_room) is reason


def place(peer: Address, kind: ChatKind, direction: Direction, sender: Address) -> Place:
    return Place(ChatKey(OWN, peer), kind, direction, sender)


@pytest.mark.parametrize(
    ("said", "room", "contact", "ours", "where"),
    [
        (message(), False, True, False, place(BOB.bare, ChatKind.CONTACT, Direction.IN, BOB.bare)),
        (message(EVE), False, False, False, place(EVE.bare, ChatKind.CONTACT, Direction.IN, EVE.bare)),
        (message(OWN_PHONE, BOB), False, True, False, place(BOB.bare, ChatKind.CONTACT, Direction.OUT, OWN)),
        (message(OWN_PHONE, OWN), False, False, False, place(OWN, ChatKind.CONTACT, Direction.OUT, OWN)),
        # Private messages in rooms (SECURITY 17)
        (message(CAROL_THERE), True, False, False, place(CAROL_THERE, ChatKind.PRIVATE, Direction.IN, CAROL_THERE)),
        (
            message(CAROL_THERE, is_private=True),
            False,
            False,
            False,
            place(CAROL_THERE, ChatKind.PRIVATE, Direction.IN, CAROL_THERE),
        ),
        (
            message(OWN_PHONE, CAROL_THERE),
            True,
            False,
            False,
            place(CAROL_THERE, ChatKind.PRIVATE, Direction.OUT, OWN),
        ),
        # A contact who claims to be a room's occupant stays a contact
        (message(is_private=True), False, True, False, place(BOB.bare, ChatKind.CONTACT, Direction.IN, BOB.bare)),
        # The room itself speaking to us alone is no private chat
        (message(ROOM), True, False, False, place(ROOM, ChatKind.CONTACT, Direction.IN, ROOM)),
        (
            message(CAROL_THERE, type=MessageType.GROUPCHAT),
            True,
            False,
            False,
            place(ROOM, ChatKind.ROOM, Direction.IN, CAROL_THERE),
        ),
        (
            message(CAROL_THERE, type=MessageType.GROUPCHAT),
            True,
            False,
            True,
            place(ROOM, ChatKind.ROOM, Direction.OUT, CAROL_THERE),
        ),
    ],
)
def test_a_message_is_put_where_it_belongs(
    said: MessageReceived, room: bool, contact: bool, ours: bool, where: Place
) -> None:
    assert place_of(said, OWN, peer_is_room=room, peer_is_contact=contact, ours_in_room=ours) == where


GROUP = MessageType.GROUPCHAT


@pytest.mark.parametrize(
    ("said", "archive", "own_assigns", "room_assigns", "believed"),
    [
        (message(ids=(StanzaId(OWN, "1"),)), None, True, False, [(OWN, "1")]),
        (message(ids=(StanzaId(OWN, "1"),)), None, False, True, []),
        (message(ids=(StanzaId(BOB.bare, "1"),)), None, True, True, []),
        (message(ids=(StanzaId(OWN_PHONE, "1"),)), None, True, True, []),
        (message(ids=(StanzaId(OWN, "1"), StanzaId(OWN, "2"))), None, True, True, []),
        (message(ids=(StanzaId(OWN, "1"), StanzaId(EVE, "2"))), None, True, True, [(OWN, "1")]),
        (message(CAROL_THERE, type=GROUP, ids=(StanzaId(ROOM, "1"),)), None, True, True, [(ROOM, "1")]),
        (message(CAROL_THERE, type=GROUP, ids=(StanzaId(ROOM, "1"),)), None, True, False, []),
        (message(CAROL_THERE, type=GROUP, ids=(StanzaId(OWN, "1"),)), None, True, True, []),
        (message(route=Route.ARCHIVE, archive_id="a", ids=(StanzaId(OWN, "1"),)), OWN, True, False, [(OWN, "a")]),
        (
            message(CAROL_THERE, route=Route.ARCHIVE, type=GROUP, archive_id="a", ids=(StanzaId(OWN, "1"),)),
            ROOM,
            True,
            True,
            [(ROOM, "a")],
        ),
    ],
)
def test_an_archive_id_is_believed_only_by_the_archives_owner(
    said: MessageReceived,
    archive: Address | None,
    own_assigns: bool,
    room_assigns: bool,
    believed: list[tuple[Address, str]],
) -> None:
    ids = believed_ids(said, OWN, archive, own_assigns=own_assigns, room_assigns=room_assigns)
    assert list(ids) == believed


@pytest.mark.parametrize(
    ("said", "time"),
    [
        (message(), None),
        (message(delay=5, delay_by=SERVER), 5),
        (message(delay=5, delay_by=OWN), 5),
        (message(delay=5, delay_by=None), None),
        (message(delay=5, delay_by=BOB.bare), None),
        (message(delay=5, delay_by=Address.parse("evil.test")), None),
        (message(CAROL_THERE, type=GROUP, delay=5, delay_by=ROOM), 5),
        (message(CAROL_THERE, type=GROUP, delay=5, delay_by=Address.parse("rooms.chat.test")), 5),
        (message(CAROL_THERE, type=GROUP, delay=5, delay_by=SERVER), None),
        (message(CAROL_THERE, type=GROUP, delay=5, delay_by=CAROL_THERE), None),
        (message(route=Route.ARCHIVE, delay=5), 5),
        (message(route=Route.CARBON_RECEIVED, outer=OWN, delay=5, delay_by=BOB), None),
        (message(route=Route.CARBON_RECEIVED, outer=OWN, delay=5, delay_by=SERVER), 5),
    ],
)
def test_a_delay_is_believed_from_our_server_and_the_room_only(said: MessageReceived, time: int | None) -> None:
    assert trusted_delay(said, OWN) == time


@pytest.mark.parametrize(
    ("time", "shown"),
    [(1_000, 1_000), (-5, 0), (100_000_000, 100_000_000), (160_000_000, 160_000_000), (10**30, 160_000_000)],
)
def test_absurd_times_are_clamped(time: int, shown: int) -> None:
    assert clamped(time, 100_000_000) == shown


ORIGINAL = Message(
    id=1,
    chat=ChatKey(OWN, BOB.bare),
    position=50,
    time=50,
    direction=Direction.IN,
    sender=BOB.bare,
    body="helo",
    stanza_id="m1",
)


@pytest.mark.parametrize(
    ("original", "kind", "allowed"),
    [
        (replace(ORIGINAL, direction=Direction.OUT), ChatKind.CONTACT, True),
        (replace(ORIGINAL, direction=Direction.OUT), ChatKind.PRIVATE, True),
        (replace(ORIGINAL, direction=Direction.OUT), ChatKind.ROOM, False),
        (ORIGINAL, ChatKind.CONTACT, False),
    ],
)
def test_receipts_count_only_for_what_we_sent(original: Message, kind: ChatKind, allowed: bool) -> None:
    assert may_acknowledge(original, kind) is allowed


@pytest.mark.parametrize(
    ("subscription", "may"),
    [
        (None, False),
        (Subscription.NONE, False),
        (Subscription.TO, False),
        (Subscription.FROM, True),
        (Subscription.BOTH, True),
    ],
)
def test_only_who_sees_our_presence_learns_that_we_are_here(subscription: Subscription | None, may: bool) -> None:
    contact = None if subscription is None else Contact(OWN, BOB.bare, subscription=subscription)
    assert may_know_of_us(contact) is may


CAROL_SAYS = message(CAROL_THERE, type=GROUP)
AS_CAROL = OwnOccupant("Carol", here=True)


@pytest.mark.parametrize(
    ("said", "us", "has_ids", "ours"),
    [
        (CAROL_SAYS, AS_CAROL, False, True),
        (CAROL_SAYS, replace(AS_CAROL, nick="Dave"), False, False),
        (CAROL_SAYS, replace(AS_CAROL, here=False), False, False),
        # History: somebody else may have had the nickname
        (replace(CAROL_SAYS, delay=5), AS_CAROL, False, False),
        (replace(CAROL_SAYS, route=Route.ARCHIVE), AS_CAROL, False, False),
        (replace(CAROL_SAYS, route=Route.ARCHIVE, occupant_id="c"), replace(AS_CAROL, occupant_id="c"), True, True),
        (replace(CAROL_SAYS, occupant_id="c"), replace(AS_CAROL, occupant_id="d"), True, False),
        # An occupant-id in a room that does not announce them is only a claim
        (
            replace(CAROL_SAYS, route=Route.ARCHIVE, occupant_id="c"),
            replace(AS_CAROL, occupant_id="c"),
            False,
            False,
        ),
    ],
)
def test_a_rooms_message_is_ours_only_when_that_is_proven(
    said: MessageReceived, us: OwnOccupant, has_ids: bool, ours: bool
) -> None:
    assert is_ours_in_room(said, us, has_occupant_ids=has_ids) is ours
