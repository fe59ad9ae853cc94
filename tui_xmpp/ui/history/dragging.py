"""The mouse in the history: a click selects a message, the right button opens its menu, dragging copies text.

What is dragged over is a stretch of the messages' own text, not of the screen: it is copied without names, times,
panes and line breaks of ours, and it stays what it is while messages come and go or the width changes.
"""

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.strip import Strip
from textual.timer import Timer

from tui_xmpp.core.facade import Facade
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.message import Message
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.history.blocks import Block
from tui_xmpp.ui.history.marking import MarkedMessages
from tui_xmpp.ui.history.said import shown_text
from tui_xmpp.ui.history.text import Laid, lay_out
from tui_xmpp.ui.wishes import RIGHT_BUTTON, MenuWanted, Say
from tui_xmpp.ui.words import counted

if TYPE_CHECKING:
    from tui_xmpp.ui.history.spots import Spot, Stretch

_ROLL = 0.05
"""Seconds between two rows while the mouse is held above or below the history."""
MENU = frozenset({Where.HISTORY})
"""Whose actions the menu of a message shows."""


class MouseHistory(MarkedMessages, inherit_bindings=False):
    """A history that can be used by the mouse; the keyboard does the same."""

    def __init__(self, engine: Facade, clock: Clock, *, id: str | None = None) -> None:  # noqa: A002 (Textual's)
        super().__init__(engine, clock, id=id)
        self._from: Spot | None = None
        """Where the button was pressed."""
        self._stretch: Stretch | None = None
        self._roll: Timer | None = None
        self._rolling = 0
        self._pointer = (0, 0)

    def open(self, key: ChatKey, unread: int) -> None:
        """Show another chat; nothing is marked by the mouse in it."""
        self._stretch = self._from = None
        super().open(key, unread)

    @property
    def dragged_text(self) -> str:
        """The text that the mouse went over: of each message a line or more of its own."""
        stretch, voices = self._stretch, self.painter.voices
        if stretch is None or voices is None:
            return ""
        parts: list[str] = []
        for block in self.blocks.blocks:
            text = shown_text(block.message, voices)
            part = stretch.within(block.message, len(text))
            if part is not None:
                parts.append(text[slice(*part)])
        return "\n".join(parts)

    # The mouse
    def focus_on_click(self) -> bool:
        """A click takes the focus when it has selected a message; dragging leaves it with what one writes."""
        return False

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Here a stretch may begin."""
        self._unstretch()
        self._from = self._spot(event.x, event.y) if event.button == 1 else None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Extend the stretch to the pointer; beyond the edges, scroll."""
        if self._from is not None and event.button != 1:  # let go where the terminal did not see it
            self.on_mouse_up()
        if self._from is None:
            return
        self.capture_mouse()
        self._pointer = event.x, event.y
        self._reach()
        rolling = -1 if event.y < 0 else 1 if event.y >= self.page else 0
        if rolling != self._rolling:
            self._stop_rolling()
            self._rolling = rolling
            if rolling:
                self._roll = self.set_interval(_ROLL, self._roll_on)

    def on_mouse_up(self) -> None:
        """Copy what was dragged over."""
        self._stop_rolling()
        self.release_mouse()
        if self._from is not None and self._stretch is not None:
            self.copy_dragged()
        self._from = None

    def on_click(self, event: events.Click) -> None:
        """Select the message under the pointer; with the right button, show what can be done with it."""
        if self._stretch is not None:
            return
        block = self.block_at(event.y)
        index = None if block is None else self.blocks.index(block.message.id)
        if block is None or index is None:
            return
        if event.button == RIGHT_BUTTON:
            self.select(index)
            self.screen.set_focus(self)  # at once: what the menu offers is what the focus can do
            self.post_message(MenuWanted(MENU, event.screen_x, event.screen_y))
        elif event.chain == 2:
            self._take_word(event.x, event.y)
        else:
            self.select(index)
            self.focus()

    def copy_dragged(self) -> None:
        """Copy what the mouse went over."""
        text = self.dragged_text
        if text:
            self.app.copy_to_clipboard(text)
            lines = text.count("\n") + 1
            self.post_message(Say(f"Copied {counted(lines, 'line')}." if lines > 1 else "Copied."))

    def _take_word(self, x: int, y: int) -> None:
        from tui_xmpp.ui.history.spots import Spot, Stretch, word_at

        block, spot, voices = self.block_at(y), self._spot(x, y), self.painter.voices
        if block is None or spot is None or voices is None:
            return
        start, end = word_at(shown_text(block.message, voices), spot.offset)
        if start < end:
            self._stretch = Stretch(Spot.of(block.message, start), Spot.of(block.message, end))
            self.refresh()
            self.copy_dragged()

    def _reach(self) -> None:
        from tui_xmpp.ui.history.spots import Stretch

        there = self._spot(*self._pointer)
        if self._from is None or there is None or (there == self._from and self._stretch is None):
            return
        self._stretch = Stretch.between(self._from, there)
        self.refresh()

    def _unstretch(self) -> None:
        if self._stretch is not None:
            self._stretch = None
            self.refresh()

    def _roll_on(self) -> None:
        self.to_row(self.scroll_offset.y + self._rolling)
        self._reach()

    def _stop_rolling(self) -> None:
        self._rolling = 0
        if self._roll is not None:
            self._roll.stop()
            self._roll = None

    # Rows and columns
    def _laid(self, message: Message) -> Laid | None:
        voices, painter = self.painter.voices, self.painter
        if voices is None:
            return None
        return lay_out(message, voices, painter.columns.body, whole=message.id in painter.whole)

    def _spot(self, x: int, y: int) -> "Spot | None":
        """The place in a text that is nearest to a cell of the widget."""
        from tui_xmpp.ui.history.spots import Spot, line_starts, offset_at

        blocks, voices = self.blocks.blocks, self.painter.voices
        if not blocks or voices is None:
            return None
        row = max(0, min(y, self.page - 1)) + self.scroll_offset.y - self.head
        if row < 0:
            return Spot.of(blocks[0].message, 0)
        index = min(self.blocks.at(min(row, self.blocks.total - 1)) or 0, len(blocks) - 1)
        block = blocks[index]
        text, laid = shown_text(block.message, voices), self._laid(block.message)
        if laid is None or row >= self.blocks.total:
            return Spot.of(block.message, len(text))
        number = row - self.blocks.tops[index] - block.lead.rows - (laid.quoted is not None)
        if number < 0:
            return Spot.of(block.message, 0)
        if number >= len(laid.lines):
            return Spot.of(block.message, len(text))
        start = line_starts(text, laid.lines)[number]
        return Spot.of(block.message, start + offset_at(laid.lines[number].plain, x - self.painter.columns.left))

    def dress(self, strip: Strip, block: Block, offset: int) -> Strip:
        """Show which part of a row was dragged over."""
        strip = super().dress(strip, block, offset)
        cells = self._dragged_cells(block, offset)
        if cells is None:
            return strip
        start, end = cells
        style = self.get_component_rich_style("history--dragged", partial=True)
        part = strip.crop(start, end)
        part = Strip(list(Segment.apply_style(part, post_style=style)), part.cell_length)
        return Strip.join([strip.crop(0, start), part, strip.crop(end)])

    def _dragged_cells(self, block: Block, offset: int) -> tuple[int, int] | None:
        from tui_xmpp.ui.history.spots import line_starts

        stretch, voices = self._stretch, self.painter.voices
        if stretch is None or voices is None:
            return None
        text = shown_text(block.message, voices)
        part, laid = stretch.within(block.message, len(text)), self._laid(block.message)
        if part is None or laid is None:
            return None
        number = offset - block.lead.rows - (laid.quoted is not None)
        if not 0 <= number < len(laid.lines):
            return None
        line = laid.lines[number].plain
        start = line_starts(text, laid.lines)[number]
        low, high = (max(0, min(at - start, len(line))) for at in part)
        left = self.painter.columns.left
        return (left + cell_len(line[:low]), left + cell_len(line[:high])) if low < high else None
