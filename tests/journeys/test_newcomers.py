"""Newcomers without an account, from an empty home to a message that somebody has read; keys alone, at 80x24."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.server.fixtures import ProsodyFactory
from tests.server.plain_client import PlainClient, signed_in
from tests.server.prosody import Prosody, fresh_name
from tests.server.terminal import Terminal
from tests.waiting import until
from tui_xmpp.demo.prosody_config import quoted
from tui_xmpp.model.at_rest import KeyPlace


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    program = Program(tmp_path / "home")
    program.keep_store(KeyPlace.NONE)
    environment = program.environment | {"TERM": "tmux-256color"}
    with Terminal(program.command(), environment, tmp_path / "terminal", columns=80, rows=24) as running:
        yield running


async def open_advanced(terminal: Terminal, server: Prosody) -> None:
    """Say where the server is, which DNS would say in life, and go on."""
    terminal.press("Tab", "Enter")
    await terminal.until_screen("Authority")
    terminal.press("Tab")
    terminal.type(server.host)
    terminal.press("Tab")
    terminal.type(str(server.port))
    terminal.press("Tab", "Tab")
    terminal.type(str(server.ca_file))
    terminal.press("Enter")


async def fill_form(terminal: Terminal, *names: str, go_on: str = "Enter") -> None:
    """The server's form: the name, unless it is there already, and the password twice; then one of the keys named."""
    await terminal.until_screen("Register at")
    for name in names:
        terminal.type(name)
    for _ in range(2):
        terminal.press("Tab")
        terminal.type("correct horse")
    terminal.press("Enter")
    await terminal.until_screen("You are signed in", within=20)
    screen = await terminal.until_screen("see every key")  # the page under its title is there with the next picture
    assert [
        words for words in ("add somebody by address", "join a room, or look for one", "see every key")
        if words in screen
    ] == ["add somebody by address", "join a room, or look for one", "see every key"]  # fmt: skip
    terminal.press(go_on)


async def leave(terminal: Terminal) -> None:
    terminal.press("C-q")
    await until(lambda: terminal.exit_status is not None, what="the program has ended")
    assert terminal.exit_status == 0


async def heard(friend: PlainClient, text: str) -> None:
    await friend.message(lambda message: message["body"] == text, what=text)


@pytest.mark.timeout(120)
async def test_who_registers_adds_a_friend_and_is_heard(prosody: Prosody, terminal: Terminal) -> None:
    name, friend = fresh_name("newcomer"), prosody.add_user(fresh_name("friend"))
    async with signed_in(str(friend), port=prosody.port, ca_file=prosody.ca_file) as other:
        await terminal.until_screen("Welcome to tui-xmpp")
        terminal.press("Down", "Enter")
        await terminal.until_screen("Register a new account")
        terminal.type(prosody.domain)
        await open_advanced(terminal, prosody)
        await fill_form(terminal, name, go_on="F2")
        await terminal.until_screen("Add a contact")
        terminal.type(str(friend))
        terminal.press("Enter")
        await other.presence(lambda presence: presence["type"] == "subscribe")
        await terminal.until_screen("Message ")
        terminal.type("Hello, it is me")
        terminal.press("Enter")
        await heard(other, "Hello, it is me")
        await leave(terminal)


@pytest.mark.timeout(120)
async def test_who_was_invited_registers_with_the_link_and_writes_to_the_inviter_by_two_keys(
    prosody_factory: ProsodyFactory, terminal: Terminal
) -> None:
    server = prosody_factory(extra_modules=("invites", "invites_register"))
    name, inviter = fresh_name("invited"), server.add_user(fresh_name("inviter"))
    link = server.invite("create_contact", quoted(str(inviter.local)), "true")
    async with signed_in(str(inviter), port=server.port, ca_file=server.ca_file) as other:
        await terminal.until_screen("Welcome to tui-xmpp")
        terminal.press("Down", "Down", "Enter")
        await terminal.until_screen("Register by invitation")
        terminal.type(f"\x1b[200~{link}\x1b[201~")
        await open_advanced(terminal, server)
        await terminal.until_screen(f"{inviter} invites you")
        await fill_form(terminal, name)
        await terminal.until_screen(f"● {inviter.local}")

        terminal.press("Enter")
        await terminal.until_screen("Message ")
        terminal.type("Thank you for having me")
        terminal.press("Enter")
        await heard(other, "Thank you for having me")
        await leave(terminal)
