"""A server that attacks a session which is up (SECURITY 6, 7 and what a stranger can make it pass on)."""

import asyncio
import contextlib
import gc
import time
from collections.abc import AsyncIterator

import pytest
from slixmpp import Iq
from slixmpp.exceptions import IqTimeout
from slixmpp.xmlstream import StanzaBase
from slixmpp.xmlstream.handler import Callback, CoroutineCallback
from slixmpp.xmlstream.matcher import MatchXPath

from tests.server.authority import TestAuthority
from tests.server.hostile import BIND, DOMAIN, PASSWORD, PROCEED, SM, HostileServer, Peer, mechanisms, sasl
from tests.waiting import until
from tests.xmpp.clients import Line
from tui_xmpp.errors import StreamUnsafe, Unavailable
from tui_xmpp.xmpp.names import MESSAGE


def message(body: str, sender: str = f"friend@{DOMAIN}/x") -> str:
    return f"<message from='{sender}' to='victim@{DOMAIN}'><body>{body}</body></message>"


async def survives(authority: TestAuthority, attack: str) -> HostileServer:
    """Send an attack between two messages; both must arrive, and the stream must stay up."""

    async def script(peer: Peer) -> None:
        await peer.begin_session(SM)
        peer.send(message("before") + attack + message("after"))

    async with HostileServer(authority, script) as server, Line(server.settings()) as line:
        await line.client.open(PASSWORD)
        await until(lambda: "after" in line.bodies, what="the message after the attack")
        assert line.bodies[0] == "before"
        assert line.client.online
        assert line.lost == []
    return server


@pytest.mark.parametrize(
    "attack",
    [
        "<!DOCTYPE x>",
        "<message><!-- x --></message>",
        "<?x?>",
        "<message><body>" + "x" * (1024 * 1024 + 10_000) + "</body></message>",
        "<x>" * 20_000,
        "<message>&lol;</message>",
        "<message",
    ],
    ids=["doctype", "comment", "instruction", "large", "deep", "entity", "tag"],
)
@pytest.mark.parametrize("early", [False, True], ids=["signed in", "before"])
async def test_forbidden_xml_ends_the_stream_once(authority: TestAuthority, attack: str, early: bool) -> None:
    if attack == "<message":
        attack += " a='" + "x" * 200_000

    async def script(peer: Peer) -> None:
        if early:
            await peer.encrypt()
        else:
            await peer.begin_session(SM)
            peer.send(message("before"))
            await peer.expect("ready")
        peer.send(attack)

    async with HostileServer(authority, script) as server, Line(server.settings()) as line:
        if early:
            with pytest.raises(StreamUnsafe):
                await line.client.open(PASSWORD)
            assert line.lost == []
        else:
            await line.client.open(PASSWORD)
            await until(lambda: line.bodies == ["before"])
            line.say("friend@chat.test", "ready", "1")
            await until(lambda: line.lost)
            assert [lost.resumable for lost in line.lost] == [False]
            assert not line.client.online


@pytest.mark.parametrize(
    "attack",
    [
        PROCEED,
        mechanisms("PLAIN"),
        f"<stream:features>{mechanisms('PLAIN')}{BIND}</stream:features>",
        "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>",
        sasl("challenge", "r=x,s=x,i=1"),
        sasl("success"),
        "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>",
        "<enabled xmlns='urn:xmpp:sm:3' id='other' resume='true'/>",
        "<resumed xmlns='urn:xmpp:sm:3' h='5' previd='session'/>",
        "<unknown xmlns='urn:unknown'/>",
    ],
)
async def test_a_step_of_signing_in_is_ignored_later(authority: TestAuthority, attack: str) -> None:
    server = await survives(authority, attack)
    assert server.received.count("<stream:stream") == 3


@pytest.mark.parametrize(
    "sender",
    ["@", "a@b@c", "x@/", "\U0001f4a9@" + "y" * 2000, "a@b/" + "z" * 2000, "&#x202e;@x"],
    ids=["at", "two ats", "no resource", "long domain", "long resource", "override"],
)
@pytest.mark.parametrize("kind", ["iq type='get'", "iq type='set'", "iq type='result'", "message", "presence", "iq"])
async def test_a_sender_that_cannot_be_parsed_harms_nobody(authority: TestAuthority, sender: str, kind: str) -> None:
    name = kind.partition(" ")[0]
    await survives(authority, f"<{kind} from='{sender}' to='{sender}' id='1'><query xmlns='x:y'/></{name}>")


@pytest.mark.parametrize("in_task", [False, True], ids=["at once", "in a task"])
async def test_a_failing_handler_tells_the_sender_nothing(authority: TestAuthority, in_task: bool) -> None:
    async def script(peer: Peer) -> None:
        await peer.begin_session()
        peer.send(message("secret plans") + message("after"))

    def fail(_: StanzaBase) -> None:
        raise ValueError("/home/victim/diary.txt")

    async def fail_in_task(stanza: StanzaBase) -> None:
        fail(stanza)

    async with HostileServer(authority, script) as server, Line(server.settings()) as line:
        matcher = MatchXPath(MESSAGE)
        handler = CoroutineCallback("fails", matcher, fail_in_task) if in_task else Callback("fails", matcher, fail)
        line.client.register_handler(handler)
        await line.client.open(PASSWORD)
        await until(lambda: "after" in line.bodies)
    assert "<message" not in server.received
    assert "error" not in server.received
    assert "diary" not in server.received


async def test_a_failing_request_is_answered_by_its_condition_alone(authority: TestAuthority) -> None:
    async def script(peer: Peer) -> None:
        await peer.begin_session()
        peer.send("<iq type='get' id='q1' from='somebody@evil.test/x'><query xmlns='x:y'/></iq>")
        await peer.expect("</iq>")

    def fail(_: StanzaBase) -> None:
        raise ValueError("/home/victim/diary.txt")

    async with HostileServer(authority, script) as server, Line(server.settings()) as line:
        line.client.register_handler(Callback("fails", MatchXPath("{jabber:client}iq/{x:y}query"), fail))
        await line.client.open(PASSWORD)
        await until(lambda: "q1" in server.received)
    assert "internal-server-error" in server.received
    assert "diary" not in server.received
    assert "<text" not in server.received


@pytest.mark.parametrize("count", ["1", "99999999999999999999", "-1", "x", ""])
async def test_acknowledging_what_was_never_sent_ends_the_session(authority: TestAuthority, count: str) -> None:
    async def script(peer: Peer) -> None:
        await peer.begin_session(SM)
        peer.send(f"<a xmlns='urn:xmpp:sm:3' h='{count}'/>")

    async with HostileServer(authority, script) as server, Line(server.settings()) as line:
        await line.client.open(PASSWORD)
        await until(lambda: line.lost)
        assert not line.lost[0].resumable


async def test_a_conflict_is_told_and_nothing_is_resumed(authority: TestAuthority) -> None:
    async def script(peer: Peer) -> None:
        await peer.begin_session(SM)
        await peer.expect("query")
        condition = "<conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
        peer.send(f"<stream:error>{condition}</stream:error></stream:stream>")

    async with HostileServer(authority, script) as server, Line(server.settings()) as line:
        await line.client.open(PASSWORD)
        request = line.client.make_iq_get("jabber:iq:version")
        answer: asyncio.Future[Iq] = request.send()  # type: ignore[no-untyped-call]  # slixmpp has no types there
        await until(lambda: line.lost)
        with pytest.raises(IqTimeout):
            await asyncio.wait_for(answer, 1)
        assert line.lost[0].conflict
        assert not line.lost[0].resumable
        with pytest.raises(Unavailable):
            line.say("friend@chat.test", "too late", "1")
        assert len(line.lost) == 1
        assert not (await line.client.open(PASSWORD)).resumed
    assert "<resume" not in server.received


@contextlib.asynccontextmanager
async def no_turn_longer_than(seconds: float) -> AsyncIterator[None]:
    """Measure each turn of the loop by the CPU time of this thread: the machine is shared.

    The collector of cyclic garbage is off, since it walks what all other tests have left behind.
    """
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            before = time.thread_time()
            await asyncio.sleep(0)
            longest = max(longest, time.thread_time() - before)

    gc.disable()
    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
        gc.enable()
    assert longest < seconds


async def test_a_flood_does_not_hold_up_the_loop(authority: TestAuthority) -> None:
    """256 KiB in one go."""
    count = 256 * 1024 // len(message("flood 0000"))

    async def script(peer: Peer) -> None:
        await peer.begin_session()
        await peer.expect("ready")
        peer.send("".join(message(f"flood {number:04}") for number in range(count)))

    async with HostileServer(authority, script) as server, Line(server.settings()) as line:
        await line.client.open(PASSWORD)
        line.say("friend@chat.test", "ready", "1")
        async with no_turn_longer_than(0.05):
            await until(lambda: len(line.messages) == count, timeout=30)
    assert line.bodies == [f"flood {number:04}" for number in range(count)]


async def test_one_stanza_of_many_pieces_does_not_hold_up_the_loop(authority: TestAuthority) -> None:
    async def script(peer: Peer) -> None:
        await peer.begin_session()
        await peer.expect("ready")
        peer.send("<message>" + "<a/>" * 49_000 + "</message>" + message("after"))

    async with HostileServer(authority, script) as server, Line(server.settings()) as line:
        await line.client.open(PASSWORD)
        line.say("friend@chat.test", "ready", "1")
        async with no_turn_longer_than(0.05):
            await until(lambda: "after" in line.bodies, timeout=30)
