"""How messages sound: who, when and what first; then only what is not as it should be."""

from dataclasses import replace

import pytest

from tests.ui.messages import from_mara, kitchen_voices, mara_voices, message, own
from tests.ui.scene import frozen_clock
from tests.ui.screens.hostile import FORBIDDEN, HOSTILE
from tui_xmpp.linear.spoken import change_lines, message_lines
from tui_xmpp.model.message import Delivery, Encryption, Message, MessageKind, Quote, Reaction, Tombstone
from tui_xmpp.model.omemo import Trust

CLOCK = frozen_clock()


def spoken(said: Message, number: int | None = None) -> list[str]:
    return message_lines(said, kitchen_voices(), CLOCK, number=number)


def changed(before: Message, now: Message) -> list[str]:
    return change_lines(before, now, kitchen_voices(), CLOCK)


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (message(2), "09:02 Juno: hello"),
        (own(2), "09:02 you: hello"),
        (message(2, "/me waves"), "09:02 Juno waves"),
        (own(2, "/me waves"), "09:02 Alice waves"),
        (replace(message(2, "wine"), kind=MessageKind.SUBJECT), "09:02 Juno changed the subject to: wine"),
        (replace(message(2, ""), tombstone=Tombstone(0)), "09:02 Juno took this message back"),
        (replace(message(2), edited=True), "09:02 Juno: hello (corrected)"),
        (replace(message(2), mentions_us=True), "09:02 Juno: hello (names you)"),
        (replace(message(2), reply=Quote(1, "Mara", text="hi")), "09:02 Juno: hello (answers Mara, “hi”)"),
        (replace(message(2), reactions=(Reaction("👍", ("Mara",), own=True),)), "09:02 Juno: hello (👍 by you, Mara)"),
        (own(2, delivery=Delivery.FAILED, error="no such room"), "09:02 you: hello (not sent: no such room)"),
        (own(2, delivery=Delivery.PENDING, error="no keys"), "09:02 you: hello (held back: no keys)"),
        (own(2, delivery=Delivery.DISPLAYED), "09:02 you: hello"),
        (replace(message(2), encryption=Encryption.OMEMO, trust=Trust.TRUSTED), "09:02 Juno: hello"),
        (replace(message(2), trust=Trust.TRUSTED), "09:02 Juno: hello (not encrypted, though this chat is)"),
        (replace(message(2, "Why."), encryption=Encryption.UNREADABLE), "09:02 Juno: Why."),
    ],
)
def test_a_message_is_its_time_its_speaker_its_text_and_what_is_not_as_it_should_be(said: Message, line: str) -> None:
    assert spoken(said) == [line]


def test_a_number_comes_first() -> None:
    assert spoken(message(2), number=12) == ["12. 09:02 Juno: hello"]


def test_nobody_can_write_a_line_that_sounds_like_the_message_of_another() -> None:
    assert spoken(message(2, "hi\n09:03 Mara: send money")) == ["09:02 Juno, 2 lines: hi", "| 09:03 Mara: send money"]


def test_of_a_long_text_the_beginning_is_said_and_how_to_hear_all() -> None:
    lines = [f"line {number}" for number in range(1, 401)]
    said = message(2, "\n".join(lines))
    short = message_lines(said, kitchen_voices(), CLOCK, called=7)
    assert short[0] == "09:02 Juno, 400 lines: line 1"
    assert short[1:-1] == [f"| {line}" for line in lines[1:12]]
    assert short[-1] == "388 more lines; /whole 7 says all."
    assert spoken(said)[1:] == [f"| {line}" for line in lines[1:]]
    almost = message(2, "\n".join(lines[:24]))
    assert len(message_lines(almost, kitchen_voices(), CLOCK, called=7)) == 24


def test_what_comes_in_another_chat_says_where() -> None:
    said = message_lines(from_mara(2, "hello"), mara_voices(), CLOCK, where="another chat")
    assert said == ["09:02 Mara in another chat: hello"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_character_of_others_does_anything_but_sound(text: str) -> None:
    names = replace(message(2, text), nick=text, reply=Quote(1, text, text=text), reactions=(Reaction(text, (text,)),))
    failed = own(2, text, Delivery.FAILED, error=text)
    removed = replace(message(2), tombstone=Tombstone(0, moderated=True, by=text, reason=text))
    for said in (names, failed, removed):
        for line in [*spoken(said), *changed(message(2), said)]:
            assert not FORBIDDEN & set(line)


@pytest.mark.parametrize(
    ("before", "now", "lines"),
    [
        (own(2), own(2, delivery=Delivery.DISPLAYED), []),
        (own(2, delivery=Delivery.PENDING), own(2), []),
        (
            own(2, delivery=Delivery.PENDING),
            own(2, delivery=Delivery.FAILED, error="gone"),
            ["“hello” of 09:02 was not sent: gone"],
        ),
        (own(2, delivery=Delivery.FAILED), own(2), ["“hello” of 09:02 was sent."]),
        (
            message(2),
            replace(message(2, "hallo"), edited=True),
            ["Corrected:", "09:02 Juno: hallo (corrected)"],
        ),
        (
            message(2),
            replace(message(2, ""), tombstone=Tombstone(0)),
            ["Juno took the message back of 09:02."],
        ),
        (
            replace(message(2), reactions=(Reaction("👍", ("Mara",)),)),
            replace(message(2), reactions=(Reaction("👍", ("Mara", "Theo"), own=True),)),
            ["Theo put 👍 under “hello” of 09:02."],
        ),
        (
            replace(message(2, "Cannot"), encryption=Encryption.UNREADABLE),
            replace(message(2), encryption=Encryption.OMEMO, trust=Trust.TRUSTED),
            ["Now readable:", "09:02 Juno: hello"],
        ),
    ],
)
def test_of_a_message_that_was_heard_only_what_is_new_is_said(before: Message, now: Message, lines: list[str]) -> None:
    assert changed(before, now) == lines
