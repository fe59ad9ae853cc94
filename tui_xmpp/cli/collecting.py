"""When Python looks for garbage: while nobody does anything, since it stops everything for as long as it takes.

Of a hundred thousand objects a full collection takes a tenth of a second. By itself Python makes one whenever their
number has grown by a quarter, which is in the middle of a flood, of a dialog that opens, or of a word that is typed.
"""

import asyncio
import gc
import time

ALONE = 30
"""Quiet periods after which nobody is likely to be there: looking at everything may take a third of a second."""
SELDOM = 300.0
"""Seconds between two collections of everything."""
ENOUGH = 6
"""Collections of young objects after which what they left is worth a look in a quiet period."""
TOO_MANY = 120
"""After so many it is looked through, quiet or not: a dialog that was closed takes megabytes, and of itself goes only
so."""

_PERIOD = 2.0
"""Seconds over which it is judged whether anything is done."""
_QUIET = 0.02
"""Of a core, what is taken at most while nothing is."""
_YOUNG, _MIDDLE, _NEVER = 1_500, 40, 1_000_000_000
"""More objects than Python's own 700 before young ones are looked through: in a flood most are gone by then. And rarely
more than those, since what was left of them is mostly in use, and looking at it takes as long as a picture."""

_running: set[asyncio.Task[None]] = set()


class Collector:
    """Collects garbage. What has outlived a collection is looked at again only when nobody seems to be there.

    So each takes some milliseconds, for what is new since the one before.
    """

    def __init__(self) -> None:
        gc.freeze()
        gc.set_threshold(_YOUNG, _MIDDLE, _NEVER)
        gc.enable()
        self._quiet = 0
        self._all = time.monotonic()
        self._outlived = False
        """Something has outlived a collection since everything was looked at."""

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            spent = time.process_time()
            await asyncio.sleep(_PERIOD)
            self.look(time.process_time() - spent)

    def look(self, spent: float) -> None:
        """Collect what should be after a period in which so many seconds of the processor were taken."""
        self._quiet = self._quiet + 1 if spent < _QUIET * _PERIOD else 0
        _, young, middle = gc.get_count()
        looked = young + middle * _MIDDLE
        if self._outlived and self._quiet >= ALONE and time.monotonic() - self._all >= SELDOM:
            self._all, self._outlived = time.monotonic(), False
            gc.unfreeze()
        elif looked >= (ENOUGH if self._quiet else TOO_MANY):
            self._outlived = True
        else:
            return
        gc.collect()
        gc.freeze()


def start_collecting() -> None:
    """Collect from now on until the loop ends, for the whole program."""
    task = asyncio.get_running_loop().create_task(Collector().run(), name="collecting")
    _running.add(task)
    task.add_done_callback(_running.discard)
