"""Questions to the file system that the screen does not wait for: a disk behind a network may answer late, or never."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from tui_xmpp.ui.typed_paths import going_on

P = ParamSpec("P")
T = TypeVar("T")

_AT_ONCE = 4

# Threads of their own: those that a disk never lets go of must not be missing where files and names are fetched.
_threads = ThreadPoolExecutor(_AT_ONCE, "look at paths")


def off_loop(look: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> asyncio.Future[T]:
    """The answer to a question, asked in a thread; one that is cancelled before a thread was free is never asked."""
    return asyncio.get_running_loop().run_in_executor(_threads, lambda: look(*arguments, **named))


class Paths:
    """How a path that is being written may go on, as far as it is known; `then` is called when more is."""

    def __init__(self, then: Callable[[], object]) -> None:
        self._then = then
        self._begun = ""
        self._found: list[str] = []
        self._looking: asyncio.Future[list[str]] | None = None

    def __call__(self, begun: str, most: int) -> Sequence[str]:
        """What is known now, at most so many."""
        if begun != self._begun:
            self._begun = begun
            self._found = [path for path in self._found if path.startswith(begun)]
            if self._looking is not None:
                self._looking.cancel()
            self._looking = off_loop(going_on, begun, most)
            self._looking.add_done_callback(self._came)
        return self._found[:most]

    def is_awaited(self, before: str) -> bool:
        """Whether it is not known yet how the path goes on that stands at the end of this text."""
        return (
            bool(self._begun)
            and before.endswith(self._begun)
            and self._looking is not None
            and not self._looking.done()
        )

    def _came(self, looking: asyncio.Future[list[str]]) -> None:
        if looking is self._looking and not looking.cancelled():
            self._found = looking.result()
            self._then()
