"""Running a coroutine to its end, whoever ends it; asyncio is imported no earlier than it is needed."""

from collections.abc import Coroutine
from typing import TypeVar

T = TypeVar("T")


class Terminated(Exception):
    """A signal has ended what was running."""


def run(work: Coroutine[object, object, T]) -> T:
    """Run on a loop of its own. Raises Terminated, and what the work raises."""
    import asyncio

    try:
        return asyncio.run(work)
    except asyncio.CancelledError:
        raise Terminated from None
