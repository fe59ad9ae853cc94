"""The whole first picture: every pane where the widgets will put it, so that nothing moves when they take over."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from rich.cells import cell_len, set_cell_size

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.glance import Glance
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui import panes, rows
from tui_xmpp.ui.chat_rows import Lists, build_chats, build_contacts
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.first.inks import RESET, Depth, Inks
from tui_xmpp.ui.first.messages import Messages, Parts
from tui_xmpp.ui.history import looks
from tui_xmpp.ui.panes import Pane, Wants
from tui_xmpp.ui.schemes import Scheme
from tui_xmpp.ui.words import PRESENCE, PRESENCE_WORDS, ROOM, chat_title, unread_words

LEAST_WIDTH, LEAST_HEIGHT = 40, 12
"""Cells of a terminal on which there is room for it."""

_SURFACE, _BACKGROUND = "$surface", "$background"
_STYLES = rows.INKS | looks.INKS | {"edge": "$rule", "name": "bold $primary"}
_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)])
"""What is never written, whatever a store may hold; texts in it were cleaned long before."""


@frozen
class Look:
    """How the picture looks."""

    scheme: Scheme
    depth: Depth
    compact: bool = False
    grey: bool = False
    """No colours are wanted."""


@frozen
class _Row:
    """One row of a pane, on its ground."""

    parts: Sequence[tuple[str, str]]
    ground: str


def draw(seen: Glance, accounts: Sequence[Address], look: Look, size: tuple[int, int], clock: Clock) -> str:
    """The picture for a terminal of so many columns and rows, as what is to be written; empty: there is no room."""
    width, height = size
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        return ""
    inks = Inks(look.scheme, look.depth, _STYLES, grey=look.grey)
    picture = _Picture(seen, look, clock, width)
    drawn = [
        _write([(_Row(_bar(_top(seen, accounts, width), width, 1), _SURFACE), width)], inks),
        *(_write(row, inks) for row in picture.panes(height - 2)),
        _write([(_Row((), _SURFACE), width)], inks),
    ]
    return "".join(f"\x1b[{number};1H{row}" for number, row in enumerate(drawn, start=1)) + RESET


def _write(row: Sequence[tuple[_Row, int]], inks: Inks) -> str:
    """One row of the screen: a row of each pane, in as many cells as the pane has."""
    written: list[str] = []
    for pane, width in row:
        room = width
        for text, style in pane.parts:
            text = text.translate(_CONTROLS)  # noqa: PLW2901 (it is the same text)
            cells = cell_len(text)
            if cells > room:
                text, cells = set_cell_size(text, room), room  # noqa: PLW2901 (so much of it)
            written.append(inks.sequence(style, pane.ground) + text)
            room -= cells
        written.append(inks.sequence("", pane.ground) + " " * room)
    return "".join(written)


class _Picture:
    """The panes of one picture."""

    def __init__(self, seen: Glance, look: Look, clock: Clock, width: int) -> None:
        self._seen = seen
        self._clock = clock
        self._compact = look.compact
        self._is_room = seen.open_chat.kind is ChatKind.ROOM
        self._shown = panes.visible(width, Wants(), has_chat=True, is_room=self._is_room)
        left, right = panes.side_widths(width)
        self._slim = width < panes.TWO
        self._left = left if Pane.CHATS in self._shown else 0
        self._right = right if Pane.PEOPLE in self._shown else 0
        self._middle = width - self._left - self._right

    def panes(self, height: int) -> Iterator[Sequence[tuple[_Row, int]]]:
        """The rows of all panes side by side, each pane with its width."""
        blank = _Row((), _SURFACE)
        lists = chain(self._chats(height), iter(lambda: blank, None))
        for conversation, chats in zip(self._conversation(height), lists, strict=False):
            yield [
                *([(chats, self._left)] if self._left else []),
                (conversation, self._middle),
                *([(blank, self._right)] if self._right else []),
            ]

    def _chats(self, height: int) -> Iterator[_Row]:
        """The list of chats, and of contacts where it is not longer than the screen."""
        seen = self._seen
        known = Lists(
            chats=seen.chats[:height],
            contacts={(contact.account, contact.address): contact for contact in seen.contacts},
            requests=seen.requests,
            current=seen.open_chat.key,
            compact=self._compact,
            own_hint=" ",  # it names a key, which is known only to the screen
        )
        if not self._compact:
            yield _Row((), _SURFACE)
        width = self._left - 1  # the scroll bar's
        later: tuple[Callable[[], list[rows.Row]], ...] = (
            lambda: build_chats(known, self._clock),
            lambda: build_contacts(known),
        )
        for row in chain.from_iterable(build() for build in later):
            bar = ("▌", "bar") if row.current else (" ", "")
            for line in row.lines:
                yield _Row([bar, *rows.fitted(line, width - 2)], _SURFACE)

    def _conversation(self, height: int) -> Iterator[_Row]:
        """Title, messages, an empty line for what goes on, and where one writes."""
        width, padding = self._middle, 1 if self._slim else 2
        title = _bar(self._title(), width, padding)
        above = (
            [_Row(title, _SURFACE)]
            if self._compact
            else [_Row(title, _BACKGROUND), _Row([("─" * width, "rule")], _BACKGROUND)]
        )
        below = [_Row((), _BACKGROUND), *self._composer(width)]
        beside = 1 if self._compact else 3  # the scroll bar, and the margins of the box below it
        messages = Messages(self._seen, self._clock, width - beside, compact=self._compact)
        yield from above
        for row in messages.rows(height - len(above) - len(below)):
            yield _Row(row, _BACKGROUND)
        yield from below

    def _composer(self, width: int) -> Sequence[_Row]:
        draft = self._seen.open_chat.draft.splitlines() or [""]
        if self._compact:
            return [_Row([(f" {line}", "body")], "$panel") for line in draft[-1:]]
        line, room = "─" * (width - 4), width - 6
        shown = set_cell_size(draft[-1], room)
        return [
            _Row([(f" ╭{line}╮", "edge")], _BACKGROUND),
            _Row([(" │ ", "edge"), (shown, "body"), (" │", "edge")], _BACKGROUND),
            _Row([(f" ╰{line}╯", "edge")], _BACKGROUND),
        ]

    def _title(self) -> Parts:
        chat = self._seen.open_chat
        name = (chat_title(chat), "strong")
        if chat.kind is ChatKind.ROOM:
            subject = clean_line(self._seen.subject)
            return [(f"{ROOM} ", "accent"), name, (f"  {subject}" if subject else "", "quiet")]
        if chat.kind is ChatKind.PRIVATE:
            return [("@ ", "quiet"), name, ("  private message, through the room", "quiet")]
        if not chat.in_contacts:
            return [(f"{PRESENCE[Availability.OFFLINE]} ", "quiet"), name, ("  not in your contacts", "away")]
        words = f"  {PRESENCE_WORDS[Availability.OFFLINE]}  {chat.key.peer.shown}"
        return [(f"{PRESENCE[Availability.OFFLINE]} ", "quiet"), name, (words, "quiet")]


def _top(seen: Glance, accounts: Sequence[Address], width: int) -> Parts:
    """The program's name, the accounts, none of which has a line yet, and what is unread."""
    parts: Parts = [("tui-xmpp", "name"), (" │", "rule")]
    for account in accounts:
        parts += [(f" {PRESENCE[Availability.OFFLINE]}", "quiet"), (f" {account.shown} ", "text")]
    words = unread_words(seen.chats)
    room = width - 2 - sum(cell_len(text) for text, _ in parts)
    if words and cell_len(words) <= room:
        style = "warm" if any(chat.mentions for chat in seen.chats) else "quiet"
        parts += [(" " * (room - cell_len(words)), ""), (words, style)]
    return parts


def _bar(parts: Parts, width: int, padding: int) -> Parts:
    """The pieces between margins, cut where there is no room."""
    room = width - 2 * padding
    fitting: Parts = [(" " * padding, "")]
    for text, style in parts:
        cells = cell_len(text)
        if cells > room:
            fitting.append((set_cell_size(text, max(0, room - 1)).rstrip() + "…", style))
            break
        fitting.append((text, style))
        room -= cells
    return fitting
