"""The chat list: what each row says, and that it is in step with the messages."""

import random

import pytest

from tests.storage.builders import (
    BOB,
    BOBS,
    EVE,
    EVES,
    ME,
    NOON,
    OTHER_ME,
    ROOM,
    ROOMS,
    SECOND,
    archived,
    correct,
    in_room,
    incoming,
    outgoing,
)
from tui_xmpp.model.chat import Chat, ChatKey, ChatKind, Preview
from tui_xmpp.model.contact import Subscription
from tui_xmpp.model.message import Delivery, Direction, MessageKind
from tui_xmpp.model.notifying import Notify
from tui_xmpp.model.room import Bookmark
from tui_xmpp.model.stanzas import RosterItem
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.writes import Writes


def row(writes: Writes, key: ChatKey = BOBS) -> Chat:
    chat = writes.chats.get(key)
    assert chat is not None
    return chat


def unread(writes: Writes, key: ChatKey = BOBS) -> tuple[int, int]:
    chat = row(writes, key)
    return chat.unread, chat.mentions


def test_an_unknown_chat_has_no_row_and_takes_no_settings(writes: Writes) -> None:
    assert writes.chats.get(BOBS) is None
    assert writes.chats.kind(BOBS) is None
    assert writes.chats.first_unread(BOBS) is None
    assert writes.chats.read_position(BOBS) == 0
    assert not writes.chats.is_open(BOBS)
    assert writes.set_open(BOBS, True) is None
    assert writes.set_draft(BOBS, "Hi") is None
    assert writes.mark_read(BOBS) is None
    assert writes.mark_read_to(BOBS, 5) is None
    assert writes.messages.newest(BOBS, 5) == ()


def test_only_open_chats_are_on_the_list_the_newest_activity_first(writes: Writes) -> None:
    writes.ensure_chat(BOBS, ChatKind.CONTACT, open=True)
    writes.add_message(incoming("to a chat that is not open", key=EVES, sender=EVE))
    writes.ensure_chat(ROOMS, ChatKind.ROOM, open=True, now=NOON + 5)
    assert [chat.key for chat in writes.chats.all_open()] == [ROOMS, BOBS]
    writes.add_message(incoming(time=NOON + 9))
    writes.set_open(EVES, True, now=NOON + 7)
    assert [chat.key for chat in writes.chats.all_open()] == [BOBS, EVES, ROOMS]
    writes.set_open(BOBS, False)
    assert [chat.key for chat in writes.chats.all_open()] == [EVES, ROOMS]
    assert row(writes).activity == NOON + 9


def test_making_a_chat_known_again_keeps_what_it_has_but_may_set_its_kind(writes: Writes) -> None:
    writes.ensure_chat(BOBS, ChatKind.CONTACT, open=True, now=5)
    writes.set_draft(BOBS, "Hi")
    chat = writes.ensure_chat(BOBS, ChatKind.ROOM)
    assert (chat.kind, chat.draft, chat.activity, writes.chats.is_open(BOBS)) == (ChatKind.ROOM, "Hi", 5, True)


def test_backlog_does_not_push_a_chat_down_nor_a_subject_up(writes: Writes) -> None:
    writes.add_message(in_room())
    writes.add_message(archived(in_room("old", stanza_id="x", time=NOON - 5), "a", ROOM))
    writes.add_message(in_room("News", message_kind=MessageKind.SUBJECT, stanza_id="y", time=NOON + 5))
    assert row(writes, ROOMS).activity == NOON


def test_drafts_are_kept_for_each_chat(writes: Writes) -> None:
    writes.ensure_chat(BOBS, ChatKind.CONTACT)
    writes.ensure_chat(EVES, ChatKind.CONTACT)
    chat = writes.set_draft(BOBS, "Dear Bob,\n")
    assert chat is not None
    assert chat.draft == "Dear Bob,\n"
    assert row(writes, EVES).draft == ""
    writes.set_draft(BOBS, "")
    assert row(writes).draft == ""


@pytest.mark.parametrize(
    ("notify", "muted"), [(None, False), (Notify.ALL, False), (Notify.MENTIONS, False), (Notify.NONE, True)]
)
def test_a_chat_may_have_a_rule_for_notifications(writes: Writes, notify: Notify | None, muted: bool) -> None:
    writes.ensure_chat(BOBS, ChatKind.CONTACT)
    writes.set_notify(BOBS, Notify.MENTIONS)
    chat = writes.set_notify(BOBS, notify)
    assert chat is not None
    assert (chat.notify, chat.muted) == (notify, muted)
    assert row(writes) == chat


class TestTitles:
    def test_a_contacts_handle_or_else_the_local_part(self, writes: Writes) -> None:
        writes.ensure_chat(BOBS, ChatKind.CONTACT)
        assert (row(writes).title, row(writes).in_contacts) == ("bob@example.org", False)
        writes.upsert_contact(ME, RosterItem(BOB))
        assert (row(writes).title, row(writes).in_contacts) == ("bob", True)
        writes.set_title(BOBS, "Bobby")
        assert row(writes).title == "Bobby"
        writes.upsert_contact(ME, RosterItem(BOB, name="Bob B.", subscription=Subscription.BOTH))
        assert row(writes).title == "Bob B."

    def test_a_contact_of_another_account_is_a_stranger_here(self, writes: Writes) -> None:
        writes.ensure_chat(BOBS, ChatKind.CONTACT)
        writes.upsert_contact(OTHER_ME, RosterItem(BOB, name="Bob B."))
        assert not row(writes).in_contacts

    def test_a_rooms_bookmark_its_name_or_its_address(self, writes: Writes) -> None:
        writes.ensure_chat(ROOMS, ChatKind.ROOM)
        assert row(writes, ROOMS).title == "room@muc.example.org"
        writes.set_room_state(ROOMS, name="The room")
        assert row(writes, ROOMS).title == "The room"
        writes.upsert_bookmark(ME, Bookmark(ROOM, name="My room"))
        assert row(writes, ROOMS).title == "My room"

    def test_an_occupants_nickname_with_the_room(self, writes: Writes) -> None:
        key = ChatKey(ME, ROOM.with_resource("eve / x"))
        writes.ensure_chat(key, ChatKind.PRIVATE)
        assert row(writes, key).title == "eve / x (room@muc.example.org)"
        assert row(writes, key).key == key


class TestUnread:
    def test_incoming_texts_count_and_mentions_beside(self, writes: Writes) -> None:
        first = writes.add_message(in_room("one", stanza_id="1")).message
        writes.add_message(in_room("two", stanza_id="2", mentions_us=True))
        writes.add_message(in_room("three", stanza_id="3"))
        assert unread(writes, ROOMS) == (3, 1)
        assert writes.chats.first_unread(ROOMS) == first.id

    def test_what_comes_twice_counts_once(self, writes: Writes) -> None:
        writes.add_message(incoming())
        writes.add_message(archived(incoming(), "a"))
        assert unread(writes) == (1, 0)

    def test_marking_read_clears_and_new_ones_count_again(self, writes: Writes) -> None:
        writes.add_message(incoming("one", stanza_id="1", mentions_us=True))
        chat = writes.mark_read(BOBS)
        assert chat is not None
        assert (chat.unread, chat.mentions) == (0, 0)
        assert writes.chats.first_unread(BOBS) is None
        second = writes.add_message(incoming("two", stanza_id="2")).message
        assert unread(writes) == (1, 0)
        assert writes.chats.first_unread(BOBS) == second.id

    def test_marking_up_to_a_message_leaves_the_later_ones_and_never_goes_back(self, writes: Writes) -> None:
        ids = [writes.add_message(in_room(f"{n}", stanza_id=f"{n}", mentions_us=n == 3)).message.id for n in range(4)]
        assert unread(writes, ROOMS) == (4, 1)
        writes.mark_read_to(ROOMS, ids[1])
        assert unread(writes, ROOMS) == (2, 1)
        writes.mark_read_to(ROOMS, ids[0])
        assert unread(writes, ROOMS) == (2, 1)
        writes.mark_read_to(BOBS, ids[3])
        assert writes.chats.first_unread(ROOMS) == ids[2]

    @pytest.mark.parametrize("late", [False, True], ids=["live", "from the archive"])
    def test_an_own_message_of_another_device_says_that_what_is_before_was_read(
        self, writes: Writes, late: bool
    ) -> None:
        writes.add_message(incoming("one", stanza_id="1"))
        own = outgoing("two", delivery=Delivery.SENT, time=NOON + SECOND)
        if late:
            writes.add_message(incoming("three", stanza_id="3", time=NOON + 2 * SECOND))
            writes.add_message(archived(own, "a"))
            assert unread(writes) == (1, 0)
        else:
            writes.add_message(own)
            assert unread(writes) == (0, 0)
            writes.add_message(incoming("three", stanza_id="3", time=NOON + 2 * SECOND))
            assert unread(writes) == (1, 0)

    def test_older_messages_from_the_archive_do_not_count_when_later_ones_were_read(self, writes: Writes) -> None:
        writes.add_message(incoming("late", stanza_id="2"))
        writes.mark_read(BOBS)
        writes.add_message(archived(incoming("early", stanza_id="1", time=NOON - SECOND), "a"))
        assert unread(writes) == (0, 0)

    def test_missed_messages_from_the_archive_count(self, writes: Writes) -> None:
        writes.add_message(incoming("early", stanza_id="1"))
        writes.mark_read(BOBS)
        writes.add_message(archived(incoming("missed", stanza_id="2", time=NOON + SECOND), "a"))
        assert unread(writes) == (1, 0)

    def test_backlog_of_a_room_never_visited_does_not_count(self, writes: Writes) -> None:
        for n in range(3):
            writes.add_message(in_room(f"{n}", stanza_id=f"{n}", counts_unread=False, mentions_us=True))
        assert unread(writes, ROOMS) == (0, 0)
        assert writes.chats.first_unread(ROOMS) is None
        live = writes.add_message(in_room("now", stanza_id="now")).message
        assert unread(writes, ROOMS) == (1, 0)
        assert writes.chats.first_unread(ROOMS) == live.id

    def test_subjects_do_not_count(self, writes: Writes) -> None:
        writes.add_message(in_room("News", message_kind=MessageKind.SUBJECT))
        assert unread(writes, ROOMS) == (0, 0)

    def test_deleting_an_unread_message_uncounts_it(self, writes: Writes) -> None:
        message = writes.add_message(in_room(mentions_us=True)).message
        writes.add_message(in_room("two", stanza_id="2"))
        writes.delete_message(message.id)
        assert unread(writes, ROOMS) == (1, 0)


class TestPreviews:
    def test_the_last_text_is_shown_in_one_line(self, writes: Writes) -> None:
        writes.add_message(in_room("one\n  two", stanza_id="1"))
        assert row(writes, ROOMS).preview == Preview("one two", "bob", own=False, time=NOON, delivery=Delivery.SENT)
        writes.add_message(in_room("News", message_kind=MessageKind.SUBJECT, stanza_id="2", time=NOON + 5))
        preview = row(writes, ROOMS).preview
        assert preview is not None
        assert preview.text == "one two"

    def test_a_long_text_is_cut(self, writes: Writes) -> None:
        writes.add_message(incoming("x" * 10_000))
        preview = row(writes).preview
        assert preview is not None
        assert preview.text == "x" * 199 + "…"

    def test_older_messages_do_not_become_it(self, writes: Writes) -> None:
        writes.add_message(incoming("new", stanza_id="1"))
        writes.add_message(archived(incoming("old", stanza_id="2", time=NOON - SECOND), "a"))
        preview = row(writes).preview
        assert preview is not None
        assert preview.text == "new"

    def test_it_follows_corrections_deliveries_and_deletion(self, writes: Writes) -> None:
        def preview() -> Preview | None:
            return row(writes).preview

        assert writes.ensure_chat(BOBS, ChatKind.CONTACT).preview is None
        writes.add_message(incoming("first", stanza_id="1"))
        message = writes.add_message(outgoing("helo", time=NOON + SECOND)).message
        assert preview() == Preview("helo", "", own=True, time=NOON + SECOND, delivery=Delivery.PENDING)
        writes.set_delivery(message.id, Delivery.SENT)
        writes.delivered_up_to(BOBS, message.id, Delivery.DELIVERED)
        assert preview() == Preview("helo", "", own=True, time=NOON + SECOND, delivery=Delivery.DELIVERED)
        correct(writes, BOBS, "o1", sender=ME, body="hello", time=NOON + 2 * SECOND)
        assert preview() == Preview("hello", "", own=True, time=NOON + SECOND, delivery=Delivery.DELIVERED)
        correct(writes, BOBS, "1", sender=BOB, body="1st", time=NOON + 2 * SECOND)
        assert preview() == Preview("hello", "", own=True, time=NOON + SECOND, delivery=Delivery.DELIVERED)
        chat = writes.delete_message(message.id)
        assert chat is not None
        assert chat.preview == Preview("1st", "", own=False, time=NOON)
        writes.delete_message(writes.messages.newest(BOBS, 1)[0].id)
        assert preview() is None
        assert writes.delete_message(message.id) is None

    def test_a_correction_that_came_first_is_in_it(self, writes: Writes) -> None:
        correct(writes, BOBS, "s1", sender=BOB, body="hello", time=NOON)
        writes.add_message(incoming("helo"))
        preview = row(writes).preview
        assert preview is not None
        assert preview.text == "hello"


@pytest.mark.parametrize("seed", range(10))
def test_the_row_always_says_what_the_messages_say(writes: Writes, db: Connection, seed: int) -> None:
    """Random writes, then everything that the row keeps is worked out anew from the messages."""
    chance = random.Random(seed)
    for number in range(200):
        known = writes.messages.newest(ROOMS, 100)
        some = chance.choice(known) if known else None
        match chance.randint(0, 7):
            case 0 | 1 | 2 | 3:
                new = in_room(
                    f"text {number}",
                    stanza_id=f"{chance.randint(0, number)}",
                    time=NOON + chance.randint(-100, 100) * SECOND,
                    mentions_us=chance.random() < 0.2,
                    from_archive=chance.random() < 0.5,
                    counts_unread=chance.random() < 0.8,
                    message_kind=MessageKind.SUBJECT if chance.random() < 0.1 else MessageKind.TEXT,
                )
                if chance.random() < 0.2:
                    new = in_room(
                        "own", sender=ROOM.with_resource("me"), direction=Direction.OUT, stanza_id=f"own{number}"
                    )
                writes.add_message(new)
            case 4 if some:
                writes.delete_message(some.id)
            case 5 if some:
                correct(
                    writes,
                    ROOMS,
                    some.stanza_id,
                    sender=some.sender,
                    body=f"now {number}",
                    time=NOON + number,
                    stanza_id="c",
                )
            case 6 if some:
                writes.mark_read_to(ROOMS, some.id)
            case 7 if chance.random() < 0.1:
                writes.mark_read(ROOMS)
    chat = row(writes, ROOMS)
    texts = [message for message in writes.messages.newest(ROOMS, 1000) if message.kind is MessageKind.TEXT]
    position = writes.chats.read_position(ROOMS)
    assert chat.unread == db.number("SELECT count(*) FROM messages WHERE unread = 1")
    assert chat.mentions == db.number("SELECT count(*) FROM messages WHERE unread = 1 AND mentions_us = 1")
    assert db.number("SELECT count(*) FROM messages WHERE unread = 1 AND position <= ?", (position,)) == 0
    assert all(message.position <= position for message in texts if message.direction is Direction.OUT)
    assert chat.preview is not None
    assert chat.preview.text == texts[-1].body
