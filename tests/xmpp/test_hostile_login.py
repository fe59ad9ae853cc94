"""A server, or somebody on the line, that wants the password or to pass for the server (SECURITY 1-5)."""

import asyncio
from base64 import b64encode

import pytest

from tests.server.authority import TestAuthority
from tests.server.hostile import (
    BIND,
    DOMAIN,
    HEADER,
    PASSWORD,
    PROCEED,
    SASL,
    STARTTLS,
    HostileServer,
    Peer,
    Script,
    mechanisms,
    sasl,
)
from tests.xmpp.clients import Line
from tui_xmpp.errors import ConnectionFailed, LoginRefused, NetworkError, StreamUnsafe

FORGED = f"<message from='boss@{DOMAIN}' to='victim@{DOMAIN}'><body>send money</body></message>"


async def refused(authority: TestAuthority, kind: type[NetworkError], *scripts: Script) -> HostileServer:
    """Sign in to a hostile server, which must fail; returns the server with what it has got."""
    async with HostileServer(authority, *scripts) as server, Line(server.settings()) as line:
        with pytest.raises(kind):
            await line.client.open(PASSWORD)
        assert not line.client.online
        assert line.bodies == []
        assert line.lost == []
    assert PASSWORD not in server.received
    assert b64encode(f"\0victim\0{PASSWORD}".encode()).decode() not in server.received
    return server


@pytest.mark.parametrize("offered", ["PLAIN", "LOGIN", "EXTERNAL", "ANONYMOUS", "SCRAM-SHA-256"])
async def test_without_encryption_nothing_is_proved(authority: TestAuthority, offered: str) -> None:
    async def script(peer: Peer) -> None:
        await peer.greet(mechanisms(offered))

    server = await refused(authority, StreamUnsafe, script)
    assert "<auth" not in server.received


async def test_without_encryption_no_session_begins(authority: TestAuthority) -> None:
    async def script(peer: Peer) -> None:
        await peer.greet(BIND)

    await refused(authority, StreamUnsafe, script)


async def test_another_host_is_not_followed(authority: TestAuthority) -> None:
    async def script(peer: Peer) -> None:
        await peer.expect("<stream:stream[^>]*>")
        condition = "<see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>127.0.0.1:1</see-other-host>"
        peer.send(HEADER + f"<stream:error>{condition}</stream:error></stream:stream>")

    server = await refused(authority, ConnectionFailed, script)
    assert len(server.peers) == 1


async def test_messages_before_encryption_end_the_stream(authority: TestAuthority) -> None:
    async def script(peer: Peer) -> None:
        await peer.expect("<stream:stream[^>]*>")
        peer.send(HEADER + FORGED + f"<stream:features>{STARTTLS}</stream:features>")

    await refused(authority, StreamUnsafe, script)


@pytest.mark.parametrize(
    "page", ["HTTP/1.1 400 Bad Request\r\n\r\n", "<html>Welcome to our hotel!</html>", "\x15\x03\x01"]
)
async def test_what_is_no_chat_server_may_be_one_later(authority: TestAuthority, page: str) -> None:
    """A network that wants to be signed in to answers everything itself: that is tried again, and nothing was told."""

    async def script(peer: Peer) -> None:
        await peer.expect("<stream:stream[^>]*>")
        peer.send(page)

    server = await refused(authority, ConnectionFailed, script)
    assert "<auth" not in server.received


@pytest.mark.parametrize("glued", [FORGED, f"<stream:features>{mechanisms('PLAIN')}</stream:features>"])
async def test_what_is_glued_to_proceed_ends_the_stream(authority: TestAuthority, glued: str) -> None:
    async def script(peer: Peer) -> None:
        await peer.greet(STARTTLS)
        await peer.expect("<starttls[^>]*>")
        peer.send(PROCEED + glued)

    await refused(authority, StreamUnsafe, script)


@pytest.mark.parametrize("offered", ["EXTERNAL", "ANONYMOUS", "LOGIN", "DIGEST-MD5", "X-OAUTH2"])
async def test_weak_or_strange_mechanisms_are_not_used(authority: TestAuthority, offered: str) -> None:
    async def script(peer: Peer) -> None:
        await peer.encrypt()
        await peer.greet(mechanisms(offered))

    server = await refused(authority, LoginRefused, script)
    assert "<auth" not in server.received


async def test_plain_is_not_used_beside_scram(authority: TestAuthority) -> None:
    async def script(peer: Peer) -> None:
        await peer.encrypt()
        await peer.greet(mechanisms("PLAIN", "SCRAM-SHA-1-PLUS"))

    server = await refused(authority, StreamUnsafe, script)
    assert "<auth" not in server.received


async def test_a_refused_scram_is_not_tried_again_with_less(authority: TestAuthority) -> None:
    async def script(peer: Peer) -> None:
        await peer.encrypt()
        await peer.greet(mechanisms("SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"))
        await peer.expect("</auth>")
        peer.send(f"<failure xmlns='{SASL}'><not-authorized/></failure>")

    server = await refused(authority, LoginRefused, script)
    assert server.received.count("<auth") == 1


async def test_plain_is_never_used_after_scram_has_worked(authority: TestAuthority) -> None:
    async def honest(peer: Peer) -> None:
        await peer.begin_session()

    async def downgrade(peer: Peer) -> None:
        await peer.encrypt()
        await peer.greet(mechanisms("PLAIN"))

    async with HostileServer(authority, honest, downgrade) as server, Line(server.settings()) as line:
        await line.client.open(PASSWORD)
        await line.client.shut()
        with pytest.raises(StreamUnsafe):
            await line.client.open(PASSWORD)
        assert "<auth" not in server.peers[1].received


async def test_a_server_that_skips_the_password_is_refused(authority: TestAuthority) -> None:
    async def script(peer: Peer) -> None:
        await peer.encrypt()
        await peer.greet(BIND)

    await refused(authority, StreamUnsafe, script)


@pytest.mark.parametrize("payload", ["", "v=", "v=AAAA", "r=abc,s=c2FsdHNhbHQ=,i=4096", "e=other-error,v=AAAA", "v"])
async def test_success_without_the_servers_proof_is_refused(authority: TestAuthority, payload: str) -> None:
    async def script(peer: Peer) -> None:
        await peer.encrypt()
        await peer.greet(mechanisms("SCRAM-SHA-256"))
        await peer.proof(await peer.challenge())
        peer.send(sasl("success", payload))
        await peer.greet(BIND)

    await refused(authority, NetworkError, script)


async def test_success_before_any_challenge_is_refused(authority: TestAuthority) -> None:
    async def script(peer: Peer) -> None:
        await peer.encrypt()
        await peer.greet(mechanisms("SCRAM-SHA-256"))
        await peer.expect("</auth>")
        peer.send(sasl("success"))
        await peer.greet(BIND)

    await refused(authority, StreamUnsafe, script)


async def test_features_in_place_of_success_are_refused(authority: TestAuthority) -> None:
    async def script(peer: Peer) -> None:
        await peer.encrypt()
        await peer.greet(mechanisms("SCRAM-SHA-256"))
        await peer.proof(await peer.challenge())
        peer.send(f"<stream:features>{BIND}</stream:features>")

    await refused(authority, StreamUnsafe, script)


async def test_the_proof_may_come_in_a_challenge_of_its_own(authority: TestAuthority) -> None:
    async def script(peer: Peer) -> None:
        await peer.encrypt()
        await peer.greet(mechanisms("SCRAM-SHA-256"))
        peer.send(sasl("challenge", await peer.proof(await peer.challenge())))
        await peer.expect("<response[^>]*>(</response>)?")
        peer.send(sasl("success"))
        await peer.greet(BIND)
        match = await peer.expect("<resource>([^<]*)</resource>")
        jid = f"<jid>victim@{DOMAIN}/{match[1]}</jid>"
        peer.send(f"<iq type='result' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>{jid}</bind></iq>")

    async with HostileServer(authority, script) as server, Line(server.settings()) as line:
        assert str((await line.client.open(PASSWORD)).own.bare) == f"victim@{DOMAIN}"


@pytest.mark.parametrize("rounds", [0, 1, 4095, 1_000_001, 10**9, "1e5", "-4096", ""])
async def test_rounds_out_of_bounds_are_refused(authority: TestAuthority, rounds: int | str) -> None:
    async def script(peer: Peer) -> None:
        await peer.encrypt()
        await peer.greet(mechanisms("SCRAM-SHA-256"))
        await peer.challenge(rounds=rounds)

    server = await refused(authority, StreamUnsafe, script)
    assert "<response" not in server.received


async def test_many_rounds_do_not_hold_up_the_loop(authority: TestAuthority) -> None:
    async def script(peer: Peer) -> None:
        await peer.encrypt()
        await peer.greet(mechanisms("SCRAM-SHA-256"))
        await peer.challenge(rounds=1_000_000)
        await peer.expect("<response")
        peer.send(sasl("success", "v=AAAA"))

    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0.005)
            turns += 1

    counting = asyncio.create_task(count())
    await refused(authority, StreamUnsafe, script)
    counting.cancel()
    assert turns > 10


@pytest.mark.parametrize("jid", ["mallory@chat.test/x", "victim@evil.test/x", "victim@chat.test", "", "@@@"])
async def test_an_address_that_is_not_ours_is_refused(authority: TestAuthority, jid: str) -> None:
    async def script(peer: Peer) -> None:
        await peer.log_in()
        await peer.greet(BIND)
        await peer.expect("</iq>")
        bound = f"<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>{jid}</jid></bind>"
        peer.send(f"<iq type='result' id='bind'>{bound}</iq>")

    await refused(authority, StreamUnsafe, script)
