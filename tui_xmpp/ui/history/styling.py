"""Message styling (XEP-0393), and links: `*strong*`, `_emphasised_`, `~struck~`, monospace, quotes, code blocks.

The directives stay where they are, as the extension asks, so a styled text has the same lines as a plain one. Spans
carry names of styles; the painter knows what they look like. Time is linear in the length of the text.
"""

import re
from collections import deque
from collections.abc import Iterator
from functools import lru_cache

from textual.content import Content, Span

from tui_xmpp.model.links import found_links

_SPANS = {"*": "strong", "_": "emphasis", "~": "struck", "`": "mono"}
_FENCE = "```"
_MOST_CODE = 10_000
"""Characters of a block that are told apart by colours; a longer one is only monospaced."""
_LANGUAGE = re.compile(r"```([A-Za-z0-9+#_.-]{1,30})\s*$")


_ANY = re.compile(r"[*_~`>:]")


@lru_cache(maxsize=1024)
def styled(text: str) -> Content:
    """The text with its styles."""
    if _ANY.search(text) is None:
        return Content(text)
    spans = list(_block_spans(text))
    spans += [Span(start, end, "link") for start, end in found_links(text) if not _in_code(start, spans)]
    return Content(text, spans) if spans else Content(text)


def _in_code(at: int, spans: list[Span]) -> bool:
    return any(span.start <= at < span.end for span in spans if span.style in {"code", "mono"})


def _block_spans(text: str) -> Iterator[Span]:
    """Spans of the blocks of the text, line by line (§5)."""
    start = 0
    lines = text.split("\n")
    index = 0
    while index < len(lines):
        line = lines[index]
        if line.startswith(_FENCE):
            end_index = next((at for at in range(index + 1, len(lines)) if lines[at].rstrip() == _FENCE), len(lines))
            length = sum(len(each) + 1 for each in lines[index : end_index + 1]) - 1
            yield from _code_spans(text[start : start + length], start)
            start += length + 1
            index = end_index + 1
            continue
        if line.startswith(">"):
            yield Span(start, start + len(line), "quote")
        yield from _line_spans(line, start)
        start += len(line) + 1
        index += 1


def _code_spans(block: str, start: int) -> Iterator[Span]:
    yield Span(start, start + len(block), "code")
    first, _, code = block.partition("\n")
    language = _LANGUAGE.match(first)
    if language is not None and len(code) <= _MOST_CODE:
        from tui_xmpp.ui.history.code import token_spans

        begin = start + len(first) + 1
        yield from (Span(begin + low, begin + high, style) for low, high, style in token_spans(code, language[1]))


def _line_spans(line: str, start: int) -> Iterator[Span]:
    """Spans within one line (§6): lazy, never empty; a directive begins after a space or another one."""
    # For each directive the places where it can close, so that no place is looked at for each opening again.
    closings = {
        mark: deque(at for at in range(1, len(line)) if line[at] == mark and not line[at - 1].isspace())
        for mark in _SPANS
    }
    at = 0
    ends: list[int] = []
    while at < len(line):
        mark = line[at]
        opens = mark in _SPANS and (at == 0 or line[at - 1].isspace() or line[at - 1] in _SPANS)
        if opens and at + 1 < len(line) and not line[at + 1].isspace():
            limit = ends[-1] if ends else len(line)
            places = closings[mark]
            while places and places[0] <= at + 1:
                places.popleft()
            if places and places[0] < limit:
                close = places[0]
                yield Span(start + at, start + close + 1, _SPANS[mark])
                if mark == "`":
                    at = close + 1
                    continue
                ends.append(close)
        at += 1
        while ends and ends[-1] < at:
            ends.pop()
