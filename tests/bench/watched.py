"""A program in a pseudo-terminal, watched closely: when it wrote what, and what it took."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from tests.cli.pseudo_terminal import PseudoTerminal

_KEPT = 200_000
"""Bytes of the output that are kept to look at: searching all of it would cost more than the program takes."""


class Watched(PseudoTerminal):
    """Measures what a person would see; times in seconds."""

    def answered(self, key: bytes, answer: bytes, *, within: float = 10) -> float:
        """How long from a key until the terminal was sent the answer to it."""
        self.output = b""
        begun = time.perf_counter()
        self.type(key)
        self.until_holds(lambda: answer in self.output, within=within)
        return time.perf_counter() - begun

    def watch(self, seconds: float) -> None:
        """Read what is written for a while, since a program that nobody reads stands still."""
        deadline = time.monotonic() + seconds
        self.until_holds(lambda: time.monotonic() >= deadline, within=seconds + 10)

    def longest_pause(self, ended: Callable[[], object], *, within: float) -> float:
        """Read until it has ended, and return the longest time without anything new on the screen."""
        longest, last = 0.0, time.perf_counter()
        deadline = time.monotonic() + within
        self.output = b""
        while not ended():
            assert time.monotonic() < deadline, f"not within {within} s; it shows {self.output[-2000:]!r}"
            if self._read():
                now = time.perf_counter()
                longest, last = max(longest, now - last), now
                self.output = self.output[-_KEPT:]
        return longest

    def processor_time(self) -> float:
        """What all its threads have taken of a core."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    def memory(self) -> float:
        """MB that are resident."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
