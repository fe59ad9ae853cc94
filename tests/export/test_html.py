"""Chats as HTML, read again by a parser."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from tests.export.builders import BOBS, CALENDAR, HOSTILE, NOON, ROOMS, SECOND, in_room, own, record
from tui_xmpp.export.html import pieces
from tui_xmpp.model.chat import Chat
from tui_xmpp.model.message import Quote, Reaction, Tombstone
from tui_xmpp.model.record import Record, Version
from tui_xmpp.model.text import clean

TAGS = set(
    "html head meta title style body header h1 h2 p main article bdi time small a details summary".split()  # noqa: SIM905 (so it can be read)
)
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "dir", "datetime", "href", "rel",
}  # fmt: skip
VOID = {"meta"}


class Reader(HTMLParser):
    """Remembers tags, attributes and the text in each element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.others: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        self.tags.append((tag, names))
        if tag not in VOID:
            self._open.append(tag)
        if names.get("class", "") in {"text", "text event"} or tag in {"bdi", "title", "h1"}:
            self.texts.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        inside = {"p", "bdi", "title", "h1"}.intersection(self._open)
        if self.texts and inside and "time" not in self._open and self.texts[-1][0] in self._open:
            tag, text = self.texts[-1]
            self.texts[-1] = tag, text + data

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)

    def of(self, tag: str) -> Iterator[str]:
        """The texts of one kind of element."""
        return (text for found, text in self.texts if found == tag)


def read(*records: Record, chat: Chat = BOBS) -> Reader:
    return Reader("".join(pieces(chat, records, CALENDAR)))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_anything_but_text(text: str) -> None:
    told = replace(record(text), versions=(Version(text, NOON), Version("new", NOON + SECOND)))
    reader = read(told, own("last"))
    assert {tag for tag, _ in reader.tags} <= TAGS
    assert {name for _, attributes in reader.tags for name in attributes} <= ATTRIBUTES
    assert reader.others == []
    assert [each.strip() for each in reader.of("p")] == [clean(text).strip(), clean(text).strip(), "new", "last"]
    assert list(reader.of("bdi")) == ["Bob", "alice"]


@pytest.mark.parametrize("name", [name for name in HOSTILE if "\n" not in name and name.strip()])
def test_no_name_becomes_anything_but_a_name(name: str) -> None:
    reader = read(in_room(nick=name), chat=replace(ROOMS, title=name))
    assert {tag for tag, _ in reader.tags} <= TAGS
    assert [*reader.of("title"), *reader.of("h1"), *reader.of("bdi")] == [name.strip()] * 3


def test_links_lead_to_the_web_only_and_tell_nothing() -> None:
    reader = read(*map(record, HOSTILE))
    links = [attributes for tag, attributes in reader.tags if tag == "a"]
    assert len(links) >= 4
    for link in links:
        assert (link["href"] or "").startswith("https://example.org")
        assert link["rel"] == "noopener noreferrer nofollow"


def test_it_needs_nothing_else_and_allows_itself_nothing() -> None:
    text = "".join(pieces(BOBS, [record("Hello")], CALENDAR))
    assert "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'" in text
    assert not re.search(r"<script|<link|<img|<iframe|src=|url\(|@import", text)
    assert "prefers-color-scheme: dark" in text


def test_own_messages_times_and_directions_are_marked() -> None:
    text = "".join(pieces(BOBS, [record("שלום"), own("Hello", time=NOON + 123)], CALENDAR))
    assert '<article class="other">\n<bdi>Bob</bdi> <time datetime="2026-11-21T12:00:00.000000Z">13:00</time>' in text
    assert '<article class="own">\n<bdi>alice</bdi> <time datetime="2026-11-21T12:00:00.000123Z">13:00</time>' in text
    assert '<p class="text" dir="auto">שלום</p>' in text
    assert text.count("<h2>Saturday 21 November 2026</h2>") == 1


@pytest.mark.parametrize("hostile", HOSTILE)
def test_answers_reactions_and_tombstones_are_text_too(hostile: str) -> None:
    told = [
        in_room("text", reply=Quote(None, hostile, text=hostile), reactions=(Reaction(hostile, (hostile,)),)),
        in_room("", tombstone=Tombstone(NOON, moderated=True, by=hostile, reason=hostile)),
    ]
    found = Reader("".join(pieces(ROOMS, told, CALENDAR)))
    assert {tag for tag, _ in found.tags} <= TAGS
    assert found.others == []
    assert next(text for tag, text in found.texts if tag == "p") == "text"


def test_what_was_taken_back_is_an_event() -> None:
    text = "".join(pieces(ROOMS, [in_room("", tombstone=Tombstone(NOON))], CALENDAR))
    assert '<p class="text event" dir="auto">carol took this message back</p>' in text
