"""What a key wrote before it was proven follows what turns out of the key, and nothing else does."""

from dataclasses import replace

from tests.storage.builders import BOB, EVE, ME, NOON, OTHER_ME, in_room, incoming, operation
from tui_xmpp.model.message import Encryption, Message
from tui_xmpp.model.omemo import Device, Trust
from tui_xmpp.storage.values import Change, NewMessage
from tui_xmpp.storage.writes import Writes

KEY, ANOTHER = "ab" * 32, "cd" * 32
BOBS_DEVICE = Device(BOB, 7, KEY, Trust.TRUSTED)
WORDS = "It was somebody else's."


def wrote(writes: Writes, new: NewMessage, fingerprint: str = KEY, *, device: int = 7) -> Message:
    """Store a message of a device whose key is not proven; the sender of `new` is whose it is said to be."""
    owner = new.sender if new.sender.is_bare else BOB
    key_id = writes.key_id(new.key.account, owner, device, fingerprint)
    sealed = replace(new, encryption=Encryption.OMEMO, device=device, trust=Trust.UNPROVEN, key_id=key_id)
    return writes.add_message(sealed).message


def trust_of(writes: Writes, message: Message) -> Trust | None:
    stored = writes.messages.get(message.id)
    assert stored is not None
    return stored.trust


def test_a_key_has_one_number_for_each_device_that_it_was_seen_with(writes: Writes) -> None:
    first = writes.key_id(ME, BOB, 7, KEY)
    assert first > 0
    assert writes.key_id(ME, BOB, 7, KEY) == first
    others = {writes.key_id(ME, BOB, 8, KEY), writes.key_id(ME, BOB, 7, ANOTHER), writes.key_id(ME, EVE, 7, KEY)}
    assert len({first, *others, writes.key_id(OTHER_ME, BOB, 7, KEY)}) == 5


def test_what_a_proven_key_wrote_says_so_in_every_chat_and_nothing_else_changes(writes: Writes) -> None:
    theirs = wrote(writes, incoming())
    in_group = wrote(writes, in_room(stanza_id="r1"))
    under_another_key = wrote(writes, incoming(stanza_id="s2"), ANOTHER)
    of_another_device = wrote(writes, incoming(stanza_id="s3"), device=8)
    of_a_thief = wrote(writes, incoming(stanza_id="s4", sender=EVE))
    changed = writes.follow_trust(ME, BOBS_DEVICE)
    assert {(message.id, message.trust) for message in changed} == {
        (theirs.id, Trust.TRUSTED),
        (in_group.id, Trust.TRUSTED),
    }
    left = (under_another_key, of_another_device, of_a_thief)
    assert {trust_of(writes, message) for message in left} == {Trust.UNPROVEN}


def test_what_is_proven_is_never_unproven_again(writes: Writes) -> None:
    message = wrote(writes, incoming())
    writes.follow_trust(ME, BOBS_DEVICE)
    assert writes.follow_trust(ME, replace(BOBS_DEVICE, trust=Trust.UNDECIDED)) == ()
    assert trust_of(writes, message) is Trust.TRUSTED


def test_what_others_wrote_with_a_key_is_withdrawn_and_what_its_owner_wrote_stays(writes: Writes) -> None:
    theirs = wrote(writes, incoming("I owe you"))
    stolen = wrote(writes, incoming("I owe you", stanza_id="s2", sender=EVE), device=8)
    (changed,) = writes.disown(ME, BOB, KEY, WORDS)
    assert (changed.id, changed.body, changed.encryption) == (stolen.id, WORDS, Encryption.UNREADABLE)
    assert writes.messages.get(theirs.id) == theirs
    assert writes.disown(ME, BOB, KEY, WORDS) == ()
    assert writes.follow_trust(ME, Device(EVE, 8, KEY, Trust.TRUSTED)) == ()


def test_a_correction_with_another_key_of_the_same_device_is_not_taken(writes: Writes) -> None:
    """SECURITY 13: else forged words would be shown as proven when the first key is."""
    message = wrote(writes, incoming("I owe you 1"))
    forged = writes.key_id(ME, BOB, 7, ANOTHER)
    correction = operation(Change.CORRECTION, body="I owe you 2", encryption=Encryption.OMEMO, device=7)
    assert writes.operate(replace(correction, key_id=forged)) is None
    changed = writes.operate(replace(correction, key_id=message.key_id))
    assert changed is not None
    assert changed.body == "I owe you 2"


def test_what_is_thought_of_a_key_is_that_of_its_device_while_that_has_it(writes: Writes) -> None:
    known, other = writes.key_id(ME, BOB, 7, KEY), writes.key_id(ME, BOB, 7, ANOTHER)
    writes.learn_device(ME, BOB, 7, KEY, NOON, Trust.VERIFIED)
    assert (writes.devices.trust_of(known), writes.devices.trust_of(other)) == (Trust.VERIFIED, Trust.UNPROVEN)
