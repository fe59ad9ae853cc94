"""Pages of real archives: an account's own and a room's."""

import pytest

from tests.server.prosody import Prosody, fresh_name
from tests.xmpp.party import Party
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.model.archive import ArchiveQuery
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Route


async def filled(alice: Party, bob: Party, count: int) -> None:
    for number in range(count):
        alice.say(bob.address.bare, f"m{number}")
    await bob.reads(f"m{count - 1}")


async def test_the_newest_page_comes_first_and_then_backwards_to_the_beginning(prosody: Prosody) -> None:
    alice, bob = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    async with Party.at(prosody, alice) as a, Party.at(prosody, bob) as b:
        await filled(a, b, 25)
        newest = await b.connection.archive_page(ArchiveQuery(before="", size=10))
        assert [message.body for message in newest.messages] == [f"m{n}" for n in range(15, 25)]
        assert (newest.first, newest.last) == (newest.messages[0].archive_id, newest.messages[-1].archive_id)
        assert not newest.complete
        one = newest.messages[0]
        assert (one.route, one.sender, one.outer_sender, one.delay_by) == (Route.ARCHIVE, a.address, bob, bob)
        assert one.delay is not None
        live = b.heard(MessageReceived, lambda message: message.body == "m15")[0]
        assert one.archive_id in [stanza_id.id for stanza_id in live.stanza_ids]
        older = await b.connection.archive_page(ArchiveQuery(before=newest.first, size=10))
        assert [message.body for message in older.messages] == [f"m{n}" for n in range(5, 15)]
        oldest = await b.connection.archive_page(ArchiveQuery(before=older.first, size=10))
        assert [message.body for message in oldest.messages] == [f"m{n}" for n in range(5)]
        assert oldest.complete
        newer = await b.connection.archive_page(ArchiveQuery(after=oldest.last, size=10))
        assert [message.body for message in newer.messages] == [f"m{n}" for n in range(5, 15)]
        assert (await b.connection.archive_page(ArchiveQuery(after=newest.last))).messages == ()
        assert len(b.heard(MessageReceived)) == 25


async def test_a_page_can_be_about_one_contact_and_since_a_time(prosody: Prosody) -> None:
    alice, bob = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    async with Party.at(prosody, alice) as a, Party.at(prosody, bob) as b:
        await filled(a, b, 3)
        b.say(Address.parse(f"carol@{prosody.domain}"), "to somebody else")
        page = await b.connection.archive_page(ArchiveQuery(peer=alice))
        assert [message.body for message in page.messages] == ["m0", "m1", "m2"]
        last = page.messages[-1].delay
        assert last is not None
        later = await b.connection.archive_page(ArchiveQuery(peer=alice, start=last + 60_000_000))
        assert later.messages == ()


async def test_a_rooms_archive_gives_what_was_said_there(prosody: Prosody) -> None:
    alice, bob = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    room = prosody.room()
    async with Party.at(prosody, alice) as a, Party.at(prosody, bob) as b:
        await a.connection.join_room(room, "Alice", "", history=0)
        for number in range(5):
            a.say(room, f"r{number}", MessageType.GROUPCHAT)
        await a.reads("r4")
        await b.connection.join_room(room, "Bob", "", history=0)
        page = await b.connection.archive_page(ArchiveQuery(archive=room, before="", size=3))
        assert [message.body for message in page.messages] == ["r2", "r3", "r4"]
        assert {message.sender for message in page.messages} == {room.with_resource("Alice")}
        assert {message.outer_sender for message in page.messages} == {room}
        assert not b.heard(MessageReceived, lambda message: message.body is not None)


async def test_an_id_that_the_archive_does_not_know_is_a_failure_that_can_be_told_apart(prosody: Prosody) -> None:
    async with Party.at(prosody, prosody.add_user(fresh_name())) as alice:
        with pytest.raises(RequestFailed) as caught:
            await alice.connection.archive_page(ArchiveQuery(before="no-such-id"))
        assert caught.value.condition == "item-not-found"


async def test_somebody_elses_archive_is_closed_to_us(prosody: Prosody) -> None:
    alice, bob = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    async with Party.at(prosody, alice) as a:
        with pytest.raises(RequestFailed):
            await a.connection.archive_page(ArchiveQuery(archive=bob))
