"""The script of the demonstration: what is written in it can be played, shown, and reacts to what was said."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from tui_xmpp.demo import stage
from tui_xmpp.demo.script import commons, kitchen, lines
from tui_xmpp.demo.script.exchanges import EXCHANGES
from tui_xmpp.demo.script.people import GUEST, GUEST_ADDRESS, ON_STAGE
from tui_xmpp.demo.script.replies import RULES, Replies, with_slip
from tui_xmpp.demo.script.rooms import COMMONS, KITCHEN, ROOMS
from tui_xmpp.model.text import clean

NOW = datetime(2030, 5, 17, 15, 30, tzinfo=UTC)


def test_the_channel_has_two_thousand_messages_in_order_from_the_last_weeks() -> None:
    past = commons.past(NOW)
    times = [line.time for line in past]
    assert len(past) == 2000
    assert times == sorted(times)
    assert NOW.timestamp() - timedelta(days=25).total_seconds() < times[0]
    assert NOW.timestamp() - timedelta(days=2).total_seconds() < times[-1] < NOW.timestamp()


def test_the_past_of_the_channel_is_the_same_at_each_start() -> None:
    later = NOW + timedelta(hours=5)
    assert [line.text for line in commons.past(NOW)] == [line.text for line in commons.past(NOW)]
    assert {line.text for line in commons.past(NOW)} == {line.text for line in commons.past(later)}


def test_mornings_are_greeted_in_the_morning() -> None:
    for line in commons.past(NOW):
        if line.text.startswith("Good morning"):
            assert 7 <= datetime.fromtimestamp(line.time, UTC).hour < 11


def test_no_slot_of_an_exchange_is_left_open() -> None:
    assert not [line.text for line in commons.past(NOW) if "{" in line.text and "${f" not in line.text]
    assert all(speaker in {"{a}", "{b}", "{c}"} for exchange in EXCHANGES for speaker, _ in exchange)


def test_every_text_can_be_shown_as_it_is() -> None:
    scenes = (*kitchen.EARLIER, *kitchen.LIVE)
    texts = [text for scene in scenes for _, text in scene]
    texts += [line.text for line in commons.past(NOW)] + [line.text for line in lines.PAST]
    texts += [answer for rule in RULES for answer in rule.answers]
    texts += [*kitchen.LIKES, kitchen.TAKEN_BACK]
    texts += [*lines.WELCOME, *lines.SLIP, lines.REQUEST, *lines.REQUEST_ACCEPTED, lines.INVITATION]
    assert [text for text in texts if clean(text) != text] == []


def test_only_who_is_in_a_room_talks_in_it() -> None:
    in_kitchen = {person.name for person in KITCHEN.people}
    in_commons = {person.name for person in COMMONS.people}
    assert {name for scene in (*kitchen.EARLIER, *kitchen.LIVE) for name, _ in scene} <= in_kitchen
    assert {name for name, _ in lines.COMMONS_NEWS} <= in_commons
    assert {person for room in ROOMS for person in room.people} <= set(ON_STAGE)


def test_what_is_answered_and_liked_in_the_group_is_said_there_before() -> None:
    for scene in kitchen.LIVE:
        texts = [text for _, text in scene]
        for text in set(texts) & set(kitchen.ANSWERS):
            assert texts.index(kitchen.ANSWERS[text]) < texts.index(text)
    said = {text: name for scene in kitchen.LIVE for name, text in scene}
    assert set(kitchen.ANSWERS) | set(kitchen.REACTIONS) <= set(said)
    assert all(said[text] not in dict(likes) for text, likes in kitchen.REACTIONS.items())


def test_everybody_has_an_account_with_a_password_of_its_own() -> None:
    accounts = stage.build(NOW).accounts
    assert {person.local for person in ON_STAGE} | {GUEST} <= set(accounts)
    assert len(set(accounts.values())) == len(accounts)


def test_the_guest_may_enter_the_bookmarked_group_and_waits_for_an_invitation_to_the_other() -> None:
    rooms = {room.name: room for room in stage.build(NOW).rooms}
    assert rooms["Kitchen"].affiliations[GUEST_ADDRESS] == "member"
    assert GUEST_ADDRESS not in rooms["Games night"].affiliations


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ("Hello Mara!", "hello|hey"),
        ("how do I find a chat?", "Ctrl"),
        ("Are you a bot?", "bot|real"),
        ("is this encrypted", "encrypted"),
        ("I baked a cake", "sourdough|loaf"),
        ("Thank you", "time|pleasure|welcome"),
        ("the archaeopteryx", "archaeopteryx"),
        ("bye", "See you|Good-bye"),
        ("hm", "."),
        ("", "."),
        ("{word} {0} %s \\1", "."),
    ],
)
def test_answers_are_about_what_was_said(said: str, about: str) -> None:
    for seed in range(10):
        answer = Replies(random.Random(seed)).answer(said)
        assert any(part.lower() in answer.lower() for part in about.split("|")) or about == "."


def test_nobody_says_the_same_twice_in_a_row() -> None:
    replies = Replies(random.Random(1))
    answers = [replies.answer("what is that?") for _ in range(4)]
    assert len(set(answers)) == 4


@pytest.mark.parametrize("text", ["Something with lemon", "🙂", "Oh", "aaaaaa", "x", "See you! When you quit"])
def test_a_slip_changes_the_text_a_little(text: str) -> None:
    for seed in range(20):
        slipped = with_slip(text, random.Random(seed))
        assert slipped != text
        assert abs(len(slipped) - len(text)) <= 1
