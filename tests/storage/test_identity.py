"""When two arrivals are one message."""

from collections.abc import Sequence

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
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.message import Delivery, Direction, Encryption
from tui_xmpp.storage.identity import NEAR, NEAR_WITH_ARCHIVE
from tui_xmpp.storage.values import NewMessage, Outcome
from tui_xmpp.storage.writes import Writes

OWN_NICK = ROOM.with_resource("me")
OURS = "7d1f4c52-4b0e-4f0b-8f5c-0d5f3a9c2b11"
"""A name as this client gives it, which nobody gives twice."""
OWN_IN_ROOM = in_room(
    sender=OWN_NICK, nick="me", direction=Direction.OUT, stanza_id=OURS, origin_id=OURS, delivery=Delivery.PENDING
)
CORRECTED = "corrected"

SAME: dict[str, Sequence[NewMessage]] = {
    "live, then from the archive by id": (
        incoming(archive_ids=((ME, "a1"),)),
        archived(incoming(stanza_id=""), "a1"),
    ),
    "from the archive, then live": (archived(incoming(), "a1"), incoming(archive_ids=((ME, "a1"),))),
    "the archive's id decides, whatever else differs": (
        archived(incoming("Hello"), "a1"),
        archived(incoming("Hello!", stanza_id="other", time=NOON + 9 * NEAR), "a1"),
    ),
    "live without an archive id, then the archive's copy": (incoming(), archived(incoming(), "a1")),
    "the archive's copy by a clock some hours off": (
        incoming(time=NOON + NEAR_WITH_ARCHIVE - 1),
        archived(incoming(), "a1"),
    ),
    "archive's copy, then offline storage without an id": (archived(incoming(), "a1"), incoming(time=NOON + SECOND)),
    "sent again after the line broke": (incoming(), incoming(time=NOON + NEAR - 1)),
    "by origin-id where a gateway changed the stanza's id": (
        incoming(stanza_id="x", origin_id="o"),
        incoming(stanza_id="y", origin_id="o"),
    ),
    "origin-id of one is the stanza's id of the other": (
        incoming(stanza_id="o"),
        incoming(stanza_id="y", origin_id="o"),
    ),
    "ours, reflected by the room": (
        OWN_IN_ROOM,
        in_room(
            sender=OWN_NICK,
            nick="me",
            direction=Direction.OUT,
            stanza_id=OURS,
            origin_id=OURS,
            archive_ids=((ROOM, "a1"),),
        ),
    ),
    "ours, reflected by a gateway that cut the text": (
        OWN_IN_ROOM,
        in_room("Hel", sender=OWN_NICK, nick="me", direction=Direction.OUT, stanza_id=OURS),
    ),
    "ours, from the archive a day later": (
        outgoing(delivery=Delivery.SENT, stanza_id=OURS, origin_id=OURS),
        archived(
            outgoing(time=NOON + 30 * NEAR_WITH_ARCHIVE, delivery=Delivery.SENT, stanza_id=OURS, origin_id=OURS), "a1"
        ),
    ),
    "of another device, by carbon and by archive": (
        outgoing(delivery=Delivery.SENT, origin_id=""),
        archived(outgoing(delivery=Delivery.SENT, origin_id=""), "a1"),
    ),
    "repeated by a room without an archive, by a clock some hours off": (
        in_room(stanza_id=OURS),
        in_room(stanza_id=OURS, time=NOON + NEAR_WITH_ARCHIVE - 1, from_archive=True),
    ),
    "in a room, live and by its archive": (
        in_room(archive_ids=((ROOM, "a1"),)),
        archived(in_room(occupant_id="x"), "a1", ROOM),
    ),
    "archives of room and account, each with an id of its own": (
        in_room(archive_ids=((ROOM, "a1"), (ME, "b1"))),
        archived(in_room(stanza_id=""), "b1", ME),
    ),
}

DIFFERENT: dict[str, Sequence[NewMessage]] = {
    "equal text in the same µs, no ids": (incoming(stanza_id=""), incoming(stanza_id="")),
    "equal text in the same second": (incoming(stanza_id="1"), incoming(stanza_id="2")),
    "equal ids, other text: a client that counts from 1": (incoming("One"), incoming("Two")),
    "equal ids and text, days apart, no archive": (incoming("ok"), incoming("ok", time=NOON + NEAR)),
    "equal ids and text, two ids of one archive": (archived(incoming("ok"), "a1"), archived(incoming("ok"), "a2")),
    "equal ids and text, one archived long before": (
        archived(incoming("ok"), "a1"),
        incoming("ok", time=NOON + NEAR_WITH_ARCHIVE),
    ),
    "another sender with the same id and text": (
        in_room(),
        in_room(nick="eve", sender=ROOM.with_resource("eve")),
    ),
    "theirs with the id of ours": (outgoing(), incoming(stanza_id="o1", origin_id="o1")),
    "ours with the id of theirs": (incoming(stanza_id="o1"), outgoing(delivery=Delivery.SENT)),
    "ours, equal ids, two ids of one archive": (
        archived(outgoing(delivery=Delivery.SENT), "a1"),
        archived(outgoing(delivery=Delivery.SENT), "a2"),
    ),
    "of another device that counts from 1": (
        outgoing("One", stanza_id="1", origin_id="", delivery=Delivery.SENT),
        outgoing("Two", stanza_id="1", origin_id="", delivery=Delivery.SENT),
    ),
    "of another device that counts from 1, equal texts, hours apart": (
        outgoing("ok", stanza_id="1", origin_id="", delivery=Delivery.SENT),
        outgoing("ok", stanza_id="1", origin_id="", delivery=Delivery.SENT, time=NOON + NEAR),
    ),
    "of another device that counts from 1, equal texts, one archived long before": (
        archived(outgoing("ok", stanza_id="1", origin_id="", delivery=Delivery.SENT), "a1"),
        outgoing("ok", stanza_id="1", origin_id="", delivery=Delivery.SENT, time=NOON + NEAR_WITH_ARCHIVE),
    ),
    "of another device that counts its origin-ids from 1": (
        outgoing("One", stanza_id="1", origin_id="1", delivery=Delivery.SENT),
        outgoing("Two", stanza_id="1", origin_id="1", delivery=Delivery.SENT),
    ),
    "the same in another chat": (incoming(), incoming(key=EVES, sender=EVE)),
    "an archive id that belongs to another chat": (
        archived(incoming(), "a1"),
        archived(incoming(key=EVES, sender=EVE, stanza_id="s2"), "a1"),
    ),
    "two accounts in one room": (
        in_room(archive_ids=((ROOM, "a1"),)),
        in_room(key=ChatKey(OTHER_ME, ROOM), archive_ids=((ROOM, "a1"),)),
    ),
}


@pytest.mark.parametrize("arrivals", SAME.values(), ids=SAME.keys())
def test_one_message_that_comes_again_is_stored_once(writes: Writes, arrivals: Sequence[NewMessage]) -> None:
    first = writes.add_message(arrivals[0])
    assert first.outcome is Outcome.ADDED
    for again in (*arrivals[1:], *arrivals):
        stored = writes.add_message(again)
        assert stored.outcome is not Outcome.ADDED
        assert stored.message.id == first.message.id
    assert len(writes.messages.newest(arrivals[0].key, 10)) == 1


@pytest.mark.parametrize("arrivals", DIFFERENT.values(), ids=DIFFERENT.keys())
@pytest.mark.parametrize("turned", [False, True], ids=["", "turned round"])
def test_two_messages_are_stored_as_two(writes: Writes, arrivals: Sequence[NewMessage], turned: bool) -> None:
    arrivals = arrivals[::-1] if turned else arrivals
    stored = [writes.add_message(new) for new in arrivals]
    assert [result.outcome for result in stored] == [Outcome.ADDED] * len(arrivals)
    assert len({result.message.id for result in stored}) == len(arrivals)


def test_ids_that_come_later_are_kept(writes: Writes) -> None:
    first = writes.add_message(OWN_IN_ROOM).message
    reflected = in_room(
        sender=OWN_NICK, direction=Direction.OUT, stanza_id=OURS, occupant_id="occ", archive_ids=((ROOM, "a1"),)
    )
    stored = writes.add_message(reflected)
    assert stored.outcome is Outcome.UPDATED
    assert stored.message.delivery is Delivery.SENT
    assert stored.message.occupant_id == "occ"
    assert writes.messages.archive_id(first.id, ROOM, ME) == "a1"
    assert writes.messages.find_by_archive_id(ROOMS, ROOM, "a1") == stored.message
    assert writes.messages.find_by_archive_id(BOBS, ROOM, "a1") is None


def test_a_message_that_was_corrected_is_known_by_its_first_text(writes: Writes) -> None:
    first = writes.add_message(incoming("Helo")).message
    correct(writes, BOBS, "s1", sender=BOB, body="Hello", time=NOON + SECOND, stanza_id="s2")
    again = writes.add_message(archived(incoming("Helo"), "a1"))
    assert again.outcome is Outcome.KNOWN
    assert again.message.id == first.id
    assert again.message.body == "Hello"


def test_what_was_refused_stays_refused_when_our_archive_has_it(writes: Writes) -> None:
    message = writes.add_message(outgoing()).message
    writes.set_delivery(message.id, Delivery.FAILED, "No such person")
    stored = writes.add_message(archived(outgoing(delivery=Delivery.SENT), "a1"))
    assert stored.outcome is Outcome.KNOWN
    assert (stored.message.delivery, stored.message.error) == (Delivery.FAILED, "No such person")


def test_what_a_room_reflects_has_arrived_whatever_was_refused_before(writes: Writes) -> None:
    message = writes.add_message(OWN_IN_ROOM).message
    writes.set_delivery(message.id, Delivery.FAILED, "Too fast")
    reflected = in_room(sender=OWN_NICK, direction=Direction.OUT, stanza_id=OURS, origin_id=OURS)
    stored = writes.add_message(reflected)
    assert (stored.message.delivery, stored.message.error) == (Delivery.SENT, "")


def test_an_arrival_never_takes_a_delivery_back(writes: Writes) -> None:
    message = writes.add_message(outgoing()).message
    writes.set_delivery(message.id, Delivery.DISPLAYED)
    assert writes.add_message(outgoing(delivery=Delivery.SENT)).message.delivery is Delivery.DISPLAYED


def test_everything_of_a_new_message_is_kept(writes: Writes) -> None:
    new = in_room(
        "Me, look",
        occupant_id="occ",
        encryption=Encryption.UNREADABLE,
        stanza_id="s",
        origin_id="o",
        mentions_us=True,
        time=NOON + 5,
    )
    stored = writes.add_message(new).message
    assert writes.messages.get(stored.id) == stored
    assert (stored.chat, stored.sender, stored.nick, stored.body) == (ROOMS, new.sender, "bob", "Me, look")
    assert (stored.occupant_id, stored.stanza_id, stored.origin_id) == ("occ", "s", "o")
    assert (stored.encryption, stored.mentions_us, stored.time) == (Encryption.UNREADABLE, True, NOON + 5)


def test_a_sender_who_reuses_an_id_without_end_does_not_make_us_slow(writes: Writes) -> None:
    for number in range(300):
        assert writes.add_message(incoming(f"{number}", time=NOON + number)).outcome is Outcome.ADDED
    assert len(writes.find_by_stanza_id(BOBS, "s1")) == 50
