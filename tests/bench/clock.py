"""How long the loop of this process stands still, and collecting garbage as the program does while that is measured."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import tui_xmpp.__main__ as program

_TICK = 0.01
"""Seconds. Each costs 50 µs of what is measured beside it, and the bars are many times as long."""


@asynccontextmanager
async def collecting_as_the_program() -> AsyncIterator[None]:
    """Load the network, and from then on collect garbage in the program's moments and not in Python's."""
    thresholds = gc.get_threshold()
    gc.disable()
    try:
        await program._load_network()
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()
        gc.enable()


def leave_behind() -> None:
    """Have nothing collected of what this process has done so far: the program would not have done it."""
    gc.collect()
    gc.freeze()


class Ticker:
    """How long the loop stood still: the longest time by the clock, and the longest for which it computed.

    On a machine that others keep busy only the second is ours. Besides, the longest collection of garbage.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self.computed = 0.0
        self.collecting = 0.0
        self._collected = 0.0
        gc.callbacks.append(self._collect)
        self._task = asyncio.get_running_loop().create_task(self._tick())

    async def _tick(self) -> None:
        last, spent = time.perf_counter(), time.thread_time()
        while True:
            await asyncio.sleep(_TICK)
            now, used = time.perf_counter(), time.thread_time()
            self.longest = max(self.longest, now - last - _TICK)
            self.computed = max(self.computed, used - spent)
            last, spent = now, used

    def _collect(self, phase: Literal["start", "stop"], _told: dict[str, int]) -> None:
        """Whichever thread does it: Python lets no other go on meanwhile."""
        if phase == "start":
            self._collected = time.thread_time()
        else:
            self.collecting = max(self.collecting, time.thread_time() - self._collected)

    def stop(self) -> "Ticker":
        """End."""
        self._task.cancel()
        gc.callbacks.remove(self._collect)
        return self

    def __str__(self) -> str:
        return (
            f"longest stall {self.longest * 1e3:.0f} ms ({self.computed * 1e3:.0f} ms computing),"
            f" longest collection of garbage {self.collecting * 1e3:.0f} ms"
        )
