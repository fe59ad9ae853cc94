"""One line on the terminal before the screen opens, where a store is brought up to date: it must not look dead."""

import sys
import time
from typing import TextIO

WAIT = 0.5
"""Seconds of work that nobody is told of."""

_WORDS = "Bringing the store up to date for this version, once: "
_ERASE = "\r\x1b[K"


class Patience:
    """Says how far the work is; leaves nothing behind on the terminal. Silent where there is none."""

    def __init__(self, output: TextIO | None = None) -> None:
        self._output = sys.stderr if output is None else output
        self._begun = time.monotonic()
        self._shown = -1

    def tell(self, share: float) -> None:
        """So much is done, of 1."""
        percent = int(share * 100)
        if percent != self._shown and time.monotonic() - self._begun >= WAIT and self._output.isatty():
            self._shown = percent
            print(f"{_ERASE}{_WORDS}{percent} %", end="", file=self._output, flush=True)

    def end(self) -> None:
        """Take the line away."""
        if self._shown >= 0:
            print(_ERASE, end="", file=self._output, flush=True)
