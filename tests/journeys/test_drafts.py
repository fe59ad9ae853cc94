"""What was being written survives kill -9, in the real program and a real terminal."""

import os
import signal
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.server.terminal import Terminal
from tests.waiting import until
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.storage.store import Store
from tui_xmpp.ui import composer

ALICE = AccountSettings(Address.parse("alice@home.example"), host="127.0.0.1", port=1)
BOB, CAROL = Address.parse("bob@home.example"), Address.parse("carol@home.example")


def kept(program: Program, peer: Address) -> str:
    """The draft of a chat, as another process sees it."""
    path = program.home / ".local" / "share" / "tui-xmpp" / "chat.db"
    if not path.exists():
        return ""
    store = Store.open(path, exclusive=False)
    try:
        chat = store.chats.get(ChatKey(ALICE.address, peer))
        return "" if chat is None else chat.draft
    finally:
        store.close_now()


def test_a_pause_of_less_than_a_second_is_enough() -> None:
    assert composer.DRAFT_DELAY < 1


@pytest.mark.timeout(120)
async def test_a_draft_survives_the_death_of_the_program(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    program.set_up(ALICE)
    for attempt, (peer, text) in enumerate(((BOB, "Dear Bob, 🍕?"), (CAROL, "Dear Carol"))):
        command = program.command("--open", str(peer))
        with Terminal(command, program.environment, tmp_path / f"terminal-{attempt}", columns=100, rows=30) as terminal:
            await terminal.until_screen("Message ", within=30)
            terminal.type(text)
            await until(lambda peer=peer, text=text: kept(program, peer) == text)  # type: ignore[misc]  # of a default
            os.kill(terminal.pid, signal.SIGKILL)
            await until(lambda terminal=terminal: terminal.exit_status is not None)  # type: ignore[misc]  # of a default
    command = program.command("--open", str(BOB))
    with Terminal(command, program.environment, tmp_path / "terminal", columns=100, rows=30) as terminal:
        await terminal.until_screen("Dear Bob, 🍕?", within=30)
        assert "draft: Dear Carol" in terminal.screen()
