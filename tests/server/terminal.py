"""A program in a real terminal (tmux on a socket of its own): keys go in, the screen comes out."""

import contextlib
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.waiting import until, wait_until

_LEASH = 'tmux -D -S "$1" -f /dev/null & server=$!; cat >/dev/null; kill "$server"; wait "$server"'
"""Keeps the tmux server until the pipe to our standard input closes, that is, also when the test run dies."""

_NAME = 'echo $$ > "$0"; exec "$@"'
"""Writes the process id of the program, which `env` keeps."""

_WATCH = '"$@"; echo $? > "$0.new"; mv "$0.new" "$0"'
"""Writes how the program ended; tmux itself now and then misses the signal of it."""

_RECORDED = 'tmux -S "$1" wait-for recording; shift; exec "$@"'
"""Begins when everything that is written is being recorded."""

_TIMEOUT = 10.0


class Terminal:
    """Runs `command` with exactly `environment`, on a screen of `columns` by `rows`. A context manager.

    With `record`, `written` has every byte that the program writes.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        directory: Path,
        *,
        columns: int = 120,
        rows: int = 40,
        record: bool = False,
    ) -> None:
        self.command = tuple(command)
        self.environment = dict(environment)
        self.directory = directory
        self.size = (columns, rows)
        self._socket = directory / "tmux"
        self._status = directory / "exit-status"
        self._pid = directory / "pid"
        self._recording = directory / "written" if record else None
        self._keeper: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.directory.mkdir(parents=True, exist_ok=True)
        # What a program before it has left in the same directory would be taken for this one's.
        self._status.unlink(missing_ok=True)
        self._pid.unlink(missing_ok=True)
        self._keeper = subprocess.Popen(["sh", "-c", _LEASH, "sh", str(self._socket)], stdin=subprocess.PIPE)
        wait_until(self._listens, timeout=_TIMEOUT, what="tmux is up")
        columns, rows = self.size
        variables = [f"{name}={value}" for name, value in self.environment.items()]
        program = ["env", "-i", "TERM=tmux-256color", *variables, *self.command]
        named = ["sh", "-c", _NAME, str(self._pid), *program]
        watched = ["sh", "-c", _WATCH, str(self._status), *named]
        if self._recording is not None:
            watched = ["sh", "-c", _RECORDED, "sh", str(self._socket), *watched]
        size = ("-x", str(columns), "-y", str(rows))
        self._tmux("new-session", "-d", *size, "-c", str(self.directory), shlex.join(watched))
        if self._recording is not None:
            self._recording.touch()
            self._tmux("pipe-pane", "-O", f"cat >> {shlex.quote(str(self._recording))}")
            self._tmux("wait-for", "-S", "recording")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._keeper is not None
        assert self._keeper.stdin is not None
        self._keeper.stdin.close()
        try:
            self._keeper.wait(_TIMEOUT)
        finally:
            self._keeper.kill()
            self._keeper.wait()
            with contextlib.suppress(FileNotFoundError):
                self._socket.unlink()

    @property
    def pid(self) -> int:
        """Process id of the program, for signals to it."""
        wait_until(self._pid.exists, timeout=_TIMEOUT, what="the program has started")
        return int(self._pid.read_text())

    @property
    def exit_status(self) -> int | None:
        """How the program ended; None while it runs."""
        try:
            return int(self._status.read_text())
        except FileNotFoundError:
            return None

    def type(self, text: str) -> None:
        """Type text as it is, without Enter."""
        self._tmux("send-keys", "-l", "--", text)

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names: Enter, Escape, C-k, Up, F1 …"""
        self._tmux("send-keys", "--", *keys)

    def click(self, column: int, row: int) -> None:
        """Press and release the left button of the mouse there; both count from 0."""
        for end in "Mm":
            self._tmux("send-keys", "-l", "--", f"\x1b[<0;{column + 1};{row + 1}{end}")

    def resize(self, columns: int, rows: int) -> None:
        """Give the screen another size, as a person would with the window."""
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def screen(self) -> str:
        """What is on the screen now, a line for each row, without colours."""
        return self._tmux("capture-pane", "-p")

    @property
    def written(self) -> bytes:
        """Every byte that the program has written so far, if it is recorded."""
        assert self._recording is not None, "this terminal does not record"
        return self._recording.read_bytes()

    async def until_screen(self, text: str, *, within: float = _TIMEOUT) -> str:
        """Wait until the text is on the screen, and return the screen. Raises AssertionError that shows it."""
        try:
            await until(lambda: text in self.screen(), timeout=within, what=f"{text!r} on the screen")
        except AssertionError as error:
            raise AssertionError(f"{error}; it shows:\n{self.screen()}") from None
        return self.screen()

    def wait_for_screen(self, text: str, *, within: float = _TIMEOUT) -> str:
        """`until_screen` for tests without an event loop."""
        try:
            wait_until(lambda: text in self.screen(), timeout=within, what=f"{text!r} on the screen")
        except AssertionError as error:
            raise AssertionError(f"{error}; it shows:\n{self.screen()}") from None
        return self.screen()

    def _listens(self) -> bool:
        """Set up tmux, if it listens already: its socket is there a little earlier."""
        command = ("tmux", "-S", str(self._socket), "set-option", "-g", "remain-on-exit", "on")
        return subprocess.run(command, check=False, capture_output=True, timeout=_TIMEOUT).returncode == 0

    def _tmux(self, *arguments: str) -> str:
        command = ("tmux", "-S", str(self._socket), *arguments)
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=_TIMEOUT).stdout
