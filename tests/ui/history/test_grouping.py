"""What stands before a message."""

from dataclasses import replace
from datetime import date

import pytest

from tests.ui.messages import MINUTE, NOON, SECOND, message, own
from tui_xmpp.model.message import Message, MessageKind
from tui_xmpp.ui.history.grouping import Lead, is_action, lead

TODAY, YESTERDAY = date(2026, 11, 22), date(2026, 11, 21)
FIRST = message(1, time=NOON)


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        (message(2, time=NOON + 10 * SECOND), Lead(named=False, timed=False)),
        (message(2, time=NOON + MINUTE), Lead(named=False, timed=True)),
        (message(2, time=NOON + 5 * MINUTE), Lead()),
        (message(2, time=NOON - MINUTE), Lead()),
        (message(2, nick="Mara", time=NOON + SECOND), Lead()),
        (own(2), Lead()),
        (message(2, "/me waves", time=NOON + SECOND), Lead()),
        (replace(message(2, time=NOON + SECOND), kind=MessageKind.SUBJECT), Lead()),
    ],
)
def test_a_speaker_is_named_once_until_somebody_else_speaks_or_time_has_passed(below: Message, expected: Lead) -> None:
    assert lead(below, TODAY, (FIRST, TODAY), None) == expected


def test_a_new_day_and_the_first_message_have_a_day_line() -> None:
    assert lead(FIRST, TODAY, None, None) == Lead(day=TODAY)
    assert lead(message(2), TODAY, (FIRST, YESTERDAY), None) == Lead(day=TODAY)


def test_the_new_line_stands_over_the_first_unread_one_which_names_its_speaker() -> None:
    second = message(2, time=NOON + SECOND)

    assert lead(second, TODAY, (FIRST, TODAY), second.id) == Lead(new=True)
    assert lead(second, TODAY, (FIRST, YESTERDAY), second.id).rows == 2


def test_an_occupant_who_changed_nickname_is_named_again() -> None:
    first = replace(FIRST, occupant_id="o1")
    renamed = replace(message(2, nick="June", time=NOON + SECOND), occupant_id="o1")

    assert lead(renamed, TODAY, (first, TODAY), None).named


@pytest.mark.parametrize(
    ("body", "action"), [("/me waves", True), ("/me", False), (" /me waves", False), ("/mean", False)]
)
def test_what_somebody_does_begins_with_slash_me_and_a_space(body: str, action: bool) -> None:
    assert is_action(message(1, body)) is action
