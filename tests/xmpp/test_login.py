"""Signing in on a real server."""

import pytest

from tests.server.prosody import Prosody, fresh_name
from tests.xmpp.clients import Line
from tui_xmpp.model.account import TlsMode


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
