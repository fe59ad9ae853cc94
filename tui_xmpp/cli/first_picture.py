"""The terminal from the first picture until the screen takes it over, or gives it back because there is none.

Loading the screen takes half a second. Until then the terminal shows what the store has; what is typed meanwhile is
neither echoed nor lost, and reaches the screen.
"""

import os
import signal
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Self

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J"
"""The other screen, without a cursor and without wrapping of long rows, empty."""
_LEAVE = "\x1b[?7h\x1b[?1049l\x1b[?25h"

Attributes = list[int | list[bytes | int]]
"""How a terminal is set, as `termios` has it."""

_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


class FirstPicture:
    """A picture on the terminal. Whoever shows one takes it down, unless the screen has taken the terminal over."""

    def __init__(self) -> None:
        self._file = self._output = -1
        self._before: Attributes | None = None
        """How the terminal was set; None: nothing is shown."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.take_down()

    @property
    def is_shown(self) -> bool:
        """Whether it is on the terminal."""
        return self._before is not None

    def show(self, draw: Callable[[tuple[int, int]], str]) -> None:
        """Show what is drawn for the size of the terminal, if there is a terminal, and anything to be shown."""
        if not all(stream is not None and stream.isatty() for stream in (sys.__stdin__, sys.__stderr__)):
            return
        assert sys.__stdin__ is not None
        assert sys.__stderr__ is not None
        self._file, self._output = sys.__stdin__.fileno(), sys.__stderr__.fileno()
        size = os.get_terminal_size(self._output)
        picture = draw((size.columns, size.lines))
        if not picture:
            return
        before = termios.tcgetattr(self._file)
        for each in _SIGNALS:
            signal.signal(each, self._leave)
        termios.tcsetattr(self._file, termios.TCSANOW, _silent(before))
        self._before = before
        self._write(_ENTER + picture)

    def take_down(self) -> None:
        """Give the terminal back as it was; nothing where no picture is shown."""
        before = self.hand_over()
        if before is not None:
            self._write(_LEAVE)
            with suppress(termios.error):  # the terminal has gone
                termios.tcsetattr(self._file, termios.TCSANOW, before)
            for each in _SIGNALS:
                if signal.getsignal(each) == self._leave:
                    signal.signal(each, signal.SIG_DFL)

    def hand_over(self) -> Attributes | None:
        """Leave picture and terminal to somebody who takes both over; returns how to set the terminal in the end."""
        before, self._before = self._before, None
        return before

    def _leave(self, number: int, _frame: FrameType | None) -> None:
        """Do what the signal does to any program, but not with the terminal as it is now."""
        self.take_down()
        os.kill(os.getpid(), number)

    def _write(self, text: str) -> None:
        """Write at once, past Python's buffers, into which no handler of a signal may write while they are written."""
        left = text.encode()
        with suppress(OSError):  # the terminal has gone, which whoever reads from it will see, too
            while left:
                left = left[os.write(self._output, left) :]


def _silent(attributes: Attributes) -> Attributes:
    """Keys are not echoed, held until Enter, or changed; Ctrl+C still ends the program, and nothing stops it."""
    silent = [*attributes]
    changes, flags, controls = silent[0], silent[3], silent[6]
    assert isinstance(changes, int)
    assert isinstance(flags, int)
    assert isinstance(controls, list)
    silent[0] = changes & ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON | termios.IXOFF)
    silent[3] = flags & ~(termios.ECHO | termios.ICANON)
    controls = [*controls]
    for each in (termios.VSUSP, termios.VQUIT):
        controls[each] = b"\x00"  # _POSIX_VDISABLE on every system that has a terminal
    controls[termios.VMIN], controls[termios.VTIME] = 1, 0
    silent[6] = controls
    return silent
