"""Registering an account in band, on a real server."""

import asyncio
from dataclasses import replace

import pytest

from tests.server.authority import Kind, TestAuthority
from tests.server.fixtures import ProsodyFactory
from tests.server.hostile import HostileServer, Peer
from tests.server.prosody import Prosody, fresh_name
from tests.xmpp.clients import Line
from tui_xmpp.demo.prosody_config import quoted
from tui_xmpp.errors import CertificateRejected, ConnectionFailed, RegistrationRefused, StreamUnsafe
from tui_xmpp.model.account import AccountSettings, TlsMode
from tui_xmpp.model.address import Address
from tui_xmpp.model.form import FieldKind
from tui_xmpp.model.invitation import parse_invitation
from tui_xmpp.xmpp.registration import open_registration

INVITES = ("invites", "invites_register")


def stranger(prosody: Prosody, tls: TlsMode = TlsMode.STARTTLS) -> AccountSettings:
    """Settings of somebody who has no account yet."""
    return replace(prosody.settings("x", tls=tls), address=Address(prosody.domain))


@pytest.mark.parametrize("tls", [TlsMode.STARTTLS, TlsMode.DIRECT])
async def test_registers_and_signs_in(prosody: Prosody, tls: TlsMode) -> None:
    name = fresh_name()
    registration = await open_registration(stranger(prosody, tls))
    fields = {field.name: field for field in registration.form.fields}
    assert {"username", "password"} <= fields.keys()
    assert fields["password"].kind is FieldKind.TEXT_PRIVATE
    assert fields["username"].label
    address = await registration.submit({"username": (name,), "password": ("s€cret <&> 'x'",)})
    await registration.close()
    assert address == Address(prosody.domain, name)
    async with Line(prosody.settings(name)) as line:
        await line.client.open("s€cret <&> 'x'")


async def test_a_name_that_is_taken_can_be_tried_again(prosody: Prosody) -> None:
    taken, free = fresh_name(), fresh_name()
    prosody.add_user(taken)
    registration = await open_registration(stranger(prosody))
    with pytest.raises(RegistrationRefused, match="already taken") as caught:
        await registration.submit({"username": (taken,), "password": ("secret",)})
    assert caught.value.condition == "conflict"
    assert await registration.submit({"username": (free,), "password": ("secret",)}) == Address(prosody.domain, free)
    await registration.close()
    async with Line(prosody.settings(free)) as line:
        await line.client.open("secret")


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"username": ("x",)}, "fill in “Password”"),
        ({"password": ("x",)}, "fill in “Username”"),
        ({"username": ("",), "password": ("x",)}, "fill in “Username”"),
        ({"username": ("a b@c",), "password": ("x",)}, "address"),
    ],
)
async def test_what_is_missing_or_wrong_is_told(
    prosody: Prosody, answers: dict[str, tuple[str, ...]], words: str
) -> None:
    registration = await open_registration(stranger(prosody))
    try:
        with pytest.raises(RegistrationRefused, match=words):
            await registration.submit(answers)
    finally:
        await registration.close()


async def test_a_server_without_registration_says_so(prosody_factory: ProsodyFactory) -> None:
    server = prosody_factory(registration=False)
    with pytest.raises(RegistrationRefused, match="does not let people register"):
        await open_registration(stranger(server))


async def test_registration_too_needs_a_valid_certificate(prosody_factory: ProsodyFactory) -> None:
    server = prosody_factory(certificate=Kind.EXPIRED)
    with pytest.raises(CertificateRejected, match="expired"):
        await open_registration(stranger(server))


async def test_registration_too_needs_encryption(authority: TestAuthority) -> None:
    async def script(peer: Peer) -> None:
        await peer.greet("<register xmlns='http://jabber.org/features/iq-register'/>")

    async with HostileServer(authority, script) as server:
        with pytest.raises(StreamUnsafe):
            await open_registration(server.settings())
    assert "<iq" not in server.received


async def test_a_connection_that_was_closed_meanwhile_is_made_anew(authority: TestAuthority) -> None:
    async def ask(peer: Peer) -> str:
        await peer.encrypt()
        await peer.greet()
        return (await peer.expect("id=.([0-9a-f]+).*?</iq>"))[1]

    query = "<query xmlns='jabber:iq:register'><username/><password/></query>"

    async def tired(peer: Peer) -> None:
        peer.send(f"<iq type='result' id='{await ask(peer)}'>{query}</iq></stream:stream>")

    async def patient(peer: Peer) -> None:
        peer.send(f"<iq type='result' id='{await ask(peer)}'>{query}</iq>")
        match = await peer.expect("<iq[^>]*id=.([0-9a-f]+).*?</iq>")
        peer.send(f"<iq type='result' id='{match[1]}'/>")

    async with HostileServer(authority, tired, patient) as server:
        registration = await open_registration(server.settings())
        await asyncio.sleep(0)
        address = await registration.submit({"username": ("late",), "password": ("secret",)})
        assert address == Address("chat.test", "late")
        await registration.close()


async def test_a_server_that_goes_away_in_the_middle_is_told(authority: TestAuthority) -> None:
    async def script(peer: Peer) -> None:
        await peer.encrypt()
        await peer.greet()
        await peer.expect("</iq>")
        peer.abort()

    async with HostileServer(authority, script) as server:
        with pytest.raises(ConnectionFailed):
            await open_registration(server.settings())


async def test_who_was_invited_registers_where_nobody_else_can_and_once(prosody_factory: ProsodyFactory) -> None:
    server = prosody_factory(extra_modules=INVITES)
    name = fresh_name()
    link = parse_invitation(server.invite("create_account", quoted(name)))
    assert link.name == name
    registration = await open_registration(stranger(server), link.token)
    address = await registration.submit({"username": (name,), "password": ("secret",)})
    await registration.close()
    async with Line(server.settings(name)) as line:
        await line.client.open("secret")
    assert address == Address(server.domain, name)
    with pytest.raises(RegistrationRefused, match="ask for a new one"):
        await open_registration(stranger(server), link.token)


async def test_without_an_invitation_that_server_refuses(prosody_factory: ProsodyFactory) -> None:
    server = prosody_factory(extra_modules=INVITES)
    registration = await open_registration(stranger(server))
    with pytest.raises(RegistrationRefused, match="invitation only"):
        await registration.submit({"username": ("x",), "password": ("secret",)})
    await registration.close()


async def test_a_server_that_knows_no_invitations_says_so(prosody: Prosody) -> None:
    with pytest.raises(RegistrationRefused, match="does not take invitations"):
        await open_registration(stranger(prosody), "abc")
