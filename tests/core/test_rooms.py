"""Rooms: talk, come and go, be refused, be put out; with engines and a real server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import partial

import pytest

from tests.engines import Client, make_engine
from tests.server.prosody import Prosody, fresh_name
from tests.waiting import until
from tui_xmpp.errors import RoomRefusal, RoomRefused, Unavailable
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.commands import (
    AnswerRequest,
    ChangeNick,
    CloseChat,
    InviteToRoom,
    JoinRoom,
    Kick,
    LeaveRoom,
    OpenChat,
    SendMessage,
    SetAffiliation,
    SetSubject,
)
from tui_xmpp.model.events import MessageAdded
from tui_xmpp.model.message import Delivery, Direction, MessageKind
from tui_xmpp.model.request import RequestKind
from tui_xmpp.model.room import Affiliation, RoomStatus

pytestmark = pytest.mark.timeout(90)


@pytest.fixture
async def three(prosody: Prosody) -> AsyncIterator[tuple[Client, Client, Client]]:
    """Three people who are online."""
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(make_engine(prosody, fresh_name())) for _ in range(3)]
        yield clients[0], clients[1], clients[2]


def people(client: Client, room: Address) -> set[str]:
    return {occupant.nick for occupant in client.engine.occupants(client.key(room))}


def are_there(client: Client, room: Address, nicks: set[str]) -> bool:
    return people(client, room) == nicks


def has_messages(client: Client, room: Address, count: int) -> bool:
    return len(client.told(MessageAdded)) == len(client.bodies(room)) == count


def muc(server: Prosody, room: Address, call: str) -> None:
    """Configure a room from the server's side."""
    server.shell(f"> {lua_room(server, room)}:{call}")


def forget_everybody(server: Prosody, room: Address) -> None:
    """Put all out of a room without telling them, as a crash of its service would."""
    there = lua_room(server, room)
    server.shell(f'> rawset({there}, "_occupants", {{}}) and rawset({there}, "_jid_nick", {{}})')


def lua_room(server: Prosody, room: Address) -> str:
    service = f'require"core.modulemanager".get_module("{server.rooms}", "muc")'
    return f'{service}.get_room_from_jid("{room}")'


def status(client: Client, room: Address) -> RoomStatus:
    return client.engine.room(client.key(room)).status


async def test_three_people_talk_in_the_order_of_the_room(
    prosody: Prosody, three: tuple[Client, Client, Client]
) -> None:
    room = prosody.room()
    for client, nick in zip(three, ("Alice", "Bob", "Carol"), strict=True):
        await client.join(room, nick)
    for client in three:
        await until(partial(are_there, client, room, {"Alice", "Bob", "Carol"}))
        assert client.engine.room(client.key(room)).people == 3
    for client in three:
        for number in range(5):
            await client.say(room, f"{client.account.local} {number}")
    for client in three:
        await until(partial(has_messages, client, room, 15))
    alice, bob, carol = three
    await alice.until(lambda: all(m.delivery is Delivery.SENT for m in alice.history(room)))
    assert {*alice.bodies(room)} == {*bob.bodies(room)} == {*carol.bodies(room)}
    for client in three:
        own = [message for message in client.history(room) if message.direction is Direction.OUT]
        assert [message.body for message in own] == [f"{client.account.local} {number}" for number in range(5)]
        assert all(event.live for event in client.told(MessageAdded))


async def test_who_is_named_is_told_so(prosody: Prosody, three: tuple[Client, Client, Client]) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await alice.join(room, "Alice")
    await bob.join(room, "Bob")
    await bob.say(room, "Alicent is not meant")
    await bob.say(room, "alice, who brings bread?")
    await alice.until(lambda: len(alice.bodies(room)) == 2)
    assert [message.mentions_us for message in alice.history(room)] == [False, True]
    chat = alice.engine.chat(alice.key(room))
    assert chat is not None
    assert (chat.unread, chat.mentions) == (2, 1)


async def test_the_subject_is_told_on_entering_and_a_change_is_a_row(
    prosody: Prosody, three: tuple[Client, Client, Client]
) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await alice.join(room, "Alice")
    await alice.do(SetSubject(alice.key(room), "weekend plans"))
    await alice.until(lambda: alice.engine.room(alice.key(room)).subject == "weekend plans")
    await bob.join(room, "Bob")
    await bob.until(lambda: bob.engine.room(bob.key(room)).subject == "weekend plans")
    await alice.do(SetSubject(alice.key(room), "bread"))
    await bob.until(lambda: bob.engine.room(bob.key(room)).subject == "bread")
    await bob.until(lambda: bob.history(room) and bob.history(room)[-1].body == "bread")
    assert bob.history(room)[-1].kind is MessageKind.SUBJECT
    chat = bob.engine.chat(bob.key(room))
    assert chat is not None
    assert chat.unread == 0


async def test_a_nickname_that_is_taken_is_said_so_and_the_chat_stays(
    prosody: Prosody, three: tuple[Client, Client, Client]
) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await alice.join(room, "Alice")
    with pytest.raises(RoomRefused) as refusal:
        await bob.do(JoinRoom(bob.account, room, "Alice"))
    assert refusal.value.refusal is RoomRefusal.NICKNAME_TAKEN
    shown = bob.engine.room(bob.key(room))
    assert (shown.status, shown.refusal) == (RoomStatus.REFUSED, RoomRefusal.NICKNAME_TAKEN)
    assert "nickname" in shown.problem
    assert [chat.kind for chat in bob.engine.chats()] == [ChatKind.ROOM]
    with pytest.raises(Unavailable, match="not in"):
        await bob.do(SendMessage(bob.key(room), "hello?"))
    await bob.join(room, "Bob")
    await bob.say(room, "hello")
    await alice.until(lambda: alice.bodies(room) == ["hello"])


async def test_nicknames_change(prosody: Prosody, three: tuple[Client, Client, Client]) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await alice.join(room, "Alice")
    await bob.join(room, "Bob")
    await bob.do(ChangeNick(bob.key(room), "Robert"))
    await alice.until(lambda: people(alice, room) == {"Alice", "Robert"})
    assert bob.engine.room(bob.key(room)).nick == "Robert"
    await bob.say(room, "it is me")
    await bob.until(lambda: bob.history(room)[-1].delivery is Delivery.SENT)
    with pytest.raises(RoomRefused) as refusal:
        await bob.do(ChangeNick(bob.key(room), "Alice"))
    assert refusal.value.refusal is RoomRefusal.NICKNAME_TAKEN
    assert status(bob, room) is RoomStatus.JOINED


async def test_a_password_is_asked_for_and_kept(prosody: Prosody, three: tuple[Client, Client, Client]) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await alice.join(room, "Alice")
    muc(prosody, room, 'set_password("sesame")')
    with pytest.raises(RoomRefused) as refusal:
        await bob.do(JoinRoom(bob.account, room, "Bob"))
    assert refusal.value.refusal is RoomRefusal.PASSWORD
    await bob.join(room, "Bob", "sesame")
    (bookmark,) = bob.engine.bookmarks(bob.account)
    assert (bookmark.room, bookmark.nick, bookmark.password, bookmark.autojoin) == (room, "Bob", "sesame", True)


async def test_a_members_only_room_says_so(prosody: Prosody, three: tuple[Client, Client, Client]) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await alice.join(room, "Alice")
    muc(prosody, room, "set_members_only(true)")
    with pytest.raises(RoomRefused) as refusal:
        await bob.do(JoinRoom(bob.account, room, "Bob"))
    assert refusal.value.refusal is RoomRefusal.MEMBERS_ONLY
    assert bob.key(room) not in [chat.key for chat in bob.engine.chats()]
    await alice.do(SetAffiliation(alice.key(room), bob.account, Affiliation.MEMBER))
    await bob.join(room, "Bob")
    assert bob.key(room) in [chat.key for chat in bob.engine.chats()]


async def test_who_is_kicked_is_told_by_whom_and_can_come_back(
    prosody: Prosody, three: tuple[Client, Client, Client]
) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await alice.join(room, "Alice")
    await bob.join(room, "Bob")
    await alice.until(lambda: "Bob" in people(alice, room))
    await alice.do(Kick(alice.key(room), "Bob", "too loud"))
    await bob.until(lambda: status(bob, room) is RoomStatus.LEFT)
    problem = bob.engine.room(bob.key(room)).problem
    assert problem.startswith("You were removed from the room")
    assert problem.endswith("too loud")
    assert people(bob, room) == set()
    await bob.do(OpenChat(bob.key(room)))
    assert status(bob, room) is RoomStatus.JOINED


async def test_what_a_room_refuses_since_it_has_forgotten_us_goes_out_again_when_we_are_back(
    prosody: Prosody, three: tuple[Client, Client, Client]
) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await alice.join(room, "Alice")
    await bob.join(room, "Bob")
    await alice.until(lambda: "Bob" in people(alice, room))
    forget_everybody(prosody, room)
    await asyncio.gather(*(alice.say(room, f"{number}") for number in range(5)))
    await alice.until(lambda: {message.delivery for message in alice.history(room)} == {Delivery.SENT})
    await bob.say(room, "it forgot me too")
    numbers = ["0", "1", "2", "3", "4"]
    await alice.until(lambda: alice.bodies(room) == [*numbers, "it forgot me too"])
    await bob.until(lambda: bob.bodies(room)[:5] == numbers)


async def test_who_is_banned_is_told_and_cannot_come_back(
    prosody: Prosody, three: tuple[Client, Client, Client]
) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await alice.join(room, "Alice")
    await bob.join(room, "Bob")
    await alice.do(SetAffiliation(alice.key(room), bob.account, Affiliation.OUTCAST))
    await bob.until(lambda: status(bob, room) is RoomStatus.REFUSED)
    assert bob.engine.room(bob.key(room)).refusal is RoomRefusal.BANNED
    with pytest.raises(RoomRefused):
        await bob.do(JoinRoom(bob.account, room))


async def test_an_invitation_is_a_request_and_accepting_it_enters(
    prosody: Prosody, three: tuple[Client, Client, Client]
) -> None:
    alice, bob, carol = three
    room = prosody.room()
    await alice.join(room, "Alice")
    for client in (bob, carol):
        await alice.do(InviteToRoom(alice.key(room), client.account, "come and eat"))
        await client.until(client.engine.requests)
    (request,) = bob.engine.requests()
    assert (request.kind, request.room, request.text) == (RequestKind.INVITATION, room, "come and eat")
    assert (request.sender, request.nick) == (room, "Alice")
    assert bob.engine.chats() == ()
    await bob.do(AnswerRequest(request.id, accept=True))
    assert status(bob, room) is RoomStatus.JOINED
    await carol.do(AnswerRequest(carol.engine.requests()[0].id, accept=False))
    assert carol.engine.requests() == ()
    assert carol.engine.chats() == ()


async def test_a_room_left_stays_on_the_list_and_a_closed_one_does_not(
    prosody: Prosody, three: tuple[Client, Client, Client]
) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await alice.join(room, "Alice")
    await bob.join(room, "Bob")
    await bob.do(LeaveRoom(bob.key(room)))
    await alice.until(lambda: people(alice, room) == {"Alice"})
    assert [chat.key for chat in bob.engine.chats()] == [bob.key(room)]
    assert [bookmark.autojoin for bookmark in bob.engine.bookmarks(bob.account)] == [False]
    await bob.join(room)
    await bob.do(CloseChat(bob.key(room)))
    await alice.until(lambda: people(alice, room) == {"Alice"})
    assert bob.engine.chats() == ()
    assert [bookmark.autojoin for bookmark in bob.engine.bookmarks(bob.account)] == [False]


async def test_bookmarked_rooms_are_entered_at_the_start_of_another_client(prosody: Prosody) -> None:
    name, room = fresh_name(), prosody.room()
    async with make_engine(prosody, name) as desk:
        await desk.join(room, "Alice")
        async with make_engine(prosody, name, store="phone") as phone:
            await phone.until(lambda: status(phone, room) is RoomStatus.JOINED)
            assert [chat.key for chat in phone.engine.chats()] == [phone.key(room)]
            assert phone.engine.room(phone.key(room)).nick == "Alice"
            # Both have the same nickname, and each knows what the other says as its own.
            await desk.say(room, "from the desk")
            await phone.until(lambda: phone.bodies(room) == ["from the desk"])
            assert phone.history(room)[0].direction is Direction.OUT
            # What one client leaves, the other leaves too (XEP-0402).
            await phone.do(LeaveRoom(phone.key(room)))
            await desk.until(lambda: status(desk, room) is RoomStatus.LEFT)
            await phone.join(room)
            await desk.until(lambda: status(desk, room) is RoomStatus.JOINED)


async def test_a_private_message_is_a_chat_of_its_own(prosody: Prosody, three: tuple[Client, Client, Client]) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await alice.join(room, "Alice")
    await bob.join(room, "Bob")
    to_bob = ChatKey(alice.account, room.with_resource("Bob"))
    await alice.do(OpenChat(to_bob))
    await alice.do(SendMessage(to_bob, "psst"))
    to_alice = ChatKey(bob.account, room.with_resource("Alice"))
    await bob.until(lambda: [m.body for m in bob.engine.newest(to_alice, 10)] == ["psst"])
    await alice.until(lambda: alice.engine.newest(to_bob, 10)[0].delivery is Delivery.SENT)
    chat = bob.engine.chat(to_alice)
    assert chat is not None
    assert chat.kind is ChatKind.PRIVATE
    assert "Alice" in chat.title
    assert bob.bodies(room) == []


async def test_a_room_shows_what_was_said_before_we_came_but_not_as_unread(
    prosody: Prosody, three: tuple[Client, Client, Client]
) -> None:
    alice, bob, _ = three
    room = prosody.room()
    await alice.join(room, "Alice")
    for number in range(60):
        await alice.say(room, f"{number}")
    await alice.until(lambda: all(m.delivery is Delivery.SENT for m in alice.history(room)))
    await bob.join(room, "Bob")
    await bob.until(lambda: bob.bodies(room) == [f"{number}" for number in range(60)])
    await bob.until(lambda: len(bob.told(MessageAdded)) == 60)
    chat = bob.engine.chat(bob.key(room))
    assert chat is not None
    assert chat.unread == 0
    assert not any(event.live for event in bob.told(MessageAdded))
    await bob.until(lambda: bob.engine.archive_begins_here(bob.key(room)))


async def test_no_room_is_said_so(prosody: Prosody, three: tuple[Client, Client, Client]) -> None:
    alice, bob, _ = three
    with pytest.raises(RoomRefused) as refusal:
        await alice.do(JoinRoom(alice.account, bob.account))
    assert refusal.value.refusal is RoomRefusal.NOT_FOUND
    assert alice.engine.chats() == ()
    await alice.say(bob.account, "then let us talk")
    await bob.until(lambda: bob.bodies(alice.account) == ["then let us talk"])
    with pytest.raises(RoomRefused):
        await alice.do(JoinRoom(alice.account, bob.account))
    assert [chat.kind for chat in alice.engine.chats()] == [ChatKind.CONTACT]
    await alice.say(bob.account, "still here")
    await bob.until(lambda: bob.bodies(alice.account)[-1] == "still here")
    nowhere = Address.parse("kitchen@rooms.nowhere.invalid")
    with pytest.raises(RoomRefused, match="not allowed"):
        await alice.do(JoinRoom(alice.account, nowhere))
    assert nowhere not in [chat.key.peer for chat in alice.engine.chats()]


async def test_the_rooms_of_a_service_are_listed(prosody: Prosody, three: tuple[Client, Client, Client]) -> None:
    alice, _, _ = three
    room = prosody.room()
    await alice.join(room, "Alice")
    muc(prosody, room, "set_public(true)")
    services = await alice.engine.room_services(alice.account)
    assert services == (Address(prosody.rooms),)
    assert room in {listing.address for listing in await alice.engine.rooms_of(alice.account, services[0])}
