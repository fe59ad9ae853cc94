"""What something takes: seconds by the clock, and those that a processor was at work for us."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.bench import machine
from tests.cli.pseudo_terminal import PseudoTerminal

PAGE_UP = b"\x1b[5~"
LONGEST = 30
"""Bytes of a message that are looked for on the terminal."""

_PATIENCE = 60.0

Taken = tuple[float, float]
"""Seconds by the clock, and of a processor."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds, or what else the row says; the processor's part is 0 where it was not looked at."""

    median: float
    processor: float = 0

    def __str__(self) -> str:
        """The median, and the processor's part in brackets."""
        return f"{self.median:.1f}" + (f" ({self.processor:.1f})" if self.processor else "")


def cost(taken: Sequence[Taken]) -> Cost:
    """The medians in milliseconds."""
    return Cost(*(statistics.median(seconds) * 1000 for seconds in zip(*taken, strict=True)))


def drawn(terminal: PseudoTerminal, key: bytes, text: bytes) -> Taken:
    """From a key until the terminal was told to show a text (empty: anything)."""
    terminal.output = b""
    busy, begun = machine.processor_time(terminal.process.pid), time.perf_counter()
    terminal.type(key)
    terminal.until_holds(lambda: text in terminal.output if text else terminal.output, within=_PATIENCE)
    taken = time.perf_counter() - begun, machine.processor_time(terminal.process.pid) - busy
    terminal.read_for(0.1)
    return taken


def paged_back(terminal: PseudoTerminal, keys: int, is_far: Callable[[bytes], bool]) -> Taken:
    """From so many Page Ups, typed at once, until what is shown is far enough back."""
    busy, begun = machine.processor_time(terminal.process.pid), time.perf_counter()
    terminal.output = b""
    terminal.type(PAGE_UP * keys)
    terminal.until_holds(lambda: is_far(written(terminal)), within=_PATIENCE)
    return time.perf_counter() - begun, machine.processor_time(terminal.process.pid) - busy


def written(terminal: PseudoTerminal) -> bytes:
    """What the terminal was told to show since this was last asked, and the end of what came before."""
    output, terminal.output = terminal.output, terminal.output[-LONGEST:]
    return output
