"""A chat as Markdown: a heading for each day, and every message a quotation.

All that others wrote is escaped for CommonMark and GitHub's dialect, and every line of a text stands behind a `>`, so
that a text can neither format anything, nor hold HTML, nor pass itself off as another message.
"""

import re
from collections.abc import Iterable, Iterator

from tui_xmpp.export.calendar import Calendar
from tui_xmpp.export.spoken import about, links, spoken, title
from tui_xmpp.model.chat import Chat
from tui_xmpp.model.record import Record

_INLINE = re.compile(r"[\\`*_{}\[\]<>|~$^]|&(?=[#A-Za-z])|%%|==|!(?=\[)")
_BLOCK = re.compile(r"[#+\-=:]|\d+(?=[.)])")
"""What begins a heading, a list, a rule, a table or a definition where it begins a line."""
_HASH = re.compile("#")
_NO_BREAK = "\u00a0"


def pieces(chat: Chat, records: Iterable[Record], calendar: Calendar) -> Iterator[str]:
    """The document, in pieces as long as a message."""
    yield f"# {_line(title(chat))}\n\n{_line(about(chat))}\n"
    day = ""
    for record in records:
        message = record.message
        if (today := calendar.day(message.time)) != day:
            day = today
            yield f"\n## {day}\n"
        said = spoken(chat, message)
        head = " · ".join((calendar.minute(message.time), *map(_line, said.notes)))
        yield f"\n**{_line(said.name)}** {head}\n\n{_quotation(said.body)}"


def _quotation(text: str) -> str:
    lines = [_text(line) for line in text.split("\n")]
    breaks = ["\\" if line and after else "" for line, after in zip(lines, [*lines[1:], ""], strict=True)]
    return "".join(f"> {line}{mark}".rstrip(" ") + "\n" for line, mark in zip(lines, breaks, strict=True))


def _text(line: str) -> str:
    """A line of a text. What it is indented by is kept, but must not make it code."""
    line = line.rstrip()
    text = line.lstrip()
    start = _BLOCK.match(text)
    escaped = "".join(f"<{piece}>" if is_link else _escape(piece) for piece, is_link in links(text))
    if start is not None and not escaped.startswith("\\"):
        end = start.end() if start[0].isdigit() else 0
        escaped = f"{escaped[:end]}\\{escaped[end:]}"
    return _NO_BREAK * (len(line) - len(text)) + escaped


def _line(text: str) -> str:
    """A text within a line of ours."""
    return _HASH.sub(r"\\#", _escape(text))


def _escape(text: str) -> str:
    return _INLINE.sub(lambda found: "".join(f"\\{character}" for character in found[0]), text)
