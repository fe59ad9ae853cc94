"""Streams on ejabberd: signing in, resumption and registration must not depend on one server's habits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.authority import TestAuthority
from tests.server.cutter import Cutter
from tests.server.ejabberd import Ejabberd, is_installed
from tests.server.prosody import fresh_name
from tests.waiting import until
from tests.xmpp.clients import Line
from tui_xmpp.errors import LoginRefused
from tui_xmpp.model.account import TlsMode
from tui_xmpp.xmpp.registration import open_registration

pytestmark = pytest.mark.skipif(not is_installed(), reason="ejabberd is not installed")


@pytest.fixture(scope="module")
def ejabberd(server_directory: Path, authority: TestAuthority) -> Iterator[Ejabberd]:
    server = Ejabberd(server_directory / "streams", authority=authority).start()
    yield server
    server.stop()


@pytest.mark.parametrize("tls", list(TlsMode))
async def test_signs_in(ejabberd: Ejabberd, tls: TlsMode) -> None:
    name = fresh_name()
    address = ejabberd.add_user(name)
    async with Line(ejabberd.settings(name, tls=tls)) as line:
        assert (await line.client.open("secret")).own.bare == address
        await line.client.shut()
        with pytest.raises(LoginRefused, match="password is not right"):
            await line.client.open("wrong")


async def test_resumes_after_a_cut(ejabberd: Ejabberd) -> None:
    name = fresh_name()
    own = ejabberd.add_user(name)
    async with Cutter(ejabberd.port) as cutter, Line(ejabberd.settings(name, port=cutter.port)) as line:
        await line.client.open("secret")
        line.client.send_presence()
        line.say(own, "one", "1")
        await until(lambda: line.bodies == ["one"] and line.acked == ["1"])
        cutter.freeze()
        line.say(own, "two", "2")
        await until(lambda: line.client.waiting_queue.empty())
        cutter.cut()
        await until(lambda: line.lost)
        cutter.thaw()
        assert (await line.client.open("secret")).resumed
        await until(lambda: line.bodies == ["one", "two"] and line.acked == ["1", "2"])


async def test_asks_for_the_form_of_old(ejabberd: Ejabberd) -> None:
    registration = await open_registration(ejabberd.settings("x"))
    assert registration.form.legacy
    assert [field.name for field in registration.form.fields] == ["username", "password"]
    await registration.close()
