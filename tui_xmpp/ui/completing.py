"""A text that offers what may be meant by the word one writes: commands, nicknames, emojis."""

from collections.abc import Sequence
from functools import cached_property

from textual.message import Message
from textual.widgets import TextArea

from tui_xmpp.ui.completion import NOTHING, Offer, Offers, Sources, asked, offered, whole_emoji
from tui_xmpp.ui.editing import Editing
from tui_xmpp.ui.looking import Paths


class Completing(Editing, inherit_bindings=False):
    """Offers are only shown; Tab takes one, and Tab again the next. Enter sends what is written all the same."""

    class Offered(Message):
        """Other things are offered, or another one was taken."""

        def __init__(self, offers: Sequence[Offer], marked: int | None) -> None:
            super().__init__()
            self.offers = offers
            self.marked = marked

    sources: Sources | None = None
    _offers: Offers = NOTHING
    _marked: int | None = None
    _completed: tuple[str, object] | None = None
    """Text and cursor as they were when an offer was taken; while they are, Tab takes the next."""

    @cached_property
    def paths(self) -> Paths:
        """How a path goes on that is written here."""
        return Paths(lambda: self.call_later(self.offer))

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """Offer what fits the word at the cursor."""
        event.stop()
        self.offer()

    def offer(self) -> None:
        """Offer what fits now; called again when more is known."""
        if self.sources is None or self._completed == (self.text, self.cursor_location):
            return
        before = self.before_cursor if self.has_focus and self.selection.is_empty else ""
        emoji = whole_emoji(before, self.sources) if before.endswith(":") else None
        if emoji is not None:
            self._put_in(emoji[0], emoji[1])
            return
        self._show(offered(before, self.sources), None)

    def rewrite(self, text: str) -> None:
        """Put another text in the place of all that is written; what was offered for the old one is gone."""
        super().rewrite(text)
        self._show(NOTHING, None)

    def take(self, index: int) -> None:
        """Put in one of the offers in place of what is written of it."""
        if index < len(self._offers.offers):
            self._marked = index
            self._put_in(self._offers.start, self._offers.offers[index].text)
            self._completed = (self.text, self.cursor_location)
            self.post_message(self.Offered(self._offers.offers, index))

    @property
    def completes(self) -> bool:
        """Whether Tab has something to take, or may have in a moment: until then it must not lead away."""
        if self._offers.offers or self.paths.is_awaited(self.before_cursor):
            return True
        return self.sources is not None and bool(self.text) and bool(asked(self.before_cursor, self.sources).offers)

    def action_complete(self) -> None:
        """Take the first offer, or the next one."""
        self._turn(1)

    def action_complete_back(self) -> None:
        """Take the offer before."""
        self._turn(-1)

    def _turn(self, step: int) -> None:
        if self._marked is None and self.sources is not None:
            self._offers = asked(self.before_cursor, self.sources)
        count = len(self._offers.offers)
        if count:
            first = 0 if step > 0 else count - 1
            self.take(first if self._marked is None else (self._marked + step) % count)

    def _put_in(self, start: int, text: str) -> None:
        row, column = self.cursor_location
        line_start = len(self.get_text_range((0, 0), (row, 0)))
        self.replace(text, (row, max(0, start - line_start)), (row, column), maintain_selection_offset=False)

    def _show(self, offers: Offers, marked: int | None) -> None:
        self._completed = None
        if (offers, marked) != (self._offers, self._marked):
            self._offers, self._marked = offers, marked
            self.post_message(self.Offered(offers.offers, marked))
            self.refresh_bindings()
