"""Every key and action, generated from the registry, with the command words of the composer."""

from collections.abc import Iterable, Sequence

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui_xmpp.ui import keys
from tui_xmpp.ui.actions import ACTIONS, Action, Group, Where, keys_of
from tui_xmpp.ui.screens.dialog import Dialog, Hint
from tui_xmpp.ui.slash import WORDS

_KEYS = 22
"""Cells of the column of keys."""

_CONTEXT = {
    Where.COMPOSER: "while writing",
    Where.HISTORY: "on a message",
    Where.LIST: "in a list",
    Where.CHATS: "in the list of chats",
    Where.PEOPLE: "in the list of people",
}


class HelpScreen(Dialog[None]):
    """What can be done, and with which key."""

    AUTO_FOCUS = "#help"
    cancel_word = "Close"
    tall = True
    DEFAULT_CSS = """
    HelpScreen > Panel { width: 92; height: 100%; }
    #help { height: 1fr; scrollbar-size-vertical: 1; scrollbar-color: $rule; scrollbar-background: $surface; }
    """

    def __init__(self, keymap: dict[str, str] | None = None) -> None:
        super().__init__("Help")
        self._keymap = keymap or {}

    def body(self) -> Iterable[Widget]:
        """One long page that scrolls."""
        with VerticalScroll(id="help", can_focus=True) as scroll:
            pass
        page = Static(Content("\n").join(help_lines(self._keymap)), markup=False)
        scroll.compose_add_child(page)
        yield scroll

    def keys(self) -> Sequence[Hint]:
        """Only a way out."""
        return (Hint("Esc", self.cancel_word, "cancel", id="cancel"),)


def help_lines(keymap: dict[str, str]) -> list[Content]:
    """The page, line by line: each group of actions with keys, then the command words, then how to change keys."""
    lines: list[Content] = []
    for group in Group:
        lines.append(_heading(str(group)))
        lines += [_line(action, keymap) for action in ACTIONS if action.group is group]
        lines.append(Content(""))
    lines.append(_heading("Words with a slash"))
    for word in WORDS.values():
        lines.append(_columns(word.usage, "", word.help))
    lines.append(_columns("/me waves", "", "Say what you do."))
    lines.append(_columns("//text", "", "Send a text that begins with a slash."))
    lines += [Content(""), _heading("Keys of your own")]
    lines.append(Content("Write them into the settings, by the name in brackets."))
    return lines


def _heading(text: str) -> Content:
    return Content.styled(text, "bold $primary")


def _line(action: Action, keymap: dict[str, str]) -> Content:
    names = ", ".join(keys.shown(key) for key in keys_of(action, keymap)) or "—"
    context = _CONTEXT.get(action.where)
    help_text = action.help if context is None else f"{action.help[:-1]}, {context}."
    return _columns(names, f" [{action.id}]", help_text)


def _columns(left: str, right: str, text: str) -> Content:
    return Content.assemble((f"{left:<{_KEYS}} ", "bold"), text, (right, "$quiet"))
