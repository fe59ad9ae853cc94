"""A store that takes long to be brought up to date says so on the terminal, and leaves nothing behind."""

import io
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.cli.pseudo_terminal import PseudoTerminal
from tests.storage import dumps
from tui_xmpp.cli import patience
from tui_xmpp.cli.patience import Patience
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address


class Tty(io.StringIO):
    """A terminal that keeps what is written."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def test_what_takes_long_says_how_far_it_is_and_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "WAIT", 0)
    terminal = Tty()
    line = Patience(terminal)
    for share in (0.0, 0.101, 0.104, 0.5, 1.0):
        line.tell(share)
    line.end()
    shown = terminal.getvalue().split("\r\x1b[K")
    assert [text.rpartition(": ")[2] for text in shown if text] == ["0 %", "10 %", "50 %", "100 %"]
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_what_is_quick_says_nothing() -> None:
    terminal = Tty()
    line = Patience(terminal)
    line.tell(1.0)
    line.end()
    assert not terminal.getvalue()


def test_nothing_is_written_into_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "WAIT", 0)
    pipe = io.StringIO()
    line = Patience(pipe)
    line.tell(0.5)
    line.end()
    assert not pipe.getvalue()


def test_the_program_says_it_of_an_older_store_and_then_opens_it(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    program.set_up(AccountSettings(address=Address.parse("alice@chat.test"), host="127.0.0.1", port=9))
    program.store.parent.mkdir(parents=True)
    dumps.load(program.store, 1)
    at_once = "import tui_xmpp.cli.patience as p; p.WAIT = 0; import sys, tui_xmpp.__main__ as m; sys.exit(m.main([]))"
    command = [*program.command()[:1], "-c", at_once]
    with PseudoTerminal(command, program.environment, program.home) as terminal:
        terminal.until(b"Bringing the store up to date")
        terminal.until(b"CONTACTS")
        terminal.process.terminate()
        terminal.until_ended()
