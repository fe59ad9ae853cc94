"""Losing the line and coming back: nothing lost, nothing twice, nothing acknowledged that is not on disk (XEP-0198)."""

import asyncio
import re
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


async def test_only_what_is_on_disk_is_acknowledged(authority: TestAuthority) -> None:
    counts: list[str] = []

    async def script(peer: Peer) -> None:
        await peer.begin_session(SM)
        peer.send("<message><body>1</body></message><message><body>2</body></message><r xmlns='urn:xmpp:sm:3'/>")
        peer.send("<message><body>3</body></message>")
        counts.append((await peer.expect("<a [^>]*h='([0-9]+)'"))[1])
        peer.send("<r xmlns='urn:xmpp:sm:3'/>")
        counts.append((await peer.expect("<a [^>]*h='([0-9]+)'"))[1])

    disk = asyncio.Event()

    class Slow(Line):
        async def committed(self) -> None:
            await disk.wait()

    async with HostileServer(authority, script) as server, Slow(server.settings()) as line:
        await line.client.open(PASSWORD)
        await until(lambda: line.bodies == ["1", "2", "3"], what="messages, which must not wait for the disk")
        assert "<a " not in server.received
        disk.set()
        await until(lambda: counts == ["2", "3"])


async def test_a_polite_end_acknowledges_everything_first(authority: TestAuthority) -> None:
    async def script(peer: Peer) -> None:
        await peer.begin_session(SM)
        peer.send("<message><body>1</body></message>")

    async with HostileServer(authority, script) as server, Line(server.settings()) as line:
        await line.client.open(PASSWORD)
        await until(lambda: line.bodies == ["1"])
        await line.client.shut()
        await until(lambda: "<a xmlns='urn:xmpp:sm:3' h='1'/></stream:stream>" in server.received)


async def test_a_resumption_waits_for_the_disk(authority: TestAuthority) -> None:
    async def first(peer: Peer) -> None:
        await peer.begin_session(SM)
        peer.send("<message><body>1</body></message>")
        await peer.drain()
        peer.abort()

    async def second(peer: Peer) -> None:
        await peer.log_in()
        await peer.greet(BIND, SM)
        await peer.expect("<resume[^>]*>")
        peer.send("<resumed xmlns='urn:xmpp:sm:3' h='0' previd='session'/>")

    disk = asyncio.Event()

    class Slow(Line):
        async def committed(self) -> None:
            await disk.wait()

    async with HostileServer(authority, first, second) as server, Slow(server.settings()) as line:
        await line.client.open(PASSWORD)
        await lost(line)
        opening = asyncio.create_task(line.client.open(PASSWORD))
        await until(lambda: len(server.peers) == 2 and server.peers[1].received.count("<stream:stream") == 3)
        await asyncio.sleep(0.05)
        assert "<resume" not in server.peers[1].received
        disk.set()
        assert (await opening).resumed


async def test_shutting_while_opening_gives_the_attempt_up(authority: TestAuthority) -> None:
    go_on = asyncio.Event()

    async def script(peer: Peer) -> None:
        await go_on.wait()
        await peer.begin_session()

    async with HostileServer(authority, script) as server, Line(server.settings()) as line:
        opening = asyncio.create_task(line.client.open(PASSWORD))
        await until(lambda: server.peers)
        await line.client.shut()
        go_on.set()
        with pytest.raises(ConnectionFailed, match="given up"):
            await opening
        assert not line.client.online
    assert "<auth" not in server.received


async def test_nothing_is_acknowledged_when_the_disk_fails(authority: TestAuthority) -> None:
    async def script(peer: Peer) -> None:
        await peer.begin_session(SM)
        peer.send("<message><body>1</body></message><r xmlns='urn:xmpp:sm:3'/><message><body>2</body></message>")

    class Broken(Line):
        async def committed(self) -> None:
            raise OSError("disk full")

    async with HostileServer(authority, script) as server, Broken(server.settings()) as line:
        await line.client.open(PASSWORD)
        await until(lambda: line.bodies == ["1", "2"])
        assert line.client.online
        line.client.abort()
        await lost(line)
    assert "<a " not in server.received


async def test_the_resumption_acknowledges_what_was_handled_and_repeats_the_same_bytes(
    authority: TestAuthority,
) -> None:
    async def first(peer: Peer) -> None:
        await peer.begin_session(SM)
        peer.send("<message><body>1</body></message><presence/><iq type='result' id='x'/>")
        await peer.expect("</message>.*</message>")
        peer.send("<a xmlns='urn:xmpp:sm:3' h='1'/>")
        await peer.expect("enough")
        peer.abort()

    async def second(peer: Peer) -> None:
        await peer.log_in()
        await peer.greet(BIND, SM)
        match = await peer.expect("<resume[^>]*>")
        assert "h='3'" in match[0]
        assert 'previd="session"' in match[0]
        peer.send("<resumed xmlns='urn:xmpp:sm:3' h='1' previd='session'/><message><body>2</body></message>")

    async with HostileServer(authority, first, second) as server, Line(server.settings()) as line:
        await line.client.open(PASSWORD)
        line.say("friend@chat.test", "one <&>", "id1")
        line.say("friend@chat.test", "two <&>", 'id"2')
        await until(lambda: line.acked == ["id1"])
        line.say("friend@chat.test", "enough", "id3")
        await lost(line)
        assert (await line.client.open(PASSWORD)).resumed
        await until(lambda: "id3" in server.peers[1].received and line.bodies == ["1", "2"])
        sent = [re.findall("<message.*?</message>", peer.received) for peer in server.peers]
        assert sent[1] == sent[0][1:]


async def test_what_comes_before_the_counting_begins_is_handled_but_not_counted(authority: TestAuthority) -> None:
    counts: list[str] = []

    async def script(peer: Peer) -> None:
        await peer.log_in()
        await peer.greet(BIND, SM)
        match = await peer.expect("<resource>([^<]*)</resource>.*?</iq>")
        peer.send("<message><body>early</body></message>")
        jid = f"<jid>victim@chat.test/{match[1]}</jid>"
        peer.send(f"<iq type='result' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>{jid}</bind></iq>")
        await peer.expect("<enable[^>]*>")
        peer.send("<message><body>still early</body></message><enabled xmlns='urn:xmpp:sm:3' id='s' resume='1'/>")
        peer.send("<message><body>counted</body></message><r xmlns='urn:xmpp:sm:3'/>")
        counts.append((await peer.expect("<a [^>]*h='([0-9]+)'"))[1])

    async with HostileServer(authority, script) as server, Line(server.settings()) as line:
        await line.client.open(PASSWORD)
        await until(lambda: counts == ["1"])
        assert line.bodies == ["early", "still early", "counted"]


async def test_a_refused_resumption_still_tells_what_had_arrived(authority: TestAuthority) -> None:
    async def first(peer: Peer) -> None:
        await peer.begin_session(SM)
        await peer.expect("</message>.*</message>")
        peer.abort()

    async def second(peer: Peer) -> None:
        await peer.log_in()
        await peer.greet(BIND, SM)
        await peer.expect("<resume[^>]*>")
        condition = "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
        peer.send(f"<failed xmlns='urn:xmpp:sm:3' h='1'>{condition}</failed>")
        match = await peer.expect("<resource>([^<]*)</resource>.*?</iq>")
        jid = f"<jid>victim@chat.test/{match[1]}</jid>"
        peer.send(f"<iq type='result' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>{jid}</bind></iq>")
        await peer.expect("<enable[^>]*>")
        peer.send("<enabled xmlns='urn:xmpp:sm:3' id='s2' resume='true'/>")

    async with HostileServer(authority, first, second) as server, Line(server.settings()) as line:
        await line.client.open(PASSWORD)
        line.say("friend@chat.test", "arrived", "id1")
        line.say("friend@chat.test", "did not", "id2")
        await lost(line)
        assert not (await line.client.open(PASSWORD)).resumed
        assert line.acked == ["id1"]
    assert "did not" not in server.peers[1].received
