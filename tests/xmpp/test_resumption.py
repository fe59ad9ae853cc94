"""Losing the line and coming back: nothing lost, nothing twice, nothing acknowledged that is not on disk (XEP-0198)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from slixmpp import JID, Iq
from slixmpp.exceptions import IqTimeout

from tests.server.authority import TestAuthority
from tests.server.cutter import Cutter
from tests.server.fixtures import ProsodyFactory
from tests.server.hostile import BIND, PASSWORD, SM, HostileServer, Peer
from tests.server.plain_client import PlainClient, signed_in
from tests.server.prosody import Prosody, fresh_name
from tests.waiting import until
from tests.xmpp.clients import Line
from tui_xmpp.errors import ConnectionFailed, Unavailable
from tui_xmpp.model.address import Address
from tui_xmpp.xmpp import keepalive


@asynccontextmanager
async def two(prosody: Prosody) -> AsyncIterator[tuple[Line, Cutter, PlainClient, Address]]:
    """Our client behind a cutter, and a friend on the server; both online."""
    name, friend = fresh_name(), fresh_name("friend")
    own, other = prosody.add_user(name), prosody.add_user(friend)
    async with (
        Cutter(prosody.port) as cutter,
        Line(prosody.settings(name, port=cutter.port)) as line,
        signed_in(str(other), port=prosody.port, ca_file=prosody.ca_file) as plain,
    ):
        await line.client.open("secret")
        line.client.send_presence()
        line.say(own, "ready", "ready")
        await until(lambda: line.bodies == ["ready"])
        line.messages.clear()
        await until(lambda: line.acked == ["ready"])
        line.acked.clear()
        yield line, cutter, plain, other


def ask(line: Line, whom: Address) -> asyncio.Future[Iq]:
    """Send a request by slixmpp's own means."""
    iq = line.client.make_iq_get("jabber:iq:version", str(whom))
    answer: asyncio.Future[Iq] = iq.send()  # type: ignore[no-untyped-call]  # slixmpp has no types there
    return answer


async def lost(line: Line, count: int = 1) -> None:
    await until(lambda: len(line.lost) == count, what="the report of the lost line")


async def test_resumes_after_a_cut_with_messages_in_flight_both_ways(prosody: Prosody) -> None:
    async with two(prosody) as (line, cutter, plain, friend):
        own = line.client.boundjid.full
        cutter.freeze()
        for number in range(20):
            line.say(friend, f"out {number}", f"o{number}")
            plain.send_message(JID(own), f"in {number}", mtype="chat")
        await until(lambda: line.client.waiting_queue.empty())
        cutter.cut()
        await lost(line)
        cutter.thaw()
        assert line.lost[0].resumable
        with pytest.raises(Unavailable):
            line.say(friend, "offline", "offline")
        opened = await line.client.open("secret")
        assert opened.resumed
        assert str(opened.own) == own
        await until(lambda: len(line.messages) == 20 and len(line.acked) == 20)
        await plain.message(lambda message: message["body"] == "out 19")
        assert line.bodies == [f"in {number}" for number in range(20)]
        assert line.acked == [f"o{number}" for number in range(20)]
        assert [message["body"] for message in plain.messages] == [f"out {number}" for number in range(20)]
    assert len(line.lost) == 1


async def test_resumes_again_and_again(prosody: Prosody) -> None:
    async with two(prosody) as (line, cutter, plain, friend):
        own = line.client.boundjid.full
        for turn in range(5):
            line.say(friend, f"out {turn}", f"o{turn}")
            plain.send_message(JID(own), f"in {turn}", mtype="chat")
            if turn % 2:
                cutter.half_close()
            else:
                cutter.cut()
            await lost(line, turn + 1)
            cutter.cut()
            assert (await line.client.open("secret")).resumed
        await until(lambda: len(line.messages) == 5 and len(line.acked) == 5)
        await plain.message(lambda message: message["body"] == "out 4")
        assert line.bodies == [f"in {turn}" for turn in range(5)]
        assert [message["body"] for message in plain.messages] == [f"out {turn}" for turn in range(5)]


async def test_a_message_sent_in_the_moment_of_the_cut_is_not_lost(prosody: Prosody) -> None:
    async with two(prosody) as (line, _, plain, friend):
        line.client.abort()
        line.say(friend, "last words", "last")
        await lost(line)
        assert (await line.client.open("secret")).resumed
        await plain.message(lambda message: message["body"] == "last words")
        await until(lambda: line.acked == ["last"])


async def test_nothing_old_goes_out_where_the_session_is_gone(prosody_factory: ProsodyFactory) -> None:
    server = prosody_factory(storage="internal")
    async with two(server) as (line, cutter, plain, friend):
        cutter.freeze()
        line.say(friend, "unsent", "unsent")
        request = ask(line, friend)
        await until(lambda: line.client.waiting_queue.empty())
        cutter.cut()
        await lost(line)
        assert line.lost[0].resumable
        await plain.disconnect(wait=1)
        server.restart()
        cutter.thaw()
        opened = await line.client.open("secret")
        assert not opened.resumed
        async with signed_in(str(friend), port=server.port, ca_file=server.ca_file) as again:
            line.say(friend, "after", "after")
            await again.message(lambda message: message["body"] == "after")
            assert "unsent" not in [message["body"] for message in again.messages]
        await until(lambda: "after" in line.acked)
        assert "unsent" not in line.acked
        with pytest.raises(IqTimeout):
            await asyncio.wait_for(request, 1)


async def test_a_server_that_shuts_down_is_told_in_plain_words(authority: TestAuthority) -> None:
    async def script(peer: Peer) -> None:
        await peer.begin_session(SM)
        condition = "<system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
        peer.send(f"<stream:error>{condition}</stream:error></stream:stream>")

    async with HostileServer(authority, script) as server, Line(server.settings()) as line:
        await line.client.open(PASSWORD)
        await lost(line)
        assert not line.lost[0].resumable
        assert line.lost[0].reason == "The server is shutting down."


async def test_a_server_that_starts_anew_is_told_once_and_gives_a_new_session(prosody_factory: ProsodyFactory) -> None:
    server = prosody_factory(storage="internal")
    name = fresh_name()
    server.add_user(name)
    async with Line(server.settings(name)) as line:
        await line.client.open("secret")
        server.stop()
        await lost(line)
        with pytest.raises(ConnectionFailed):
            await line.client.open("secret")
        server.start()
        assert not (await line.client.open("secret")).resumed
    assert len(line.lost) == 1


async def test_the_same_program_elsewhere_is_told_as_a_conflict(prosody: Prosody) -> None:
    async with two(prosody) as (line, _, _plain, _friend):
        full = line.client.boundjid.full
        async with signed_in(full, port=prosody.port, ca_file=prosody.ca_file):
            await lost(line)
            assert line.lost[0].conflict
            assert not line.lost[0].resumable
            assert str((await line.client.open("secret")).own) != full
        assert len(line.lost) == 1


async def test_a_server_that_lets_the_older_session_stay_is_asked_for_another_place(
    prosody_factory: ProsodyFactory,
) -> None:
    server = prosody_factory(settings='conflict_resolve = "kick_new"')
    name = fresh_name()
    own = server.add_user(name)
    async with Line(server.settings(name)) as line:
        wanted = own.with_resource(line.client._resource)
        async with signed_in(str(wanted), port=server.port, ca_file=server.ca_file):
            with pytest.raises(ConnectionFailed):
                await line.client.open("secret")
            assert (await line.client.open("secret")).own != wanted


async def test_a_request_for_a_place_that_was_not_answered_cannot_end_a_later_stream(authority: TestAuthority) -> None:
    asked: list[str] = []

    async def silent(peer: Peer) -> None:
        await peer.log_in()
        await peer.greet(BIND)
        asked.append((await peer.expect("<resource>([^<]*)</resource>"))[1])
        peer.abort()

    async def honest(peer: Peer) -> None:
        await peer.begin_session()

    async with HostileServer(authority, silent, honest) as server, Line(server.settings()) as line:
        with pytest.raises(ConnectionFailed):
            await line.client.open(PASSWORD)
        assert (await line.client.open(PASSWORD)).own.resource not in asked
        assert len(asked) == 1


async def test_shutting_reports_no_loss_and_leaves_no_task(prosody: Prosody) -> None:
    before = asyncio.all_tasks()
    name = fresh_name()
    prosody.add_user(name)
    line = Line(prosody.settings(name))
    await line.client.open("secret")
    async with asyncio.timeout(2):
        await line.client.shut()
    assert line.lost == []
    await until(lambda: asyncio.all_tasks() <= before, timeout=1)
    await line.client.shut()
    assert not (await line.client.open("secret")).resumed
    await line.client.shut()


async def test_shutting_takes_two_seconds_at_most_on_a_dead_line(prosody: Prosody) -> None:
    async with two(prosody) as (line, cutter, _, friend):
        cutter.freeze()
        line.say(friend, "x", "x")
        async with asyncio.timeout(2):
            await line.client.shut()
        assert line.lost == []


async def test_opening_can_be_given_up_at_any_moment(prosody: Prosody) -> None:
    name = fresh_name()
    prosody.add_user(name)
    before = asyncio.all_tasks()
    async with Line(prosody.settings(name)) as line:
        for delay in (0.0, 0.005, 0.02, 0.05, 0.08):
            opening = asyncio.create_task(line.client.open("secret"))
            await asyncio.sleep(delay)
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)
            await line.client.shut()
        await line.client.open("secret")
    assert line.lost == []
    await until(lambda: asyncio.all_tasks() <= before)


async def test_a_dead_line_is_noticed(prosody: Prosody, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keepalive, "QUIET_TIME", 0.3)
    monkeypatch.setattr(keepalive, "ANSWER_TIME", 0.3)
    async with two(prosody) as (line, cutter, _, _friend):
        await asyncio.sleep(1)  # the time that passes is what is tested: a live line stays
        assert line.lost == []
        cutter.freeze()
        async with asyncio.timeout(2):
            await lost(line)
        assert line.lost[0].resumable
        assert "no longer answers" in line.lost[0].reason


async def test_a_goodbye_that_nobody_waits_for_leaves_no_connection_open(prosody: Prosody) -> None:
    async with two(prosody) as (line, cutter, _, _):
        wire = line.client._wire
        assert wire is not None
        cutter.freeze()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await line.client.shut()
        await until(wire.closed.is_set, what="the end of the connection")
        cutter.thaw()
