"""The one look of everything that asks: title, body, and a row of keys; inside a calm panel."""

import logging
from collections.abc import Iterable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Static
from textual.worker import Worker, WorkerState

from tui_xmpp.errors import TuiXmppError
from tui_xmpp.ui import actions
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.keymap import key_of
from tui_xmpp.ui.screens.plain import Plain, plain
from tui_xmpp.ui.screens.rows import Rows
from tui_xmpp.ui.screens.shaded import Shaded

log = logging.getLogger(__name__)

T = TypeVar("T")

_AROUND_BODY = 5
"""Rows of a panel that are not its body: padding, title, keys, and the lines between."""


class Hint(Static, can_focus=True):
    """A key and what it does; also a button for Tab and for the mouse."""

    DEFAULT_CSS = """
    Hint { width: auto; height: 1; padding: 0 1; margin-right: 1; text-wrap: nowrap; pointer: pointer; }
    Hint:hover { background: $foreground 8%; }
    Hint:focus { background: $accent; color: $background; text-style: bold; }
    Hint:ansi:focus { background: ansi_default; color: ansi_default; text-style: bold reverse; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.BUTTON)]

    def __init__(self, action: str, word: str = "") -> None:
        super().__init__(id=action, markup=False)
        self.action = action
        self.word = word

    def render(self) -> Content:
        """The key in the accent, the word beside it; in one colour while focused."""
        key = key_of(self.app, self.action)
        if self.has_focus:
            return plain(f"{key} {self.word}")
        return Content.assemble(plain(key, "bold $accent"), " ", plain(self.word, "$foreground-muted"))

    def say(self, word: str) -> None:
        """Name the action anew."""
        self.word = word
        self.refresh(layout=True)

    async def action_press(self) -> None:
        """Do it."""
        await self.screen.run_action(self.action)

    async def on_click(self) -> None:
        """Do it."""
        await self.action_press()


class Page(VerticalScroll, inherit_bindings=False, can_focus=True):
    """A text that is longer than the screen; it moves by the keys of the lists."""

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings_of(*actions.MOVES)]

    def action_row_up(self) -> None:
        """Go up a line."""
        self.action_scroll_up()

    def action_row_down(self) -> None:
        """Go down a line."""
        self.action_scroll_down()

    def action_row_page_up(self) -> None:
        """Go up a page."""
        self.action_page_up()

    def action_row_page_down(self) -> None:
        """Go down a page."""
        self.action_page_down()

    def action_row_first(self) -> None:
        """Go to the beginning."""
        self.action_scroll_home()

    def action_row_last(self) -> None:
        """Go to the end."""
        self.action_scroll_end()


class Body(VerticalScroll, inherit_bindings=False, can_focus=False):
    """What stands in the middle; it moves by the keys of the dialog."""


class Panel(Vertical):
    """Title above, keys below, and between them a body that scrolls when the terminal is small."""

    DEFAULT_CSS = """
    Panel {
        width: 68; max-width: 100%; height: auto; max-height: 100%;
        padding: 1; background: $surface; color: $foreground;
    }
    Panel:ansi { border: round $border; }
    Panel > .panel--title {
        height: 2; padding: 0 1; text-style: bold; color: $accent; text-wrap: nowrap; text-overflow: ellipsis;
    }
    Panel > .panel--body { height: auto; padding: 0 1; scrollbar-size-vertical: 1; }
    Panel > .panel--body { scrollbar-color: $foreground 20%; scrollbar-background: $surface; }
    Panel.-narrow Hint { margin-right: 0; padding: 0 1 0 0; }
    Panel.-narrow > .panel--keys { padding-left: 1; }
    Panel > .panel--body > Plain, Panel > .panel--body > Check { margin-bottom: 1; }
    Panel > .panel--keys { height: 1; }
    Panel .panel--problem { color: $text-error; display: none; }
    Panel .panel--progress { color: $text-muted; display: none; }
    Panel.-bare { padding: 0 1; border: none; }
    Panel.-bare > .panel--body > Plain { margin-bottom: 0; }
    Panel.-tall { height: 28; }
    Panel.-tall > .panel--body { height: 1fr; overflow-y: hidden; }
    Panel .-warning { color: $warning; }
    Panel .-muted { color: $text-muted; }
    """

    def __init__(self, title: str, body: Iterable[Widget], keys: Sequence[Hint], *, tall: bool = False) -> None:
        super().__init__(classes="-tall" if tall else "")
        self._title = title
        self._body = tuple(body)
        self._keys = keys

    def compose(self) -> ComposeResult:
        """Title, body with room for a problem, keys."""
        yield Plain(self._title, classes="panel--title")
        with Body(classes="panel--body"):
            yield from self._body
            yield Plain("", classes="panel--problem")
            yield Plain("", classes="panel--progress")
        with Horizontal(classes="panel--keys"):
            yield from self._keys

    def on_mount(self) -> None:
        """Fit into the terminal."""
        self.fit(self.screen.size)

    def fit(self, size: Size) -> None:
        """Leave the body as many rows as the terminal has beside title and keys."""
        self.set_class(size.width < 60, "-narrow")
        if self.has_class("-tall"):
            return
        border = 2 if self.styles.has_rule("border_top") and self.styles.border_top[0] else 0
        around = 1 if self.has_class("-bare") else _AROUND_BODY + border
        self.query_one(".panel--body").styles.max_height = max(size.height - around, 3)

    def bare(self, wanted: bool) -> None:
        """Show nothing but the body and the keys, for what needs every row; or all again."""
        self.set_class(wanted, "-bare")
        self.query_one(".panel--title").display = not wanted
        self.fit(self.screen.size)

    def show_title(self, text: str) -> None:
        """Say something else at the top."""
        self.query_one(".panel--title", Plain).show(text)

    def show_problem(self, text: str) -> None:
        """Say below the body what went wrong; an empty text takes it back."""
        self._say(".panel--problem", text)

    def show_error(self, error: TuiXmppError) -> None:
        """Say below the body what failed: its title, and why in a sentence."""
        self._say(".panel--problem", Content.assemble(plain(error.title, "bold"), "\n", plain(error.message)))

    def show_progress(self, text: str) -> None:
        """Say below the body what is going on; an empty text takes it back."""
        self._say(".panel--progress", text)

    def _say(self, selector: str, text: str | Content) -> None:
        line = self.query_one(selector, Plain)
        line.show(text)
        if text:
            self.call_after_refresh(line.scroll_visible, animate=False)

    @property
    def problem(self) -> str:
        """What is said to be wrong."""
        return str(self.query_one(".panel--problem", Plain).content)


class Asking(Screen[T], Generic[T], inherit_bindings=False):
    """What every question has in common: a way to say yes, a way out, and ways from field to field."""

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.DIALOG)]

    def action_next_field(self) -> None:
        """Go to the next field."""
        self.focus_next()

    def action_previous_field(self) -> None:
        """Go to the field before."""
        self.focus_previous()

    def action_copy_selection(self) -> None:
        """Copy what was selected with the mouse, if anything was."""
        self.action_copy_text()


class Dialog(Asking[T], Shaded[T], Generic[T]):
    """A question over the chat: Enter confirms, Escape cancels, Tab and the arrows go from field to field."""

    AUTO_FOCUS = "Panel > .panel--body *"

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings_of("row_page_up", "row_page_down")]

    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background 55%; }
    Dialog:ansi { background: transparent; }
    """

    confirm_word: ClassVar[str] = "Confirm"
    cancel_word: ClassVar[str] = "Cancel"
    tall: ClassVar[bool] = False
    """Always the same height, for lists that change while one types."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.heading = title

    def compose(self) -> ComposeResult:
        """One panel."""
        yield Panel(self.heading, self.body(), self.keys(), tall=self.tall)

    def body(self) -> Iterable[Widget]:
        """What stands between the title and the keys."""
        return ()

    def keys(self) -> Sequence[Hint]:
        """What can be done, with the key for each."""
        return (
            Hint("confirm", self.confirm_word),
            Hint("cancel", self.cancel_word),
        )

    @property
    def panel(self) -> Panel:
        """The panel, once it is there."""
        return self.query_one(Panel)

    def on_resize(self) -> None:
        """Fit into the terminal."""
        self.panel.fit(self.size)

    async def action_confirm(self) -> None:
        """Do what was asked; overridden."""
        self.dismiss()

    async def action_cancel(self) -> None:
        """Close without a result."""
        self.dismiss()

    def action_row_page_up(self) -> None:
        """Show what is above in a body that is higher than its room."""
        self.panel.query_one(Body).action_page_up()

    def action_row_page_down(self) -> None:
        """Show what is below."""
        self.panel.query_one(Body).action_page_down()

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a line confirms."""
        event.stop()
        await self.run_action("confirm")

    async def on_rows_taken(self, event: Rows.Taken) -> None:
        """Enter or a click on a row of a list confirms."""
        event.stop()
        await self.run_action("confirm")

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say so when something broke that nobody foresaw."""
        show_unforeseen(self.panel, event)


def show_unforeseen(panel: Panel, event: Worker.StateChanged) -> None:
    """Log and show what no one foresaw in a dialog's work; such work must not close the program."""
    if event.state is WorkerState.ERROR:
        log.error("a dialog's work failed", exc_info=event.worker.error)
        panel.show_progress("")
        panel.show_problem("Something went wrong. The log has the details.")
