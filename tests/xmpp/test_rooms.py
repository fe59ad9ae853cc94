"""Rooms on a real server: entering, talking, leaving, and everything that a room refuses."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from xml.etree.ElementTree import Element, SubElement

import pytest

from tests.server.prosody import Prosody, fresh_name
from tests.waiting import until
from tests.xmpp.party import Party
from tui_xmpp.errors import RequestFailed, RoomRefusal, RoomRefused
from tui_xmpp.model.address import Address
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.room import Affiliation, Role
from tui_xmpp.model.stanzas import MessageReceived, MessageType, OccupantError, OccupantReceived, Outgoing
from tui_xmpp.xmpp import build, names
from tui_xmpp.xmpp.forms import submission


@pytest.fixture
async def three(prosody: Prosody) -> AsyncIterator[tuple[Party, Party, Party]]:
    async with AsyncExitStack() as stack:
        parties = [await stack.enter_async_context(Party.at(prosody, prosody.add_user(fresh_name()))) for _ in range(3)]
        yield parties[0], parties[1], parties[2]


async def configure(owner: Party, room: Address, **fields: str) -> None:
    """Change a room's configuration."""
    query = Element(names.tag(names.ROOM_OWNER, "query"))
    settings = {f"muc#roomconfig_{name}": (value,) for name, value in fields.items()}
    query.append(submission("http://jabber.org/protocol/muc#roomconfig", settings))
    await owner.connection._requests.set(query, room)


async def join(party: Party, room: Address, nick: str, password: str = "") -> None:
    await party.connection.join_room(room, nick, password, history=20)


async def refusal(party: Party, room: Address, nick: str, password: str = "") -> RoomRefused:
    with pytest.raises(RoomRefused) as caught:
        await join(party, room, nick, password)
    return caught.value


async def test_three_people_talk_in_a_new_room(prosody: Prosody, three: tuple[Party, Party, Party]) -> None:
    alice, bob, carol = three
    room = prosody.room()
    await join(alice, room, "Alice")
    own = alice.heard(OccupantReceived, lambda one: 110 in one.status_codes)[-1]
    assert (own.sender.resource, own.affiliation, own.role) == ("Alice", Affiliation.OWNER, Role.MODERATOR)
    await join(bob, room, "Bob")
    await join(carol, room, "Carol")
    seen = {one.sender.resource for one in carol.heard(OccupantReceived)}
    assert seen == {"Alice", "Bob", "Carol"}
    await alice.hears(OccupantReceived, lambda one: one.sender.resource == "Carol")
    assert alice.heard(OccupantReceived, lambda one: one.sender.resource == "Bob")[0].address == bob.address.bare
    id_ = alice.say(room, "welcome", MessageType.GROUPCHAT)
    for party in three:
        message = await party.reads("welcome")
        assert (message.type, message.sender, message.id) == (MessageType.GROUPCHAT, room.with_resource("Alice"), id_)
        assert [stanza_id.by for stanza_id in message.stanza_ids] == [room]
    carol.connection.leave_room(room, "Carol")
    gone = await alice.hears(OccupantReceived, lambda one: one.availability is Availability.OFFLINE)
    assert gone.sender.resource == "Carol"
    await carol.hears(
        OccupantReceived, lambda one: one.availability is Availability.OFFLINE and 110 in one.status_codes
    )


async def test_history_comes_with_the_time_given_by_the_room(
    prosody: Prosody, three: tuple[Party, Party, Party]
) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await join(alice, room, "Alice")
    alice.say(room, "before you came", MessageType.GROUPCHAT)
    await alice.reads("before you came")
    await join(bob, room, "Bob")
    message = await bob.reads("before you came")
    assert message.delay is not None
    assert message.delay_by == room


async def test_a_taken_nickname_is_refused_and_another_works(
    prosody: Prosody, three: tuple[Party, Party, Party]
) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await join(alice, room, "Alice")
    error = await refusal(bob, room, "Alice")
    assert (error.refusal, error.condition) == (RoomRefusal.NICKNAME_TAKEN, "conflict")
    assert error.message.startswith("Somebody else in the room has this nickname.")
    assert bob.heard(OccupantError)[0].condition == "conflict"
    await join(bob, room, "Alice2")


@pytest.mark.parametrize("nick", ["", "a\x07b", "x" * 2000])
async def test_a_nickname_that_cannot_be_one_is_refused_before_it_is_sent(
    prosody: Prosody, three: tuple[Party, Party, Party], nick: str
) -> None:
    error = await refusal(three[0], prosody.room(), nick)
    assert error.refusal is RoomRefusal.NICKNAME_INVALID


async def test_a_room_with_a_password_takes_only_that(prosody: Prosody, three: tuple[Party, Party, Party]) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await join(alice, room, "Alice")
    await configure(alice, room, passwordprotectedroom="1", roomsecret="open <sesame>")
    for wrong in ("", "guess"):
        assert (await refusal(bob, room, "Bob", wrong)).refusal is RoomRefusal.PASSWORD
    await join(bob, room, "Bob", "open <sesame>")


async def test_a_room_for_members_lets_in_only_members(prosody: Prosody, three: tuple[Party, Party, Party]) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await join(alice, room, "Alice")
    await configure(alice, room, membersonly="1")
    assert (await refusal(bob, room, "Bob")).refusal is RoomRefusal.MEMBERS_ONLY
    await alice.connection.set_affiliation(room, bob.address, Affiliation.MEMBER)
    await join(bob, room, "Bob")
    seen = await alice.hears(OccupantReceived, lambda one: one.sender.resource == "Bob")
    assert seen.affiliation is Affiliation.MEMBER


async def test_who_is_banned_is_put_out_and_stays_out(prosody: Prosody, three: tuple[Party, Party, Party]) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await join(alice, room, "Alice")
    await join(bob, room, "Bob")
    await alice.connection.set_affiliation(room, bob.address.bare, Affiliation.OUTCAST)
    out = await bob.hears(OccupantReceived, lambda one: 301 in one.status_codes)
    assert (out.availability, 110 in out.status_codes) == (Availability.OFFLINE, True)
    assert (await refusal(bob, room, "Bob")).refusal is RoomRefusal.BANNED


async def test_a_room_that_is_not_configured_yet_is_locked_for_others(
    prosody: Prosody, three: tuple[Party, Party, Party]
) -> None:
    alice, bob, _ = three
    room = prosody.room()
    stanza = build.presence(recipient=room.with_resource("Alice"))
    SubElement(stanza, names.tag(names.ROOM, "x"))
    alice.connection._line.send(stanza)
    assert await alice.connection.self_ping(room, "Alice")
    error = await refusal(bob, room, "Bob")
    assert error.refusal is RoomRefusal.NOT_FOUND


async def test_a_place_that_is_no_room_service_refuses_at_once(
    prosody: Prosody, three: tuple[Party, Party, Party]
) -> None:
    error = await refusal(three[0], Address.parse("nowhere@unknown.test"), "Alice")
    assert error.refusal is RoomRefusal.NOT_ALLOWED
    assert error.message


async def test_a_kick_tells_everybody_who_and_why(prosody: Prosody, three: tuple[Party, Party, Party]) -> None:
    alice, bob, carol = three
    room = prosody.room()
    for party, nick in zip(three, ("Alice", "Bob", "Carol"), strict=True):
        await join(party, room, nick)
    await alice.connection.kick(room, "Bob", "too loud")
    for party in (bob, carol):
        out = await party.hears(OccupantReceived, lambda one: 307 in one.status_codes)
        assert (out.sender.resource, out.reason, out.actor) == ("Bob", "too loud", "Alice")
    with pytest.raises(RequestFailed) as caught:
        await carol.connection.kick(room, "Alice", "")
    assert caught.value.condition in {"not-allowed", "forbidden"}
    assert not await bob.connection.self_ping(room, "Bob")


async def test_the_subject_is_a_message_without_a_body(prosody: Prosody, three: tuple[Party, Party, Party]) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await join(alice, room, "Alice")
    await join(bob, room, "Bob")
    alice.connection.set_subject(room, "Soup & bread")
    message = await bob.hears(MessageReceived, lambda message: message.subject == "Soup & bread")
    assert (message.body, message.sender) == (None, room.with_resource("Alice"))


async def test_a_new_nickname_is_seen_by_all_and_a_taken_one_refused(
    prosody: Prosody, three: tuple[Party, Party, Party]
) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await join(alice, room, "Alice")
    await join(bob, room, "Bob")
    await bob.connection.change_nick(room, "Bobby")
    change = await alice.hears(OccupantReceived, lambda one: 303 in one.status_codes)
    assert (change.sender.resource, change.new_nick) == ("Bob", "Bobby")
    with pytest.raises(RoomRefused) as caught:
        await bob.connection.change_nick(room, "Alice")
    assert caught.value.refusal is RoomRefusal.NICKNAME_TAKEN
    assert await bob.connection.self_ping(room, "Bobby")
    with pytest.raises(RoomRefused):
        await bob.connection.change_nick(prosody.room(), "Bobby")


async def test_we_know_whether_we_are_still_in(prosody: Prosody, three: tuple[Party, Party, Party]) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await join(alice, room, "Alice")
    assert await alice.connection.self_ping(room, "Alice")
    assert not await bob.connection.self_ping(room, "Bob")
    alice.connection.leave_room(room, "Alice")
    assert not await alice.connection.self_ping(room, "Alice")


async def test_an_invitation_reaches_the_invited_and_can_be_declined(
    prosody: Prosody, three: tuple[Party, Party, Party]
) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await join(alice, room, "Alice")
    alice.connection.invite(room, bob.address.bare, "Come & see")
    message = await bob.hears(MessageReceived, lambda message: message.invitation is not None)
    invitation = message.invitation
    assert invitation is not None
    assert invitation.room == room
    assert not invitation.direct
    mediated = bob.heard(MessageReceived, lambda message: message.invitation is not None)
    assert any(one.invitation is not None and one.invitation.reason == "Come & see" for one in mediated)
    bob.connection.decline_invitation(room, alice.address.bare)
    await alice.hears(MessageReceived, lambda message: message.declined)


async def test_a_private_message_in_a_room_is_marked_as_one(
    prosody: Prosody, three: tuple[Party, Party, Party]
) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await join(alice, room, "Alice")
    await join(bob, room, "Bob")
    alice.connection.send(Outgoing(room.with_resource("Bob"), MessageType.CHAT, "p1", body="psst", private=True))
    message = await bob.reads("psst")
    assert (message.sender, message.is_private, message.type) == (room.with_resource("Alice"), True, MessageType.CHAT)


async def test_our_presence_is_shown_in_rooms_too(prosody: Prosody, three: tuple[Party, Party, Party]) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await join(alice, room, "Alice")
    alice.connection.send_presence(Availability.AWAY, "tea")
    await join(bob, room, "Bob")
    away = await bob.hears(OccupantReceived, lambda one: one.availability is Availability.AWAY)
    assert (away.sender.resource, away.status) == ("Alice", "tea")


async def test_a_server_lists_its_room_services_and_their_public_rooms(
    prosody: Prosody, three: tuple[Party, Party, Party]
) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await join(alice, room, "Alice")
    await configure(alice, room, roomname="The Kitchen", publicroom="1")
    assert await bob.connection.room_services() == (Address(prosody.rooms),)
    listed = await bob.connection.rooms_of(Address(prosody.rooms))
    assert ("The Kitchen", room) in [(one.name, one.address) for one in listed]
    info = await bob.connection.room_info(room)
    assert (info.name, info.has_archive, info.is_private) == ("The Kitchen", True, False)
    with pytest.raises(RequestFailed):
        await bob.connection.room_info(prosody.room())


async def test_a_destroyed_room_says_where_to_go(prosody: Prosody, three: tuple[Party, Party, Party]) -> None:
    alice, bob, _ = three
    room, next_room = prosody.room(), prosody.room()
    await join(alice, room, "Alice")
    await join(bob, room, "Bob")
    query = Element(names.tag(names.ROOM_OWNER, "query"))
    destroy = SubElement(query, names.tag(names.ROOM_OWNER, "destroy"), {"jid": str(next_room)})
    SubElement(destroy, names.tag(names.ROOM_OWNER, "reason")).text = "moved"
    await alice.connection._requests.set(query, room)
    gone = await bob.hears(OccupantReceived, lambda one: one.destroyed)
    assert (gone.alternate, gone.reason) == (next_room, "moved")
    await until(lambda: not bob.connection._rooms.includes(room), what="the room is forgotten")
