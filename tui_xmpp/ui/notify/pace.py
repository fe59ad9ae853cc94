"""How often one is told: one notification for a chat in a while, and one for many chats at once. Pure but for time."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.frozen import frozen

MOST = 4
"""Notifications at once that a person can take in; more chats than these within a pause are told of together."""


@dataclass(slots=True)
class _Held:
    until: float
    count: int = 0
    urgent: bool = False


@frozen
class Due:
    """What was held back in one chat and can be told now."""

    key: ChatKey
    count: int
    urgent: bool


class Pace:
    """Decides for each message whether it is told now or with others later; times are of any steady clock."""

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._held: dict[ChatKey, _Held] = {}
        self._told: deque[float] = deque()

    def now_or_held(self, key: ChatKey, now: float, *, urgent: bool) -> bool:
        """Whether a message of this chat is told now; else it is counted, and comes with `due`."""
        held = self._held.get(key)
        if held is None and self._room(now):
            self._told.append(now)
            self._held[key] = _Held(now + self._pause)
            return True
        if held is None:
            held = self._held[key] = _Held(self._told[0] + self._pause)
        held.count += 1
        held.urgent |= urgent
        return False

    def _room(self, now: float) -> bool:
        while self._told and self._told[0] + self._pause <= now:
            self._told.popleft()
        return len(self._told) < MOST

    def due(self, now: float) -> tuple[Due, ...]:
        """What was held back long enough; each chat with something is then held anew."""
        return tuple(self._due(now))

    def _due(self, now: float) -> Iterator[Due]:
        for key, held in tuple(self._held.items()):
            if held.until > now:
                continue
            if held.count:
                yield Due(key, held.count, held.urgent)
                self._told.append(now)
                self._held[key] = _Held(now + self._pause)
            else:
                del self._held[key]

    def next_due(self) -> float | None:
        """When something that is held back can be told; None: nothing is."""
        return min((held.until for held in self._held.values() if held.count), default=None)

    def forget(self, key: ChatKey) -> None:
        """The chat was read: nothing of it needs telling any more, and what comes next is news again."""
        self._held.pop(key, None)
