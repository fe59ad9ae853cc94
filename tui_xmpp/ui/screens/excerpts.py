"""One line out of a message, cut so that the first hit stands in it and is pointed out."""

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.search import Span
from tui_xmpp.model.text import clean
from tui_xmpp.ui.screens.plain import plain

_BEFORE = 3
"""The part of the line that may stand before the first hit, as one in so many."""

_LONGEST = 1000
"""Most characters that are laid out; no terminal shows more in a line."""

_LINES_TO_SPACES = str.maketrans("\n", " ")


@frozen
class Excerpt:
    """A message's text, and what to point out in it."""

    text: str
    marks: tuple[Span, ...] = ()

    def content(self, width: int) -> Content:
        """The line, at most `width` cells."""
        start = self._start(width)
        text = self.text[start : start + _LONGEST].translate(_LINES_TO_SPACES)
        shown = clean(text)
        # A cut may part what was joined, and then the places are not those of the hits any more.
        marks = self.marks if shown == text else ()
        lead = "…" if start and width > 1 else ""
        if cell_len(shown) > width - len(lead):
            shown = set_cell_size(shown, max(0, width - len(lead) - 1)).rstrip() + "…"
        content = plain(lead + shown)
        for begin, stop in marks:
            first, last = begin - start + len(lead), min(stop - start + len(lead), len(content.plain))
            if len(lead) <= first < last:
                content = content.stylize("bold $accent underline", first, last)
        return content

    def _start(self, width: int) -> int:
        """Where the line begins: at the text's beginning, or so that the first hit is in the first third."""
        if not self.marks or cell_len(self.text[: self.marks[0][1]]) <= width * 2 // _BEFORE:
            return 0
        first = self.marks[0][0]
        start = first
        while start > 0 and cell_len(self.text[start - 1 : first]) <= width // _BEFORE:
            start -= 1
        space = self.text.find(" ", start, first)
        return start if space < 0 else space + 1
