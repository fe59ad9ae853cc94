"""A store that was damaged on the disk: said on the screen, moved aside, and filled again by the server."""

from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.engines import Client, MemoryKeeper, befriend, make_engine
from tests.server.prosody import Prosody, fresh_name
from tests.server.terminal import Terminal

PAGE = 4096


def on_terminal(program: Program, directory: Path) -> Terminal:
    environment = program.environment | {"TERM": "tmux-256color"}
    return Terminal(program.command(), environment, directory, columns=120, rows=40)


def damage(database: Path) -> None:
    """As a disk does that forgets: everything but the first page is lost, and the file is as long as before."""
    size = database.stat().st_size
    with database.open("r+b") as file:
        file.seek(PAGE)
        file.write(b"\xa5" * (size - PAGE))


@pytest.fixture
async def program(prosody: Prosody, tmp_path: Path) -> Program:
    """After a first session, with a contact and a conversation in the store."""
    program = Program(tmp_path / "home")
    name = fresh_name("reader")
    prosody.add_user(name)
    settings = prosody.settings(name)
    program.set_up(settings)
    program.store.parent.mkdir(parents=True, mode=0o700)
    reader = Client([settings], program.store, MemoryKeeper({settings.address: "secret"}))
    await reader.engine.start()
    await reader.online()
    async with make_engine(prosody, fresh_name("friend")) as friend:
        await befriend(friend, reader)
        for number in range(5):
            await friend.say(reader.account, f"message number {number}")
        await reader.until(lambda: len(reader.bodies(friend.account)) == 5)
    await reader.close()
    return program


@pytest.mark.timeout(120)
async def test_it_is_said_and_history_and_contacts_come_back(program: Program, tmp_path: Path) -> None:
    damage(program.store)
    with on_terminal(program, tmp_path / "terminal") as terminal:
        await terminal.until_screen("The local store was damaged")
        await terminal.until_screen("○ friend", within=30)
        await terminal.until_screen("message number 4", within=30)
    assert list(program.store.parent.glob("chat.db.damaged-*"))


@pytest.mark.timeout(120)
async def test_damage_that_is_met_while_it_runs_is_said_and_healed_by_the_next_start(
    program: Program, tmp_path: Path
) -> None:
    with on_terminal(program, tmp_path / "terminal") as terminal:
        await terminal.until_screen("F1 help", within=30)  # it has the store open
        await terminal.until_screen("message number 4", within=30)
        damage(program.store)
        terminal.press("C-f")
        await terminal.until_screen("Find")
        terminal.type("number")
        await terminal.until_screen("damaged", within=30)
        assert terminal.exit_status is None
    with on_terminal(program, tmp_path / "again") as terminal:
        await terminal.until_screen("The local store was damaged")
        await terminal.until_screen("message number 4", within=30)
