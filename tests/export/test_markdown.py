"""Chats as Markdown, read again by a parser for CommonMark and GitHub's tables."""

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.export.builders import BOBS, CALENDAR, HOSTILE, NOON, ROOMS, SECOND, in_room, own, record
from tui_xmpp.export.markdown import pieces
from tui_xmpp.model.chat import Chat
from tui_xmpp.model.message import Delivery, Encryption, MessageKind, Quote, Reaction, Tombstone
from tui_xmpp.model.record import Record
from tui_xmpp.model.text import clean

OURS = {"heading", "paragraph", "blockquote", "inline"}
IN_TEXT = {"text", "text_special", "hardbreak", "link_open", "link_close"}
HOUR = 3_600 * SECOND


def document(*records: Record, chat: Chat = BOBS) -> str:
    return "".join(pieces(chat, records, CALENDAR))


def tokens(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def quoted(text: str) -> list[Token]:
    """What stands in quotations."""
    found, depth = [], 0
    for token in tokens(text):
        depth += token.nesting * (token.type.startswith("blockquote"))
        if depth and token.type == "inline":
            found.append(token)
    return found


def plain(token: Token) -> str:
    return "".join("\n" if child.type == "hardbreak" else child.content for child in token.children or ())


def test_a_chat_reads_like_one() -> None:
    text = document(
        record("Hi!\nHow are you?"),
        own("Fine.\n\nAnd you? See https://example.org/a_b.", time=NOON + SECOND),
        record("/me waves", time=NOON + 24 * HOUR, edited=True),
    )
    assert text == (
        "# Bob\n"
        "\n"
        "Chat: bob@example.org. Account: alice@example.org. Times are local.\n"
        "\n"
        "## Saturday 21 November 2026\n"
        "\n"
        "**Bob** 13:00\n"
        "\n"
        "> Hi!\\\n"
        "> How are you?\n"
        "\n"
        "**alice** 13:00\n"
        "\n"
        "> Fine.\n"
        ">\n"
        "> And you? See <https://example.org/a_b>.\n"
        "\n"
        "## Sunday 22 November 2026\n"
        "\n"
        "**Bob** 13:00 · edited\n"
        "\n"
        "> Bob waves\n"
    )


@pytest.mark.parametrize("body", HOSTILE)
def test_no_text_becomes_anything_but_text(body: str) -> None:
    text = document(record("first"), record(body), own("last"))
    assert {token.type.rpartition("_")[0] or token.type for token in tokens(text)} <= OURS
    found = quoted(text)
    assert {child.type for token in found for child in token.children or ()} <= IN_TEXT
    paragraphs = [plain(token) for token in found]
    assert (paragraphs[0], paragraphs[-1]) == ("first", "last")
    lines = [line.strip() for line in clean(body).split("\n")]
    assert [line.strip() for text in paragraphs[1:-1] for line in text.split("\n")] == [line for line in lines if line]


def test_answers_reactions_and_what_was_taken_back_can_be_read() -> None:
    text = document(
        in_room("yes", reply=Quote(5, "dave", text="tea?"), reactions=(Reaction("👍", ("dave", "eve"), own=True),)),
        in_room("no", reply=Quote(None, text="coffee?"), time=NOON + SECOND),
        in_room("", tombstone=Tombstone(NOON), time=NOON + 2 * SECOND),
        in_room("", tombstone=Tombstone(NOON, moderated=True, by="dave", reason="spam"), time=NOON + 3 * SECOND),
        in_room("", tombstone=Tombstone(NOON, moderated=True), time=NOON + 4 * SECOND),
        chat=ROOMS,
    )
    assert text.partition("2026\n")[2] == (
        "\n**carol** 13:00 · answers dave: tea? · 👍 dave, eve, alice\n\n> yes\n"
        "\n**carol** 13:00 · answers: coffee?\n\n> no\n"
        "\n**carol** 13:00\n\n> carol took this message back\n"
        "\n**carol** 13:00\n\n> dave took this message back: spam\n"
        "\n**carol** 13:00\n\n> A moderator took this message back\n"
    )
    text = document(
        record("yes", reply=Quote(5, own=True, text="tea?"), reactions=(Reaction("👍", ("",)),)),
        record("no", reply=Quote(5), time=NOON + SECOND),
        record("oh", reply=Quote(None), time=NOON + SECOND),
    )
    assert "· answers alice: tea? · 👍 Bob\n" in text
    assert "· answers Bob\n" in text
    assert "· answers a message that is not here\n" in text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_beside_a_text_becomes_anything_but_text(hostile: str) -> None:
    text = document(
        in_room(
            "text",
            reply=Quote(None, hostile, text=hostile),
            reactions=(Reaction(hostile, (hostile,)),),
        ),
        in_room("", tombstone=Tombstone(NOON, moderated=True, by=hostile, reason=hostile)),
        chat=ROOMS,
    )
    assert {token.type.rpartition("_")[0] or token.type for token in tokens(text)} <= OURS
    assert plain(quoted(text)[0]) == "text"


def test_what_a_line_is_indented_by_is_kept() -> None:
    assert "> if x:\\\n> \u00a0\u00a0\u00a0\u00a0pass\n" in document(record("if x:\n    pass"))


@pytest.mark.parametrize("name", [*(name for name in HOSTILE if "\n" not in name and name.strip()), "a # b #", "x\\"])
def test_no_name_becomes_anything_but_a_name(name: str) -> None:
    text = document(in_room(nick=name), chat=replace(ROOMS, title=name))
    found = [token for token in tokens(text) if token.type == "inline"]
    assert {token.type.rpartition("_")[0] or token.type for token in tokens(text)} <= OURS
    assert plain(found[0]) == name.strip()
    said = found[3].children or []
    assert [child.type for child in said if child.type not in {"text", "text_special"}] == [
        "strong_open",
        "strong_close",
    ]
    assert plain(found[3]) == f"{name.strip()} 13:00"


def test_nothing_begins_a_definition_where_markdown_has_them() -> None:
    assert "> term\\\n> \\: definition\n" in document(record("term\n: definition"))


def test_links_lead_to_the_web_only() -> None:
    for body in HOSTILE:
        for token in quoted(document(record(body))):
            for child in token.children or ():
                if child.type == "link_open":
                    assert str(child.attrs["href"]).startswith("https://example.org")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (own(delivery=Delivery.PENDING), "13:00 · not sent yet"),
        (own(delivery=Delivery.FAILED, error="no such *address*"), "13:00 · not sent: no such \\*address\\*"),
        (record(encryption=Encryption.UNREADABLE), "13:00 · encrypted, not readable here"),
        (record("Tea at *five*", kind=MessageKind.SUBJECT), "> Bob changed the subject to: Tea at \\*five\\*"),
        (record("", kind=MessageKind.SUBJECT), "> Bob removed the subject"),
    ],
)
def test_what_happened_to_a_message_is_told(told: Record, words: str) -> None:
    assert words in document(told)


def test_a_date_that_no_calendar_holds_stops_nothing() -> None:
    assert "1970" in document(record(time=2**63 - 1), record(time=-(2**63)))
