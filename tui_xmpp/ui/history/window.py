"""The part of one chat's history that is in memory: a window on the store, moved by keyset pages."""

from bisect import bisect_left
from collections.abc import Iterable

from tui_xmpp.core.facade import Facade
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.glance import FIRST, LIMIT
from tui_xmpp.model.message import Message

PAGE = 100
"""Messages read when the reader comes near an end of the window."""
NEAR = 100
"""How many messages from the newest one is still near the end."""
SLACK = 200
"""How far the window may outgrow the limit before it is cut, so that it is not cut for each message."""


def _order(message: Message) -> tuple[int, int]:
    return message.position, message.id


class Window:
    """Messages of one chat, oldest first, without gaps against the store.

    `at_start` and `at_end` say that the store has nothing older or newer than the window.
    """

    def __init__(self, engine: Facade, key: ChatKey) -> None:
        self._engine = engine
        self.key = key
        self.messages: list[Message] = []
        self.at_start = False
        self.at_end = True
        self.gaps: frozenset[int] = frozenset()
        """The messages over which something is missing."""

    def look_for_gaps(self) -> None:
        """Ask where the store knows that something is missing."""
        self.gaps = self._engine.gaps(self.key)

    def open(self, wanted: int = 0) -> None:
        """Read the newest messages, at least `wanted` of them if the limit allows."""
        limit = min(max(FIRST, wanted), LIMIT)
        self.messages = list(self._engine.newest(self.key, limit))
        self.at_start = len(self.messages) < limit
        self.at_end = True
        self.look_for_gaps()

    def reload(self, around: int | None) -> None:
        """Read again what is in the window, because the store got messages anywhere; keep one in place.

        `around` is the id of a message in the window, or None for the newest.
        """
        index = None if around is None else self.index(around)
        if index is None or (self.at_end and index >= len(self.messages) - NEAR):
            self.open(len(self.messages))
            return
        # What the reader looks at may be gone; then what came after it is in its place.
        left = (self._engine.message(message.id) for message in self.messages[index:])
        pivot = next((message for message in left if message is not None), None)
        if pivot is None:
            self.open()
        else:
            self.open_around(pivot)

    def open_around(self, pivot: Message) -> None:
        """Read a message and those before and after it."""
        before = self._engine.older(self.key, pivot, LIMIT // 2)
        after = self._engine.newer(self.key, pivot, LIMIT // 2)
        self.messages = [*before, pivot, *after]
        self.at_start = len(before) < LIMIT // 2
        self.at_end = len(after) < LIMIT // 2
        self.look_for_gaps()

    def load_older(self) -> int:
        """Read one page before the window; how many came. Drops what is too far behind at the other end."""
        if not self.messages:
            return 0
        page = self._engine.older(self.key, self.messages[0], PAGE)
        self.at_start = len(page) < PAGE
        self.messages[:0] = page
        if len(self.messages) > LIMIT + SLACK:
            del self.messages[LIMIT:]
            self.at_end = False
        return len(page)

    def load_newer(self) -> int:
        """Read one page after the window; how many came. Drops what is too far ahead at the other end."""
        if not self.messages:
            return 0
        page = self._engine.newer(self.key, self.messages[-1], PAGE)
        self.at_end = len(page) < PAGE
        self.messages.extend(page)
        self.trim()
        return len(page)

    def trim(self) -> None:
        """Forget the oldest messages beyond the limit; only while the reader is at the end."""
        if len(self.messages) > LIMIT + SLACK:
            del self.messages[: len(self.messages) - LIMIT]
            self.at_start = False

    def concerns(self, message: Message) -> bool:
        """Whether a message that was stored stands in the window or below it, not further up."""
        return self.at_start or not self.messages or _order(message) >= _order(self.messages[0])

    def add(self, messages: Iterable[Message]) -> int:
        """Take in what was just stored, each at its place; how many came after what was the end of the window.

        Where the window does not reach the newest message, those are left out: they come by paging down.
        """
        below = 0
        known = {message.id for message in self.messages}
        for message in messages:
            if message.id in known:
                self.replace(message)
                continue
            if not self.messages or _order(message) > _order(self.messages[-1]):
                below += 1
                if not self.at_end:
                    continue
                self.messages.append(message)
            else:
                index = bisect_left(self.messages, _order(message), key=_order)
                if index == 0 and not self.at_start:
                    continue
                self.messages.insert(index, message)
            known.add(message.id)
        return below

    def replace(self, message: Message) -> bool:
        """Put a changed message in the place of its earlier state; False when it is not in the window."""
        index = self.index(message.id)
        if index is None:
            return False
        old = self.messages[index]
        if _order(old) == _order(message):
            self.messages[index] = message
        else:
            del self.messages[index]
            self.messages.insert(bisect_left(self.messages, _order(message), key=_order), message)
        return True

    def remove(self, message_id: int) -> None:
        """Forget a message that was deleted from the store."""
        index = self.index(message_id)
        if index is not None:
            del self.messages[index]

    def index(self, message_id: int) -> int | None:
        """Where a message is in the window."""
        messages = self.messages
        for index in range(len(messages) - 1, -1, -1):
            if messages[index].id == message_id:
                return index
        return None
