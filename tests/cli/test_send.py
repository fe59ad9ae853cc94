"""`tui-xmpp send` from the shell, against a real server: what arrives, and what a script is told."""

import functools
import re
import signal

import pytest
from slixmpp import JID
from slixmpp.stanza import Message

from tests.cli.program import Program
from tests.cli.pseudo_terminal import PseudoTerminal
from tests.server.authority import BAD_KINDS, Kind, TestAuthority
from tests.server.cutter import Cutter
from tests.server.fixtures import ProsodyFactory
from tests.server.hostile import DOMAIN, PASSWORD, SM, HostileServer, Peer, Script
from tests.server.plain_client import signed_in
from tests.server.prosody import Prosody, fresh_name
from tests.waiting import until
from tui_xmpp.cli.send import NothingToSend, message_text
from tui_xmpp.model.address import Address
from tui_xmpp.model.text import BODY_LIMIT


@pytest.fixture
def sender(prosody: Prosody, program: Program) -> str:
    """An account that the program is set up with; its local part."""
    name = fresh_name()
    prosody.add_user(name)
    program.set_up(prosody.settings(name))
    return name


@pytest.mark.parametrize(
    ("arguments", "stdin", "body"),
    [
        (["hello there"], b"", "hello there"),
        (["-"], "from “a pipe”\nin two lines\n\n".encode(), "from “a pipe”\nin two lines"),
        ([], b"\x1b[31mred\x1b[0m\ttext\r\n\x07", "red\ttext"),
        (["--", "-n is not an option"], b"", "-n is not an option"),
    ],
)
async def test_a_message_arrives(
    prosody: Prosody, program: Program, sender: str, arguments: list[str], stdin: bytes, body: str
) -> None:
    recipient = prosody.add_user(fresh_name())
    async with signed_in(str(recipient), port=prosody.port, ca_file=prosody.ca_file) as client:
        ended = await program.run("send", str(recipient), *arguments, stdin=stdin)
        assert (ended.code, ended.output, ended.errors) == (0, "", "")
        message = await client.message(lambda message: message["body"])
        assert message["body"] == body
        assert message["type"] == "chat"
        assert message["from"].bare == f"{sender}@{prosody.domain}"


async def test_nobody_sees_us_come_online(prosody: Prosody, program: Program, sender: str) -> None:
    recipient = prosody.add_user(fresh_name())
    address = f"{sender}@{prosody.domain}"
    async with signed_in(address, port=prosody.port, ca_file=prosody.ca_file) as other_device:
        assert (await program.run("send", str(recipient), "hello")).code == 0
        own = [presence for presence in other_device.presences if presence["from"] != other_device.boundjid]
        assert own == []


async def test_another_device_of_ours_hears_of_the_message_and_stays_online(
    prosody: Prosody, program: Program, sender: str
) -> None:
    recipient = prosody.add_user(fresh_name())
    address = f"{sender}@{prosody.domain}"
    async with signed_in(address, port=prosody.port, ca_file=prosody.ca_file, plugins=("xep_0280",)) as other_device:
        await other_device.plugin["xep_0280"].enable()
        assert (await program.run("send", str(recipient), "to be copied")).code == 0
        await other_device.message(lambda message: message["carbon_sent"]["body"] == "to be copied")
        assert other_device.is_connected()


async def test_a_room_is_recognised_entered_and_left(prosody: Prosody, program: Program, sender: str) -> None:
    room = prosody.room()
    host = prosody.add_user(fresh_name())
    async with signed_in(str(host), port=prosody.port, ca_file=prosody.ca_file, plugins=("xep_0045",)) as client:
        rooms = client.plugin["xep_0045"]
        await rooms.join_muc_wait(_jid(room), "host", timeout=10)
        await rooms.set_room_config(_jid(room), (await rooms.get_room_config(_jid(room))))
        for arguments in (["plain"], ["--room", "named"]):
            ended = await program.run("send", *arguments[:-1], str(room), arguments[-1])
            assert (ended.code, ended.errors) == (0, "")
            message = await client.message(functools.partial(_says, arguments[-1]))
            assert message["type"] == "groupchat"
            assert message["from"].resource == sender
        await until(lambda: rooms.get_roster(_jid(room)) == ["host"], what="the sender has left")


async def test_a_taken_nickname_is_no_obstacle(prosody: Prosody, program: Program, sender: str) -> None:
    room = prosody.room()
    host = prosody.add_user(fresh_name())
    async with signed_in(str(host), port=prosody.port, ca_file=prosody.ca_file, plugins=("xep_0045",)) as client:
        rooms = client.plugin["xep_0045"]
        await rooms.join_muc_wait(_jid(room), sender, timeout=10)
        await rooms.set_room_config(_jid(room), (await rooms.get_room_config(_jid(room))))
        assert (await program.run("send", str(room), "hello")).code == 0
        message = await client.message(lambda message: message["body"] == "hello")
        assert message["from"].resource == f"{sender}_"


async def test_no_room_is_created_by_a_slip_of_the_pen(prosody: Prosody, program: Program, sender: str) -> None:
    room = prosody.room()
    ended = await program.run("send", "--room", str(room), "hello")
    assert ended.code == 6
    assert f"There is no room {room}" in ended.errors
    assert str(room) not in prosody.shell(f'muc:list("{prosody.rooms}")')


async def test_an_address_that_does_not_exist_is_refused(prosody: Prosody, program: Program, sender: str) -> None:
    ended = await program.run("send", f"nobody-{sender}@{prosody.domain}", "hello")
    assert ended.code == 6
    assert "The message was refused" in ended.errors


async def test_a_wrong_password_is_a_refused_sign_in_and_never_logged(prosody: Prosody, program: Program) -> None:
    name = fresh_name()
    prosody.add_user(name)
    program.set_up(prosody.settings(name), password="wrong horse")
    ended = await program.run("send", "--debug", f"{name}@{prosody.domain}", "hello")
    assert ended.code == 4
    assert "password" in ended.errors
    assert "wrong horse" not in ended.errors + program.log


async def test_without_a_password_and_a_person_it_says_what_to_do(prosody: Prosody, program: Program) -> None:
    program.set_up(prosody.settings(fresh_name()), password=None)
    ended = await program.run("send", f"x@{prosody.domain}", "hello")
    assert ended.code == 4
    assert "password_command" in ended.errors


async def test_with_a_person_there_the_password_is_asked_for_and_not_shown(prosody: Prosody, program: Program) -> None:
    name = fresh_name()
    address = prosody.add_user(name)
    program.set_up(prosody.settings(name), password=None)
    with PseudoTerminal(program.command("send", str(address), "hello"), program.environment, program.home) as terminal:
        terminal.until(f"Password of {address}: ".encode())
        terminal.type(b"secret\n")
        assert terminal.until_ended() == 0
        assert b"secret" not in terminal.output
        assert terminal.is_as_before


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
async def test_a_signal_ends_it_with_128_and_its_number(
    prosody: Prosody, program: Program, number: signal.Signals, code: int
) -> None:
    name = fresh_name()
    prosody.add_user(name)
    async with Cutter(prosody.port) as cutter:
        cutter.freeze()
        program.set_up(prosody.settings(name, port=cutter.port))
        command = program.command("send", f"x@{prosody.domain}", "hello")
        with PseudoTerminal(command, program.environment, program.home) as terminal:
            await until(lambda: cutter.lines, timeout=20, what="it has connected")
            if number is signal.SIGINT:
                terminal.type(b"\x03")
            else:
                terminal.process.send_signal(number)
            assert terminal.until_ended() == code
            assert b"Traceback" not in terminal.output


@pytest.mark.parametrize("kind", BAD_KINDS)
async def test_a_bad_certificate_is_no_connection(
    prosody_factory: ProsodyFactory, program: Program, kind: Kind
) -> None:
    server = prosody_factory(certificate=kind)
    server.add_user("juno")
    program.set_up(server.settings("juno"))
    ended = await program.run("send", f"juno@{server.domain}", "hello")
    assert ended.code == 5
    assert "certificate" in ended.errors


async def test_no_server_is_no_connection(prosody: Prosody, program: Program) -> None:
    program.set_up(prosody.settings(fresh_name(), port=1))
    ended = await program.run("send", f"x@{prosody.domain}", "hello")
    assert ended.code == 5


async def test_a_server_that_says_nothing_is_given_up(prosody: Prosody, program: Program) -> None:
    name = fresh_name()
    prosody.add_user(name)
    async with Cutter(prosody.port) as cutter:
        cutter.freeze()
        program.set_up(prosody.settings(name, port=cutter.port))
        ended = await program.run("send", "--timeout", "2", f"x@{prosody.domain}", "hello")
    assert ended.code == 5
    assert "nothing was sent" in ended.errors


_STANZA = r"<(iq|message)\b[^>]*?\sid=['\"]([^'\"]+)['\"][^>]*>(.*?)</\1>"


async def take_message(peer: Peer) -> str:
    """Refuse every question until a message with a body comes; returns its id."""
    while True:
        match = await peer.expect(_STANZA)
        if match[1] == "message" and "<body" in match[3]:
            return match[2]
        refuse(peer, match)


def refuse(peer: Peer, request: re.Match[str]) -> None:
    """In the name of whoever was asked."""
    asked = re.search(r"\sto=['\"]([^'\"]+)", request[0])
    sender = "" if asked is None else f" from='{asked[1]}'"
    unavailable = "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
    peer.send(f"<iq type='error' id='{request[2]}'{sender}><error type='cancel'>{unavailable}</error></iq>")


async def breaks_off(peer: Peer) -> None:
    await peer.begin_session(SM)
    await take_message(peer)
    peer.abort()


async def falls_silent(peer: Peer) -> None:
    await peer.begin_session(SM)
    await take_message(peer)
    await peer.until_gone()


async def only_answers_questions(peer: Peer) -> None:
    """A server without stream management."""
    await peer.begin_session()
    await take_message(peer)
    match = await peer.expect(_STANZA)
    refuse(peer, match)
    await peer.until_gone()


@pytest.mark.parametrize(
    ("script", "code", "words"),
    [
        (breaks_off, 7, "The line broke before the server confirmed"),
        (falls_silent, 7, "did not confirm the message within 5 seconds"),
        (only_answers_questions, 0, ""),
    ],
)
async def test_a_message_counts_as_sent_only_when_the_server_has_it(
    authority: TestAuthority, program: Program, script: Script, code: int, words: str
) -> None:
    async with HostileServer(authority, script) as server:
        program.set_up(server.settings(), password=PASSWORD)
        ended = await program.run("send", "--timeout", "5", f"juno@{DOMAIN}", "hello")
    assert ended.code == code, ended.errors
    assert words in ended.errors


async def test_the_settings_are_checked_first(program: Program) -> None:
    program.settings.parent.mkdir(parents=True)
    program.settings.write_text('[[accounts]]\naddress = "a@b"\npassword = "tru5tno1"\n')
    ended = await program.run("send", "x@y", "hello")
    assert ended.code == 3
    assert f"{program.settings}, line 3" in ended.errors
    assert "tru5tno1" not in ended.errors + program.log


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["x@y", "hi"], "no account is set up yet"), (["--account", "b@c", "x@y", "hi"], "no account is set up yet")],
)
async def test_without_an_account_it_says_how_to_get_one(program: Program, arguments: list[str], words: str) -> None:
    ended = await program.run("send", *arguments)
    assert ended.code == 3
    assert words in ended.errors


async def test_an_unknown_account_is_said(prosody: Prosody, program: Program, sender: str) -> None:
    ended = await program.run("send", "--account", "nobody@example.org", "x@y", "hello")
    assert ended.code == 3
    assert "there is no account nobody@example.org" in ended.errors


async def test_sending_leaves_no_store_behind(prosody: Prosody, program: Program, sender: str) -> None:
    assert (await program.run("send", f"{sender}@{prosody.domain}", "note to myself")).code == 0
    assert not (program.home / ".local" / "share" / "tui-xmpp").exists()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "no text"),
        (b" \n\n", "no text"),
        (b"\x1b[0m\n", "no text"),
        (b"\xff\xfe", "not UTF-8"),
        (b"x" * (BODY_LIMIT + 1), "too long"),
    ],
)
def test_what_is_no_message_is_not_sent(raw: bytes, words: str) -> None:
    with pytest.raises(NothingToSend, match=words):
        message_text(raw)


def _says(body: str, message: Message) -> bool:
    return bool(message["body"] == body)


def _jid(room: Address) -> JID:
    return JID(str(room))
