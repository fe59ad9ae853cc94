"""How long to wait before the next try to connect (SECURITY 7)."""

import random

FIRST = 1.0
"""Longest wait before the first new try, in seconds."""

LONGEST = 60.0
"""Longest wait ever, in seconds."""

STEADY = 1.0
"""A stream that held this long counts as a success, in seconds."""


class Backoff:
    """Doubling waits with jitter, so that the clients of a server that comes back do not all knock at once."""

    def __init__(self, rng: random.Random | None = None) -> None:
        self._rng = rng or random.Random()  # noqa: S311 - jitter, no secret
        self._tries = 0

    def next_wait(self) -> float:
        """Seconds to wait now: half to all of 1, 2, 4 … 60."""
        longest = min(LONGEST, FIRST * 2.0 ** min(self._tries, 16))
        self._tries += 1
        return self._rng.uniform(longest / 2, longest)

    def lost(self, held: float) -> None:
        """A stream that held for so many seconds is lost; only a steady one starts the waits anew."""
        if held >= STEADY:
            self._tries = 0

    def reset(self) -> None:
        """Start the waits anew: a person asked, or the network changed."""
        self._tries = 0
