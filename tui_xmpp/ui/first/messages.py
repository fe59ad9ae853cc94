"""The rows of messages as pieces of text and the names of their styles."""

from datetime import date

from rich.cells import cell_len

from tui_xmpp.model.glance import Glance
from tui_xmpp.model.message import Direction, Message, MessageKind
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.first import wrapping
from tui_xmpp.ui.history.cards import MARK
from tui_xmpp.ui.history.chips import chip_rows
from tui_xmpp.ui.history.columns import MARGIN, Columns, fit
from tui_xmpp.ui.history.grouping import Lead, is_action, is_unreadable, lead
from tui_xmpp.ui.history.said import (
    GAP,
    MISSING,
    QUOTE_BAR,
    Quoted,
    card_rows,
    cells_of,
    folded,
    found_in,
    has_problem,
    problem_of,
    quoted,
    shared_by,
    shown_text,
    trail_of,
)
from tui_xmpp.ui.history.voices import Voices
from tui_xmpp.ui.rows import Part
from tui_xmpp.ui.words import YOU

Parts = list[Part]


class Messages:
    """Lays out the messages of the chat that is open, in rows of `width` cells."""

    def __init__(self, seen: Glance, clock: Clock, width: int, *, compact: bool) -> None:
        chat = seen.open_chat
        self._messages = seen.messages
        self._first_new = seen.first_unread
        self._gaps = seen.gaps
        self._clock = clock
        who = (
            contact
            for contact in seen.contacts
            if (contact.account, contact.address) == (chat.key.account, chat.key.peer)
        )
        self._voices = Voices.among(chat.key, chat.kind, next(who, None), seen.nick)
        names = {self._voices.name(message) for message in seen.messages} | {YOU}
        self._columns = Columns(width, compact=compact).for_names(max(map(cell_len, names)))

    def rows(self, height: int) -> list[Parts]:
        """What is on a screen of so many rows: the newest, or from the first unread on if that is more."""
        shown: list[Parts] = []
        first_new = self._first_new
        for index in range(len(self._messages) - 1, -1, -1):
            if len(shown) >= height and first_new is None:
                break
            shown[:0] = self._message(index)
            if self._messages[index].id == first_new:
                first_new = None  # from here on only what fits
                if len(shown) > height:
                    above = self._message(index - 1)[-2:] if index else []
                    return [*above, *shown][:height]
        if first_new is not None:  # it is older than all that was read
            return shown[:height]
        return [*([[]] * (height - len(shown))), *shown[max(0, len(shown) - height) :]]

    def _message(self, index: int) -> list[Parts]:
        message = self._messages[index]
        gap = message.id in self._gaps
        its_lead = lead(message, self._day(index), self._before(index), self._first_new, gap=gap)
        width = self._columns.body
        rows: list[Parts] = []
        if its_lead.gap:
            rows.append(self._line(MISSING, "day", "rule"))
        if its_lead.day is not None:
            rows.append(self._line(self._clock.day_label(its_lead.day), "day", "rule"))
        if its_lead.new:
            rows.append(self._line("new", "new", "new"))
        answered = quoted(message, self._voices, width)
        body: list[Parts] = [] if answered is None else [_quoted(answered)]
        lines = wrapping.wrap(shown_text(message, self._voices), width)
        kept = folded(len(lines))
        body += [self._text(message, line, number) for number, line in enumerate(lines[:kept])]
        if kept < len(lines):
            body.append([(f"… {len(lines) - kept} more lines", "more")])
        trail = trail_of(message)
        marks: Parts = [part for mark in trail for part in ((GAP, ""), mark)]
        if not trail or sum(cell_len(text) for text, _ in body[-1]) + cells_of(trail) <= width + MARGIN:
            body[-1] += marks
        else:
            body.append(marks[1:])
        body += [[*card] for card in card_rows(message, self._voices, width)]
        if has_problem(message):
            body += [[(line, "error")] for line in wrapping.wrap(problem_of(message), width)]
        body += [[*chips] for chips in chip_rows(message, self._voices, width)]
        hang: Parts = [(" " * self._columns.left, "")]
        return [
            *rows,
            *([*(hang if number else self._head(message, its_lead)), *row] for number, row in enumerate(body)),
        ]

    def _before(self, index: int) -> tuple[Message, date] | None:
        return (self._messages[index - 1], self._day(index - 1)) if index else None

    def _day(self, index: int) -> date:
        return self._clock.day(self._messages[index].time)

    def _head(self, message: Message, its_lead: Lead) -> Parts:
        columns = self._columns
        time = self._clock.hour(message.time) if its_lead.timed else " " * columns.time
        gap = " " * columns.gap
        name, style = "", "quiet"
        if is_action(message):
            name = "*"
        elif its_lead.named:
            own = message.direction is Direction.OUT
            name, style = self._voices.name(message), "own" if own else f"name:{self._voices.hue_of(message)}"
        return [(" " * columns.margin, ""), (time + gap, "quiet"), (fit(name, columns.name), style), (gap, "")]

    def _text(self, message: Message, line: str, number: int) -> Parts:
        style = "action" if is_action(message) else "body"
        if message.tombstone is not None:
            style = "gone"
        elif message.kind is MessageKind.SUBJECT:
            style = "quiet"
        elif is_unreadable(message):
            style = "new"
        elif message.upload is not None or shared_by(message) is not None:
            return [(line, "quiet")] if number else [(MARK, "body"), (line.removeprefix(MARK), "link")]
        nick = self._voices.own_nick
        return _highlighted(line, style, nick) if message.mentions_us and nick else [(line, style)]

    def _line(self, label: str, style: str, rule: str) -> Parts:
        """A hairline with words in its middle."""
        left, label, right = self._columns.hairline(label)
        return [(" " * self._columns.margin, ""), (left, rule), (label, style), (right, rule)]


def _quoted(answered: Quoted) -> Parts:
    style = f"name:{answered.hue}" if answered.hue else "own"
    name: Parts = [(answered.name, style), (GAP, "")] if answered.name else []
    return [(QUOTE_BAR, "quiet"), *name, (answered.text, "quiet")]


def _highlighted(line: str, style: str, word: str) -> Parts:
    """The line with every occurrence of the word, in any case, as a mention."""
    parts: Parts = []
    done = 0
    for start, end in found_in(line, word):
        parts += [(line[done:start], style), (line[start:end], "mention")]
        done = end
    return [*parts, (line[done:], style)]
