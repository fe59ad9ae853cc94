"""The first minute of a newcomer: an empty home, the wizard, a contact, a room; profanity is the other side."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.server.profanity import Profanity
from tests.server.prosody import Prosody, fresh_name
from tests.server.terminal import Terminal
from tests.waiting import until


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    program = Program(tmp_path / "home")
    environment = program.environment | {"TERM": "tmux-256color"}
    with Terminal(program.command(), environment, tmp_path / "terminal", columns=80, rows=24) as running:
        yield running


async def _sign_in(terminal: Terminal, prosody: Prosody, name: str) -> None:
    """Through the wizard, as fast as keys can be sent."""
    await terminal.until_screen("How shall they")
    terminal.press("Enter")
    await terminal.until_screen("Choose a passphrase")
    terminal.type("correct horse battery")
    terminal.press("Tab")
    terminal.type("correct horse battery")
    terminal.press("Enter")
    await terminal.until_screen("Welcome to tui-xmpp")
    terminal.press("Enter")
    await terminal.until_screen("Password")
    terminal.type(f"{name}@{prosody.domain}")
    terminal.press("Tab")
    terminal.type("secret")
    terminal.press("Tab", "Space", "Tab", "Enter")
    await terminal.until_screen("Authority")
    terminal.press("Tab")
    terminal.type(prosody.host)
    terminal.press("Tab")
    terminal.type(str(prosody.port))
    terminal.press("Tab", "Tab")
    terminal.type(str(prosody.ca_file))
    terminal.press("Enter")
    await terminal.until_screen("You are signed in")
    terminal.press("Enter")
    await terminal.until_screen(f"● {name}@{prosody.domain}")


@pytest.mark.timeout(120)
async def test_from_an_empty_home_to_a_conversation_and_a_room_with_profanity(
    prosody: Prosody, tmp_path: Path, terminal: Terminal
) -> None:
    name, other = fresh_name("newcomer"), fresh_name("friend")
    address, friend = prosody.add_user(name), prosody.add_user(other)
    room = f"{fresh_name('kitchen')}@{prosody.rooms}"
    with Profanity(tmp_path / "profanity") as profanity:
        await profanity.start(prosody.settings(other))
        await _sign_in(terminal, prosody, name)

        terminal.press("F2")
        await terminal.until_screen("Add a contact")
        terminal.type(str(friend))
        terminal.press("Enter")
        await profanity.until_screen(f"Received authorization request from {address}")
        profanity.type(f"/sub allow {address}")
        await terminal.until_screen(f"● {other}")

        terminal.type("Hello from a terminal — wie geht's? 🍕")
        terminal.press("Enter")
        profanity.type(f"/msg {address}")
        await profanity.until_screen("Hello from a terminal — wie geht's?")
        profanity.type("Read you loud and clear")
        await terminal.until_screen("Read you loud and clear")

        terminal.press("F3")
        await terminal.until_screen("Join a room")
        terminal.type(room)
        terminal.press("Enter")
        await terminal.until_screen("1 person")
        profanity.type(f"/join {room}")
        await terminal.until_screen("2 people")
        terminal.type("Welcome to the kitchen")
        terminal.press("Enter")
        await profanity.until_screen("Welcome to the kitchen")
        profanity.type("It smells of bread in here")
        await terminal.until_screen("It smells of bread in here")

        terminal.press("C-q")
        await until(lambda: terminal.exit_status is not None, what="the program has ended")
        assert terminal.exit_status == 0
