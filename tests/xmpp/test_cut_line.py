"""A cut line: what is under way arrives once, and in order."""

import asyncio
import re

import pytest

from tests.server.authority import TestAuthority
from tests.server.cutter import Cutter
from tests.server.fixtures import ProsodyFactory
from tests.server.hostile import PASSWORD, HostileServer, Peer
from tests.server.prosody import Prosody, fresh_name
from tests.waiting import until
from tests.xmpp.party import Party
from tui_xmpp.errors import ConnectionFailed, Unavailable
from tui_xmpp.model.stanzas import MessageReceived, MessageType, OccupantReceived, StreamBegun, StreamLost


async def test_a_resumed_stream_delivers_what_was_missed_once_and_in_order(prosody: Prosody) -> None:
    alice, bob = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    room = prosody.room()
    async with (
        Cutter(prosody.port) as cutter,
        Party(prosody.settings(alice.local, port=cutter.port)) as a,
        Party.at(prosody, bob) as b,
    ):
        await a.connection.join_room(room, "Alice", "", history=0)
        first = a.opened
        for number in range(20):
            b.say(alice, f"b{number}")
        a.say(bob, "a0")
        cutter.cut()
        lost = await a.hears(StreamLost)
        assert lost.resumable
        assert not a.connection.online
        with pytest.raises(Unavailable):
            a.say(bob, "offline")
        for number in range(20, 40):
            b.say(alice, f"b{number}")
        opened = await a.connect()
        assert first is not None
        assert (opened.resumed, opened.own) == (True, first.own)
        assert len(a.heard(StreamBegun)) == 1
        b.say(alice, "last")
        await a.reads("last")
        bodies = [message.body for message in a.heard(MessageReceived) if message.body]
        assert bodies == [f"b{number}" for number in range(40)] + ["last"]
        await b.reads("a0")
        assert await a.connection.self_ping(room, "Alice")
        assert len(b.heard(MessageReceived, lambda message: message.body == "a0")) == 1


async def test_a_request_under_way_is_answered_after_the_resumption(prosody: Prosody) -> None:
    alice = prosody.add_user(fresh_name())
    async with Cutter(prosody.port) as cutter, Party(prosody.settings(alice.local, port=cutter.port)) as a:
        asked = asyncio.ensure_future(a.connection.roster())
        await asyncio.sleep(0)
        cutter.cut()
        await a.hears(StreamLost)
        await a.connect()
        assert await asked == ()


async def test_a_new_session_ends_what_was_waited_for_and_is_in_no_room(prosody: Prosody) -> None:
    alice, room = prosody.add_user(fresh_name()), prosody.room()
    async with Cutter(prosody.port) as cutter, Party(prosody.settings(alice.local, port=cutter.port)) as a:
        await a.connection.join_room(room, "Alice", "", history=0)
        await a.connection.close()
        assert not a.heard(StreamLost)
        opened = await a.connect()
        assert not opened.resumed
        assert not await a.connection.self_ping(room, "Alice")
        await a.connection.join_room(room, "Alice", "", history=0)


async def test_closing_while_waiting_ends_the_waiting(prosody: Prosody) -> None:
    alice, room = prosody.add_user(fresh_name()), prosody.room()
    async with Cutter(prosody.port) as cutter, Party(prosody.settings(alice.local, port=cutter.port)) as a:
        cutter.freeze()
        waiting = [
            asyncio.ensure_future(a.connection.roster()),
            asyncio.ensure_future(a.connection.join_room(room, "Alice", "", history=0)),
        ]
        await asyncio.sleep(0)
        await a.connection.close()
        results = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(result) for result in results] == [Unavailable, Unavailable]
        cutter.thaw()


async def test_people_of_a_room_are_told_before_we_are_told_to_be_in(prosody: Prosody) -> None:
    """The core fills its table of people from these signals when `join_room` returns."""
    alice, bob = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    room = prosody.room()
    async with Party.at(prosody, alice) as a, Party.at(prosody, bob) as b:
        await a.connection.join_room(room, "Alice", "", history=0)
        a.say(room, "hello", MessageType.GROUPCHAT)
        await b.connection.join_room(room, "Bob", "", history=0)
        people = [signal.sender.resource for signal in b.heard(OccupantReceived)]
        assert people == ["Alice", "Bob"]
        await until(lambda: b.heard(MessageReceived, lambda message: message.subject is not None), what="the subject")


async def test_a_line_lost_during_set_up_is_a_failed_attempt_and_the_next_one_sets_up_all(prosody: Prosody) -> None:
    alice = prosody.add_user(fresh_name())
    async with Cutter(prosody.port) as cutter:
        party = Party(prosody.settings(alice.local, port=cutter.port))
        party.connection._client.add_event_handler("session_start", lambda _: cutter.freeze(), disposable=True)
        attempt = asyncio.ensure_future(party.connect())
        await until(lambda: party.connection._client.online, what="the stream")
        # Nothing of ours goes out before the core knows whether what was under way is lost.
        assert not party.connection.online
        cutter.cut()
        with pytest.raises(ConnectionFailed):
            await attempt
        assert not party.heard(StreamLost)
        cutter.thaw()
        async with party:
            assert party.opened is not None
            assert not party.opened.resumed
            assert party.opened.features
            assert await party.connection.roster() == ()


async def test_a_server_that_is_silent_during_set_up_is_not_one_without_an_archive(prosody: Prosody) -> None:
    alice = prosody.add_user(fresh_name())
    async with Cutter(prosody.port) as cutter:
        party = Party(prosody.settings(alice.local, port=cutter.port))
        party.connection._requests._seconds = 0.2
        party.connection._client.add_event_handler("session_start", lambda _: cutter.freeze(), disposable=True)
        with pytest.raises(ConnectionFailed, match="in time"):
            await party.connect()
        assert not party.heard(StreamLost)
        cutter.thaw()
        party.connection._requests._seconds = 10
        async with party:
            assert party.opened is not None
            assert "urn:xmpp:mam:2" in party.opened.features


async def test_a_server_that_forgot_the_session_gives_a_new_one_and_ends_what_was_waited_for(
    prosody_factory: ProsodyFactory,
) -> None:
    server = prosody_factory(storage="internal")
    alice, room = server.add_user("alice"), server.room()
    async with Party.at(server, alice) as a:
        await a.connection.join_room(room, "Alice", "", history=0)
        asked = asyncio.ensure_future(a.connection.roster())
        await asyncio.sleep(0)
        server.kill()
        assert (await a.hears(StreamLost)).resumable
        server.start()
        assert not (await a.connect()).resumed
        turns = [type(signal) for signal in a.signals if isinstance(signal, StreamLost | StreamBegun)]
        assert turns == [StreamBegun, StreamLost, StreamBegun]
        with pytest.raises(Unavailable):
            await asked
        assert not a.connection._rooms.includes(room)
        await a.connection.join_room(room, "Alice", "", history=0)


async def test_a_line_that_ends_with_the_last_answer_of_the_set_up_is_a_failed_attempt(
    authority: TestAuthority,
) -> None:
    async def script(peer: Peer) -> None:
        await peer.begin_session()
        asked = [await peer.expect("<iq [^>]*?id=.([^ \"']*).[^>]*>") for _ in range(3)]
        answers = (f"<iq type='error' id='{match[1]}' {sender_of(match[0])}/>" for match in asked)
        peer.send("".join(answers) + "</stream:stream>")

    def sender_of(request: str) -> str:
        recipient = re.search("to=.([^ \"']*)", request)
        return f"from='{recipient[1]}'" if recipient else ""

    async with HostileServer(authority, script) as server:
        party = Party(server.settings(), password=PASSWORD)
        with pytest.raises(ConnectionFailed):
            await party.connect()
        assert not party.connection.online
        assert party.signals == [StreamBegun()]
        await party.connection.close()
