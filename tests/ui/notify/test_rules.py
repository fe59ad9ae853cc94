"""What makes a notification, and what it says."""

from dataclasses import replace
from datetime import time

import pytest

from tests.ui.screens.hostile import FORBIDDEN, HOSTILE
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKey, ChatKind
from tui_xmpp.model.events import MessageAdded
from tui_xmpp.model.message import Direction, Encryption, Message, MessageKind, Tombstone
from tui_xmpp.model.notifying import NotificationSettings, Notify, QuietHours, Told
from tui_xmpp.model.request import Request, RequestKind
from tui_xmpp.ui.notify.rules import note_of, request_note, rule_of, summary_of, wanted, window_title

ME = Address.parse("alice@home.example")
MARA = Chat(ChatKey(ME, Address.parse("mara@home.example")), ChatKind.CONTACT, "Mara", in_contacts=True)
ROOM = Chat(ChatKey(ME, Address.parse("kitchen@rooms.example")), ChatKind.ROOM, "Kitchen")
SAID = Message(1, ROOM.key, 1, 1, Direction.IN, ROOM.key.peer.with_resource("Juno"), "bread?", nick="Juno")
WROTE = Message(2, MARA.key, 1, 1, Direction.IN, MARA.key.peer, "see you at seven")


@pytest.mark.parametrize(
    ("chat", "private", "rule"),
    [
        (MARA, False, Notify.ALL),
        (ROOM, False, Notify.MENTIONS),
        (ROOM, True, Notify.ALL),
        (replace(ROOM, notify=Notify.ALL), False, Notify.ALL),
        (replace(ROOM, notify=Notify.NONE), True, Notify.NONE),
        (replace(MARA, notify=Notify.NONE), False, Notify.NONE),
    ],
)
def test_the_rule_of_a_chat_is_its_own_or_that_of_its_kind(chat: Chat, private: bool, rule: Notify) -> None:
    assert rule_of(chat, NotificationSettings(), private_group=private) is rule


@pytest.mark.parametrize("kind", [ChatKind.CONTACT, ChatKind.PRIVATE])
def test_the_settings_for_contacts_hold_for_every_chat_with_one_person(kind: ChatKind) -> None:
    settings = NotificationSettings(contacts=Notify.NONE)
    assert rule_of(replace(MARA, kind=kind), settings, private_group=False) is Notify.NONE


TOMBSTONE = Tombstone(2)


@pytest.mark.parametrize(
    ("message", "live", "rule", "watched", "quiet", "told"),
    [
        (SAID, True, Notify.ALL, False, False, True),
        (SAID, True, Notify.MENTIONS, False, False, False),
        (replace(SAID, mentions_us=True), True, Notify.MENTIONS, False, False, True),
        (replace(SAID, mentions_us=True), True, Notify.NONE, False, False, False),
        (SAID, False, Notify.ALL, False, False, False),
        (replace(SAID, mentions_us=True), False, Notify.ALL, False, False, False),
        (SAID, True, Notify.ALL, True, False, False),
        (SAID, True, Notify.ALL, False, True, False),
        (replace(SAID, direction=Direction.OUT), True, Notify.ALL, False, False, False),
        (replace(SAID, kind=MessageKind.SUBJECT), True, Notify.ALL, False, False, False),
        (replace(SAID, tombstone=TOMBSTONE, body=""), True, Notify.ALL, False, False, False),
    ],
)
def test_only_what_is_new_wanted_and_not_seen_makes_a_notification(
    message: Message, live: bool, rule: Notify, watched: bool, quiet: bool, told: bool
) -> None:
    assert wanted(MessageAdded(message, live), ChatKind.ROOM, rule, watched=watched, quiet=quiet) is told


def test_who_writes_to_us_alone_need_not_name_us() -> None:
    assert wanted(MessageAdded(WROTE, True), ChatKind.CONTACT, Notify.MENTIONS, watched=False, quiet=False)


@pytest.mark.parametrize(
    ("chat", "message", "told", "title", "text"),
    [
        (MARA, WROTE, Told.TEXT, "Mara", "see you at seven"),
        (ROOM, SAID, Told.TEXT, "Kitchen", "Juno: bread?"),
        (ROOM, replace(SAID, body="/me looks"), Told.TEXT, "Kitchen", "* Juno looks"),
        (MARA, replace(WROTE, body="/me waves"), Told.TEXT, "Mara", "* Mara waves"),
        (MARA, replace(WROTE, body="one\ntwo"), Told.TEXT, "Mara", "one two"),
        (MARA, replace(WROTE, body=f"aesgcm://a.example/plan.pdf#{'ab' * 44}"), Told.TEXT, "Mara",
         "encrypted file plan.pdf"),
        (MARA, replace(WROTE, body="x" * 500), Told.TEXT, "Mara", "x" * 199 + "…"),
        (replace(MARA, in_contacts=False), WROTE, Told.TEXT, "mara@home.example", "see you at seven"),
        (MARA, replace(WROTE, encryption=Encryption.UNREADABLE, body=""), Told.TEXT, "Mara",
         "a message that is not readable here"),
        (ROOM, SAID, Told.SENDER, "Kitchen", "Juno: new message"),
        (MARA, WROTE, Told.SENDER, "Mara", "New message"),
        (ROOM, SAID, Told.NOTHING, "tui-xmpp", "New message"),
    ],
)  # fmt: skip
def test_a_notification_says_as_much_as_is_wished(
    chat: Chat, message: Message, told: Told, title: str, text: str
) -> None:
    note = note_of(MessageAdded(message, True), chat, told)
    assert (note.key, note.title, note.text) == (chat.key, title, text)


@pytest.mark.parametrize("told", [Told.SENDER, Told.NOTHING])
def test_what_is_hidden_is_in_no_notification(told: Told) -> None:
    secret = replace(SAID, body="the secret", mentions_us=True)
    for note in (note_of(MessageAdded(secret, True), ROOM, told), summary_of(ROOM, 3, told, urgent=True)):
        assert "secret" not in note.title + note.text
        if told is Told.NOTHING:
            assert "Juno" not in note.title + note.text
            assert "Kitchen" not in note.title + note.text


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("told", list(Told))
def test_no_notification_has_what_must_not_be_drawn(told: Told, text: str) -> None:
    said = MessageAdded(replace(SAID, body=text, nick=text), True)
    note = note_of(said, replace(ROOM, title=text), told)
    assert not FORBIDDEN & set(note.title + note.text)


def test_a_request_says_who_asks_for_what() -> None:
    request = Request(1, ME, RequestKind.SUBSCRIPTION, MARA.key.peer, nick="Your bank")
    assert request_note(request, Told.TEXT).title == "mara@home.example"
    assert request_note(request, Told.TEXT).text == "asks to see when you are here"
    invited = request_note(replace(request, kind=RequestKind.INVITATION), Told.TEXT)
    assert invited.text == "invites you into a room"
    assert "mara" not in request_note(request, Told.NOTHING).title


@pytest.mark.parametrize(
    ("begin", "end", "now", "quiet"),
    [
        (time(22), time(7), time(23, 59), True),
        (time(22), time(7), time(0), True),
        (time(22), time(7), time(7), False),
        (time(22), time(7), time(12), False),
        (time(13), time(14), time(13), True),
        (time(13), time(14), time(14), False),
        (time(13), time(14), time(12, 59), False),
    ],
)
def test_quiet_hours_may_go_over_midnight(begin: time, end: time, now: time, quiet: bool) -> None:
    assert QuietHours(begin, end).hold(now) is quiet


def test_the_title_counts_and_names_nobody() -> None:
    assert window_title(0) == "tui-xmpp"
    assert window_title(3) == "(3) tui-xmpp"
