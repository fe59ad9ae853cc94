"""How tall each message is and which row belongs to which: exact, and measured once per width."""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from tui_xmpp.model.message import Message
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.history.grouping import Lead, lead

_MINUTE = 60_000_000


@dataclass(frozen=True, slots=True)
class Block:
    """One message as it is laid out: `lead.rows` rows of lines over it, then its own."""

    message: Message
    lead: Lead
    rows: int
    """All rows, those of the lead included."""


class Blocks:
    """The rows of a window. `measure` gives the rows that a message's own text needs at the present width."""

    def __init__(self, measure: Callable[[Message], int], clock: Clock) -> None:
        self._measure = measure
        self._clock = clock
        self._seen: dict[int, tuple[Message, date, int]] = {}
        """Message, local day and own rows, by id."""
        self.blocks: list[Block] = []
        self.tops = array("L", [0])
        """First row of each block, and after the last the number of all rows."""

    @property
    def total(self) -> int:
        """Rows of all blocks."""
        return self.tops[-1]

    def clear(self) -> None:
        """Forget every measured height, for the width has changed."""
        self._seen.clear()
        self.blocks = []
        self.tops = array("L", [0])

    def sync(self, messages: Sequence[Message], first_new: int | None) -> None:
        """Lay out these messages; what is known from before is not measured again."""
        seen, self._seen = self._seen, {}
        before: tuple[Message, date, int] | None = None
        known = {block.message.id: block for block in self.blocks}
        blocks: list[Block] = []
        for message in messages:
            entry = seen.get(message.id)
            if entry is None or entry[0] is not message:
                entry = (message, self._clock.day(message.time), self._measure(message))
            self._seen[message.id] = entry
            minute = message.time // _MINUTE
            its_lead = lead(message, entry[1], minute, before, first_new)
            block = known.get(message.id)
            if block is None or block.message is not message or block.lead != its_lead:
                block = Block(message, its_lead, its_lead.rows + entry[2])
            blocks.append(block)
            before = (message, entry[1], minute)
        self.blocks = blocks
        self.tops = array("L", accumulate((block.rows for block in blocks), initial=0))

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
