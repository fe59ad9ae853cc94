"""Several messages at once: marked one by one, or in a row with Shift and the arrows."""

from collections.abc import Callable

from rich.segment import Segment
from textual.strip import Strip

from tui_xmpp.core.facade import Facade
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.message import Message
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.history.blocks import Block
from tui_xmpp.ui.history.cursor import MessageCursor

_MARK = "┃"


class MarkedMessages(MessageCursor, inherit_bindings=False):
    """A history in which messages can be marked; moving the cursor leaves them marked."""

    def __init__(self, engine: Facade, clock: Clock, *, id: str | None = None) -> None:  # noqa: A002 (Textual's)
        super().__init__(engine, clock, id=id)
        self._marked: set[int] = set()
        self._anchor: Message | None = None
        """Where marking in a row began."""

    def open(self, key: ChatKey, unread: int) -> None:
        """Show another chat; nothing is marked in it."""
        self._marked.clear()
        super().open(key, unread)

    @property
    def marked(self) -> int:
        """How many messages are marked."""
        return len(self._marked)

    @property
    def picked(self) -> tuple[Message, ...]:
        """What is acted on: the marked messages in their order, else the one that the cursor is on."""
        if not self._marked:
            return () if self.selected is None else (self.selected,)
        known = (self.engine.message(message_id) for message_id in self._marked)
        there = [message for message in known if message is not None]
        return tuple(sorted(there, key=lambda message: (message.position, message.id)))

    def unmark(self) -> bool:
        """Mark nothing any more; whether anything was."""
        was_marked = bool(self._marked)
        self._marked.clear()
        self._anchor = None
        if was_marked:
            self._tell()
        return was_marked

    def forget(self, message_id: int) -> None:
        """Take a deleted message off the screen."""
        self._marked.discard(message_id)
        super().forget(message_id)

    def deselect(self) -> None:
        """Take the cursor away, and the marks."""
        self.unmark()
        super().deselect()

    def dress(self, strip: Strip, block: Block, offset: int) -> Strip:
        """Show a mark by a line beside the message and a ground of its own."""
        strip = super().dress(strip, block, offset)
        message_id = block.message.id
        if message_id not in self._marked or offset < block.lead.rows:
            return strip
        mark = Strip([Segment(_MARK, self.get_component_rich_style("history--bar"))])
        rest = strip.crop(2)
        if message_id != self.selected_id:
            # Only the ground: what a painted strip is made of has the ground of the widget by now.
            ground = self.get_component_rich_style("history--marked", partial=True)
            rest = Strip(list(Segment.apply_style(rest, post_style=ground)), rest.cell_length)
        return Strip.join([strip.crop(0, 1), mark, rest])

    # Actions of the registry
    def action_mark_message(self) -> None:
        """Mark the message that the cursor is on, or no longer."""
        if self.selected is not None:
            self._marked ^= {self.selected.id}
            self._anchor = None
            self._tell()

    def action_mark_up(self) -> None:
        """Mark this message and the one before."""
        self._extend(self.action_message_up)

    def action_mark_down(self) -> None:
        """Mark this message and the one after."""
        index = self._index()
        if index < len(self.blocks.blocks) - 1:
            self._extend(self.action_message_down)

    def _extend(self, move: Callable[[], None]) -> None:
        before = self.selected
        if before is None:
            return
        if self._anchor is None:
            self._anchor = before
        move()
        after = self.selected
        if after is None:
            return
        came, goes, began = (_place(message) for message in (before, after, self._anchor))
        if goes != came and (goes > came) != (came > began) and came != began:
            self._marked.discard(before.id)
        else:
            self._marked.add(before.id)
        self._marked.add(after.id)
        self._tell()

    def _tell(self) -> None:
        self.refresh()
        self.post_message(self.Selected())


def _place(message: Message) -> tuple[int, int]:
    return message.position, message.id
