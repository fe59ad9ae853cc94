"""How long to wait before the next try to connect (SECURITY 7).

A server that is being restarted is asked often for a while: its computer refuses at once, which costs nobody
anything, and who was connected is back within a second. A server that answers, but is not well, is left in peace for
longer and longer.
"""

import random

FIRST = 1.0
"""Longest wait before the first new try, in seconds."""

LONGEST = 60.0
"""Longest wait ever, in seconds."""

STEADY = 1.0
"""A stream that held this long counts as a success, in seconds."""

KNOCK = 0.7
"""Longest wait between tries at a server that is down, in seconds."""

KNOCKING = 60.0
"""Seconds for which a server that is down is asked so often, after a steady stream to it was lost."""


class Backoff:
    """Doubling waits with jitter, so that the clients of a server that comes back do not all knock at once."""

    def __init__(self, rng: random.Random | None = None) -> None:
        self._rng = rng or random.Random()  # noqa: S311 - jitter, no secret
        self._tries = 0
        self._knocking = 0.0

    def next_wait(self, *, is_down: bool = False) -> float:
        """Seconds to wait now: half to all of 1, 2, 4 … 60; less for a while where the server `is_down`."""
        if is_down and self._knocking > 0:
            wait = self._rng.uniform(KNOCK / 2, KNOCK)
            self._knocking -= wait
            return wait
        longest = min(LONGEST, FIRST * 2.0 ** min(self._tries, 16))
        self._tries += 1
        return self._rng.uniform(longest / 2, longest)

    def lost(self, held: float) -> None:
        """A stream that held for so many seconds is lost; only a steady one starts the waits anew."""
        if held >= STEADY:
            self._tries = 0
            self._knocking = KNOCKING

    def reset(self) -> None:
        """Start the waits anew: a person asked, or the network changed."""
        self._tries = 0
