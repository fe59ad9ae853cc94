"""The message cursor: it selects one message of the history for the keys that act on it."""

from rich.segment import Segment
from textual.message import Message as TextualMessage
from textual.strip import Strip

from tui_xmpp.model.message import Message
from tui_xmpp.ui.history.blocks import Block, Place
from tui_xmpp.ui.history.scroll import MessageScroll


class MessageCursor(MessageScroll, inherit_bindings=False):
    """One chat's history in which a message can be selected."""

    selected_id: int | None = None
    """The message that the cursor is on."""
    _gone_to: int | None = None
    """The message that the cursor shall be on when the focus comes."""
    _start: Message | None = None
    """The message that shall be on the screen as soon as its width is known."""

    class Left(TextualMessage):
        """The cursor went down past the newest message."""

    class Selected(TextualMessage):
        """The cursor is on another message, or on none."""

    @property
    def selected(self) -> Message | None:
        """The message that the cursor is on, if it is still in the window."""
        index = None if self.selected_id is None else self.blocks.index(self.selected_id)
        return None if index is None else self.blocks.blocks[index].message

    def select(self, index: int) -> None:
        """Put the cursor on the message at an index of the window, and that on the screen."""
        blocks = self.blocks.blocks
        if not blocks:
            return
        index = max(0, min(index, len(blocks) - 1))
        self.selected_id = blocks[index].message.id
        top = self.head + self.blocks.tops[index]
        bottom = top + blocks[index].rows
        if top < self.scroll_offset.y:
            self.to_row(top if index else 0)
        elif bottom > self.scroll_offset.y + self.page:
            self.to_row(min(top, bottom - self.page))
        self.refresh()
        self.post_message(self.Selected())

    def select_message(self, message: Message) -> None:
        """Go to a message of this chat and put the cursor on it; it has to be in the store."""
        if self.window is None or message.chat != self.window.key:
            return
        self.selected_id = self._gone_to = message.id
        index = self.blocks.index(message.id)
        if index is not None and self._is_on_screen(index):
            self.refresh()
        else:
            self._start_at(message)
        self.post_message(self.Selected())

    def jump(self, message: Message) -> None:
        """The same for a cursor that is in the history and stays there."""
        self.select_message(message)
        self._gone_to = None

    def _is_on_screen(self, index: int) -> bool:
        top = self.head + self.blocks.tops[index] - self.scroll_offset.y
        return bool(self.painter.columns.width) and top >= 0 and top + self.blocks.blocks[index].rows <= self.page

    def _start_at(self, message: Message) -> None:
        """Bring a message to the screen, as soon as its width is known."""
        if self.window is not None and self.window.index(message.id) is None:
            self.window.open_around(message)
        self._start = message
        if self.painter.columns.width:
            self.show_start()
            self.post_message(self.Moved())
            self.call_next(self._look_around)

    def show_start(self) -> None:
        """Begin the screen some lines above the message that was gone to, if there is one."""
        message, self._start = self._start, None
        if message is None or self.window is None or message.chat != self.window.key:
            super().show_start()
            return
        self.following, self.beyond = False, 0
        self._sync(Place(message.id, -(self.page // 3)))
        self.following = self.window.at_end and self.scroll_offset.y >= self.max_scroll_y

    def deselect(self) -> None:
        """Take the cursor away."""
        if self.selected_id is not None:
            self.selected_id = None
            self.refresh()
            self.post_message(self.Selected())

    def on_focus(self) -> None:
        """Begin at the message that was gone to, else at the newest one on the screen."""
        if self._gone_to is not None:
            self.selected_id, self._gone_to = self._gone_to, None
            self.refresh()
            self.post_message(self.Selected())
        elif self.selected is None:
            self.select(self._last_on_screen())

    def on_blur(self) -> None:
        """The cursor is there only while it can be moved."""
        if self.screen.is_current:
            self.deselect()

    def dress(self, strip: Strip, block: Block, offset: int) -> Strip:
        """Mark the selected message by a ground of its own and a bar beside it."""
        if block.message.id != self.selected_id or offset < block.lead.rows:
            return super().dress(strip, block, offset)
        bar = Strip([Segment("▌", self.get_component_rich_style("history--bar"))])
        ground = self.get_component_rich_style("history--selected")
        return Strip.join([bar, strip.crop(1).apply_style(ground)])

    # Actions of the registry
    def action_message_up(self) -> None:
        """Select the message before."""
        index = self._index()
        if index == 0:
            self.ask_older()
        self.select(index - 1)

    def action_message_down(self) -> None:
        """Select the message after, or go back to writing below the last."""
        index = self._index()
        if index >= len(self.blocks.blocks) - 1 and (self.window is None or self.window.at_end):
            self.post_message(self.Left())
        else:
            self.select(index + 1)

    def action_message_page_up(self) -> None:
        """Select a message one page up."""
        self._select_row(self.blocks.tops[self._index()] - self.page)

    def action_message_page_down(self) -> None:
        """Select a message one page down."""
        self._select_row(self.blocks.tops[self._index()] + self.page)

    def action_message_first(self) -> None:
        """Select the oldest message in memory."""
        self.select(0)

    def action_message_last(self) -> None:
        """Select the newest message."""
        self.show_newest()
        self.select(len(self.blocks.blocks) - 1)

    def _index(self) -> int:
        index = None if self.selected_id is None else self.blocks.index(self.selected_id)
        return self._last_on_screen() if index is None else index

    def _last_on_screen(self) -> int:
        index = self.blocks.at(self.scroll_offset.y + self.page - 1 - self.head)
        return max(0, len(self.blocks.blocks) - 1) if index is None else index

    def _select_row(self, row: int) -> None:
        index = self.blocks.at(max(0, min(row, self.blocks.total - 1)))
        if index is not None:
            self.select(index)
