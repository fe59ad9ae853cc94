"""How fast the demonstration plays."""

import asyncio

_BEFORE_TYPING = 0.5
_PER_CHARACTER = 0.03
_LONGEST = 3.5


class Pace:
    """Pauses between what happens; `factor` 1 is for people, less is faster, for tests."""

    def __init__(self, factor: float = 1.0) -> None:
        self._factor = factor

    async def pause(self, seconds: float) -> None:
        """Let time pass."""
        await asyncio.sleep(seconds * self._factor)

    async def typing(self, text: str) -> None:
        """Let the time pass that somebody needs to type the text."""
        await self.pause(min(_BEFORE_TYPING + _PER_CHARACTER * len(text), _LONGEST))
