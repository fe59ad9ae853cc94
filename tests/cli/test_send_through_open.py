"""`tui-xmpp send` while the program is open: it goes through that one, which has the keys."""

import os
import signal
from functools import partial
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.core.test_omemo import encrypting, has, kept_by, last, own_device, ready
from tests.core.test_omemo_rooms import private_room
from tests.journeys.test_at_rest import died
from tests.server.prosody import Prosody, fresh_name
from tests.server.terminal import Terminal
from tests.waiting import until
from tui_xmpp.model.address import Address
from tui_xmpp.model.message import Encryption
from tui_xmpp.model.omemo import OmemoVersion

pytestmark = pytest.mark.timeout(150)


@pytest.fixture
def terminal(program: Program, tmp_path: Path) -> Terminal:
    """Where the program is opened."""
    return Terminal(program.command(), program.environment, tmp_path / "terminal", columns=110, rows=30)


@pytest.mark.parametrize("mode", [(), ("--linear",)])
async def test_into_an_encrypted_chat_it_goes_encrypted_and_stands_on_the_screen(
    prosody: Prosody, program: Program, sender: Address, tmp_path: Path, mode: tuple[str, ...]
) -> None:
    async with encrypting(prosody) as bob:
        await ready(bob)
        command = program.command(*mode, "--open", str(bob.account))
        with Terminal(command, program.environment, tmp_path / "terminal", columns=110, rows=30) as terminal:
            await terminal.until_screen(f"{sender}: connected" if mode else f"● {sender}")
            ended = await program.run("send", str(bob.account), "from the shell")
            assert (ended.code, ended.output, ended.errors) == (0, "", "")
            await bob.until(lambda: has(bob, sender, "from the shell"))
            assert last(bob, sender).encryption is Encryption.OMEMO
            await terminal.until_screen("from the shell")
            terminal.type("/quit" if mode else "from the screen")
            terminal.press("Enter")
            if not mode:
                await bob.until(lambda: has(bob, sender, "from the screen"))
                assert last(bob, sender).device == bob.history(sender)[0].device, "it is one device"
        assert "from the shell" not in kept_by(prosody, sender, bob.account)


async def test_what_cannot_be_encrypted_is_refused_and_not_kept_to_be_sent_later(
    prosody: Prosody, program: Program, sender: Address, terminal: Terminal
) -> None:
    async with encrypting(prosody) as bob:
        await ready(bob)
        connection = bob.engine._of(bob.account).context.connection
        assert connection is not None
        for version in OmemoVersion:
            await connection.retract_bundle(own_device(bob), version)
        with terminal:
            await terminal.until_screen(f"● {sender}")
            ended = await program.run("send", str(bob.account), "the secret")
            assert ended.code == 10
            assert "None of the other side's devices can be encrypted to now." in ended.errors
            await until(lambda: "the secret" not in terminal.screen(), what="it is gone from the screen")
            assert (await program.run("send", "--plain", str(bob.account), "no secret")).code == 0
            await bob.until(lambda: has(bob, sender, "no secret"))
            assert last(bob, sender).encryption is Encryption.NONE
    assert not any("the secret" in stanza for stanza in prosody.archived(sender))


async def test_to_somebody_without_keys_it_goes_in_clear_and_to_nobody_not_at_all(
    prosody: Prosody, program: Program, sender: Address, terminal: Terminal
) -> None:
    carol = prosody.add_user(fresh_name())
    with terminal:
        await terminal.until_screen(f"● {sender}")
        assert (await program.run("send", str(carol), "for all to read")).code == 0
        await terminal.until_screen("for all to read")
        ended = await program.run("send", f"nobody@{prosody.domain}", "hello?")
        assert ended.code == 6
    assert any("for all to read" in stanza for stanza in prosody.archived(carol))


async def test_a_private_group_in_which_the_program_is_reads_it(
    prosody: Prosody, program: Program, sender: Address, terminal: Terminal
) -> None:
    async with encrypting(prosody) as bob:
        await ready(bob)
        room = await private_room(prosody, bob, sender)
        with terminal:
            await terminal.until_screen(f"● {sender}")
            terminal.press("F3")
            await terminal.until_screen("Join a room")
            terminal.type(str(room))
            terminal.press("Enter")
            await terminal.until_screen("encrypted  2 people")
            ended = await program.run("send", "--room", str(room), "from the shell")
            assert (ended.code, ended.errors) == (0, "")
            await bob.until(partial(has, bob, room, "from the shell"))
            assert last(bob, room).encryption is Encryption.OMEMO


async def test_an_open_room_in_which_the_program_is_not_is_entered_by_the_other_one(
    prosody: Prosody, program: Program, sender: Address, terminal: Terminal
) -> None:
    async with encrypting(prosody) as bob:
        room = prosody.room()
        await bob.join(room)
        with terminal:
            await terminal.until_screen(f"● {sender}")
            assert (await program.run("send", "--room", str(room), "passing by")).code == 0
        await bob.until(partial(has, bob, room, "passing by"))


async def test_after_a_kill_it_goes_by_itself_and_through_the_next_one(
    prosody: Prosody, program: Program, sender: Address, terminal: Terminal, tmp_path: Path
) -> None:
    async with encrypting(prosody) as bob:
        await ready(bob)
        with terminal:
            await terminal.until_screen(f"● {sender}")
            os.kill(terminal.pid, signal.SIGKILL)
            await died(terminal)
        assert program.store.with_name("chat.db.socket").is_socket()
        assert (await program.run("send", str(bob.account), "alone")).code == 0
        await bob.until(lambda: has(bob, sender, "alone"))
        with Terminal(program.command(), program.environment, tmp_path / "next", columns=110, rows=30) as following:
            await following.until_screen(f"● {sender}")
            assert (await program.run("send", str(bob.account), "together")).code == 0
            await following.until_screen("together")
        await bob.until(lambda: has(bob, sender, "together"))
        assert {message.encryption for message in bob.history(sender)} == {Encryption.OMEMO}


async def test_without_a_line_it_is_said_in_time_and_nothing_is_sent_later(
    prosody: Prosody, program: Program, sender: Address, terminal: Terminal
) -> None:
    program.settings.write_text(program.settings.read_text().replace(f"port = {prosody.port}", "port = 9"))
    with terminal:
        await terminal.until_screen("reconnecting")
        ended = await program.run("send", "--timeout", "1", f"bob@{prosody.domain}", "later?")
        assert ended.code == 5
        assert "nothing was sent" in ended.errors
        assert "later?" not in terminal.screen()
