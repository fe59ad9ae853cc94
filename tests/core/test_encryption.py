"""When a message is encrypted and when it is held; who is trusted (SECURITY 29, 30, 34)."""

from dataclasses import replace

import pytest

from tui_xmpp.core.encryption import (
    Circumstances,
    Course,
    candidates,
    decide,
    is_anothers,
    is_decided,
    is_proven,
    least,
    trust_of_new,
    version_for,
    withheld,
)
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.omemo import Device, EncryptionWish, OmemoVersion, Trust, undecided

BOB, CAROL = Address.parse("bob@example.org"), Address.parse("carol@example.org")
ALWAYS, POSSIBLE, NEVER = EncryptionWish.ALWAYS, EncryptionWish.WHEN_POSSIBLE, EncryptionWish.NEVER
CONTACT, ROOM, PRIVATE = ChatKind.CONTACT, ChatKind.ROOM, ChatKind.PRIVATE
PLAIN, ENCRYPT, HOLD = Course.PLAIN, Course.ENCRYPT, Course.HOLD
BOTH = frozenset(OmemoVersion)
KEY = "ab" * 32


@pytest.mark.parametrize(
    ("wish", "begun", "reachable", "expected"),
    [
        (POSSIBLE, False, {BOB}, ENCRYPT),
        (POSSIBLE, False, set(), PLAIN),
        (POSSIBLE, True, {BOB}, ENCRYPT),
        (POSSIBLE, True, set(), HOLD),
        (ALWAYS, False, {BOB}, ENCRYPT),
        (ALWAYS, False, set(), HOLD),
        (NEVER, False, {BOB}, PLAIN),
        (NEVER, True, {BOB}, PLAIN),
    ],
)
def test_a_contact(wish: EncryptionWish, begun: bool, reachable: set[Address], expected: Course) -> None:
    decision = decide(Circumstances(CONTACT, wish, begun, people=(BOB,), reachable=frozenset(reachable)))
    assert decision.course is expected
    assert bool(decision.reason) is (expected is HOLD)


@pytest.mark.parametrize(
    ("wish", "begun", "private", "reachable", "expected"),
    [
        (POSSIBLE, False, True, {BOB, CAROL}, ENCRYPT),
        (POSSIBLE, False, True, {BOB}, PLAIN),
        (POSSIBLE, True, True, {BOB}, ENCRYPT),
        (POSSIBLE, True, True, set(), HOLD),
        (POSSIBLE, False, False, {BOB, CAROL}, PLAIN),
        (POSSIBLE, True, False, {BOB, CAROL}, HOLD),
        (ALWAYS, False, False, {BOB, CAROL}, HOLD),
        (ALWAYS, False, True, {BOB}, ENCRYPT),
        (NEVER, True, True, {BOB, CAROL}, PLAIN),
    ],
)
def test_a_room(wish: EncryptionWish, begun: bool, private: bool, reachable: set[Address], expected: Course) -> None:
    now = Circumstances(ROOM, wish, begun, private, (BOB, CAROL), frozenset(reachable))
    assert decide(now).course is expected


@pytest.mark.parametrize(
    ("withheld", "reason"),
    [
        (set(), "no device"),
        ({Trust.DISTRUSTED}, "trust none"),
        ({Trust.UNDECIDED}, "not decided"),
        ({Trust.DISTRUSTED, Trust.UNDECIDED}, "not decided"),
    ],
)
def test_what_is_held_says_what_a_person_could_do_about_it(withheld: set[Trust], reason: str) -> None:
    decision = decide(Circumstances(CONTACT, POSSIBLE, True, people=(BOB,), withheld=frozenset(withheld)))
    assert decision.course is HOLD
    assert reason in decision.reason


def test_whose_keys_were_looked_at_is_not_written_to_in_clear_though_nothing_was_encrypted_yet() -> None:
    looked_at = Circumstances(CONTACT, POSSIBLE, False, people=(BOB,), decided=True)
    assert decide(looked_at).course is HOLD
    assert decide(replace(looked_at, wish=NEVER)).course is PLAIN
    assert decide(replace(looked_at, reachable=frozenset({BOB}))).course is ENCRYPT
    in_a_room = Circumstances(ROOM, POSSIBLE, False, True, (BOB, CAROL), frozenset({BOB}), decided=True)
    assert decide(in_a_room).course is PLAIN


@pytest.mark.parametrize(
    ("device", "expected"),
    [
        (Device(BOB, 1, KEY, Trust.TRUSTED, listed=BOTH), False),
        (Device(BOB, 1, listed=BOTH), False),
        (Device(BOB, 1, KEY, Trust.VERIFIED), True),
        (Device(BOB, 1, KEY, Trust.DISTRUSTED, listed=BOTH), True),
        (Device(BOB, 1, KEY, Trust.UNDECIDED, listed=BOTH), True),
        (Device(BOB, 1, KEY, Trust.VERIFIED, listed=BOTH, own=True), False),
    ],
)
def test_keys_were_looked_at_when_one_was_not_trusted_blindly(device: Device, expected: bool) -> None:
    assert is_decided([device]) is expected


def test_an_empty_room_and_a_private_message_are_not_encrypted_by_themselves() -> None:
    assert decide(Circumstances(ROOM, POSSIBLE, False, True)).course is PLAIN
    assert decide(Circumstances(PRIVATE, POSSIBLE, False)).course is PLAIN
    assert decide(Circumstances(PRIVATE, ALWAYS, False)).course is HOLD


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ((), Trust.TRUSTED),
        ((Trust.TRUSTED, Trust.DISTRUSTED, Trust.UNDECIDED), Trust.TRUSTED),
        ((Trust.TRUSTED, Trust.VERIFIED), Trust.UNDECIDED),
    ],
)
def test_a_new_device_is_trusted_until_somebody_was_verified(known: tuple[Trust, ...], expected: Trust) -> None:
    assert trust_of_new(Device(BOB, number, KEY, trust) for number, trust in enumerate(known)) is expected


def test_only_listed_devices_that_a_person_did_not_refuse_are_sent_to() -> None:
    devices = (
        Device(BOB, 1, KEY, Trust.TRUSTED, listed=BOTH),
        Device(BOB, 2, KEY, Trust.VERIFIED, listed=BOTH),
        Device(BOB, 3, KEY, Trust.UNDECIDED, listed=BOTH),
        Device(BOB, 4, KEY, Trust.DISTRUSTED, listed=BOTH),
        Device(BOB, 5, KEY, Trust.VERIFIED),
        Device(BOB, 6, listed=BOTH),
        Device(BOB, 7, KEY, Trust.VERIFIED, listed=BOTH, own=True),
    )
    assert [device.id for device in candidates(devices)] == [1, 2, 6]


def test_the_new_version_is_spoken_where_the_other_side_lists_it() -> None:
    assert version_for(Device(BOB, 1, listed=BOTH)) is OmemoVersion.TWO
    assert version_for(Device(BOB, 1, listed=frozenset({OmemoVersion.LEGACY}))) is OmemoVersion.LEGACY


def test_a_message_is_as_safe_as_the_least_trusted_device_that_it_went_to() -> None:
    assert least([Trust.VERIFIED, Trust.TRUSTED]) is Trust.TRUSTED
    assert least([Trust.VERIFIED]) is Trust.VERIFIED
    assert least([]) is Trust.UNDECIDED


PROVEN, CLAIMED = Trust.TRUSTED, Trust.UNPROVEN


@pytest.mark.parametrize(
    ("device", "holders", "expected"),
    [
        (None, [], False),
        (None, [Device(BOB, 1, KEY, PROVEN)], True),
        (None, [Device(BOB, 1, KEY, CLAIMED)], True),
        (Device(CAROL, 1, KEY, CLAIMED), [Device(CAROL, 1, KEY, CLAIMED)], False),
        (Device(CAROL, 1, KEY, CLAIMED), [Device(CAROL, 1, KEY, CLAIMED), Device(BOB, 1, KEY, CLAIMED)], True),
        (Device(CAROL, 1, listed=BOTH), [Device(BOB, 2, KEY, PROVEN)], True),
        (Device(CAROL, 1, KEY, PROVEN), [Device(CAROL, 1, KEY, PROVEN), Device(BOB, 1, KEY, CLAIMED)], False),
        (Device(CAROL, 1, KEY, Trust.UNDECIDED), [Device(BOB, 1, KEY, Trust.VERIFIED)], False),
    ],
)
def test_a_key_is_whose_who_published_it_or_else_came_first_with_it(
    device: Device | None, holders: list[Device], expected: bool
) -> None:
    """SECURITY 31."""
    assert is_anothers(CAROL, device, holders) is expected


@pytest.mark.parametrize(
    ("holder", "expected"),
    [(Device(BOB, 1, KEY, PROVEN), Trust.UNDECIDED), (Device(BOB, 1, KEY, CLAIMED), Trust.TRUSTED)],
)
def test_who_publishes_what_another_has_published_is_doubted(holder: Device, expected: Trust) -> None:
    assert trust_of_new([], [holder]) is expected


def test_an_unproven_device_is_asked_for_its_key_before_it_gets_anything_and_is_no_decision() -> None:
    unproven = Device(BOB, 1, KEY, Trust.UNPROVEN, listed=BOTH)
    assert candidates([unproven]) == (unproven,)
    assert not is_proven(unproven)
    assert not is_decided([unproven])
    assert not withheld([unproven])
    assert not Trust.UNPROVEN.is_sent_to


def test_an_unproven_device_waits_for_a_decision_only_after_another_one_was_verified() -> None:
    """SECURITY 30: also one that is heard before its owner lists it."""
    unproven, verified = Device(BOB, 1, KEY, Trust.UNPROVEN), Device(BOB, 2, KEY, Trust.VERIFIED)
    new, keyless = Device(BOB, 3, KEY, Trust.UNDECIDED), Device(BOB, 4)
    assert undecided([unproven]) == ()
    assert undecided([unproven, replace(verified, trust=Trust.TRUSTED), new, keyless]) == (new,)
    assert undecided([unproven, verified, new, keyless]) == (unproven, new)
    assert undecided([replace(unproven, own=True), verified]) == ()
