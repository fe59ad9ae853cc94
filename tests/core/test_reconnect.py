"""The line drops, the server goes, the program ends: what was written arrives, once and in order."""

from pathlib import Path

import pytest

from tests.engines import Client, MemoryKeeper, befriend, make_client, make_engine
from tests.server.cutter import Cutter
from tests.server.fixtures import ProsodyFactory
from tests.server.plain_client import signed_in
from tests.server.prosody import Prosody, fresh_name
from tests.waiting import until
from tests.xmpp.party import Party
from tui_xmpp.core import session
from tui_xmpp.core.backoff import KNOCK, STEADY
from tui_xmpp.model.account import AccountStatus
from tui_xmpp.model.address import Address
from tui_xmpp.model.archive import ArchiveQuery
from tui_xmpp.model.commands import Connect, Disconnect, SaveDraft, SetPresence
from tui_xmpp.model.contact import Availability, Presence
from tui_xmpp.model.events import AccountChanged, MessageAdded, PresenceChanged
from tui_xmpp.model.message import Delivery
from tui_xmpp.model.room import RoomStatus
from tui_xmpp.xmpp.connection import XmppConnection

pytestmark = pytest.mark.timeout(120)

NUMBERS = [f"{number}" for number in range(20)]


def sent(client: Client, peer: Address) -> bool:
    return all(message.delivery not in {Delivery.PENDING, Delivery.FAILED} for message in client.history(peer))


def session_of(client: Client) -> session.Session:
    return client.engine._of(client.account)


def place_of(client: Client) -> Address:
    """The full address that an engine has now."""
    connection = session_of(client).context.connection
    assert isinstance(connection, XmppConnection)
    return connection._line.own


async def test_a_cut_line_is_resumed_and_nobody_has_left(prosody: Prosody) -> None:
    async with (
        Cutter(prosody.port) as cutter,
        make_engine(prosody, fresh_name()) as bob,
        make_engine(prosody, fresh_name(), port=cutter.port) as alice,
    ):
        await befriend(alice, bob)
        room = prosody.room()
        await alice.join(room, "Alice")
        await bob.join(room, "Bob")
        await bob.do(SetPresence(None, Availability.AWAY, "lunch"))
        away = Presence(Availability.AWAY, "lunch")
        await alice.until(lambda: alice.engine.presence(alice.account, bob.account) == away)
        cutter.refuse()
        cutter.cut()
        await alice.until(lambda: alice.status() is AccountStatus.WAITING)
        await bob.say(alice.account, "while you were away")
        await bob.say(room, "in the room too")
        await alice.say(bob.account, "typed without a line")
        assert alice.history(bob.account)[-1].delivery is Delivery.PENDING
        cutter.accept()
        await alice.online()
        await alice.until(lambda: "while you were away" in alice.bodies(bob.account))
        await alice.until(lambda: "in the room too" in alice.bodies(room))
        await bob.until(lambda: "typed without a line" in bob.bodies(alice.account))
        await alice.until(lambda: sent(alice, bob.account))
        assert alice.engine.presence(alice.account, bob.account) == away
        assert alice.engine.room(alice.key(room)).status is RoomStatus.JOINED
        assert {occupant.nick for occupant in alice.engine.occupants(alice.key(room))} == {"Alice", "Bob"}


async def test_contacts_are_not_shown_as_being_there_for_long_without_a_line(
    prosody: Prosody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "HIDE_AFTER", 0.2)
    async with (
        Cutter(prosody.port) as cutter,
        make_engine(prosody, fresh_name()) as bob,
        make_engine(prosody, fresh_name(), port=cutter.port) as alice,
    ):
        await befriend(alice, bob)
        here = Presence(Availability.ONLINE)
        await alice.until(lambda: alice.engine.presence(alice.account, bob.account) == here)
        cutter.refuse()
        cutter.cut()
        await alice.until(lambda: alice.engine.presence(alice.account, bob.account) == Presence())
        await alice.until(lambda: alice.told(PresenceChanged)[-1].presence == Presence())
        cutter.accept()
        await alice.do(Connect(alice.account))
        await alice.until(lambda: alice.engine.presence(alice.account, bob.account) == here)
        await alice.until(lambda: alice.told(PresenceChanged)[-1].presence == here)


async def test_cuts_while_sending_lose_and_double_nothing(prosody: Prosody) -> None:
    async with (
        Cutter(prosody.port) as cutter,
        make_engine(prosody, fresh_name()) as bob,
        make_engine(prosody, fresh_name(), port=cutter.port) as alice,
    ):
        for number in NUMBERS:
            await alice.say(bob.account, number)
            await bob.say(alice.account, number)
            if number in {"5", "11", "17"}:
                cutter.cut()
        await alice.online()
        await alice.until(lambda: sent(alice, bob.account) and len(alice.bodies(bob.account)) == 40, timeout=30)
        await bob.until(lambda: len(bob.bodies(alice.account)) == 40, timeout=30)
        theirs = [message.body for message in bob.history(alice.account) if message.sender == alice.account]
        mine = [message.body for message in alice.history(bob.account) if message.sender == bob.account]
        assert theirs == NUMBERS
        assert mine == NUMBERS


@pytest.fixture
def stored(prosody_factory: ProsodyFactory) -> Prosody:
    """A server that keeps what it has over a restart."""
    return prosody_factory(storage="internal")


async def test_what_is_typed_while_the_server_restarts_arrives_once_and_in_order_and_soon(
    stored: Prosody, caplog: pytest.LogCaptureFixture
) -> None:
    bob = stored.add_user("bob")
    typed = [f"typed {number}" for number in range(5)]
    caplog.set_level("INFO", "tui_xmpp.xmpp.connecting")
    async with make_engine(stored, "alice") as alice:
        await alice.say(bob, "before")
        await alice.until(lambda: sent(alice, bob))
        await until(lambda: session_of(alice).connector.held >= STEADY, what="a steady stream")
        stored.stop()
        for text in typed:
            await alice.say(bob, text)
        # Down for so long that without knocking the next try were many seconds away.
        await until(lambda: caplog.text.count("no chat service at") >= 6, timeout=20, what="six tries")
        assert alice.engine.accounts()[0].status is AccountStatus.WAITING
        assert alice.engine.accounts()[0].retry_in <= KNOCK
        stored.start()
        await alice.online()
        await alice.until(lambda: sent(alice, bob))
    async with Party.at(stored, bob) as party:
        page = await party.connection.archive_page(ArchiveQuery(archive=None, before="", size=50))
        assert [message.body for message in page.messages] == ["before", *typed]


async def test_a_server_restart_loses_nothing_in_chats_and_rooms(stored: Prosody, tmp_path: Path) -> None:
    async with make_engine(stored, "alice") as alice, make_engine(stored, "bob") as bob:
        await befriend(alice, bob)
        room = stored.room()
        await alice.join(room, "Alice")
        await bob.join(room, "Bob")
        await alice.say(bob.account, "before")
        await alice.say(room, "before")
        await bob.until(lambda: bob.bodies(alice.account) == bob.bodies(room) == ["before"])
        stored.stop()
        await alice.until(lambda: alice.status() is AccountStatus.WAITING)
        for number in NUMBERS:
            await alice.say(bob.account, number)
            await alice.say(room, number)
        stored.start()
        await alice.online()
        await bob.online()
        await bob.until(lambda: bob.bodies(alice.account) == ["before", *NUMBERS], timeout=30)
        await bob.until(lambda: bob.bodies(room) == ["before", *NUMBERS], timeout=30)
        await alice.until(lambda: sent(alice, bob.account) and sent(alice, room), timeout=30)
        assert alice.bodies(bob.account) == alice.bodies(room) == ["before", *NUMBERS]
        here = Availability.ONLINE
        await alice.until(lambda: alice.engine.presence(alice.account, bob.account).availability is here)


async def test_what_was_written_on_a_lost_stream_is_sent_again_only_if_it_did_not_arrive(stored: Prosody) -> None:
    async with (
        Cutter(stored.port) as cutter,
        make_engine(stored, "bob") as bob,
        make_engine(stored, "alice", port=cutter.port) as alice,
    ):
        await alice.say(bob.account, "before")
        await bob.until(lambda: bob.bodies(alice.account) == ["before"])
        # The first half arrives but its acknowledgement does not; the second half does not arrive.
        cutter.freeze()
        for number in NUMBERS:
            await alice.say(bob.account, number)
        cutter.refuse()
        cutter.cut()
        cutter.thaw()
        stored.kill()
        stored.start()
        await bob.online()
        cutter.accept()
        await alice.until(lambda: len(alice.told(AccountChanged)) > 2)
        await alice.online()
        await bob.until(lambda: bob.bodies(alice.account) == ["before", *NUMBERS], timeout=30)
        await alice.until(lambda: sent(alice, bob.account))
        assert alice.bodies(bob.account) == ["before", *NUMBERS]


async def test_everything_is_there_at_the_next_start_without_a_line(prosody: Prosody, tmp_path: Path) -> None:
    name = fresh_name()
    prosody.add_user(name)
    async with make_engine(prosody, fresh_name()) as bob:
        client = make_client(prosody, name, tmp_path)
        await client.engine.start()
        await client.online()
        await befriend(client, bob)
        room = prosody.room()
        await client.join(room, "Alice")
        await bob.say(client.account, "one")
        await client.until(lambda: client.bodies(bob.account) == ["one"])
        await client.do(SaveDraft(client.key(bob.account), "half a th"))
        await client.close()
        # Not started: the screen can be painted before the network is even loaded.
        again = make_client(prosody, name, tmp_path)
        assert again.bodies(bob.account) == ["one"]
        assert [contact.address for contact in again.engine.contacts()] == [bob.account]
        row = again.engine.chat(again.key(bob.account))
        assert row is not None
        assert (row.unread, row.draft) == (1, "half a th")
        assert [chat.key.peer for chat in again.engine.chats()] == [bob.account, room]
        assert again.engine.room(again.key(room)).nick == "Alice"
        assert again.status() is AccountStatus.OFFLINE
        await again.say(bob.account, "typed offline")
        await again.say(room, "in the room")
        await again.close()
        third = make_client(prosody, name, tmp_path)
        await third.engine.start()
        await bob.until(lambda: bob.bodies(client.account) == ["one", "typed offline"])
        await third.until(lambda: sent(third, room) and sent(third, bob.account))
        assert third.bodies(room) == ["in the room"]
        await third.close()


async def test_the_server_is_down_at_first(prosody_factory: ProsodyFactory, tmp_path: Path) -> None:
    server = prosody_factory(storage="internal")
    server.add_user("alice")
    server.stop()
    client = make_client(server, "alice", tmp_path)
    await client.engine.start()
    await client.until(lambda: client.status() is AccountStatus.WAITING)
    state = client.engine.accounts()[0]
    assert state.problem
    assert 0 < state.retry_in <= 1
    server.start()
    await client.do(Connect(client.account))
    await client.online()
    await client.close()


async def test_disconnecting_is_kept_until_connecting(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as bob:
        await befriend(alice, bob)
        await alice.until(lambda: alice.engine.presence(alice.account, bob.account) != Presence())
        await alice.do(Disconnect(alice.account))
        assert alice.status() is AccountStatus.OFFLINE
        assert alice.engine.presence(alice.account, bob.account) == Presence()
        await bob.say(alice.account, "are you there?")
        await alice.do(Connect(alice.account))
        await alice.online()
        await alice.until(lambda: [event.live for event in alice.told(MessageAdded)] == [False])
        assert alice.bodies(bob.account) == ["are you there?"]


async def test_own_presence_is_told_again_on_a_new_stream(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as bob:
        await befriend(alice, bob)
        busy = Presence(Availability.DND, "writing")
        await alice.do(SetPresence(alice.account, busy.availability, busy.status))
        await bob.until(lambda: bob.engine.presence(bob.account, alice.account) == busy)
        await alice.do(Disconnect(alice.account))
        await bob.until(lambda: bob.engine.presence(bob.account, alice.account) == Presence())
        await alice.do(Connect(alice.account))
        await bob.until(lambda: bob.engine.presence(bob.account, alice.account) == busy)


async def test_a_wrong_password_needs_a_person(prosody: Prosody, tmp_path: Path) -> None:
    name = fresh_name()
    account = prosody.add_user(name)
    client = make_client(prosody, name, tmp_path, keeper=MemoryKeeper({account: "wrong"}))
    await client.engine.start()
    await client.until(lambda: client.status() is AccountStatus.NEEDS_PASSWORD)
    assert "password" in client.engine.accounts()[0].problem
    await client.do(Connect(account, "secret"))
    await client.online()
    await client.close()


async def test_a_password_that_nobody_keeps_is_asked_for(prosody: Prosody, tmp_path: Path) -> None:
    name = fresh_name()
    account = prosody.add_user(name)
    keeper = MemoryKeeper({account: ""})
    client = make_client(prosody, name, tmp_path, keeper=keeper)
    del keeper.passwords[account]
    await client.engine.start()
    await client.until(lambda: client.status() is AccountStatus.NEEDS_PASSWORD)
    await client.do(Connect(account, "secret"))
    await client.online()
    await client.close()


async def test_who_is_replaced_comes_back_once_in_another_place_and_does_not_fight(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as bob, make_engine(prosody, fresh_name()) as alice:
        await befriend(alice, bob)
        first = place_of(alice)
        async with signed_in(str(first), port=prosody.port, ca_file=prosody.ca_file):
            await alice.until(lambda: alice.status() is AccountStatus.WAITING)
            await alice.online()
            second = place_of(alice)
            assert second.bare == first.bare
            assert second != first
            await bob.say(alice.account, "still there?")
            await alice.until(lambda: alice.bodies(bob.account) == ["still there?"])
            async with signed_in(str(second), port=prosody.port, ca_file=prosody.ca_file):
                await alice.until(lambda: alice.status() is AccountStatus.FAILED)
                assert "Another client" in alice.engine.accounts()[0].problem
                assert not session_of(alice).context.online
                await alice.do(Connect(alice.account))
                await alice.online()
                assert place_of(alice) not in {first, second}


async def test_a_catching_up_that_was_cut_is_finished_after_the_resumption(prosody: Prosody, tmp_path: Path) -> None:
    name, room = fresh_name(), prosody.room()
    prosody.add_user(name)
    async with Cutter(prosody.port) as cutter, make_engine(prosody, fresh_name()) as bob:
        await bob.join(room, "Bob")
        alice = make_client(prosody, name, tmp_path, port=cutter.port)
        await alice.engine.start()
        await alice.online()
        await alice.join(room, "Alice")
        await bob.say(alice.account, "0")
        await alice.until(lambda: alice.bodies(bob.account) == ["0"])
        await alice.close()
        for number in range(1, 200):
            await bob.say(alice.account, f"{number}")
            await bob.say(room, f"{number}")
        await bob.until(lambda: sent(bob, room) and sent(bob, alice.account), timeout=30)
        alice = make_client(prosody, name, tmp_path, port=cutter.port)
        await alice.engine.start()
        await alice.until(lambda: len(alice.bodies(bob.account)) > 40)
        cutter.cut()
        await alice.until(lambda: len(alice.bodies(bob.account)) == 200, timeout=30)
        await alice.until(lambda: len(alice.bodies(room)) == 199, timeout=30)
        assert alice.bodies(bob.account) == [f"{number}" for number in range(200)]
        assert alice.bodies(room) == [f"{number}" for number in range(1, 200)]
        await alice.close()
