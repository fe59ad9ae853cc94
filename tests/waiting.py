"""Waiting for a condition instead of sleeping for a guess."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable

POLL = 0.01


async def until(
    predicate: Callable[[], object | Awaitable[object]],
    *,
    timeout: float = 10,  # noqa: ASYNC109 - it raises AssertionError, and says what it waited for
    what: str = "",
    poll: float = POLL,
) -> None:
    """Return as soon as `predicate` holds; it may be a coroutine function. Raises AssertionError naming `what`."""
    deadline = time.monotonic() + timeout
    while True:
        result = predicate()
        if inspect.isawaitable(result):
            result = await result
        if result:
            return
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout} s: {what or inspect.getsource(predicate).strip()}")
        await asyncio.sleep(poll)


def wait_until(predicate: Callable[[], object], *, timeout: float = 10, what: str = "") -> None:
    """`until` for tests without an event loop."""
    deadline = time.monotonic() + timeout
    while not predicate():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout} s: {what or inspect.getsource(predicate).strip()}")
        time.sleep(POLL)
