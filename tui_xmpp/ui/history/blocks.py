"""How tall each message is and which row belongs to which: exact, and measured once per width."""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.message import Message
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.history.grouping import Lead, lead


@frozen
class Block:
    """One message as it is laid out: `lead.rows` rows of lines over it, then its own."""

    message: Message
    lead: Lead
    rows: int
    """All rows, those of the lead included."""


@frozen
class Place:
    """Where a reader is: a message and how many rows below its top the screen begins (negative: above)."""

    message_id: int
    offset: int


@dataclass(slots=True)
class _Known:
    """A message as it was laid out last."""

    message: Message
    before: Message | None
    day: date
    own_rows: int
    block: Block


class Blocks:
    """The rows of a window. `measure` gives the rows that a message's own text needs at the present width."""

    def __init__(self, measure: Callable[[Message], int], clock: Clock) -> None:
        self._measure = measure
        self._clock = clock
        self._known: dict[int, _Known] = {}
        self._first_new: int | None = None
        self._gaps: frozenset[int] = frozenset()
        self.blocks: list[Block] = []
        self.tops = array("L", [0])
        """First row of each block, and after the last the number of all rows."""

    @property
    def total(self) -> int:
        """Rows of all blocks."""
        return self.tops[-1]

    def clear(self) -> None:
        """Forget every measured height, for the width has changed."""
        self._known = {}
        self.blocks = []
        self.tops = array("L", [0])

    def sync(self, messages: Sequence[Message], first_new: int | None, gaps: frozenset[int] = frozenset()) -> None:
        """Lay out these messages; what is known from before is neither measured nor grouped again."""
        old = self._known
        if gaps != self._gaps or not self._continued_by(messages, first_new):
            self.clear()
        self._first_new, self._gaps = first_new, gaps
        done = len(self.blocks)
        before = self._known[self.blocks[-1].message.id] if done else None
        for message in messages[done:]:
            known = old.get(message.id)
            above = None if before is None else before.message
            if known is None or known.message is not message:
                known = self._lay(message, before, first_new, None)
            elif known.before is not above or not self._fits(known.block.lead, message.id):
                known = self._lay(message, before, first_new, known)
            self._known[message.id] = before = known
            self.blocks.append(known.block)
            self.tops.append(self.tops[-1] + known.block.rows)

    def _fits(self, its_lead: Lead, message_id: int) -> bool:
        return its_lead.new is (message_id == self._first_new) and its_lead.gap is (message_id in self._gaps)

    def _continued_by(self, messages: Sequence[Message], first_new: int | None) -> bool:
        """Whether there are only more messages at the end: in a flood that is so nearly every time."""
        return (
            first_new == self._first_new
            and len(messages) >= len(self.blocks)
            and all(block.message is message for block, message in zip(self.blocks, messages, strict=False))
        )

    def _lay(self, message: Message, before: _Known | None, first_new: int | None, known: _Known | None) -> _Known:
        day = self._clock.day(message.time) if known is None else known.day
        rows = self._measure(message) if known is None else known.own_rows
        above = None if before is None else (before.message, before.day)
        its_lead = lead(message, day, above, first_new, gap=message.id in self._gaps)
        block = Block(message, its_lead, its_lead.rows + rows)
        if known is not None and known.block.lead == its_lead:
            block = known.block
        return _Known(message, None if before is None else before.message, day, rows, block)

    def at(self, row: int) -> int | None:
        """The index of the block that a row belongs to; None beyond the ends."""
        if row < 0 or row >= self.total:
            return None
        return bisect_right(self.tops, row) - 1

    def index(self, message_id: int) -> int | None:
        """The index of a message's block."""
        for index in range(len(self.blocks) - 1, -1, -1):
            if self.blocks[index].message.id == message_id:
                return index
        return None
