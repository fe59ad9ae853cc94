"""Draws messages as strips: time and name in columns of their own, every wrapped line hanging under the body."""

from collections.abc import Mapping

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.cache import LRUCache
from textual.content import Content, Span
from textual.strip import Strip
from textual.style import Style

from tui_xmpp.model.message import Direction, Message, MessageKind
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.colours import DARK_LIGHTNESS, name_colour
from tui_xmpp.ui.history.blocks import Block
from tui_xmpp.ui.history.chips import Parts
from tui_xmpp.ui.history.columns import Columns, fit
from tui_xmpp.ui.history.grouping import is_action, is_unreadable
from tui_xmpp.ui.history.said import GAP, MISSING, QUOTE_BAR, Quoted, found_in
from tui_xmpp.ui.history.text import count_rows, is_long, lay_out
from tui_xmpp.ui.history.voices import Voices

_PLAIN = Style()
_KEPT = 64
"""Messages of which the painted lines are kept at least; a line with all that Textual keeps of it takes some 10 kB."""


class Painter:
    """Strips of messages for one chat, one width and one theme; the newest painted ones are kept."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._strips: LRUCache[int, tuple[Block, list[Strip]]] = LRUCache(_KEPT)
        self.columns = Columns()
        self.voices: Voices | None = None
        self.styles: Mapping[str, Style] = {}
        self.whole: set[int] = set()
        """Long messages that are shown as a whole."""
        self.lightness: float | None = DARK_LIGHTNESS
        """Of names; None: only the terminal's own colours are used."""

    def clear(self) -> None:
        """Forget what was painted: theme, width, chat or day have changed."""
        self._strips.clear()

    def make_room(self, rows: int) -> None:
        """Keep what so many rows of the screen show, and a little around them."""
        self._strips.grow(rows + rows // 4)

    def measure(self, message: Message) -> int:
        """Rows of the message's own text."""
        if self.voices is None:
            return 1
        return count_rows(message, self.voices, self.columns.body, whole=message.id in self.whole)

    def is_long(self, message: Message) -> bool:
        """Whether a message is one that is folded."""
        return self.voices is not None and is_long(message, self.voices, self.columns.body)

    def strips(self, block: Block) -> list[Strip]:
        """The rows of one block, without a background."""
        cached = self._strips.get(block.message.id)
        if cached is not None and cached[0] is block:
            return cached[1]
        strips = self._paint(block)
        self._strips.discard(block.message.id)  # an entry that is there is not replaced
        self._strips[block.message.id] = (block, strips)
        return strips

    def line(self, label: str, style: str) -> Strip:
        """A hairline across the history with words in its middle."""
        left, label, right = self.columns.hairline(label)
        rule = self._style("rule" if style == "day" else style)
        margin = " " * self.columns.margin
        return self._strip(
            [Segment(margin), Segment(left, rule), Segment(label, self._style(style)), Segment(right, rule)]
        )

    def note(self, text: str) -> Strip:
        """A quiet centred line."""
        if cell_len(text) > self.columns.width:
            text = set_cell_size(text, max(0, self.columns.width - 1)) + "…"
        room = max(0, self.columns.width - cell_len(text))
        return self._strip([Segment(" " * (room // 2)), Segment(text, self._style("quiet"))])

    def _paint(self, block: Block) -> list[Strip]:
        message, lead, voices = block.message, block.lead, self.voices
        if voices is None:
            return []
        strips: list[Strip] = []
        if lead.gap:
            strips.append(self.line(MISSING, "day"))
        if lead.day is not None:
            strips.append(self.line(self._clock.day_label(lead.day), "day"))
        if lead.new:
            strips.append(self.line("new", "new"))
        laid = lay_out(message, voices, self.columns.body, whole=message.id in self.whole)
        rows = [] if laid.quoted is None else [self._quoted(laid.quoted)]
        rows += [self._body(message, line, voices) for line in laid.lines]
        trail = [part for text, style in laid.trail for part in (Segment(GAP), Segment(text, self._style(style)))]
        if laid.trail_inside:
            rows[-1] = rows[-1] + trail
        else:
            rows.append(trail[1:])
        rows += [self._parts(card) for card in laid.cards]
        rows += [[Segment(line.plain, self._style("error"))] for line in laid.problem]
        rows += [self._parts(chips) for chips in laid.chips]
        hang = Segment(" " * self.columns.left)
        for index, row in enumerate(rows):
            head = self._head(block, voices) if index == 0 else [hang]
            strips.append(self._strip([*head, *row]))
        return strips

    def _parts(self, parts: Parts) -> list[Segment]:
        return [Segment(text, self._style(style)) for text, style in parts]

    def _head(self, block: Block, voices: Voices) -> list[Segment]:
        message, columns = block.message, self.columns
        time = self._clock.hour(message.time) if block.lead.timed else " " * columns.time
        gap = " " * columns.gap
        name, style = "", self._style("quiet")
        if is_action(message):
            name = "*"
        elif block.lead.named:
            name, style = voices.name(message), self._name_style(message, voices)
        return [
            Segment(" " * columns.margin),
            Segment(time + gap, self._style("quiet")),
            Segment(fit(name, columns.name), style),
            Segment(gap),
        ]

    def _name_style(self, message: Message, voices: Voices) -> RichStyle:
        return self._hue("" if message.direction is Direction.OUT else voices.hue_of(message))

    def _hue(self, text: str) -> RichStyle:
        """The style of the name whose colour is made from a text; an empty text is ours."""
        if not text:
            return self._style("own")
        if self.lightness is None:
            return RichStyle(bold=True)
        return RichStyle(color=name_colour(text, self.lightness), bold=True)

    def _quoted(self, quoted: Quoted) -> list[Segment]:
        name = [Segment(quoted.name, self._hue(quoted.hue)), Segment(GAP)] if quoted.name else []
        return [Segment(QUOTE_BAR, self._style("quiet")), *name, Segment(quoted.text, self._style("quiet"))]

    def _body(self, message: Message, line: Content, voices: Voices) -> list[Segment]:
        if message.tombstone is not None:
            return [Segment(line.plain, self._style("gone"))]
        if message.kind is MessageKind.SUBJECT:
            return [Segment(line.plain, self._style("quiet"))]
        if is_unreadable(message):
            return [Segment(line.plain, self._style("new"))]
        spans = [Span(span.start, span.end, self.styles.get(str(span.style), _PLAIN)) for span in line.spans]
        line = Content(line.plain, spans) if spans else line
        base = self.styles.get("action" if is_action(message) else "body", Style())
        if message.mentions_us and voices.own_nick:
            line = _highlight(line, voices.own_nick, self.styles.get("mention", Style()))
        return line.render_segments(base)

    def _style(self, name: str) -> RichStyle:
        style = self.styles.get(name)
        return style.rich_style if style is not None else RichStyle.null()

    def _strip(self, segments: list[Segment]) -> Strip:
        return Strip(segments).adjust_cell_length(self.columns.width)


def _highlight(line: Content, word: str, style: Style) -> Content:
    """The line with every occurrence of the word, in any case, in a style."""
    for start, end in found_in(line.plain, word):
        line = line.stylize(style, start, end)
    return line
