"""The test server itself: it does what other tests build on."""

import os
import re
from pathlib import Path

import pytest
from slixmpp import JID

from tests.server.authority import BAD_KINDS, Kind
from tests.server.fixtures import ProsodyFactory
from tests.server.plain_client import LoginFailed, signed_in
from tests.server.prosody import Prosody, fresh_name
from tui_xmpp.errors import TuiXmppError


async def test_two_accounts_talk_to_each_other(prosody: Prosody) -> None:
    juno, theo = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    async with (
        signed_in(str(juno), port=prosody.port, ca_file=prosody.ca_file) as sender,
        signed_in(str(theo), port=prosody.port, ca_file=prosody.ca_file) as receiver,
    ):
        sender.send_message(mto=JID(str(theo)), mbody="hello", mtype="chat")
        message = await receiver.message(lambda message: message["body"] == "hello")
        assert message["from"].bare == str(juno)


async def test_a_wrong_password_is_refused(prosody: Prosody) -> None:
    address = prosody.add_user(fresh_name())
    with pytest.raises(LoginFailed, match="password"):
        async with signed_in(str(address), port=prosody.port, ca_file=prosody.ca_file, password="wrong"):
            pass


@pytest.mark.parametrize("kind", BAD_KINDS)
async def test_no_client_that_verifies_accepts_a_bad_certificate(kind: Kind, prosody_factory: ProsodyFactory) -> None:
    server = prosody_factory(certificate=kind)
    address = server.add_user("juno")
    with pytest.raises(LoginFailed, match="certificate"):
        async with signed_in(str(address), port=server.port, ca_file=server.ca_file):
            pass


async def test_the_server_offers_what_the_client_is_built_for(prosody: Prosody) -> None:
    address = prosody.add_user(fresh_name())
    plugins = ("xep_0030",)
    async with signed_in(str(address), port=prosody.port, ca_file=prosody.ca_file, plugins=plugins) as client:
        disco = client.plugin["xep_0030"]
        own = set((await disco.get_info(jid=JID(client.boundjid.bare)))["disco_info"]["features"])
        server = set((await disco.get_info(jid=JID(prosody.domain)))["disco_info"]["features"])
        rooms = set((await disco.get_info(jid=JID(prosody.rooms)))["disco_info"]["features"])
        items = (await disco.get_items(jid=JID(prosody.domain)))["disco_items"]["items"]
    assert {"urn:xmpp:mam:2", "urn:xmpp:bookmarks:1#compat"} <= own
    assert {"urn:xmpp:carbons:2", "urn:xmpp:blocking", "jabber:iq:version"} <= server
    assert {"http://jabber.org/protocol/muc", "urn:xmpp:occupant-id:0"} <= rooms
    assert {str(item[0]) for item in items} == {prosody.rooms, f"files.{prosody.domain}"}


async def test_accounts_outlive_a_restart_where_the_storage_does(prosody_factory: ProsodyFactory) -> None:
    for storage in ("internal", "sql"):
        server = prosody_factory(storage=storage)
        port = server.port
        address = server.add_user("juno")
        server.restart()
        assert server.port == port
        async with signed_in(str(address), port=server.port, ca_file=server.ca_file):
            pass


def test_the_log_has_no_errors(prosody_factory: ProsodyFactory) -> None:
    server = prosody_factory()
    server.add_user("juno")
    server.stop()
    assert not re.findall(r"^.*\t(?:warn|error)\t.*$", server.log, re.MULTILINE)


def test_no_process_is_left_after_stop_or_kill(tmp_path: Path) -> None:
    server = Prosody(tmp_path)
    for end in (server.stop, server.kill):
        server.start()
        pid = server.pid
        assert pid is not None
        end()
        assert not _is_running(pid)


def test_a_configuration_that_prosody_rejects_is_said_at_once(tmp_path: Path) -> None:
    server = Prosody(tmp_path, settings="this is not Lua")
    with pytest.raises(TuiXmppError, match=r"prosody\.cfg\.lua"):
        server.start()


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
