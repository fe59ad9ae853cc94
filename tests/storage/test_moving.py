"""What moves in a chat takes along what belongs behind it, and leaves alone what is read."""

from dataclasses import replace

from tests.storage.builders import BOBS, ME, NOON, ROOM, ROOMS, SECOND, archived, in_room, incoming, outgoing
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.message import Delivery, Direction
from tui_xmpp.storage.values import Above, NewMessage, Outcome
from tui_xmpp.storage.writes import Writes


def bodies(writes: Writes, key: ChatKey = BOBS) -> list[str]:
    return [message.body for message in writes.messages.newest(key, 100)]


def ours(number: int) -> NewMessage:
    return outgoing(f"ours {number}", stanza_id=f"o{number}", origin_id=f"o{number}", time=NOON + number)


def theirs(number: int, seconds: int) -> NewMessage:
    new = incoming(f"theirs {number}", stanza_id=f"s{number}", time=NOON + seconds * SECOND)
    return replace(new, archive_ids=((ME, f"a{number}"),))


def test_what_goes_out_late_follows_what_has_come_and_what_still_waits_stays_behind_it(writes: Writes) -> None:
    first, _, _ = (writes.add_message(ours(number)).message for number in range(3))
    writes.add_message(theirs(0, 5))
    moved = writes.follow_on(first.id)
    assert moved is not None
    assert bodies(writes) == ["theirs 0", "ours 0", "ours 1", "ours 2"]
    assert writes.follow_on(first.id) is None


def test_what_a_room_reflects_follows_what_the_room_said_meanwhile(writes: Writes) -> None:
    own = replace(ours(0), key=ROOMS, kind=ChatKind.ROOM, sender=ROOM.with_resource("me"), nick="me")
    writes.add_message(own)
    waits = replace(own, body="waits", stanza_id="o1", origin_id="o1", time=NOON + 1)
    writes.add_message(waits)
    writes.add_message(replace(in_room("meanwhile", time=NOON + SECOND), archive_ids=((ROOM, "r1"),)))
    reflected = replace(own, delivery=Delivery.SENT, archive_ids=((ROOM, "r2"),))
    assert writes.add_message(reflected).outcome is Outcome.MOVED
    assert bodies(writes, ROOMS) == ["meanwhile", "ours 0", "waits"]
    assert writes.add_message(reflected).outcome is Outcome.KNOWN


def test_what_waits_stays_behind_what_an_archive_shows_to_have_arrived_late(writes: Writes) -> None:
    for number in range(3):
        writes.add_message(ours(number))
    writes.add_message(theirs(0, 5))
    page = [archived(replace(ours(0), delivery=Delivery.SENT, time=NOON + 9 * SECOND), "a9")]
    writes.add_archive_page(ME, ME, [archived(incoming("theirs 0", stanza_id="s0"), "a0"), *page], before="")
    assert bodies(writes) == ["theirs 0", "ours 0", "ours 1", "ours 2"]


def test_what_reached_the_server_after_a_page_was_read_stays_behind_what_is_on_it(writes: Writes) -> None:
    typed = [writes.add_message(ours(number)).message.id for number in range(4)]
    for message_id in typed:
        writes.set_delivery(message_id, Delivery.SENT)
    page = [
        archived(replace(ours(1), delivery=Delivery.SENT, time=NOON + SECOND), "a1"),
        archived(incoming("theirs 0", stanza_id="s0", time=NOON + 2 * SECOND), "a2"),
        archived(replace(ours(2), delivery=Delivery.SENT, time=NOON + 3 * SECOND), "a3"),
    ]
    writes.add_archive_page(ME, ME, page, before="")
    assert bodies(writes) == ["ours 0", "ours 1", "theirs 0", "ours 2", "ours 3"]


def test_what_was_sent_once_more_leaves_what_the_page_does_not_reach_where_it_is(writes: Writes) -> None:
    again, *others = (writes.add_message(ours(number)).message.id for number in range(3))
    for message_id in (again, *others):
        writes.set_delivery(message_id, Delivery.SENT)
    page = [
        archived(incoming("theirs 0", stanza_id="s0", time=NOON + 8 * SECOND), "a8"),
        archived(replace(ours(0), delivery=Delivery.SENT, time=NOON + 9 * SECOND), "a9"),
    ]
    writes.add_archive_page(ME, ME, page, before="")
    assert bodies(writes) == ["ours 1", "ours 2", "theirs 0", "ours 0"]


def test_room_is_made_where_there_is_none_and_what_was_read_stays_read(writes: Writes) -> None:
    writes.add_message(theirs(0, 0))
    after = writes.add_message(replace(theirs(5, 0), time=NOON + 1)).message
    writes.mark_read(BOBS)
    writes.add_message(replace(theirs(6, 0), time=NOON + 2))
    page = [
        archived(incoming(f"{n}", stanza_id=f"s{n}", time=NOON, direction=Direction.IN), f"a{n}") for n in range(1, 5)
    ]
    writes.add_archive_page(ME, ME, page, before="a5", above=Above(limits={BOBS: after.position}))
    assert bodies(writes) == ["theirs 0", "1", "2", "3", "4", "theirs 5", "theirs 6"]
    chat = writes.chats.get(BOBS)
    assert chat is not None
    assert chat.preview is not None
    assert chat.preview.text == "theirs 6"
    first = writes.chats.first_unread(BOBS)
    assert first is not None
    found = writes.messages.get(first)
    assert found is not None
    assert found.body == "theirs 6"
