"""Finding what was said, in all chats or in the open one, while one types."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, OptionList

from tui_xmpp.core.facade import Facade
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.message import Message
from tui_xmpp.model.search import SearchHit, SearchPage, SearchQuery, parse
from tui_xmpp.ui import actions
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.keymap import key_of
from tui_xmpp.ui.screens.dialog import Dialog, Hint
from tui_xmpp.ui.screens.filtered import FilteredRows
from tui_xmpp.ui.screens.found_rows import FoundRows
from tui_xmpp.ui.screens.plain import Plain
from tui_xmpp.ui.screens.rows import Row
from tui_xmpp.ui.sought import Sought
from tui_xmpp.ui.words import chat_title

PAGE = 50
"""Hits read at once."""
NEAR = 12
"""Rows before the last one at which the next page is read."""
MOST = 2_000
"""Hits after which one has to say more of what one means."""
PAUSE = 0.03
"""Seconds for which what was typed must stand, so that a word that is pasted is looked for once."""

HOW = """Words are found in all messages; the word being typed, by its beginning.

"exact words"     one after the other
from:juno         said by Juno; from:me, by you
in:kitchen        in chats that are called so
after:monday      that day and later
before:2026-01-31 earlier
has:link          also has:file, has:image"""


class Results(FilteredRows):
    """The line, what there is to say about it, and the hits."""

    DEFAULT_CSS = """
    Results > #said { color: $text-muted; margin: 0 1; }
    """

    def __init__(self, placeholder: str, value: str = "") -> None:
        super().__init__(placeholder, value)
        self.said = Plain("", id="said")

    def compose(self) -> ComposeResult:
        """Sentences between the line and the list."""
        yield self.line
        yield self.said
        yield self.rows


class Find(Dialog[Message | None]):
    """Gives back the message to go to. `sought` is what was looked for, to begin with the next time."""

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.FIND)]
    confirm_word = "Go there"
    tall = True

    def __init__(self, engine: Facade, clock: Clock, chat: ChatKey | None = None, sought: Sought | None = None) -> None:
        super().__init__("Find")
        self._engine = engine
        self._clock = clock
        self._chat = chat
        self._before = sought if sought is not None else Sought()
        self._here = self._before.here and chat is not None
        self._results = Results("Words", self._before.text)
        self._scope = Hint("search_where")
        self._maker = FoundRows(engine, clock)
        self._query = SearchQuery()
        self._hits: list[SearchHit] = []
        self._next: int | None = None
        self._due: Timer | None = None

    def body(self) -> Iterable[Widget]:
        """The line and the hits."""
        yield self._results

    def keys(self) -> Sequence[Hint]:
        """Where to look can be changed when a chat is open."""
        go, cancel = super().keys()
        return (go, self._scope, cancel) if self._chat is not None else (go, cancel)

    @property
    def sought(self) -> Sought:
        """What was looked for, where, and what was chosen."""
        return Sought(self._results.line.value, self._here, self._results.rows.chosen)

    def on_mount(self) -> None:
        """Begin with what was looked for last; typing replaces it."""
        self._say_where()
        line = self._results.line
        line.focus()
        self._look(self._before.chosen)
        self.call_after_refresh(line.select_all)
        self.watch(self._results.rows, "scroll_y", self._scrolled, init=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look as soon as no key follows."""
        event.stop()
        if self._due is not None:
            self._due.stop()
        self._due = self.set_timer(PAUSE, self._look)

    def action_search_where(self) -> None:
        """Look in the open chat only, or in all."""
        if self._chat is not None:
            self._here = not self._here
            self._say_where()
            self._look()

    async def action_confirm(self) -> None:
        """Go to the chosen message, of what is typed and not of what was there a moment ago."""
        if self._due is not None:
            self._look()
        chosen = self._results.rows.chosen
        hit = next((hit for hit in self._hits if str(hit.message.id) == chosen), None)
        if hit is not None:
            self.dismiss(hit.message)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Read on where the choice comes near the end."""
        event.stop()
        if event.option_index >= len(self._hits) - NEAR:
            self._read_on()

    def _scrolled(self) -> None:
        rows = self._results.rows
        if rows.scroll_offset.y >= rows.max_scroll_y - 2 * NEAR:
            self._read_on()

    def _say_where(self) -> None:
        chat = self._engine.chat(self._chat) if self._chat is not None else None
        name = chat_title(chat) if chat is not None else "this chat"
        self.panel.show_title(f"Find in {name}" if self._here else "Find in all chats")
        self._scope.say("in all chats" if self._here else "in this chat")

    def _look(self, chosen: str | None = None) -> None:
        """Show what fits what is typed. What cannot be understood leaves the hits as they are."""
        if self._due is not None:
            self._due.stop()
            self._due = None
        zone, today = self._clock.zone, self._clock.today()
        query = parse(self._results.line.value, today=today, zone=zone, chat=self._chat if self._here else None)
        if query.hints:
            self._results.said.show("\n".join(query.hints))
            return
        self._query = query
        page = self._engine.search(query, PAGE)
        self._hits, self._next = list(page.hits), page.next
        first = str(page.hits[0].message.id) if page.hits else None
        ids = {str(hit.message.id) for hit in page.hits}
        self._results.rows.show_rows(self._rows_of(page), chosen=chosen if chosen in ids else first)
        self._results.said.show(self._words())
        self._read_on_if_short()

    def _read_on(self) -> None:
        """Show the next page below."""
        if self._next is None or len(self._hits) >= MOST:
            return
        page = self._engine.search(self._query, PAGE, self._next)
        self._next = page.next
        self._hits += page.hits
        self._results.rows.more_rows(self._rows_of(page))
        if page.hits:
            self._results.said.show(self._words())
        self._read_on_if_short()

    def _read_on_if_short(self) -> None:
        """A page may be short where much of what fits is of accounts that are switched off."""
        if self._next is not None and len(self._hits) < NEAR:
            self.call_later(self._read_on)

    def _rows_of(self, page: SearchPage) -> list[Row]:
        return [self._maker.row(hit) for hit in page.hits]

    def _words(self) -> str:
        if self._hits:
            return ""
        if self._query.is_empty:
            return HOW
        if self._next is not None:
            return "Looking…"
        if not self._here:
            return "Nothing was said that fits."
        return f"Nothing in this chat. {key_of(self.app, 'search_where')} looks in all chats."
