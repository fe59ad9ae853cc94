"""A chat in the form that was asked for."""

from collections.abc import Iterable, Iterator
from typing import assert_never

from tui_xmpp.export import html, json_lines, markdown
from tui_xmpp.export.calendar import Calendar
from tui_xmpp.export.format import Format
from tui_xmpp.model.chat import Chat
from tui_xmpp.model.record import Record


def pieces(form: Format, chat: Chat, records: Iterable[Record], calendar: Calendar) -> Iterator[str]:
    """The document in small pieces; takes no more of the records at a time than it needs for one."""
    match form:
        case Format.MARKDOWN:
            return markdown.pieces(chat, records, calendar)
        case Format.HTML:
            return html.pieces(chat, records, calendar)
        case Format.JSONL:
            return json_lines.pieces(chat, records)
        case _:
            assert_never(form)
