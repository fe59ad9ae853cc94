"""Every key and action, generated from the registry, with the command words of the composer."""

from collections.abc import Iterable, Mapping, Sequence

from textual import events
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui_xmpp.ui import keys
from tui_xmpp.ui.actions import ACTIONS, Action, Group, Where, keys_of
from tui_xmpp.ui.screens.dialog import Dialog, Hint
from tui_xmpp.ui.slash import WORDS

_KEYS, _SLIM_KEYS, _SLIM = 21, 13, 64
"""Cells of the column of keys, on a wide page and on one narrower than the last."""

_CONTEXT = {
    Where.COMPOSER: "while writing",
    Where.HISTORY: "on a message",
    Where.LIST: "in a list",
    Where.CHATS: "in the list of chats",
    Where.PEOPLE: "in the list of people",
}


class HelpPage(Static):
    """The page, laid out for the width that it has."""

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__("", markup=False)
        self._keymap = keymap

    def on_resize(self, event: events.Resize) -> None:
        """Wrap for another width."""
        self.update(Content("\n").join(help_lines(self._keymap, event.size.width)))


class HelpScreen(Dialog[None]):
    """What can be done, and with which key."""

    AUTO_FOCUS = "#help"
    cancel_word = "Close"
    tall = True
    DEFAULT_CSS = """
    HelpScreen > Panel { width: 96; height: 100%; }
    #help { height: 1fr; scrollbar-size-vertical: 1; scrollbar-color: $rule; scrollbar-background: $surface; }
    """

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__("Help")
        self._keymap = keymap

    def body(self) -> Iterable[Widget]:
        """One long page that scrolls."""
        yield VerticalScroll(HelpPage(self._keymap), id="help", can_focus=True)

    def keys(self) -> Sequence[Hint]:
        """Only a way out."""
        return (Hint("Esc", self.cancel_word, "cancel", id="cancel"),)


def help_lines(keymap: Mapping[str, str], width: int) -> list[Content]:
    """The page line by line: each group of actions with its keys, the command words, and how to change keys."""
    lines: list[Content] = []
    for group in Group:
        lines.append(_heading(str(group)))
        for action in ACTIONS:
            if action.group is group:
                lines += _action(action, keymap, width)
        lines.append(Content(""))
    lines.append(_heading("Words with a slash, while writing"))
    for word in WORDS.values():
        lines += _columns(word.usage, word.help, "", width)
    lines += _columns("/me waves", "Say what you do.", "", width)
    lines += _columns("//text", "Send a text that begins with a slash.", "", width)
    lines += [Content(""), _heading("Keys of your own")]
    return [
        *lines,
        *Content("The settings give an action other keys by its name, which stands at the right.").wrap(width),
    ]


def _heading(text: str) -> Content:
    return Content.styled(text, "bold $primary")


def _action(action: Action, keymap: Mapping[str, str], width: int) -> list[Content]:
    names = "  ".join(keys.shown(key) for key in keys_of(action, keymap)) or "–"
    context = _CONTEXT.get(action.where)
    return _columns(names, action.help if context is None else f"{action.help[:-1]}; {context}.", action.id, width)


def _columns(left: str, text: str, name: str, width: int) -> list[Content]:
    """The keys, the text hanging beside them, and the name of the action at the right edge."""
    hang = _KEYS if width >= _SLIM else _SLIM_KEYS
    room = max(20, width - hang)
    rows = Content(text).wrap(room)
    if len(left) >= hang:
        rows.insert(0, Content(""))
    if name and rows[-1].cell_length + 2 + len(name) <= room:
        rows[-1] = Content.assemble(rows[-1].pad_right(room - rows[-1].cell_length - len(name)), (name, "$quiet"))
    elif name:
        rows.append(Content.styled(f"{name:>{room}}", "$quiet"))
    first, *rest = rows
    head = Content.assemble((f"{left:<{hang}}", "bold"), first)
    return [head, *(Content.assemble(" " * hang, row) for row in rest)]
