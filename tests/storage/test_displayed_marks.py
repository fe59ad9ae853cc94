"""What is read where: marks of our devices, gaps that are still to be filled, and who wants to know."""

from dataclasses import replace

import pytest

from tests.storage.builders import BOBS, ME, NOON, ROOM, ROOMS, SECOND, archived, in_room, incoming, operation, outgoing
from tui_xmpp.model.chat import Chat, ChatKey
from tui_xmpp.model.message import Delivery, Message
from tui_xmpp.storage.reading import Reached
from tui_xmpp.storage.values import Change, NewMessage
from tui_xmpp.storage.writes import Writes


def say(writes: Writes, *numbers: int) -> list[Message]:
    """Bob says a few numbers, which our archive knows as a1, a2…"""
    return [
        writes.add_message(
            incoming(f"{n}", stanza_id=f"s{n}", time=NOON + n * SECOND, archive_ids=((ME, f"a{n}"),), marker=f"s{n}")
        ).message
        for n in numbers
    ]


def row(writes: Writes, key: ChatKey = BOBS) -> Chat:
    chat = writes.chats.get(key)
    assert chat is not None
    return chat


def test_a_mark_of_another_device_reads_up_to_its_message_and_never_goes_back(writes: Writes) -> None:
    say(writes, 1, 2, 3)
    assert getattr(writes.take_mark(BOBS, ME, "a2"), "unread", None) == 1
    writes.take_mark(BOBS, ME, "a1")
    assert row(writes).unread == 1
    assert writes.chats.first_unread(BOBS) == say(writes, 3)[0].id


def test_a_mark_waits_for_its_message_however_that_comes(writes: Writes) -> None:
    say(writes, 1)
    assert writes.take_mark(BOBS, ME, "a3") is None
    say(writes, 2)
    assert row(writes).unread == 2
    say(writes, 3, 4)
    assert row(writes).unread == 1


def test_a_mark_waits_for_a_chat_that_is_not_known_and_makes_none(writes: Writes) -> None:
    assert writes.take_mark(BOBS, ME, "a1") is None
    assert writes.chats.get(BOBS) is None
    say(writes, 1)
    assert row(writes).unread == 0


def test_a_mark_waits_for_the_id_of_a_message_that_came_without_one(writes: Writes) -> None:
    writes.add_message(incoming())
    writes.take_mark(BOBS, ME, "a1")
    assert row(writes).unread == 1
    writes.add_message(archived(incoming(), "a1"))
    assert row(writes).unread == 0


def test_a_page_of_the_archive_is_read_as_far_as_the_mark_that_waits(writes: Writes) -> None:
    writes.take_mark(ROOMS, ROOM, "r2")
    page = [archived(in_room(f"{n}", stanza_id=f"s{n}", time=NOON + n), f"r{n}", ROOM) for n in range(4)]
    writes.add_archive_page(ME, ROOM, page, before="")
    assert row(writes, ROOMS).unread == 1


def test_the_id_of_another_archive_means_nothing(writes: Writes) -> None:
    say(writes, 1)
    writes.take_mark(BOBS, ROOM, "a1")
    assert row(writes).unread == 1


def test_the_same_mark_once_more_does_not_undo_what_a_person_marked_as_unread(writes: Writes) -> None:
    messages = say(writes, 1, 2, 3)
    writes.take_mark(BOBS, ME, "a3")
    writes.mark_unread(BOBS, messages[1].id)
    writes.take_mark(BOBS, ME, "a3")
    assert row(writes).unread == 2
    say(writes, 4)
    writes.take_mark(BOBS, ME, "a4")
    assert row(writes).unread == 0


def test_what_was_read_here_is_to_be_published_once_and_only_forward(writes: Writes) -> None:
    first, second = say(writes, 1, 2)
    assert writes.reading.untold(ME) == ()
    writes.mark_read(BOBS)
    assert writes.reading.untold(ME) == (BOBS,)
    reached = writes.reading.to_publish(BOBS, ME)
    assert reached == Reached("a2", second.position)
    writes.told_mark(BOBS, ME, Reached("a1", first.position))
    assert writes.reading.untold(ME) == (BOBS,)
    writes.told_mark(BOBS, ME, Reached("a2", second.position))
    assert writes.reading.untold(ME) == ()
    assert writes.reading.to_publish(BOBS, ME) is None


def test_a_mark_that_waits_may_be_further_until_the_archive_is_whole(writes: Writes) -> None:
    (message,) = say(writes, 1)
    writes.mark_read(BOBS)
    writes.take_mark(BOBS, ME, "a9")
    assert writes.reading.to_publish(BOBS, ME, whole=False) is None
    assert writes.reading.to_publish(BOBS, ME, whole=True) == Reached("a1", message.position)


def test_what_another_device_has_published_is_not_published_again(writes: Writes) -> None:
    say(writes, 1, 2)
    writes.mark_read(BOBS)
    writes.take_mark(BOBS, ME, "a2")
    assert writes.reading.untold(ME) == ()
    assert writes.reading.to_publish(BOBS, ME) is None


def test_what_was_read_elsewhere_is_not_told_from_here(writes: Writes) -> None:
    say(writes, 1, 2)
    writes.take_mark(BOBS, ME, "a2")
    assert writes.reading.untold(ME) == ()
    assert writes.reading.marker(BOBS) == ""


def test_a_mark_names_a_message_of_others_that_the_archive_knows(writes: Writes) -> None:
    say(writes, 1)
    writes.add_message(incoming("no id", stanza_id="s2", time=NOON + 2 * SECOND))
    ours = archived(outgoing("ours", stanza_id="o3", time=NOON + 3 * SECOND, delivery=Delivery.SENT), "a3")
    writes.mark_read(BOBS)
    writes.add_message(ours)
    assert getattr(writes.reading.to_publish(BOBS, ME), "id", None) == "a1"


def test_a_sender_who_asked_is_told_of_the_newest_once_it_is_read(writes: Writes) -> None:
    say(writes, 1, 2)
    assert writes.reading.marker(BOBS) == ""
    writes.mark_read(BOBS)
    assert writes.reading.marker(BOBS) == "s2"
    assert writes.reading.markers(ME) == ((BOBS, "s2"),)
    writes.told_marker(BOBS, "s2")
    assert writes.reading.markers(ME) == ()


def test_an_answer_from_another_device_leaves_nothing_to_be_told(writes: Writes) -> None:
    say(writes, 1)
    writes.add_message(outgoing("answer", delivery=Delivery.SENT, time=NOON + 9 * SECOND))
    assert row(writes).unread == 0
    assert writes.reading.markers(ME) == ()


def test_an_answer_from_here_leaves_the_sender_to_be_told(writes: Writes) -> None:
    say(writes, 1)
    writes.add_message(outgoing("answer", time=NOON + 9 * SECOND))
    assert row(writes).unread == 0
    assert writes.reading.markers(ME) == ((BOBS, "s1"),)


def test_who_wrote_without_a_line_has_not_read_what_the_server_got_meanwhile(writes: Writes) -> None:
    say(writes, 1)
    written = writes.add_message(outgoing("written offline", time=NOON + 60 * SECOND)).message
    writes.set_delivery(written.id, Delivery.SENT)
    missed = archived(incoming("missed", stanza_id="s2", time=NOON + 30 * SECOND), "a2")
    writes.add_archive_page(ME, ME, [missed], before="")
    assert [message.body for message in writes.messages.newest(BOBS, 9)] == ["1", "missed", "written offline"]
    assert row(writes).unread == 1


def test_what_comes_into_a_gap_is_unread_though_the_newest_was_read(writes: Writes) -> None:
    say(writes, 1)
    writes.extend_span(ME, ME, ["a1"], before="", complete=True)
    writes.mark_read(BOBS)
    say(writes, 9)
    writes.extend_span(ME, ME, ["a9"], before="")
    assert writes.archives.has_gap(ME, ME)
    writes.mark_read(BOBS)
    assert row(writes).unread == 0
    assert writes.reading.to_publish(BOBS, ME) == Reached("a1", writes.messages.newest(BOBS, 9)[0].position)
    assert writes.reading.marker(BOBS) == ""
    missed = [archived(incoming(f"{n}", stanza_id=f"s{n}", time=NOON + n * SECOND), f"a{n}") for n in (3, 4)]
    writes.add_archive_page(ME, ME, missed, before="a9")
    assert row(writes).unread == 2


def test_reading_settles_when_the_gap_was_empty(writes: Writes) -> None:
    say(writes, 1)
    writes.extend_span(ME, ME, ["a1"], before="")
    say(writes, 9)
    writes.extend_span(ME, ME, ["a9"], before="")
    writes.mark_read(BOBS)
    writes.extend_span(ME, ME, ["a1"], before="a9")
    assert not writes.archives.has_gap(ME, ME)
    assert [chat.key for chat in writes.settle(ME, ME)] == [BOBS]
    assert getattr(writes.reading.to_publish(BOBS, ME), "id", None) == "a9"
    assert writes.reading.marker(BOBS) == "s9"


def test_only_chats_of_the_archive_that_is_whole_settle(writes: Writes) -> None:
    say(writes, 1)
    writes.add_message(in_room("hello", archive_ids=((ROOM, "r1"),)))
    for key in (BOBS, ROOMS):
        writes.mark_read(key)
    assert [chat.key for chat in writes.settle(ME, ROOM)] == [ROOMS]
    assert [chat.key for chat in writes.settle(ME, ME)] == [BOBS]


def test_from_a_message_on_all_is_unread_again_but_our_own(writes: Writes) -> None:
    messages = say(writes, 1, 2, 3)
    writes.add_message(outgoing("ours", time=NOON + 4 * SECOND))
    assert row(writes).unread == 0
    writes.mark_unread(BOBS, messages[1].id)
    assert row(writes).unread == 2
    assert writes.chats.first_unread(BOBS) == messages[1].id
    say(writes, 5)
    assert row(writes).unread == 3
    writes.mark_read(BOBS)
    assert row(writes).unread == 0


def test_a_mention_counts_again_with_its_message(writes: Writes) -> None:
    message = writes.add_message(in_room("me!", mentions_us=True)).message
    writes.mark_read(ROOMS)
    writes.mark_unread(ROOMS, message.id)
    assert (row(writes, ROOMS).unread, row(writes, ROOMS).mentions) == (1, 1)


@pytest.mark.parametrize("message_id", [7, None], ids=["unknown", "of another chat"])
def test_a_message_that_is_not_in_the_chat_marks_nothing(writes: Writes, message_id: int | None) -> None:
    say(writes, 1)
    writes.mark_read(BOBS)
    other: NewMessage = replace(in_room("other"), sender=ROOM.with_resource("x"))
    elsewhere = writes.add_message(other).message.id
    assert writes.mark_unread(BOBS, elsewhere if message_id is None else message_id) is None
    assert row(writes).unread == 0


def test_an_unread_message_that_is_taken_back_is_not_counted_and_not_marked_again(writes: Writes) -> None:
    messages = say(writes, 1, 2)
    writes.operate(operation(Change.RETRACTION, "s2"))
    assert row(writes).unread == 1
    assert writes.chats.first_unread(BOBS) == messages[0].id
    writes.mark_read(BOBS)
    writes.mark_unread(BOBS, messages[0].id)
    assert row(writes).unread == 1


def test_an_unread_message_that_is_deleted_is_not_counted(writes: Writes) -> None:
    messages = say(writes, 1, 2)
    writes.delete_message(messages[0].id)
    assert row(writes).unread == 1
