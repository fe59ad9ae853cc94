"""The terminal driver."""

import os
import shutil
import signal
from pathlib import Path

import pytest

from tests.server.terminal import Terminal
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "GREETING": "good morning; $HOME"}


def test_keys_go_in_the_screen_comes_out_and_the_end_is_told(tmp_path: Path) -> None:
    script = 'echo "$GREETING $(stty size) [$HOME]"; read line; echo "got <$line>"; read line; exit 7'
    with Terminal(("sh", "-c", script), ENVIRONMENT, tmp_path, columns=50, rows=12) as terminal:
        assert terminal.wait_for_screen("good morning; $HOME 12 50 []")
        assert terminal.exit_status is None
        terminal.type("-Enter; 'quoted'")
        terminal.press("Enter")
        terminal.wait_for_screen("got <-Enter; 'quoted'>")
        terminal.press("Enter")
        wait_until(lambda: terminal.exit_status == 7)


def test_a_signal_reaches_the_program(tmp_path: Path) -> None:
    with Terminal(("sh", "-c", "echo started; sleep 100"), ENVIRONMENT, tmp_path) as terminal:
        terminal.wait_for_screen("started")
        os.kill(terminal.pid, signal.SIGKILL)
        wait_until(lambda: terminal.exit_status == 128 + signal.SIGKILL)


def test_how_the_program_before_ended_is_not_told_of_the_next_one_in_the_same_place(tmp_path: Path) -> None:
    for script in ("exit 3", "echo started; sleep 100"):
        with Terminal(("sh", "-c", script), ENVIRONMENT, tmp_path) as terminal:
            if script == "exit 3":
                wait_until(lambda: terminal.exit_status == 3)
                continue
            assert terminal.exit_status is None
            terminal.wait_for_screen("started")
            os.kill(terminal.pid, signal.SIGKILL)
            wait_until(lambda: terminal.exit_status == 128 + signal.SIGKILL)


async def test_a_text_that_does_not_come_is_an_error_that_shows_the_screen(tmp_path: Path) -> None:
    with Terminal(("sh", "-c", "echo hello; sleep 100"), ENVIRONMENT, tmp_path) as terminal:
        await terminal.until_screen("hello")
        with pytest.raises(AssertionError, match="hello"):
            await terminal.until_screen("farewell", within=0.1)
