"""People's words for states."""

import pytest

from tests.ui.scene import HOME, KITCHEN_KEY, MARA_KEY
from tui_xmpp.model.account import AccountState, AccountStatus
from tui_xmpp.model.chat import Chat, ChatKind
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.room import Room, RoomStatus
from tui_xmpp.ui.words import PRESENCE, PRESENCE_WORDS, account_words, room_problem, typing_words, unread_words


@pytest.mark.parametrize(
    ("status", "seconds", "words"),
    [
        (AccountStatus.ONLINE, 0, ""),
        (AccountStatus.OFFLINE, 0, "offline"),
        (AccountStatus.CONNECTING, 0, "connecting…"),
        (AccountStatus.WAITING, 5, "reconnecting in 5 s"),
        (AccountStatus.WAITING, 0, "reconnecting…"),
        (AccountStatus.NEEDS_PASSWORD, 0, "password needed"),
        (AccountStatus.FAILED, 0, "not connected"),
    ],
)
def test_the_state_of_an_account_in_a_few_words(status: AccountStatus, seconds: int, words: str) -> None:
    assert account_words(AccountState(HOME, status), seconds) == words


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ((), ""),
        (("Juno",), "Juno is typing…"),
        (("Juno", "Theo"), "Juno and Theo are typing…"),
        (("Juno", "Theo", "Ines"), "Juno, Theo and Ines are typing…"),
        (("a", "b", "c", "d"), "4 people are typing…"),
    ],
)
def test_who_is_typing_in_a_sentence(names: tuple[str, ...], words: str) -> None:
    assert typing_words(names) == words


def test_every_presence_has_a_word_and_those_that_mean_different_things_a_mark_of_their_own() -> None:
    assert set(PRESENCE) == set(PRESENCE_WORDS) == set(Availability)
    marks = [mark for availability, mark in PRESENCE.items() if availability is not Availability.CHAT]
    assert len(set(marks)) == len(marks)


def test_unread_is_summed_up_without_what_is_muted() -> None:
    chats = [
        Chat(MARA_KEY, ChatKind.CONTACT, "Mara", unread=2),
        Chat(KITCHEN_KEY, ChatKind.ROOM, "Kitchen", unread=1, mentions=1),
        Chat(KITCHEN_KEY, ChatKind.ROOM, "Loud", unread=100, muted=True),
    ]

    assert unread_words(chats) == "3 unread, 1 mention"
    assert unread_words(chats[:1]) == "2 unread"
    assert unread_words([]) == ""


def test_a_room_says_why_one_cannot_talk() -> None:
    assert room_problem(Room(KITCHEN_KEY, RoomStatus.JOINED)) == ""
    assert room_problem(Room(KITCHEN_KEY, RoomStatus.REFUSED, problem="You are banned.")) == "You are banned."
    assert room_problem(Room(KITCHEN_KEY, RoomStatus.LEFT, problem="You were removed.")) == "You were removed."
    assert all(room_problem(Room(KITCHEN_KEY, status)) for status in RoomStatus if status is not RoomStatus.JOINED)
