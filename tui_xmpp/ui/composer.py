"""Where one writes: grows with the text, keeps a draft per chat, and tells the other side that one is typing."""

from dataclasses import replace
from time import monotonic
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea

from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.commands import Command, SaveDraft, SetTyping
from tui_xmpp.model.message import Message as StoredMessage
from tui_xmpp.model.text import clean
from tui_xmpp.ui import actions
from tui_xmpp.ui.echo import echo
from tui_xmpp.ui.editing import editing_bindings
from tui_xmpp.ui.here import Here, Where
from tui_xmpp.ui.pasting import PastingText
from tui_xmpp.ui.wearing import Wearing
from tui_xmpp.ui.wishes import Wish
from tui_xmpp.ui.writing import Correcting, Mode, Replying

DRAFT_DELAY = 0.5
"""Seconds without a key after which the draft is saved."""
DRAFT_LONGEST = 3.0
"""Seconds after which it is saved also while somebody writes without a pause."""
TYPING_PAUSE = 8.0
"""Seconds without a key after which we no longer count as typing."""

_TAKES = frozenset({"complete", "complete_back"})


class Composer(PastingText, inherit_bindings=False):
    """The text being written for one chat."""

    DEFAULT_CSS = """
    Composer, Composer:focus {
        height: auto; max-height: 33vh; min-height: 3; width: 1fr; margin: 0 1; padding: 0 1;
        border: round $rule; background: $background; color: $foreground;
        scrollbar-size-vertical: 1; scrollbar-color: $rule; scrollbar-background: $background;
        overflow-x: hidden;
    }
    Composer:focus { border: round $primary; }
    Composer.-normal, Composer.-normal:focus { border: round $warning; border-subtitle-color: $warning; }
    Composer.-encrypted:focus { border: round $present; }
    Composer.-exposed, Composer.-exposed:focus { border: round $warning; }
    Composer .text-area--placeholder { color: $quiet; }
    Composer .composer--misspelt { text-style: underline; color: $error; }
    Composer .text-area--cursor-line { background: transparent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.COMPOSER), *editing_bindings()]

    class Sent(Message):
        """The person wants this text to be sent, or done if it is a command word."""

        def __init__(self, key: ChatKey, text: str, mode: Mode | None) -> None:
            super().__init__()
            self.key = key
            self.text = text
            self.mode = mode

    class ModeChanged(Message):
        """An answer or a correction was begun or left, or something is offered to be sent as a file, or no longer."""

    class CorrectLast(Message):
        """The message that was sent last is to be corrected."""

    class Scroll(Message):
        """The history is to scroll by so many pages."""

        def __init__(self, pages: int) -> None:
            super().__init__()
            self.pages = pages

    class SelectMessage(Message):
        """The cursor is to move up into the history."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._key: ChatKey | None = None
        self._saved = ""
        self._typing = False
        self._draft_timer: Timer | None = None
        self._unsaved_since = 0.0
        self._typing_timer: Timer | None = None
        self._loading = False
        self.mode: Mode | None = None
        """What is answered or corrected; changed by `begin` and `leave_mode` only."""
        self._kept: dict[ChatKey, tuple[Mode, str]] = {}
        """Answers and corrections that were begun in other chats."""

    def open(self, key: ChatKey, draft: str) -> None:
        """Write in another chat; what was typed in the one before is kept there."""
        if key != self._key:
            self.leave()
            self._key = key
            self._saved = draft
            mode, text = self._kept.pop(key, (None, ""))
            self._put(text if isinstance(mode, Correcting) else draft)
            self._set_mode(mode)

    def leave(self) -> None:
        """Keep what was begun and stop typing; before another chat is shown and before the program ends."""
        self._stop_typing()
        self._save()
        if self._key is not None:
            self._kept.pop(self._key, None)
            if self.mode is not None:
                self._kept[self._key] = self.mode, self.text

    def last_wishes(self) -> tuple[Command, ...]:
        """What is still to be done before the program ends: keep the draft, stop typing."""
        if self._key is None:
            return ()
        typing = (SetTyping(self._key, typing=False),) if self._typing else ()
        return (*typing, SaveDraft(self._key, self._draft)) if self._draft != self._saved else typing

    def restore(self, key: ChatKey, text: str, mode: Mode | None = None) -> None:
        """Give back a text that could not be sent, unless something else is written by now."""
        aside, before = (mode.draft, mode.before) if isinstance(mode, Correcting) else ("", None)
        if key != self._key or self.mode != before or self._draft != aside:
            return
        if mode is not None:
            self.begin(mode)
        self._put(text)

    # What is answered or corrected
    def begin(self, mode: Mode) -> None:
        """Answer a message with what is written, or correct one: then what is written is put aside."""
        if isinstance(self.mode, Correcting):
            self.leave_mode()
        if isinstance(mode, Correcting):
            before = self.mode if isinstance(self.mode, Replying) else None
            self._save()
            mode = Correcting(mode.message, self.text, before)
            self._set_mode(mode)
            self._put(mode.message.body)
        else:
            self._set_mode(mode)

    def leave_mode(self) -> None:
        """Answer or correct nothing any more; what was written before a correction comes back."""
        mode = self.mode
        if isinstance(mode, Correcting):
            self._set_mode(mode.before)
            self._put(mode.draft)
        elif mode is not None:
            self._set_mode(None)

    def renew(self, message: StoredMessage) -> None:
        """The message that is answered or corrected has changed."""
        if self.mode is not None and self.mode.message.id == message.id:
            self._set_mode(replace(self.mode, message=message))

    def offer_changed(self) -> None:
        """Say what can be sent as a file."""
        self.post_message(self.ModeChanged())

    def _set_mode(self, mode: Mode | None) -> None:
        if mode != self.mode:
            self.mode = mode
            self.post_message(self.ModeChanged())

    @property
    def _draft(self) -> str:
        """What is written as a message of its own or as an answer."""
        return self.mode.draft if isinstance(self.mode, Correcting) else self.text

    def _put(self, text: str) -> None:
        self.decline()
        self._loading = True
        self.load_text(clean(text))
        self.move_cursor(self.document.end)
        self.call_next(self._loaded)

    def _loaded(self) -> None:
        self._loading = False

    # Draft and typing
    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Save the draft after a while, and tell that we type."""
        super().on_text_area_changed(event)
        self.refresh_bindings()
        self.check_spelling()
        if self._loading or self._key is None:
            return
        self._restart_draft_timer()
        if self.text.strip() and (not self.text.startswith("/") or self.text.startswith("/me ")):
            self._start_typing()
        elif not self.text:
            self._stop_typing()

    def _restart_draft_timer(self) -> None:
        present = monotonic()
        if self._draft_timer is None:
            self._unsaved_since = present
        else:
            self._draft_timer.stop()
        left = self._unsaved_since + DRAFT_LONGEST - present
        if left <= 0:  # Textual divides by the time of a timer that comes late
            self._save()
        else:
            self._draft_timer = self.set_timer(min(DRAFT_DELAY, left), self._save)

    def _save(self) -> None:
        if self._draft_timer is not None:
            self._draft_timer.stop()
            self._draft_timer = None
        if self._key is not None and self._draft != self._saved:
            self._saved = self._draft
            self.post_message(Wish(SaveDraft(self._key, self._draft)))

    def _start_typing(self) -> None:
        if self._typing_timer is not None:
            self._typing_timer.stop()
        self._typing_timer = self.set_timer(TYPING_PAUSE, self._stop_typing)
        if not self._typing and self._key is not None:
            self._typing = True
            self.post_message(Wish(SetTyping(self._key, typing=True)))

    def _stop_typing(self) -> None:
        if self._typing_timer is not None:
            self._typing_timer.stop()
            self._typing_timer = None
        if self._typing and self._key is not None:
            self._typing = False
            self.post_message(Wish(SetTyping(self._key, typing=False)))

    # Keys
    async def _on_key(self, event: events.Key) -> None:
        """Leave Enter to the registry, since TextArea would put in a new line; show a letter at once."""
        if event.key == "enter":
            event.prevent_default()  # else Textual goes on with the same handler of each class above
        else:
            await super()._on_key(event)
            if event.is_printable:
                echo(self)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 (Textual's)
        """Whether a key of the registry applies to what is written."""
        return actions.applies(
            action,
            Here(
                where=Where.COMPOSER,
                empty=not self.text,
                completes=action in _TAKES and self.completes,
                misspelt=action == "spell" and self.misspelt,
            ),
        )

    def action_send(self) -> None:
        """Hand over what is written and begin anew."""
        text = self.text.strip("\n").rstrip()
        if self._key is None or not text.strip():
            return
        key, mode = self._key, self.mode
        self._typing = False  # the message itself says that we are done (XEP-0085 §5.1)
        self._stop_typing()
        if not isinstance(mode, Correcting):
            self._put("")
        self.leave_mode()
        self.write()
        self.recall.remember(key, text)
        self.post_message(self.Sent(key, text, mode))
        self._save()

    def action_newline(self) -> None:
        """Begin a new line."""
        self.insert("\n")

    def quote(self, text: str) -> None:
        """Put a quote in at the end, and begin a line below it."""
        before = "" if not self.text or self.text.endswith("\n") else "\n"
        self.move_cursor(self.document.end)
        self.insert(before + text)

    @property
    def chat(self) -> ChatKey | None:
        """The chat that is written in."""
        return self._key

    def on_mount(self) -> None:
        """Take the keys of vi and the dictionaries, if the settings say so."""
        if isinstance(self.app, Wearing):
            self.spelling = self.app.spelling
        if self.app.has_class("-vim"):
            from tui_xmpp.ui.vim import Vim

            self.vim = Vim()

    def leave_text(self) -> None:
        """With `k` in the first line, up into the history."""
        self.action_select_message()

    def action_select_message(self) -> None:
        """Go up into the history."""
        self.post_message(self.SelectMessage())

    def action_correct_last(self) -> None:
        """Correct the message that was sent last."""
        self.post_message(self.CorrectLast())

    def action_history_up(self) -> None:
        """Scroll the history up."""
        self.post_message(self.Scroll(-1))

    def action_history_down(self) -> None:
        """Scroll the history down."""
        self.post_message(self.Scroll(1))
