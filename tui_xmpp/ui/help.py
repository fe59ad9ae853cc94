"""Every key and action, generated from the registry, with the composer's command words and what marks mean."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui_xmpp.ui import keys
from tui_xmpp.ui.action import Action, Group
from tui_xmpp.ui.actions import ACTIONS, BY_ID
from tui_xmpp.ui.command_words import WORDS
from tui_xmpp.ui.editing import EDITING_KEYS
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.keymap import keys_of
from tui_xmpp.ui.screens.dialog import Dialog, Hint, Page
from tui_xmpp.ui.words import MARKS

_KEYS, _SLIM_KEYS, _SLIM = 24, 15, 60
"""Cells of the column of keys, on a wide page and on one narrower than the last."""

_NAME, _NAMED = 20, 88
"""Cells of the column of names, and how wide a page must be to have one."""

_BETWEEN = "  "
"""What stands between two keys."""

_MORE_WORDS = (("/me waves", "Say what you do."), ("//text", "Send a text that begins with a slash."))

_CONTEXT = {
    Where.COMPOSER: "while writing",
    Where.HISTORY: "on a message",
    Where.LIST: "in a list",
    Where.CHATS: "in the list of chats",
    Where.PEOPLE: "in the list of people",
}

_OBVIOUS = {(Group.WRITING, Where.COMPOSER), (Group.LISTS, Where.LIST)}
"""Where the heading says it already."""


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
        yield Page(HelpPage(self._keymap), id="help")

    def keys(self) -> Sequence[Hint]:
        """Only a way out."""
        return (Hint("cancel", self.cancel_word),)


def help_lines(keymap: Mapping[str, str], width: int) -> list[Content]:
    """The page line by line: each group of actions with its keys, the command words, and how to change keys."""
    left = _KEYS if width >= _SLIM else _SLIM_KEYS
    lines: list[Content] = []
    for group in Group:
        lines.append(_heading(str(group)))
        for action in ACTIONS:
            if action.group is group:
                lines += _action(action, keymap, left, width)
        lines.append(Content(""))
    lines.append(_heading("Words with a slash, while writing"))
    said = [*((word.usage, word.help) for word in WORDS.values()), *_MORE_WORDS]
    for usage, text in said:
        lines += _hang([usage], Content(text), left, width)
    lines += [Content(""), _heading("In the text that you write")]
    for its_keys, text in EDITING_KEYS:
        lines += _hang([", ".join(map(keys.shown, its_keys))], Content(text), left, width)
    lines += [Content(""), _heading("Marks behind a message")]
    for mark, text in MARKS:
        lines += _hang([mark], Content(text), left, width)
    lines += [Content(""), _heading("Keys of your own")]
    where = "at the right" if width >= _NAMED else "behind it in grey"
    key = keys.shown(keys_of(BY_ID["actions"], keymap)[0])
    words = f"What has no key is done by {key}. The settings give an action other keys by its name, {where}."
    return [*lines, *Content(words).wrap(width)]


def _heading(text: str) -> Content:
    return Content.styled(text, "bold $primary")


def _action(action: Action, keymap: Mapping[str, str], left: int, width: int) -> list[Content]:
    names = [keys.shown(key) for key in keys_of(action, keymap)]
    context = _CONTEXT.get(action.where) if (action.group, action.where) not in _OBVIOUS else None
    text = action.help if context is None else f"{action.help[:-1]}; {context}."
    if width < _NAMED:
        return _hang(names, Content.assemble(text, "  ", (action.id, "$quiet")), left, width)
    first, *rest = _hang(names, Content(text), left, width - _NAME)
    named = Content.assemble(first.pad_right(width - _NAME + 2 - first.cell_length), (action.id, "$quiet"))
    return [named, *rest]


def _hang(names: Sequence[str], text: Content, left: int, width: int) -> list[Content]:
    """Keys in a column of `left` cells, one below the other where they do not fit, and the text hanging beside them.

    A single key that is wider than the column has a row of its own.
    """
    heads = [""]
    for name in names:
        if not heads[-1]:
            heads[-1] = name
        elif cell_len(heads[-1]) + len(_BETWEEN) + cell_len(name) <= left - 2:
            heads[-1] += _BETWEEN + name
        else:
            heads.append(name)
    rows = text.wrap(max(20, width - left))
    if cell_len(heads[0]) > left - 2:
        rows.insert(0, Content(""))
    lines: list[Content] = []
    for head, row in zip_longest(heads, rows, fillvalue=None):
        start = Content.styled(head or "", "bold")
        lines.append(Content.assemble(start.pad_right(max(0, left - start.cell_length)), row or ""))
    return lines
