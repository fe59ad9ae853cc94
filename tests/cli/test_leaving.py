"""However the screen ends, the terminal is as before and what was worked on is closed."""

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.cli.pseudo_terminal import PseudoTerminal, assert_sane

PROGRAM = """
import asyncio, sys, time
from pathlib import Path
from textual.app import ComposeResult
from textual.widgets import TextArea
from tui_xmpp import logs
from tui_xmpp.cli.leaving import LeavingApp, run_app

here = Path(sys.argv[1])

class Small(LeavingApp):
    def compose(self) -> ComposeResult:
        yield TextArea("it is there")

    def key_f2(self) -> None:
        password = "correct horse"
        raise RuntimeError("boom")

    def key_f3(self) -> None:
        eager = asyncio.get_running_loop().get_task_factory() is not None
        self.exit(return_code=8 if eager else 9)

    def key_f5(self) -> None:
        self.set_interval(0.001, self.draw)

    drawn = 0

    def draw(self) -> None:
        self.drawn += 1
        self.query_one(TextArea).text = f"{self.drawn} " * 300

    stuck = False

    def key_f4(self) -> None:
        self.stuck = True
        (here / "stuck").touch()

    async def on_unmount(self) -> None:
        if self.stuck:
            await asyncio.sleep(600)

async def close() -> None:
    (here / "closed").touch()

logs.start(here / "log")
sys.exit(asyncio.run(run_app(Small(), close)))
"""
F2, F3, F4, F5, QUIT = b"\x1bOQ", b"\x1bOR", b"\x1bOS", b"\x1b[15~", b"\x11"


def small(directory: Path, *, controlling: bool = True) -> PseudoTerminal:
    """The small program on a terminal."""
    script = directory / "program.py"
    script.write_text(PROGRAM)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path.cwd()), "HOME": str(directory)}
    command = [sys.executable, str(script), str(directory)]
    return PseudoTerminal(command, environment, directory, controlling=controlling)


@pytest.fixture
def program(tmp_path: Path) -> PseudoTerminal:
    return small(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_leaves_politely_with_128_and_its_number(
    number: signal.Signals, program: PseudoTerminal, tmp_path: Path
) -> None:
    with program as terminal:
        terminal.until(b"it is there")
        terminal.process.send_signal(number)
        assert terminal.until_ended() == 128 + number
        assert_sane(terminal)
        assert (tmp_path / "closed").exists()


def test_a_closed_window_leaves_politely_too(program: PseudoTerminal, tmp_path: Path) -> None:
    with program as terminal:
        terminal.until(b"it is there")
        terminal.hang_up()
        assert terminal.process.wait(20) == 128 + signal.SIGHUP
        assert (tmp_path / "closed").exists()


def test_a_terminal_that_goes_without_a_word_is_left_too(tmp_path: Path) -> None:
    with small(tmp_path, controlling=False) as terminal:
        terminal.until(b"it is there")
        terminal.hang_up()
        assert terminal.process.wait(20) == 128 + signal.SIGHUP
        assert (tmp_path / "closed").exists()
    log = (tmp_path / "log").read_text()
    assert "Leaving: SIGHUP" in log
    assert "Traceback" not in log


def test_a_screen_that_draws_without_end_leaves_a_terminal_that_has_gone(tmp_path: Path) -> None:
    with small(tmp_path, controlling=False) as terminal:
        terminal.until(b"it is there")
        terminal.type(F5)
        terminal.until_holds(lambda: terminal.output.count(b"\x1b[2;1H") > 50)
        terminal.hang_up()
        assert terminal.process.wait(20) == 128 + signal.SIGHUP
        assert (tmp_path / "closed").exists()


def test_nothing_in_a_paste_is_a_key(program: PseudoTerminal) -> None:
    pasted = b"one\x1b[31m " + F3 + F2 + b"\x1b" + b"[" * 20 + QUIT + b"[" * 20 + b"\x1b \x1b[A" + b"two"
    with program as terminal:
        terminal.until(b"it is there")
        terminal.type(b"\x1b[200~" + pasted)
        terminal.type(b" three\x1b[201~")
        terminal.until(b"two three")
        assert terminal.process.poll() is None
        terminal.type(F3)
        assert terminal.until_ended() == 9


def test_a_crash_restores_the_terminal_and_tells_the_log_but_no_secrets(
    program: PseudoTerminal, tmp_path: Path
) -> None:
    with program as terminal:
        terminal.until(b"it is there")
        terminal.type(F2)
        assert terminal.until_ended() == 1
        assert_sane(terminal)
        assert b"boom" not in terminal.output
        assert b"correct horse" not in terminal.output
        assert (tmp_path / "closed").exists()
    log = (tmp_path / "log").read_text()
    assert "RuntimeError: boom" in log
    assert "correct horse" not in log


def test_quitting_by_a_key_gives_the_code_of_the_app_and_no_task_is_eager(
    program: PseudoTerminal, tmp_path: Path
) -> None:
    with program as terminal:
        terminal.until(b"it is there")
        terminal.type(F3)
        assert terminal.until_ended() == 9
        assert_sane(terminal)
        assert (tmp_path / "closed").exists()


def test_a_screen_that_hangs_is_left_after_a_while_however_often_it_is_told(
    program: PseudoTerminal, tmp_path: Path
) -> None:
    with program as terminal:
        terminal.until(b"it is there")
        terminal.type(F4)
        terminal.until_holds((tmp_path / "stuck").exists)
        for _ in range(3):
            terminal.process.send_signal(signal.SIGTERM)
        assert terminal.until_ended() == 128 + signal.SIGTERM
        assert_sane(terminal)
        assert (tmp_path / "closed").exists()
