"""The scrolling half of the history: which messages are in memory, where they stand, and painting them.

Follows the newest message only while the end is on the screen; otherwise whatever is stored above or below, the
reader's place stays as it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style as RichStyle
from textual.geometry import Size
from textual.message import Message as TextualMessage
from textual.strip import Strip

from tui_xmpp.core.facade import Facade
from tui_xmpp.errors import StorageError
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.history import Top
from tui_xmpp.model.message import Message
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.history import looks
from tui_xmpp.ui.history.blocks import Block, Blocks, Place
from tui_xmpp.ui.history.columns import Columns
from tui_xmpp.ui.history.painter import Painter
from tui_xmpp.ui.history.top import LOADING, problem_words, words_over
from tui_xmpp.ui.history.voices import Voices
from tui_xmpp.ui.history.window import Window
from tui_xmpp.ui.ink import ink, names_on
from tui_xmpp.ui.line_view import LineView
from tui_xmpp.ui.words import YOU


class MessageScroll(LineView, can_focus=True, inherit_bindings=False):
    """A window of one chat's messages in rows of exact height."""

    # `auto` would change the width after the first layout without another Resize event.
    DEFAULT_CSS = """
    MessageScroll {
        height: 1fr; overflow-x: hidden; overflow-y: scroll; background: $background;
        scrollbar-size-vertical: 1; scrollbar-color: $rule; scrollbar-color-hover: $quiet;
        scrollbar-color-active: $primary; scrollbar-background: $background;
        scrollbar-background-hover: $background; scrollbar-background-active: $background;
    }
    """ + looks.css("MessageScroll")  # fmt: skip
    COMPONENT_CLASSES: ClassVar[set[str]] = {*looks.CLASSES}
    ALLOW_SELECT = False

    class NeedOlder(TextualMessage):
        """The reader comes near the top of what the store has, and the archive may have more."""

        def __init__(self, key: ChatKey) -> None:
            super().__init__()
            self.key = key

    class Moved(TextualMessage):
        """Whether the newest message is on the screen, or how many came below it, has changed."""

    def __init__(self, engine: Facade, clock: Clock, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self.engine = engine
        self.clock = clock
        self.window: Window | None = None
        self.painter = Painter(clock)
        self.blocks = Blocks(self.painter.measure, clock)
        self.following = True
        self.beyond = 0
        """How many messages came below what is on the screen."""
        self.first_new: int | None = None
        self._unread = 0
        self._note = ""
        self._asked_older = False
        self._placing = False
        self._styled = False
        self._ground = RichStyle.null()

    # The model
    def open(self, key: ChatKey, unread: int) -> None:
        """Show another chat: its newest messages, or its first unread one if they fill more than the screen."""
        self.window = Window(self.engine, key)
        self.window.open(unread + 20)
        self.first_new = self.engine.first_unread(key) if unread else None
        self.following, self.beyond = True, 0
        self._note, self._asked_older = "", False
        self.painter.voices = Voices.of(self.engine, key)
        self.painter.columns = Columns(self._width, compact=self.app.has_class("-compact"))
        self.painter.clear()
        self.blocks.clear()
        self._unread = unread
        if self._width:
            self._begin()

    def _begin(self) -> None:
        """Place the reader in a chat that was just opened, now that the width is known."""
        self._sync(None)
        self.show_start()
        self.post_message(self.Moved())
        self.call_next(self._look_around)

    def close(self) -> None:
        """Show no chat."""
        self.window = None
        self.blocks.clear()
        self._sync(None)

    def add(self, messages: Sequence[Message]) -> None:
        """Take in messages that were just stored."""
        if self.window is None or not any(map(self.window.concerns, messages)):
            return
        place = self.place()
        below = self.window.add(messages)
        if self.following:
            self.window.trim()
        elif below:
            self.beyond += below
            self.post_message(self.Moved())
        self._sync(place)

    def change(self, messages: Sequence[Message]) -> None:
        """Show the new state of messages."""
        if self.window is not None:
            place = self.place()
            replaced = [self.window.replace(message) for message in messages]
            if any(replaced):
                self._sync(place)

    def forget(self, message_id: int) -> None:
        """Take a deleted message off the screen."""
        if self.window is not None:
            place = self.place()
            self.window.remove(message_id)
            self._sync(place)

    def reread(self) -> None:
        """Read the window again: messages were stored above, below or inside it."""
        if self.window is not None:
            place = self.place()
            self.window.reload(None if self.following or place is None else place.message_id)
            self._sync(place)
            self.call_next(self._look_around)

    def rename(self) -> None:
        """Names or nicknames may have changed."""
        if self.window is not None:
            place = self.place()
            self.painter.voices = Voices.of(self.engine, self.window.key)
            self._forget_layout()
            self._sync(place)

    def begin_new_at(self, message_id: int | None) -> None:
        """Move the line over the unread messages, or take it away."""
        if message_id != self.first_new:
            place, moved = self.place(), (self.first_new, message_id)
            self.first_new = message_id
            if any(each is not None and self.blocks.index(each) is not None for each in moved):
                self._sync(place)

    def older_loaded(self, problem: str = "") -> None:
        """The archive answered what `NeedOlder` asked, or why not."""
        self._asked_older = False
        self._set_note(problem_words(problem) if problem else "")
        if not problem:
            self.call_next(self._look_around)

    def repaint_days(self) -> None:
        """Another day has begun: `Today` is another."""
        self.painter.clear()
        self.refresh()

    # Places
    @property
    def at_newest(self) -> bool:
        """Whether the newest message of the chat is on the screen."""
        return self.following and bool(self._width) and (self.window is None or self.window.at_end)

    @property
    def page(self) -> int:
        """Rows that are on the screen."""
        return self.scrollable_content_region.height

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    @property
    def head(self) -> int:
        """Rows over the first message: few messages stand at the bottom, and a note may stand on top."""
        note = 1 if self._note else 0
        return note + max(0, self.page - note - self.blocks.total)

    def place(self) -> Place | None:
        """Where the reader is now; None while following the end."""
        if self.following or not self.blocks.blocks:
            return None
        row = self.scroll_offset.y - self.head
        index = self.blocks.at(max(0, row))
        if index is None:
            return None
        return Place(self.blocks.blocks[index].message.id, row - self.blocks.tops[index])

    def show_newest(self) -> None:
        """Go to the newest message and follow it."""
        if self.window is not None and not self.window.at_end:
            self.window.open()
        self.following, self.beyond = True, 0
        self._sync(None)
        self.post_message(self.Moved())

    def to_row(self, row: int) -> None:
        """Scroll so that a row of the content is the first on the screen."""
        self.scroll_to(y=max(0, min(row, self.max_scroll_y)), animate=False, immediate=True)

    def turn(self, pages: int) -> None:
        """Scroll by pages, less two rows each.

        What is beyond the window is read at once: of many keys that come together, each finds where to go.
        """
        self.to_row(self.scroll_offset.y + pages * max(1, self.page - 2))
        self._look_around()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Follow the end or not, and read more where the reader comes near an end of the window."""
        super().watch_scroll_y(old_value, new_value)
        if self._placing or round(old_value) == round(new_value):
            return
        following = self.window is not None and self.window.at_end and self.scroll_offset.y >= self.max_scroll_y
        if following != self.following:
            self.following = following
            if following:
                self.beyond = 0
            self.post_message(self.Moved())
        self.call_next(self._look_around)

    def _look_around(self) -> None:
        """Read older or newer messages while there is less than a screen of them outside."""
        try:
            self._read_around()
        except StorageError as problem:
            self._set_note(problem.message)

    def _read_around(self) -> None:
        window, page = self.window, self.page
        if window is None or not page:
            return
        first = self.scroll_offset.y - self.head
        if first < page:
            if not window.at_start:
                place = self.place()
                window.load_older()
                self._sync(place)
            else:
                self.ask_older()
        if not window.at_end and self.blocks.total - first < 2 * page:
            place = self.place()
            window.load_newer()
            self._sync(place)

    def ask_older(self) -> None:
        """Ask the archive for what the store does not have, once; or say why there is nothing to be asked."""
        window = self.window
        if window is None or self._asked_older or not window.at_start:
            return
        top = self.engine.top(window.key)
        if top is Top.MORE:
            self._asked_older = True
            self._set_note(LOADING)
            self.post_message(self.NeedOlder(window.key))
        else:
            self._set_note(words_over(self.engine, window.key, top, empty=not window.messages))

    def ask_older_again(self) -> None:
        """The line went up or down: what could not be asked before can be asked now, or the other way round."""
        if self.window is not None:
            self.window.look_for_gaps()
            self._sync(self.place())
        self.older_loaded()

    def on_mouse_scroll_up(self) -> None:
        """Try again where nothing is left to be scrolled."""
        if self.scroll_offset.y == 0:
            self.ask_older()

    def _set_note(self, note: str) -> None:
        if note != self._note:
            place = self.place()
            self._note = note
            self._sync(place)

    def show_start(self) -> None:
        """Begin at the first unread message, if they are more than a screen; it may even be older than the window."""
        if self.first_new is None:
            return
        index = self.blocks.index(self.first_new)
        row = 0 if index is None else self.blocks.tops[index]
        if self.blocks.total - row > self.page:
            self.following, self.beyond = False, self._unread
            self._put(self.head + max(0, row - 2))

    # Layout
    def _forget_layout(self) -> None:
        self.painter.clear()
        self.blocks.clear()

    def _sync(self, place: Place | None) -> None:
        """Lay the window out again and put the reader back at their place, or at the end."""
        if not self._width:
            return
        messages, gaps = ([], frozenset[int]()) if self.window is None else (self.window.messages, self.window.gaps)
        self._fit_names(messages)
        self.blocks.sync(messages, self.first_new, gaps)
        self._grow(max(self.page, self.head + self.blocks.total))
        index = None if place is None else self.blocks.index(place.message_id)
        if place is not None and index is not None:
            last = self.blocks.blocks[index].rows - 1
            self._put(self.head + self.blocks.tops[index] + min(place.offset, last))
        elif self.following:
            self._put(self.max_scroll_y)
        self.refresh()

    def _grow(self, rows: int) -> None:
        """Set how many rows there are, sparing the layout of the whole screen: ours does not depend on them."""
        self.set_reactive(MessageScroll.virtual_size, Size(self._width, rows))
        self.vertical_scrollbar.window_virtual_size = rows
        self.vertical_scrollbar.window_size = self.page

    def _put(self, row: int) -> None:
        self._placing = True
        try:
            self.to_row(row)
        finally:
            self._placing = False

    def _fit_names(self, messages: Sequence[Message]) -> None:
        """Widen the name column if a name needs it; it never shrinks while a chat is shown."""
        voices = self.painter.voices
        columns = self.painter.columns
        if voices is None:
            return
        names = {voices.name(message) for message in messages} | {YOU}
        longest = max(columns.name if columns.width else 0, *(cell_len(name) for name in names))
        wider = replace(columns, width=self._width).for_names(longest)
        if wider != columns:
            self.painter.columns = wider
            self._forget_layout()

    def fit(self) -> None:
        """Wrap again for another width; keep the place for another height."""
        place = self.place()
        first = not self.painter.columns.width
        self.painter.make_room(self.page)
        if self._width != self.painter.columns.width:
            self.painter.columns = replace(self.painter.columns, width=self._width)
            self._forget_layout()
        if first:
            self._begin()
        else:
            self._sync(place)
            self.call_next(self._look_around)

    # Paint
    def notify_style_update(self) -> None:
        """Take the colours of another theme."""
        super().notify_style_update()
        self._styled = False

    def _take_styles(self) -> None:
        self.painter.styles = {name: ink(self, style) for name, style in looks.INKS.items()}
        self.painter.lightness = names_on(self.app)
        self.painter.clear()
        self._styled = True

    def block_at(self, y: int) -> Block | None:
        """The block that is painted at a row of the screen."""
        index = self.blocks.at(y + self.scroll_offset.y - self.head)
        return None if index is None else self.blocks.blocks[index]

    def lines(self, rows: range) -> Iterator[Strip]:
        """Rows of the screen."""
        if not self._styled:
            self._take_styles()
        self._ground = ground = self.rich_style
        head, top = self.head, self.scroll_offset.y
        for row in range(rows.start + top, rows.stop + top):
            index = self.blocks.at(row - head)
            if index is not None:
                block = self.blocks.blocks[index]
                strips = self.painter.strips(block)
                offset = row - head - self.blocks.tops[index]
                strip = strips[offset] if offset < len(strips) else Strip.blank(self.size.width)
                yield self.dress(strip, block, offset)
            elif row == head - 1 and self._note:
                yield self.painter.note(self._note).apply_style(ground)
            else:
                yield Strip.blank(self.size.width, ground)

    def dress(self, strip: Strip, _block: Block, _offset: int) -> Strip:
        """The strip on the widget's ground; a subclass marks what is selected."""
        return strip.apply_style(self._ground)
