"""Signing in on a real server."""

import logging
from base64 import b64encode
from dataclasses import replace

import pytest

from tests.server.prosody import Prosody, fresh_name
from tests.waiting import until
from tests.xmpp.clients import Line
from tui_xmpp.errors import LoginRefused
from tui_xmpp.model.account import TlsMode
from tui_xmpp.xmpp.connecting import ascii_domain
from tui_xmpp.xmpp.registration import open_registration


@pytest.mark.parametrize("tls", [TlsMode.STARTTLS, TlsMode.DIRECT])
async def test_signs_in(prosody: Prosody, tls: TlsMode) -> None:
    name = fresh_name()
    address = prosody.add_user(name)
    async with Line(prosody.settings(name, tls=tls)) as line:
        opened = await line.client.open("secret")
        assert opened.own.bare == address
        assert opened.own.resource
        assert not opened.resumed
        assert "TLSv1." in opened.security
        assert "SCRAM-SHA" in opened.security
    assert line.lost == []


async def test_a_host_with_several_addresses_is_reached_at_the_one_that_answers(prosody: Prosody) -> None:
    name = fresh_name()
    prosody.add_user(name)
    async with Line(replace(prosody.settings(name), host="localhost")) as line:
        await line.client.open("secret")


async def test_a_name_that_slixmpp_does_not_know_is_no_crash(prosody: Prosody) -> None:
    address = prosody.settings("x").address._replace(local="😀")
    async with Line(replace(prosody.settings("x"), address=address)) as line:
        with pytest.raises(LoginRefused):
            await line.client.open("secret")


@pytest.mark.parametrize(
    ("domain", "ascii_form"),
    [("chat.test", "chat.test"), ("münchen.test", "xn--mnchen-3ya.test"), ("[::1]", "::1"), ("127.0.0.1", "127.0.0.1")],
)
def test_domains_are_looked_up_and_verified_in_ascii(domain: str, ascii_form: str) -> None:
    assert ascii_domain(domain) == ascii_form


async def test_no_log_ever_holds_the_password(prosody: Prosody, caplog: pytest.LogCaptureFixture) -> None:
    """Not even with everything switched on, not while registering either, and not when it is wrong."""
    caplog.set_level(logging.DEBUG)
    name, password = fresh_name(), "a very secret password"
    registration = await open_registration(replace(prosody.settings(name)))
    await registration.submit({"username": (name,), "password": (password,)})
    await registration.close()
    async with Line(prosody.settings(name)) as line:
        opened = await line.client.open(password)
        line.say(opened.own.bare, "to myself", "1")
        line.client.send_presence()
        await until(lambda: line.acked == ["1"])
        await line.client.shut()
        with pytest.raises(LoginRefused):
            await line.client.open(password + "!")
    assert "slixmpp" in {record.name.partition(".")[0] for record in caplog.records}
    for form in (password, b64encode(password.encode()).decode(), b64encode(f"\0{name}\0{password}".encode()).decode()):
        assert form not in caplog.text
