"""Message styling (XEP-0393), and links: `*strong*`, `_emphasised_`, `~struck~`, monospace, quotes, code blocks.

The directives stay where they are, as the extension asks, so a styled text has the same lines as a plain one. Spans
carry names of styles; the painter knows what they look like. Time is linear in the length of the text.
"""

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

from textual.content import Content, Span

from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.links import found_links

_SPANS = {"*": "strong", "_": "emphasis", "~": "struck", "`": "mono"}
_FENCE = "```"
_MOST_CODE = 10_000
"""Characters of a block that are told apart by colours; a longer one is only monospaced."""
_DEEPEST = 8
"""Quotes within quotes that are looked into."""
_LANGUAGE = re.compile(r"```([A-Za-z0-9+#_.-]{1,30})\s*$")


_ANY = re.compile(r"[*_~`>:]")


@lru_cache(maxsize=1024)
def styled(text: str) -> Content:
    """The text with its styles."""
    if _ANY.search(text) is None:
        return Content(text)
    starts = accumulate((len(line) + 1 for line in text.split("\n")), initial=0)
    spans = list(_block_spans([_Line(start, line) for start, line in zip(starts, text.split("\n"), strict=False)]))
    spans += [Span(start, end, "link") for start, end in found_links(text) if not _in_code(start, spans)]
    return Content(text, spans) if spans else Content(text)


def _in_code(at: int, spans: list[Span]) -> bool:
    return any(span.start <= at < span.end for span in spans if span.style in {"code", "mono"})


@frozen
class _Line:
    """A line of a block, without the signs of the quotes around it, and where it begins in the text."""

    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def unquoted(self) -> "_Line":
        """What is quoted: spaces before it do not count (§5.1.3)."""
        inner = self.text[1:].lstrip(" ")
        return _Line(self.end - len(inner), inner)


def _block_spans(lines: Sequence[_Line], depth: int = 0) -> Iterator[Span]:
    """Spans of the blocks of a text or of a quote (§5.1)."""
    index = 0
    while index < len(lines):
        line = lines[index]
        if line.text.startswith(_FENCE):
            # A block that is not closed ends with the block that it is in.
            closing = (at for at in range(index + 1, len(lines)) if lines[at].text.rstrip() == _FENCE)
            end = next(closing, len(lines) - 1) + 1
            yield from _code_spans(lines[index:end], depth)
        elif line.text.startswith(">") and depth < _DEEPEST:
            others = (at for at in range(index + 1, len(lines)) if not lines[at].text.startswith(">"))
            end = next(others, len(lines))
            quoted = lines[index:end]
            if depth == 0:
                yield from (Span(each.start, each.end, "quote") for each in quoted)
            yield from _block_spans([each.unquoted() for each in quoted], depth + 1)
        else:
            end = index + 1
            yield from _line_spans(line.text, line.start)
        index = end


def _code_spans(lines: Sequence[_Line], depth: int) -> Iterator[Span]:
    """Spans of a preformatted block (§5.1.2); inside a quote the signs of that are not part of it."""
    if depth == 0:
        yield Span(lines[0].start, lines[-1].end, "code")
    else:
        yield from (Span(line.start, line.end, "code") for line in lines if line.text)
    language = _LANGUAGE.match(lines[0].text)
    code = "\n".join(line.text for line in lines[1:])
    if language is None or len(code) > _MOST_CODE:
        return
    from tui_xmpp.ui.history.code import token_spans

    begins = list(accumulate((len(line.text) + 1 for line in lines[1:]), initial=0))
    for low, high, style in token_spans(code, language[1]):
        for number in range(bisect_right(begins, low) - 1, len(lines) - 1):
            line, begin = lines[number + 1], begins[number]
            if begin >= high:
                break
            start, end = line.start + max(0, low - begin), line.start + min(len(line.text), high - begin)
            if start < end:
                yield Span(start, end, style)


def _line_spans(line: str, start: int) -> Iterator[Span]:
    """Spans within one line (§5.2): lazy, never empty; a directive begins after a space or another kind that opens."""
    # For each directive the places where it can close, so that no place is looked at for each opening again.
    closings = {
        mark: deque(at for at in range(1, len(line)) if line[at] == mark and not line[at - 1].isspace())
        for mark in _SPANS
    }
    at = 0
    ends: list[int] = []
    opened = -1
    while at < len(line):
        mark = line[at]
        begins = at == 0 or line[at - 1].isspace() or (opened == at - 1 and line[opened] != mark)
        if mark in _SPANS and begins and at + 1 < len(line) and line[at + 1] != mark and not line[at + 1].isspace():
            limit = ends[-1] if ends else len(line)
            places = closings[mark]
            while places and places[0] <= at:
                places.popleft()
            if places and places[0] < limit:
                close = places[0]
                yield Span(start + at, start + close + 1, _SPANS[mark])
                if mark == "`":
                    at = close + 1
                    continue
                ends.append(close)
                opened = at
        at += 1
        while ends and ends[-1] < at:
            ends.pop()
