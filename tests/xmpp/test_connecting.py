"""Reaching the right server, and saying in plain words why not."""

import asyncio
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.server.authority import BAD_KINDS, Kind, TestAuthority
from tests.server.fixtures import ProsodyFactory
from tests.server.hostile import BIND, PASSWORD, STARTTLS, HostileServer, Peer, mechanisms
from tests.server.prosody import Prosody, fresh_name
from tests.xmpp.clients import Line
from tui_xmpp.demo.prosody_config import LOOPBACK
from tui_xmpp.errors import CertificateRejected, ConnectionFailed, LoginRefused
from tui_xmpp.model.account import AccountSettings, TlsMode
from tui_xmpp.model.address import Address
from tui_xmpp.xmpp import client, connecting, wire

WORDS = {
    Kind.EXPIRED: "has expired",
    Kind.NOT_YET_VALID: "is not valid yet",
    Kind.WRONG_NAME: "made for another name",
    Kind.UNTRUSTED: "an authority that is not in the authority file",
    Kind.SELF_SIGNED: "signed by itself",
}


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port at which nothing listens."""
    with socket.socket() as holder:
        holder.bind((LOOPBACK, 0))
        yield holder.getsockname()[1]


@pytest.fixture
def short_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patience of half a second."""
    monkeypatch.setattr(connecting, "_STREAM_TIMEOUT", 0.5)
    monkeypatch.setattr(connecting, "_CONNECT_TIMEOUT", 0.5)
    monkeypatch.setattr(wire, "_HANDSHAKE_TIMEOUT", 0.5)
    monkeypatch.setattr(client, "ATTEMPT_TIMEOUT", 1.5)


async def problem(settings: AccountSettings, password: str = "secret") -> Exception:
    """What signing in raises."""
    async with Line(settings) as line:
        with pytest.raises((ConnectionFailed, CertificateRejected, LoginRefused)) as caught:
            await line.client.open(password)
        assert not line.client.online
        assert line.lost == []
    return caught.value


@pytest.mark.parametrize("tls", [TlsMode.STARTTLS, TlsMode.DIRECT, TlsMode.AUTO])
@pytest.mark.parametrize("kind", BAD_KINDS)
async def test_each_bad_certificate_is_told_apart(prosody_factory: ProsodyFactory, kind: Kind, tls: TlsMode) -> None:
    server = prosody_factory(certificate=kind)
    server.add_user("victim")
    error = await problem(server.settings("victim", tls=tls))
    assert isinstance(error, CertificateRejected)
    assert WORDS[kind] in error.message
    assert [words for words in WORDS.values() if words in error.message] == [WORDS[kind]]


async def test_the_systems_authorities_do_not_know_ours(prosody: Prosody) -> None:
    error = await problem(replace(prosody.settings("victim"), ca_file=None))
    assert isinstance(error, CertificateRejected)
    assert "an authority that this computer does not trust" in error.message


async def test_an_authority_file_that_cannot_be_read_is_told(prosody: Prosody, tmp_path: Path) -> None:
    missing = tmp_path / "missing.pem"
    assert str(missing) in str(await problem(replace(prosody.settings("victim"), ca_file=missing)))
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate")
    error = await problem(replace(prosody.settings("victim"), ca_file=broken))
    assert str(broken) in str(error)


async def test_the_certificate_must_be_for_the_domain_and_not_for_the_host(prosody: Prosody) -> None:
    settings = replace(prosody.settings("victim"), address=Address("other.test", "victim"))
    assert isinstance(await problem(settings), ConnectionFailed)  # the server does not serve it: host-unknown


@pytest.mark.parametrize("tls", [TlsMode.STARTTLS, TlsMode.DIRECT])
async def test_a_wrong_password_is_refused_in_plain_words(prosody: Prosody, tls: TlsMode) -> None:
    name = fresh_name()
    prosody.add_user(name)
    error = await problem(prosody.settings(name, tls=tls), "wrong")
    assert isinstance(error, LoginRefused)
    assert "address or the password is not right" in str(error)


async def test_an_account_that_does_not_exist_is_refused(prosody: Prosody) -> None:
    assert isinstance(await problem(prosody.settings(fresh_name())), LoginRefused)


async def test_a_closed_port_is_told(closed_port: int, authority: TestAuthority) -> None:
    settings = AccountSettings(Address("chat.test", "x"), host=LOOPBACK, port=closed_port, ca_file=authority.ca_file)
    error = await problem(settings)
    assert isinstance(error, ConnectionFailed)
    assert f"no chat service at {LOOPBACK}, port {closed_port}" in error.message


@pytest.mark.parametrize("host", ["", "nowhere.invalid"])
async def test_an_unknown_server_is_told(host: str) -> None:
    error = await problem(AccountSettings(Address("nowhere.invalid", "x"), host=host))
    assert isinstance(error, ConnectionFailed)
    assert "nowhere.invalid" in error.message


@pytest.mark.parametrize("tls", [TlsMode.STARTTLS, TlsMode.DIRECT, TlsMode.AUTO], ids=["starttls", "direct", "auto"])
@pytest.mark.parametrize("port", ["starttls", "direct"])
async def test_auto_finds_the_kind_of_tls_and_others_insist(prosody: Prosody, tls: TlsMode, port: str) -> None:
    name = fresh_name()
    prosody.add_user(name)
    number = prosody.port if port == "starttls" else prosody.tls_port
    settings = replace(prosody.settings(name), port=number, tls=tls)
    if tls in {TlsMode.AUTO, TlsMode(port)}:
        async with Line(settings) as line:
            await line.client.open("secret")
    else:
        assert isinstance(await problem(settings), ConnectionFailed)


async def silent(_: Peer) -> None:
    """Take the call and say nothing."""


async def silent_after_header(peer: Peer) -> None:
    await peer.greet(STARTTLS)


async def silent_handshake(peer: Peer) -> None:
    await peer.greet(STARTTLS)
    await peer.expect("<starttls[^>]*>")
    peer.send("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")


async def silent_after_tls(peer: Peer) -> None:
    await peer.encrypt()


async def silent_after_auth(peer: Peer) -> None:
    await peer.encrypt()
    await peer.greet(mechanisms("SCRAM-SHA-256"))


async def silent_after_success(peer: Peer) -> None:
    await peer.log_in()


async def silent_after_bind(peer: Peer) -> None:
    await peer.log_in()
    await peer.greet(BIND)


@pytest.mark.usefixtures("short_times")
@pytest.mark.parametrize(
    "script",
    [
        silent,
        silent_after_header,
        silent_handshake,
        silent_after_tls,
        silent_after_auth,
        silent_after_success,
        silent_after_bind,
    ],
)
async def test_a_server_that_falls_silent_does_not_hold_us(authority: TestAuthority, script: object) -> None:
    assert callable(script)
    async with HostileServer(authority, script) as server:
        async with asyncio.timeout(10):
            assert isinstance(await problem(server.settings(), PASSWORD), ConnectionFailed)


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH\r\n", b"\x15\x03\x03\x00\x02"]
)
async def test_something_else_than_a_chat_server_is_no_crash(authority: TestAuthority, answer: bytes) -> None:
    async def script(peer: Peer) -> None:
        peer.send(answer)

    async with HostileServer(authority, script) as server, Line(server.settings(TlsMode.AUTO)) as line:
        with pytest.raises(Exception, match=r".") as caught:
            await line.client.open(PASSWORD)
        assert type(caught.value).__module__ == "tui_xmpp.errors"


@pytest.mark.usefixtures("short_times")
async def test_the_grave_problem_is_told_and_not_the_last(authority: TestAuthority) -> None:
    """A bad certificate at one place is not hidden by a closed door at the next."""
    async with HostileServer(authority, Peer.encrypt, silent, certificate=Kind.EXPIRED) as server:
        error = await problem(server.settings(TlsMode.AUTO), PASSWORD)
    assert isinstance(error, CertificateRejected)


async def test_making_a_client_costs_little(prosody: Prosody) -> None:
    Line(prosody.settings("warm-up"))
    begin = time.thread_time()
    for _ in range(10):
        Line(prosody.settings("x"))
    assert (time.thread_time() - begin) / 10 < 0.02


def test_contexts_verify_always() -> None:
    from tui_xmpp.xmpp.tls import client_context

    for direct in (False, True):
        context = client_context(None, direct=direct)
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname
        assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
