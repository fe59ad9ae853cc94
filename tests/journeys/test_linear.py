"""The linear mode from the first start to the last word, on a real server: what is typed, heard and kept."""

import os
import re
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.engines import Client, make_engine
from tests.journeys.hostile_party import LONG, TEXTS, Party
from tests.journeys.test_hostile_text import PASTED, be_friends
from tests.server.plain_client import PlainClient, signed_in
from tests.server.prosody import Prosody, fresh_name
from tests.server.terminal import Terminal
from tests.server.written import strange
from tests.waiting import until
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import AnswerRequest, CorrectMessage, React, RetractMessage
from tui_xmpp.model.message import Encryption
from tui_xmpp.model.omemo import EncryptionWish

_LINE_EDITOR = re.compile(
    rb"\x1b\[(?:[0-9]*[ABCDJKm]|\?(?:1|7|12|25|2004)[hl])"  # cursor, erasing, weights; modes on and off
)
"""What the line at the bottom needs, and nothing else."""


def start(program: Program, directory: Path, *arguments: str, term: str = "tmux-256color") -> Terminal:
    environment = program.environment | {"TERM": term}
    return Terminal(program.command(*arguments), environment, directory, columns=150, rows=50, record=True)


def enter(terminal: Terminal, text: str) -> None:
    terminal.type(text)
    terminal.press("Enter")


async def hears(terminal: Terminal, text: str, *, within: float = 20) -> None:
    """Wait until something has been said, wherever it has scrolled to meanwhile."""
    try:
        await until(lambda: text.encode() in terminal.written, timeout=within, what=f"{text!r} is said")
    except AssertionError as error:
        raise AssertionError(f"{error}; it shows:\n{terminal.screen()}") from None


async def leaves(terminal: Terminal, program: Program) -> None:
    enter(terminal, "/quit")
    await until(lambda: terminal.exit_status is not None, timeout=20, what="the program has ended")
    assert terminal.exit_status == 0
    assert "Traceback" not in program.log


def judged_lines(written: bytes, term: str) -> list[str]:
    """What is strange among the bytes, beside what the line at the bottom needs; a dumb terminal knows none of that."""
    plain = _LINE_EDITOR.sub(b"", written) if term != "dumb" else written
    return strange(plain.replace(b"\x08", b""))


async def becomes(client: Client, check: Callable[[], object], what: str) -> None:
    await client.until(check, what)


@pytest.mark.timeout(120)
async def test_from_an_empty_home_to_a_conversation_on_a_dumb_terminal(
    prosody: Prosody, program: Program, tmp_path: Path
) -> None:
    name, friend_name = fresh_name("newcomer"), fresh_name("friend")
    address = prosody.add_user(name)
    async with make_engine(prosody, friend_name) as friend:
        with start(program, tmp_path / "terminal", term="dumb") as terminal:
            for question, answer in (
                ("1 or 2: ", "2"),
                ("Address: ", str(address)),
                (f"Password of {address}: ", "secret"),
                ("to name its host and port: ", "server"),
                ("Host: ", prosody.host),
                ("Port: ", str(prosody.port)),
                ("the system's: ", str(prosody.ca_file)),
                (f"Password of {address}: ", "secret"),
                ("keyring? yes or no: ", "no"),
            ):
                await hears(terminal, question, within=40)
                enter(terminal, answer)
            await hears(terminal, f"You are signed in as {address}")
            await hears(terminal, f"{address}: connected.")
            assert b"secret" not in terminal.written
            enter(terminal, f"/add {friend.account} Friend")
            await friend.until(lambda: friend.engine.requests(), "the request arrives")
            await friend.do(AnswerRequest(friend.engine.requests()[-1].id, accept=True))
            enter(terminal, "/go friend")
            enter(terminal, "Hello, line by line — wie geht's?")
            await friend.until(lambda: "Hello, line by line — wie geht's?" in friend.bodies(address), "it arrives")
            await friend.say(address, "Loud and clear")
            await hears(terminal, "Friend: Loud and clear")
            room = f"{fresh_name('den')}@{prosody.rooms}"
            enter(terminal, f"/join {room}")
            await hears(terminal, f"Room {room}")
            await friend.join(Address.parse(room), "Fran")
            await friend.say(Address.parse(room), "Cosy in here")
            await hears(terminal, "Fran: Cosy in here")
            enter(terminal, "/who")
            await hears(terminal, "2 people here.")
            await leaves(terminal, program)
            assert b"\x1b" not in terminal.written


@pytest.mark.timeout(120)
async def test_what_is_typed_is_not_torn_by_what_comes_and_what_happens_to_messages_is_said(
    prosody: Prosody, program: Program, tmp_path: Path
) -> None:
    name = fresh_name("typist")
    address = prosody.add_user(name)
    async with make_engine(prosody, fresh_name("chatty")) as friend:
        program.set_up(prosody.settings(name))
        with start(program, tmp_path / "terminal", "--linear", "--open", str(friend.account)) as terminal:
            await hears(terminal, f"{address}: connected.")
            await friend.say(address, "are you in?")
            await hears(terminal, "are you in?")  # from now on everything comes as it is said
            terminal.type("This sentence is ")
            for number in range(30):
                await friend.say(address, f"interruption {number}")
            await hears(terminal, "interruption 29")
            enter(terminal, "whole.")
            await friend.until(lambda: "This sentence is whole." in friend.bodies(address), "it arrives whole")
            screen = await terminal.until_screen("> This sentence is whole.")
            heard = [int(number) for number in re.findall(r"interruption (\d+)", screen)]
            assert heard == sorted(set(heard)), "each is said once, in its order"

            mine = friend.history(address)[-1]
            await friend.do(React(friend.key(address), mine.id, ("👍",)))
            await hears(terminal, "put 👍 under “This sentence is whole.”")
            first, second = friend.history(address)[-3:-1]
            await friend.do(CorrectMessage(friend.key(address), second.id, "a correction"))
            await hears(terminal, "Corrected:")
            await hears(terminal, ": a correction (corrected)")
            await friend.do(RetractMessage(friend.key(address), first.id))
            await hears(terminal, "took the message back of ")
            enter(terminal, "/reply I heard you")
            await friend.until(
                lambda: (last := friend.history(address)[-1]).reply is not None and last.reply.text == "a correction",
                "the answer arrives",
            )
            await leaves(terminal, program)
            assert strange(_LINE_EDITOR.sub(b"", terminal.written).replace(b"\x08", b"")) == []


@pytest.mark.timeout(120)
async def test_what_was_said_is_there_after_the_process_was_killed(
    prosody: Prosody, program: Program, tmp_path: Path
) -> None:
    name = fresh_name("killed")
    address = prosody.add_user(name)
    async with make_engine(prosody, fresh_name("witness")) as friend:
        program.set_up(prosody.settings(name))
        with start(program, tmp_path / "first", "--linear", "--open", str(friend.account), term="dumb") as terminal:
            await hears(terminal, "connected.")
            enter(terminal, "before the end")
            await friend.until(lambda: "before the end" in friend.bodies(address), "it arrives")
            await friend.say(address, "I heard it")
            await hears(terminal, ": I heard it")
            os.kill(terminal.pid, signal.SIGKILL)
            await until(lambda: terminal.exit_status is not None)
        await friend.say(address, "while you were gone")
        with start(program, tmp_path / "second", "--linear", "--open", str(friend.account), term="dumb") as terminal:
            await hears(terminal, ": while you were gone")
            enter(terminal, "/read 9")
            await hears(terminal, "3. ")
            screen = terminal.screen()
            said = ["you: before the end", ": I heard it", ": while you were gone"]
            places = [screen.rindex(text) for text in said]
            assert places == sorted(places)
            await leaves(terminal, program)


@pytest.mark.timeout(120)
async def test_encryption_is_said_and_what_cannot_be_encrypted_waits_for_a_decision(
    prosody: Prosody, program: Program, tmp_path: Path
) -> None:
    name, deaf = fresh_name("careful"), fresh_name("deaf")
    address, other = prosody.add_user(name), prosody.add_user(deaf)
    async with AsyncExitStack() as stack:
        friend = await stack.enter_async_context(
            make_engine(prosody, fresh_name("sealed"), encryption=EncryptionWish.WHEN_POSSIBLE)
        )
        program.set_up(prosody.settings(name))
        with start(program, tmp_path / "terminal", "--linear", "--open", str(friend.account), term="dumb") as terminal:
            await hears(terminal, "connected.")
            enter(terminal, "for your eyes only")
            await friend.until(lambda: "for your eyes only" in friend.bodies(address), "it arrives", timeout=30)
            assert friend.history(address)[-1].encryption is Encryption.OMEMO
            await hears(terminal, "Encrypted.")
            enter(terminal, "/devices")
            await hears(terminal, "Fingerprint ")
            enter(terminal, "/verify 1")
            await hears(terminal, ": verified.")

            enter(terminal, f"/go {other}")
            await hears(terminal, f"{other} is not a contact.")
            enter(terminal, "/encryption always")
            await hears(terminal, "Set.")
            enter(terminal, "not in clear")
            await hears(terminal, "held back: ")
            enter(terminal, "/read 1")
            await hears(terminal, "you: not in clear (held back: ")
            number = re.findall(r"(\d+)\. \d\d:\d\d you: not in clear", terminal.screen())[-1]
            enter(terminal, f"/clear {number}")
            await hears(terminal, "Everybody on its way can read it. yes or no: ")
            enter(terminal, "yes")
            await hears(terminal, "“not in clear” of ")
            await hears(terminal, "was sent.")
            await leaves(terminal, program)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("term", ["dumb", "tmux-256color"])
async def test_no_text_of_others_is_more_than_text(
    prosody: Prosody, program: Program, tmp_path: Path, term: str
) -> None:
    own, other = prosody.add_user(fresh_name("own")), prosody.add_user(fresh_name("other"))
    program.set_up(prosody.settings(own.local))
    async with AsyncExitStack() as stack:

        async def client(address: str) -> PlainClient:
            online = signed_in(address, port=prosody.port, ca_file=prosody.ca_file)
            return await stack.enter_async_context(online)

        friend, twin = await client(f"{other}/[@click=app.quit]x[/]"), await client(str(own))
        await be_friends(friend, twin)
        party = Party(prosody, str(own), friend, twin)
        terminal = stack.enter_context(start(program, tmp_path / "terminal", "--linear", term=term))
        await hears(terminal, f"{own}: connected.")
        for turn in range(len(TEXTS)):
            await party.play(turn, await client(str(prosody.add_user(fresh_name("stranger")))))
            for words in (f"Please{turn}", f"Come{turn}", f"Direct{turn}", f"Body{turn}", f"Action{turn}"):
                await hears(terminal, words)
            for number in {number.decode() for number in re.findall(rb"/decline (\d+)\.", terminal.written)}:
                enter(terminal, f"/decline {number}")
            enter(terminal, f"/go {other}")
            if turn != LONG:
                await hears(terminal, f"Status{turn}")
            terminal.type(PASTED)
            terminal.press("C-u")
            enter(terminal, f"Refuse {turn}")
            await party.refuse(turn)
            await hears(terminal, f"Error{turn}")
            enter(terminal, f"/go kept{turn}")
            await hears(terminal, f"Talk{turn}")
            enter(terminal, "/who")
            await hears(terminal, f"Nick{turn}")
            party.whisper(turn)
            await hears(terminal, f"Whisper{turn}")
            party.kick(turn)
            await hears(terminal, f"Kicked{turn}")
            for command in ("/chats", "/requests", "/contacts all", "/read 20", f"/find Body{turn}", "/accounts"):
                enter(terminal, command)
        await leaves(terminal, program)
        assert judged_lines(terminal.written, term) == []
        assert "Traceback" not in program.log


async def test_a_failed_delivery_is_said(prosody: Prosody, program: Program, tmp_path: Path) -> None:
    name = fresh_name("sender")
    prosody.add_user(name)
    program.set_up(prosody.settings(name))
    nobody = f"{fresh_name('nobody')}@{prosody.domain}"
    with start(program, tmp_path / "terminal", "--linear", "--open", nobody, term="dumb") as terminal:
        await hears(terminal, "connected.")
        enter(terminal, "anybody?")
        await hears(terminal, "“anybody?” of ")
        await hears(terminal, "was not sent: ")
        await leaves(terminal, program)


@pytest.mark.timeout(120)
async def test_what_one_writes_on_another_device_and_what_came_while_the_line_was_down_is_heard(
    prosody: Prosody, program: Program, tmp_path: Path
) -> None:
    name = fresh_name("twin")
    address = prosody.add_user(name)
    async with make_engine(prosody, fresh_name("peer")) as friend, make_engine(prosody, name) as twin:
        program.set_up(prosody.settings(name))
        with start(program, tmp_path / "terminal", "--linear", "--open", str(friend.account), term="dumb") as terminal:
            await hears(terminal, f"{address}: connected.")
            await twin.say(friend.account, "from my other device")
            await hears(terminal, " you: from my other device")
            enter(terminal, "/disconnect")
            await hears(terminal, f"{address} is offline.")
            for number in range(25):
                await friend.say(address, f"missed {number}")
            await twin.until(lambda: "missed 24" in twin.bodies(friend.account), "they have come")
            enter(terminal, "/connect")
            await hears(terminal, "25 messages came meanwhile; these are the last 20, /read says others:")
            await hears(terminal, ": missed 24")
            said = re.findall(rb": missed (\d+)", terminal.written)
            assert [int(number) for number in said] == list(range(5, 25))
            await leaves(terminal, program)
