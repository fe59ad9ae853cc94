"""Corrections (XEP-0308)."""

from itertools import permutations

import pytest

from tests.storage.builders import BOB, BOBS, EVE, EVES, NOON, ROOM, ROOMS, SECOND, correct, in_room, incoming
from tui_xmpp.model.address import Address
from tui_xmpp.model.message import Encryption
from tui_xmpp.model.record import Version
from tui_xmpp.storage.writes import Writes


def bob_corrects(writes: Writes, body: str = "Hello", number: int = 2, sender: Address = BOB) -> int | None:
    message = correct(writes, BOBS, "s1", sender=sender, body=body, time=NOON + number * SECOND, stanza_id=f"s{number}")
    return None if message is None else message.id


def test_a_correction_changes_the_text_and_keeps_the_first(writes: Writes) -> None:
    message = writes.add_message(incoming("Helo")).message
    assert bob_corrects(writes) == message.id
    now = writes.messages.get(message.id)
    assert now is not None
    assert (now.body, now.edited, now.position, now.time) == ("Hello", True, message.position, message.time)
    assert writes.messages.versions(message.id) == (Version("Helo", NOON), Version("Hello", NOON + 2 * SECOND))


def test_a_message_never_corrected_has_no_versions(writes: Writes) -> None:
    message = writes.add_message(incoming("Helo")).message
    assert writes.messages.versions(message.id) == ()
    assert not message.edited


@pytest.mark.parametrize("order", permutations(range(4)))
def test_original_and_corrections_end_the_same_in_any_order(writes: Writes, order: tuple[int, ...]) -> None:
    for number in order:
        for _ in range(2):
            if number == 0:
                writes.add_message(incoming("First"))
            else:
                bob_corrects(writes, f"Text {number}", number + 1)
    (message,) = writes.messages.newest(BOBS, 10)
    assert (message.body, message.edited) == ("Text 3", True)
    assert [version.body for version in writes.messages.versions(message.id)] == ["First", "Text 1", "Text 2", "Text 3"]


def test_a_correction_by_an_earlier_clock_still_wins_over_the_first_text(writes: Writes) -> None:
    writes.add_message(incoming("Helo"))
    bob_corrects(writes, number=-100)
    assert writes.messages.newest(BOBS, 1)[0].body == "Hello"


def test_a_correction_of_a_correction_means_the_message(writes: Writes) -> None:
    message = writes.add_message(incoming("Helo")).message
    bob_corrects(writes, "Hallo", 2)
    again = correct(writes, BOBS, "s2", sender=BOB, body="Hello", time=NOON + 3 * SECOND, stanza_id="s3")
    assert again is not None
    assert (again.id, again.body) == (message.id, "Hello")
    assert [found.id for found in writes.find_by_stanza_id(BOBS, "s3")] == [message.id]
    assert writes.find_by_stanza_id(EVES, "s3") == ()


def test_nobody_corrects_what_another_wrote(writes: Writes) -> None:
    message = writes.add_message(incoming("Helo")).message
    assert bob_corrects(writes, "Forged", sender=EVE) is None
    assert writes.messages.get(message.id) == message


def test_a_forged_correction_that_comes_first_never_applies_and_does_not_stop_the_true_one(writes: Writes) -> None:
    assert bob_corrects(writes, "Forged", 2, sender=EVE) is None
    assert bob_corrects(writes, "Hello", 3) is None
    stored = writes.add_message(incoming("Helo"))
    assert (stored.message.body, stored.message.edited) == ("Hello", True)
    assert writes.messages.get(stored.message.id) == stored.message


def test_a_correction_that_is_not_to_wait_does_not(writes: Writes) -> None:
    writes.add_message(incoming("Something else", stanza_id="other"))
    assert correct(writes, BOBS, "s1", sender=BOB, body="Hello", time=NOON, hold=False) is None
    assert writes.add_message(incoming("Helo")).message.body == "Helo"


@pytest.mark.parametrize(
    ("original", "corrects", "applies"),
    [
        (("bob", "x"), ("bob", "x"), True),
        (("bob", "x"), ("robert", "x"), True),
        (("bob", "x"), ("bob", "y"), False),
        (("bob", "x"), ("bob", ""), False),
        (("bob", ""), ("bob", "x"), False),
        (("bob", ""), ("bob", ""), True),
        (("bob", ""), ("eve", ""), False),
    ],
)
@pytest.mark.parametrize("early", [False, True], ids=["after", "before"])
def test_in_rooms_the_occupant_id_says_who_may_correct(
    writes: Writes, original: tuple[str, str], corrects: tuple[str, str], applies: bool, early: bool
) -> None:
    nick, occupant_id = corrects
    new = in_room("Helo", original[0], occupant_id=original[1])
    writes.ensure_chat(ROOMS, new.kind)

    def correction() -> None:
        sender = ROOM.with_resource(nick)
        correct(writes, ROOMS, "r1", sender=sender, occupant_id=occupant_id, body="Hello", time=NOON, stanza_id="r2")

    if early:
        correction()
    writes.add_message(new)
    if not early:
        correction()
    assert [message.body for message in writes.messages.newest(ROOMS, 9)] == ["Hello" if applies else "Helo"]


def test_plain_text_does_not_correct_an_encrypted_message(writes: Writes) -> None:
    writes.add_message(incoming("Helo", encryption=Encryption.OMEMO))
    assert bob_corrects(writes) is None
    sealed = correct(
        writes, BOBS, "s1", sender=BOB, body="Hello", time=NOON, stanza_id="s3", encryption=Encryption.OMEMO
    )
    assert sealed is not None


def test_of_two_messages_with_one_id_the_newest_is_meant(writes: Writes) -> None:
    writes.add_message(incoming("One"))
    second = writes.add_message(incoming("Two", time=NOON + SECOND)).message
    assert bob_corrects(writes) == second.id
