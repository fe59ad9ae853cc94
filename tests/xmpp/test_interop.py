"""The same on ejabberd: what works on one server only is not interoperable."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.server.authority import TestAuthority
from tests.server.ejabberd import Ejabberd, is_installed
from tests.server.prosody import fresh_name
from tests.xmpp.party import Party
from tests.xmpp.test_bookmarks import access_model
from tests.xmpp.test_operations import KINDS, check, operations
from tui_xmpp.errors import RequestFailed, RoomRefusal, RoomRefused
from tui_xmpp.model.address import Address
from tui_xmpp.model.archive import ArchiveQuery
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.message_parts import StanzaId
from tui_xmpp.model.room import Affiliation, Bookmark
from tui_xmpp.model.stanzas import (
    BookmarksChanged,
    DisplayedChanged,
    DisplayedMark,
    MessageReceived,
    MessageType,
    OccupantReceived,
    PresenceReceived,
    Route,
    SubscriptionAction,
    SubscriptionReceived,
)
from tui_xmpp.xmpp import names

pytestmark = pytest.mark.skipif(not is_installed(), reason="ejabberd is not installed")


@pytest.fixture(scope="module")
def ejabberd(server_directory: Path, authority: TestAuthority) -> Iterator[Ejabberd]:
    server = Ejabberd(server_directory / "ejabberd", authority=authority).start()
    yield server
    server.stop()


@pytest.fixture
async def two(ejabberd: Ejabberd) -> AsyncIterator[tuple[Party, Party]]:
    async with AsyncExitStack() as stack:
        accounts = [ejabberd.add_user(fresh_name()) for _ in range(2)]
        parties = [await stack.enter_async_context(Party(ejabberd.settings(one.local))) for one in accounts]
        yield parties[0], parties[1]


async def test_messages_presence_and_carbons(ejabberd: Ejabberd, two: tuple[Party, Party]) -> None:
    alice, bob = two
    alice.connection.subscribe(bob.address.bare)
    await bob.hears(SubscriptionReceived, lambda signal: signal.action is SubscriptionAction.SUBSCRIBE)
    bob.connection.answer_subscription(alice.address.bare, accept=True)
    await alice.hears(PresenceReceived, lambda signal: signal.sender == bob.address)
    async with Party(ejabberd.settings(alice.address.local)) as phone:
        alice.say(bob.address.bare, "hello")
        message = await bob.reads("hello")
        assert [stanza_id.by for stanza_id in message.stanza_ids] == [bob.address.bare]
        assert (await phone.reads("hello")).route is Route.CARBON_SENT


async def test_newest_page_and_the_one_before(two: tuple[Party, Party]) -> None:
    alice, bob = two
    for number in range(7):
        alice.say(bob.address.bare, f"m{number}")
    await bob.reads("m6")
    newest = await bob.connection.archive_page(ArchiveQuery(before="", size=5))
    assert [message.body for message in newest.messages] == ["m2", "m3", "m4", "m5", "m6"]
    older = await bob.connection.archive_page(ArchiveQuery(before=newest.first, size=5))
    assert ([message.body for message in older.messages], older.complete) == (["m0", "m1"], True)


async def test_a_room_with_all_its_refusals(ejabberd: Ejabberd, two: tuple[Party, Party]) -> None:
    alice, bob = two
    room = Address(ejabberd.rooms, fresh_name("room"))
    await alice.connection.join_room(room, "Alice", "", history=0)
    with pytest.raises(RoomRefused) as taken:
        await bob.connection.join_room(room, "Alice", "", history=0)
    assert taken.value.refusal is RoomRefusal.NICKNAME_TAKEN
    await bob.connection.join_room(room, "Bob", "", history=0)
    alice.say(room, "hi", MessageType.GROUPCHAT)
    assert (await bob.reads("hi")).sender == room.with_resource("Alice")
    assert await bob.connection.self_ping(room, "Bob")
    bob.connection.send_presence(Availability.AWAY, "tea")
    away = await alice.hears(OccupantReceived, lambda one: one.availability is Availability.AWAY)
    assert away.sender.resource == "Bob"
    await bob.connection.change_nick(room, "Bobby")
    alice.connection.set_subject(room, "Soup")
    await bob.hears(MessageReceived, lambda message: message.subject == "Soup" and message.body is None)
    page = await bob.connection.archive_page(ArchiveQuery(archive=room, before="", size=5))
    assert "hi" in [message.body for message in page.messages]
    await alice.connection.set_affiliation(room, bob.address.bare, Affiliation.OUTCAST)
    await bob.hears(OccupantReceived, lambda one: 301 in one.status_codes)
    assert not await bob.connection.self_ping(room, "Bobby")
    with pytest.raises(RoomRefused) as banned:
        await bob.connection.join_room(room, "Bob", "", history=0)
    assert banned.value.refusal is RoomRefusal.BANNED
    assert await bob.connection.room_services() == (Address(ejabberd.rooms),)
    assert room in [listing.address for listing in await bob.connection.rooms_of(Address(ejabberd.rooms))]


async def test_bookmarks_are_private_and_reach_the_other_device(ejabberd: Ejabberd, two: tuple[Party, Party]) -> None:
    alice, _ = two
    bookmark = Bookmark(Address(ejabberd.rooms, "kitchen"), "Kitchen", "Al", autojoin=True)
    async with Party(ejabberd.settings(alice.address.local)) as phone:
        assert await alice.connection.bookmarks() == ()
        await alice.connection.publish_bookmark(bookmark)
        assert await access_model(alice) == ("whitelist",)
        await phone.hears(BookmarksChanged, lambda change: change.published == (bookmark,))
        assert await phone.connection.bookmarks() == (bookmark,)
        await alice.connection.retract_bookmark(bookmark.room)
        # ejabberd 23.01 tells nobody of a retraction, not even with `pubsub#notify_retract`: the next fetch shows it.
        assert await phone.connection.bookmarks() == ()


async def test_operations_on_messages_are_passed_on_copied_and_archived(
    ejabberd: Ejabberd, two: tuple[Party, Party]
) -> None:
    alice, bob = two
    async with Party(ejabberd.settings(alice.address.local)) as phone:
        original = alice.say(bob.address.bare, "hi")
        await bob.reads("hi")
        for outgoing in operations(bob.address.bare, MessageType.CHAT, original):
            alice.connection.send(outgoing)
        for party in (bob, phone):
            await party.reads("well")
            check(party.heard(MessageReceived, lambda one: one.body != "hi"), original, bob.address.bare)
    for party in (alice, bob):
        page = await party.connection.archive_page(ArchiveQuery(before=""))
        check(list(page.messages[1:]), original, bob.address.bare)


async def test_operations_in_a_room_are_passed_on_and_archived(ejabberd: Ejabberd, two: tuple[Party, Party]) -> None:
    alice, bob = two
    room = Address(ejabberd.rooms, fresh_name("room"))
    await alice.connection.join_room(room, "Alice", "", history=0)
    await bob.connection.join_room(room, "Bob", "", history=0)
    alice.say(room, "hi", MessageType.GROUPCHAT)
    (stanza_id,) = (await bob.reads("hi")).stanza_ids
    for outgoing in operations(room, MessageType.GROUPCHAT, stanza_id.id):
        alice.connection.send(outgoing)
    await bob.reads("well")
    check(bob.heard(MessageReceived, lambda one: one.id in KINDS), stanza_id.id, room)
    page = await bob.connection.archive_page(ArchiveQuery(archive=room, before=""))
    check([message for message in page.messages if message.id in KINDS], stanza_id.id, room)
    with pytest.raises(RequestFailed, match="cannot take messages back"):  # XEP-0425 came to ejabberd later
        await alice.connection.moderate(room, stanza_id.id, "")


async def test_what_was_read_is_private_and_reaches_the_other_device(
    ejabberd: Ejabberd, two: tuple[Party, Party]
) -> None:
    alice, bob = two
    own = alice.address.bare
    async with Party(ejabberd.settings(own.local)) as phone:
        assert await alice.connection.displayed_marks() == ()
        mark = DisplayedMark(bob.address.bare, StanzaId(own, "s1"))
        await alice.connection.publish_displayed(mark)
        assert await access_model(alice, names.DISPLAYED) == ("whitelist",)
        await phone.hears(DisplayedChanged, lambda change: change.marks == (mark,))
        later = DisplayedMark(bob.address.bare, StanzaId(own, "s2"))
        await phone.connection.publish_displayed(later)
        await alice.hears(DisplayedChanged, lambda change: change.marks == (later,))
        assert await phone.connection.displayed_marks() == (later,)
