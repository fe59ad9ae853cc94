"""What is acknowledged and repeated, to the stanza, against a server that counts along (XEP-0198)."""

import asyncio
import re

import pytest

from tests.server.authority import TestAuthority
from tests.server.hostile import BIND, PASSWORD, SM, HostileServer, Peer
from tests.waiting import until
from tests.xmpp.clients import Line
from tui_xmpp.errors import ConnectionFailed
from tui_xmpp.xmpp import acks


async def lost(line: Line) -> None:
    await until(lambda: line.lost, what="the report of the lost line")


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


async def test_a_session_of_which_the_disk_kept_something_out_acknowledges_nothing_more_and_is_not_resumed(
    authority: TestAuthority,
) -> None:
    async def first(peer: Peer) -> None:
        await peer.begin_session(SM)
        for number in (1, 2):
            peer.send(f"<message><body>{number}</body></message><r xmlns='urn:xmpp:sm:3'/>")
            await peer.expect(f"<id>{number}</id>")
        peer.abort()

    async def second(peer: Peer) -> None:
        await peer.begin_session(SM)

    class Full(Line):
        failures = 0

        async def committed(self) -> None:
            if not self.failures:
                self.failures += 1
                raise OSError("disk full")

    async with HostileServer(authority, first, second) as server, Full(server.settings()) as line:
        await line.client.open(PASSWORD)
        await until(lambda: line.failures)
        line.client.send_raw("<id>1</id>")
        await until(lambda: line.bodies == ["1", "2"])
        await asyncio.sleep(0)
        line.client.send_raw("<id>2</id>")
        await lost(line)
        assert not (await line.client.open(PASSWORD)).resumed
    assert "<a " not in server.received
    assert "<resume " not in server.received


async def test_such_a_session_is_given_up_for_a_new_one_after_a_while(
    authority: TestAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acks, "UNSTORED_TIME", 0.01)

    async def script(peer: Peer) -> None:
        await peer.begin_session(SM)
        peer.send("<message><body>1</body></message><r xmlns='urn:xmpp:sm:3'/>")

    class Broken(Line):
        async def committed(self) -> None:
            raise OSError("disk full")

    async with HostileServer(authority, script) as server, Broken(server.settings()) as line:
        await line.client.open(PASSWORD)
        await lost(line)
        assert [(one.resumable, one.reason) for one in line.lost] == [(False, "What came in could not be stored.")]


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
