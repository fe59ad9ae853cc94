"""Writing lines to a terminal or a pipe: those of one moment together, so that a reader hears them in one piece."""

import asyncio
import logging
import sys

log = logging.getLogger(__name__)


class Writing:
    """Gathers lines until the loop has turned once; `write` puts them where they belong."""

    def __init__(self) -> None:
        self._gathered: list[str] = []
        self._soon: asyncio.Handle | None = None

    def say(self, *lines: str) -> None:
        """Write lines, each on a line of its own."""
        self._gathered += lines
        if self._soon is None:
            self._soon = asyncio.get_running_loop().call_soon(self.flush)

    @property
    def has_more(self) -> bool:
        """Whether something waits to be written."""
        return bool(self._gathered)

    def flush(self) -> None:
        """Write what was gathered now."""
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
        if self._gathered:
            text, self._gathered = "\n".join(self._gathered) + "\n", []
            self.write(text)

    def write(self, text: str) -> None:
        """Write whole lines, above the one that is being written."""
        raise NotImplementedError

    @staticmethod
    def put(text: str) -> None:
        """Give text to standard output as it is; where the terminal is gone, nobody misses it."""
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except OSError as problem:
            log.info("nobody hears: %s", problem)
