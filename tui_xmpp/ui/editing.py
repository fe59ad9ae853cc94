"""Editing text as emacs and the shell do: words and lines that were taken out come back, and all can be undone."""

from collections.abc import Callable, Hashable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import EditResult, Location

from tui_xmpp.model.text import clean
from tui_xmpp.ui.recall import Recall

_OURS = frozenset({"f6", "f7", "ctrl+k", "pageup", "pagedown", "ctrl+z", "ctrl+y"})
"""Editing keys of TextArea that the program needs for itself, or has in its registry."""

_EMACS = (
    ("alt+b", "cursor_word_left", "Word left"),
    ("alt+f", "cursor_word_right", "Word right"),
    ("alt+d", "delete_word_right", "Delete right to start of word"),
)

EDITING_KEYS = (
    (("ctrl+a", "home"), "Go to the beginning of the line."),
    (("ctrl+e", "end"), "Go to the end of the line."),
    (("alt+b", "ctrl+left"), "Go a word to the left."),
    (("alt+f", "ctrl+right"), "Go a word to the right."),
    (("ctrl+w", "alt+backspace"), "Take out the word before the cursor."),
    (("alt+d", "alt+delete"), "Take out the word behind the cursor."),
    (("ctrl+u",), "Take out everything before the cursor in this line."),
    (("ctrl+d", "delete"), "Take out the character under the cursor."),
    (("shift+left", "shift+right"), "Select text; ^X cuts it."),
)
"""What the keys of the text do, for the help; these cannot be given other keys."""


def editing_bindings() -> list[BindingType]:
    """The keys of TextArea that are left to it, and those that people know from emacs."""
    bindings = [binding for binding in Binding.make_bindings(TextArea.BINDINGS) if binding.key not in _OURS]
    return [*bindings, *(Binding(key, action, words, show=False) for key, action, words in _EMACS)]


class Editing(TextArea, inherit_bindings=False):
    """A text with a memory: of what was taken out of it, and of what was sent."""

    BINDINGS: ClassVar[list[BindingType]] = []

    class EditOutside(Message):
        """The text is to be written in the person's own editor."""

        def __init__(self, composer: "Editing") -> None:
            super().__init__()
            self.composer = composer

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(
            id=id, soft_wrap=True, show_line_numbers=False, tab_behavior="focus", highlight_cursor_line=False
        )
        self.cursor_blink = False
        self._taken_out = ""
        self._deleted = ""
        self.recall = Recall()

    @property
    def chat(self) -> Hashable:
        """Whose memory of sent texts is used."""
        return None

    def rewrite(self, text: str) -> None:
        """Put another text in the place of all that is written; it can be undone."""
        self.replace(clean(text), (0, 0), self.document.end)
        self.move_cursor(self.document.end)

    @property
    def before_cursor(self) -> str:
        """The text up to the cursor."""
        return self.get_text_range((0, 0), self.cursor_location)

    def _recompute_cursor_offset(self) -> None:
        # TextArea 8.2 looks for the cursor while an undo or a deletion has taken its line away and not yet moved it,
        # if the scroll bar goes with the line; that would end the program.
        if self.cursor_location[0] < self.document.line_count:
            super()._recompute_cursor_offset()  # type: ignore[no-untyped-call]  # Textual gives it no types

    # What was taken out
    def _delete_via_keyboard(self, start: Location, end: Location) -> EditResult | None:
        result = super()._delete_via_keyboard(start, end)
        self._deleted = result.replaced_text if result is not None else ""
        return result

    def _take_out(self, delete: Callable[[], None]) -> None:
        self._deleted = ""
        delete()
        if self._deleted:
            self._taken_out = self._deleted

    def action_delete_word_left(self) -> None:
        """Take out the word before the cursor."""
        self._take_out(super().action_delete_word_left)

    def action_delete_word_right(self) -> None:
        """Take out the word behind the cursor."""
        self._take_out(super().action_delete_word_right)

    def action_delete_to_start_of_line(self) -> None:
        """Take out everything before the cursor in this line."""
        self._take_out(super().action_delete_to_start_of_line)

    def action_yank(self) -> None:
        """Put in again what was taken out last."""
        if self._taken_out:
            self.insert(self._taken_out)

    # What was sent
    def action_earlier(self) -> None:
        """Write what was sent before the text that is shown."""
        self._recalled(self.recall.earlier(self.chat, self.text))

    def action_later(self) -> None:
        """Write what was sent after it, in the end what one was writing."""
        self._recalled(self.recall.later(self.chat))

    def _recalled(self, text: str | None) -> None:
        if text is not None:
            self.rewrite(text)

    def action_open_editor(self) -> None:
        """Write on in one's own editor."""
        self.post_message(self.EditOutside(self))
