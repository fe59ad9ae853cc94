"""A program in a pseudo-terminal of its own, with every byte that it writes; for how a terminal is left behind."""

import fcntl
import os
import pty
import select
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

_ENTERED = b"\x1b[?1049h"
_LEFT = b"\x1b[?1049l"
_SWITCHED_OFF = {
    "the alternate screen": _LEFT,
    "mouse clicks": b"\x1b[?1000l",
    "mouse moves": b"\x1b[?1003l",
    "bracketed paste": b"\x1b[?2004l",
    "the key protocol": b"\x1b[<u",
    "focus reports": b"\x1b[?1004l",
}
_CURSOR_SHOWN = b"\x1b[?25h"

_TIMEOUT = 20.0


class PseudoTerminal:
    """Runs `command` with `environment` on a terminal of its own. A context manager.

    If the terminal is not `controlling`, the kernel does not tell the program that it has hung up.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        directory: Path,
        *,
        columns: int = 100,
        rows: int = 30,
        controlling: bool = True,
    ) -> None:
        self._keyboard, self._line = pty.openpty()
        termios.tcsetwinsize(self._line, (rows, columns))
        self.state_before = termios.tcgetattr(self._line)
        self.output = b""
        self.process = subprocess.Popen(
            command,
            stdin=self._line,
            stdout=self._line,
            stderr=self._line,
            env={"TERM": "xterm-256color", **environment},
            cwd=directory,
            start_new_session=True,
            preexec_fn=(lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0)) if controlling else None,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        self.hang_up()

    @property
    def is_as_before(self) -> bool:
        """Whether echo, line editing and the rest are as they were before the program came."""
        return termios.tcgetattr(self._line) == self.state_before

    def switch_echo_off(self) -> None:
        """Have the terminal not show what is typed, as one does that belongs to an editor."""
        state = termios.tcgetattr(self._line)
        state[3] &= ~termios.ECHO
        termios.tcsetattr(self._line, termios.TCSANOW, state)
        self.state_before = termios.tcgetattr(self._line)

    def type(self, keys: bytes) -> None:
        """Send what a keyboard would."""
        os.write(self._keyboard, keys)

    def until(self, text: bytes, *, within: float = _TIMEOUT) -> None:
        """Read until the program has written this. Raises AssertionError."""
        deadline = time.monotonic() + within
        while text not in self.output:
            assert time.monotonic() < deadline, f"{text!r} not in what ends with {self.output[-2000:]!r}"
            self._read()

    def until_holds(self, condition: Callable[[], object], *, within: float = _TIMEOUT) -> None:
        """Read until the condition holds; a program whose output nobody reads stands still. Raises AssertionError."""
        deadline = time.monotonic() + within
        while not condition():
            assert time.monotonic() < deadline, f"not within {within} s; it shows {self.output[-2000:]!r}"
            self._read()

    def read_for(self, seconds: float) -> None:
        """Read for a while what is written, whatever it is."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self._read()

    def until_ended(self) -> int:
        """Read until the program ends; returns its exit status, negative for a signal. Raises AssertionError."""
        deadline = time.monotonic() + _TIMEOUT
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"still running: {self.output[-2000:]!r}"
            self._read()
        while self._read():
            pass
        return self.process.returncode

    def hang_up(self) -> None:
        """Close the terminal, as closing its window does."""
        for descriptor in (self._keyboard, self._line):
            if descriptor >= 0:
                os.close(descriptor)
        self._keyboard = self._line = -1

    def _read(self) -> bool:
        ready, _, _ = select.select([self._keyboard], [], [], 0.05)
        if ready:
            self.output += os.read(self._keyboard, 65536)
        return bool(ready)


def assert_sane(terminal: PseudoTerminal) -> None:
    """A program was on the terminal, and has left it as it was."""
    assert terminal.is_as_before
    assert _ENTERED in terminal.output
    for what, sequence in _SWITCHED_OFF.items():
        on = sequence[:-1] + b"h" if sequence.endswith(b"l") else b"\x1b[>"
        assert terminal.output.rfind(sequence) > terminal.output.rfind(on), what
    assert _CURSOR_SHOWN in terminal.output[terminal.output.rfind(_LEFT) - 20 :]
