"""Chats as JSON Lines."""

import json
from dataclasses import replace

import pytest

from tests.export.builders import BOBS, HOSTILE, ME, NOON, ROOMS, SECOND, in_room, own, record
from tui_xmpp.export.format import FIELDS
from tui_xmpp.export.json_lines import pieces
from tui_xmpp.model.message import Delivery, Quote, Reaction, Tombstone
from tui_xmpp.model.record import Version


def test_a_line_has_everything() -> None:
    told = own(
        "Hello", edited=True, stanza_id="s", origin_id="o", delivery=Delivery.FAILED, error="gone", mentions_us=True
    )
    told = replace(
        told, versions=(Version("Helo", NOON), Version("Hello", NOON + SECOND)), archive_ids=((ME, "a1"), (ME, "a2"))
    )
    (line,) = pieces(BOBS, [told])
    assert json.loads(line) == {
        "account": "alice@example.org",
        "chat": "bob@example.org",
        "chat_kind": "contact",
        "chat_title": "Bob",
        "id": 7,
        "time": "2026-11-21T12:00:00.000000Z",
        "direction": "out",
        "sender": "alice@example.org",
        "nick": "",
        "occupant_id": "",
        "kind": "text",
        "body": "Hello",
        "edits": [
            {"time": "2026-11-21T12:00:00.000000Z", "body": "Helo"},
            {"time": "2026-11-21T12:00:01.000000Z", "body": "Hello"},
        ],
        "delivery": "failed",
        "error": "gone",
        "encryption": "none",
        "mentions_me": True,
        "unstyled": False,
        "stanza_id": "s",
        "origin_id": "o",
        "reply": None,
        "reactions": [],
        "retracted": None,
        "archive_ids": [{"archive": "alice@example.org", "id": "a1"}, {"archive": "alice@example.org", "id": "a2"}],
    }


def test_what_was_done_with_a_message_is_told() -> None:
    (line,) = pieces(
        ROOMS,
        [
            in_room(
                "yes",
                reply=Quote(5, "dave", text="tea?"),
                reactions=(Reaction("👍", ("dave",), own=True), Reaction("❤", ("eve",))),
            )
        ],
    )
    found = json.loads(line)
    assert found["reply"] == {"id": 5, "text": "tea?"}
    assert found["reactions"] == [
        {"emoji": "👍", "nicks": ["dave"], "own": True},
        {"emoji": "❤", "nicks": ["eve"], "own": False},
    ]
    (line,) = pieces(ROOMS, [in_room("", tombstone=Tombstone(NOON, moderated=True, by="dave", reason="spam"))])
    assert json.loads(line)["retracted"] == {
        "time": "2026-11-21T12:00:00.000000Z",
        "moderated": True,
        "by": "dave",
        "reason": "spam",
    }


def test_the_fields_are_the_documented_ones_in_their_order() -> None:
    (line,) = pieces(ROOMS, [in_room()])
    assert list(json.loads(line)) == list(FIELDS)


@pytest.mark.parametrize(
    "text", [*HOSTILE, "\u2028\u2029\x85\x9b31m\x7f\u202egnp.exe\u2066\ufeff", "\x00\x1b[2J\r\n", '"},{"', "😀"]
)
def test_every_message_is_one_line_that_is_safe_to_print(text: str) -> None:
    (line,) = pieces(BOBS, [record(text, stanza_id=text)])
    assert line.splitlines() == [line[:-1]]
    assert line[:-1].isprintable() or "\u00a0" in line
    found = json.loads(line)
    assert (found["body"], found["stanza_id"]) == (text, text)
