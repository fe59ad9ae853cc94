"""The cryptography between two devices of ours, in both versions."""

from dataclasses import replace

import pytest

from tests.xmpp.omemo.peers import ALICE, BOB, Peer
from tui_xmpp.model.address import Address
from tui_xmpp.model.omemo import Bundle, Envelope, KeyMaterial, OmemoVersion, Recipient, Unopened
from tui_xmpp.xmpp.omemo.machine import CannotOpen

pytestmark = pytest.mark.parametrize("version", OmemoVersion)
OTHER = {OmemoVersion.LEGACY: OmemoVersion.TWO, OmemoVersion.TWO: OmemoVersion.LEGACY}


async def pair() -> tuple[Peer, Peer]:
    return await Peer.begun(ALICE), await Peer.begun(BOB)


async def fails(reader: Peer, envelope: Envelope, sender: Peer, known: str = "") -> Unopened:
    with pytest.raises(CannotOpen) as caught:
        await reader.opens(envelope, sender, known)
    assert reader.commit() == {}, "a failure changes nothing"
    return caught.value.reason


async def test_the_first_message_begins_a_session_and_the_answer_confirms_it(version: OmemoVersion) -> None:
    alice, bob = await pair()
    first = await alice.writes(bob, "hello", version)
    assert [key.exchange for key in first.keys] == [True]
    opened = await bob.opens(first, alice)
    assert (opened.content, opened.fingerprint, opened.answer) == (b"hello", alice.keys.fingerprint, True)
    answer = await bob.writes(alice, None, version)
    assert answer.payload is None
    assert (await alice.opens(answer, bob)).content is None
    assert [key.exchange for key in (await alice.writes(bob, "more", version)).keys] == [False]


async def test_both_versions_show_the_same_fingerprint_of_a_device(version: OmemoVersion) -> None:
    alice, bob = await pair()
    assert alice.cipher.fingerprint_of(await bob.bundle(version)) == bob.keys.fingerprint
    assert len(bob.keys.fingerprint) == 64


async def test_messages_are_read_in_any_order_and_after_restarts_of_both(version: OmemoVersion) -> None:
    alice, bob = await pair()
    envelopes = [await alice.writes(bob, str(number), version) for number in range(10)]
    alice.restart()
    envelopes += [await alice.writes(bob, str(number), version) for number in range(10, 20)]
    for number in (7, 0, 19, 3, 12):
        bob.restart()
        assert await bob.reads(envelopes[number], alice) == str(number)


async def test_what_was_not_written_has_not_happened(version: OmemoVersion) -> None:
    alice, bob = await pair()
    await bob.reads(await alice.writes(bob, "first", version), alice)
    envelope = await alice.writes(bob, "second", version)
    assert (await bob.cipher.open(envelope, ALICE, "")).content == b"second"
    bob.restart()
    assert await bob.reads(envelope, alice) == "second"


async def test_a_message_is_opened_once(version: OmemoVersion) -> None:
    alice, bob = await pair()
    envelope = await alice.writes(bob, "hello", version)
    await bob.opens(envelope, alice)
    assert await fails(bob, envelope, alice) is Unopened.REPEATED


async def test_two_devices_that_begin_at_the_same_time_understand_each_other(version: OmemoVersion) -> None:
    alice, bob = await pair()
    from_alice = [await alice.writes(bob, f"a{number}", version) for number in range(2)]
    from_bob = [await bob.writes(alice, f"b{number}", version) for number in range(2)]
    assert [await bob.reads(each, alice) for each in from_alice] == ["a0", "a1"]
    assert [await alice.reads(each, bob) for each in from_bob] == ["b0", "b1"]
    for number in range(4):
        to_bob = await alice.writes(bob, f"A{number}", version)
        to_alice = await bob.writes(alice, f"B{number}", version)
        assert await bob.reads(to_bob, alice) == f"A{number}"
        assert await alice.reads(to_alice, bob) == f"B{number}"


async def test_what_is_still_on_its_way_in_an_old_session_is_read_after_a_new_one_began(version: OmemoVersion) -> None:
    alice, bob = await pair()
    await bob.reads(await alice.writes(bob, "one", version), alice)
    late = await alice.writes(bob, "late", version)
    alice.cipher.end_session(BOB, bob.keys.device)
    alice.commit()
    assert await bob.reads(await alice.writes(bob, "new", version), alice) == "new"
    assert await bob.reads(late, alice) == "late"
    assert await bob.reads(await alice.writes(bob, "newer", version), alice) == "newer"


async def test_a_message_without_a_key_for_us_is_said_to_be_none(version: OmemoVersion) -> None:
    alice, bob = await pair()
    carol = await Peer.begun(Address.parse("carol@example.org"))
    assert await fails(carol, await alice.writes(bob, "hello", version), alice) is Unopened.NOT_FOR_US


async def test_a_message_of_a_session_that_we_lost_says_so(version: OmemoVersion) -> None:
    alice, bob = await pair()
    await bob.reads(await alice.writes(bob, "one", version), alice)
    await alice.opens(await bob.writes(alice, None, version), bob)
    bob.cipher.end_session(ALICE, alice.keys.device)
    bob.commit()
    assert await fails(bob, await alice.writes(bob, "two", version), alice) is Unopened.NO_SESSION


async def test_a_changed_message_is_not_opened_and_the_true_one_still_is(version: OmemoVersion) -> None:
    alice, bob = await pair()
    true = await alice.writes(bob, "hello", version)
    assert true.payload is not None
    forged = replace(true, payload=bytes([true.payload[0] ^ 1]) + true.payload[1:])
    assert await fails(bob, forged, alice) is Unopened.BROKEN
    assert await bob.reads(true, alice) == "hello"


async def test_one_that_fails_takes_nothing_back_from_those_opened_in_the_same_go(version: OmemoVersion) -> None:
    alice, bob = await pair()
    first = await alice.writes(bob, "one", version)
    broken = replace(first, keys=(replace(first.keys[0], data=b"3" * 40),))
    assert (await bob.cipher.open(first, ALICE, "")).content == b"one"
    for envelope, reason in ((broken, Unopened.BROKEN), (first, Unopened.REPEATED)):
        with pytest.raises(CannotOpen) as caught:
            await bob.cipher.open(envelope, ALICE, "")
        assert caught.value.reason is reason
    bob.commit()
    bob.restart()
    await alice.opens(await bob.writes(alice, None, version), bob)
    second = await alice.writes(bob, "two", version)
    assert [key.exchange for key in second.keys] == [False]
    assert await bob.reads(second, alice) == "two"


@pytest.mark.parametrize("data", [b"", b"3", b"\x33" * 40, b"\xff" * 500, bytes(33)])
@pytest.mark.parametrize("exchange", [True, False])
async def test_rubbish_in_place_of_a_key_breaks_nothing(version: OmemoVersion, data: bytes, exchange: bool) -> None:
    alice, bob = await pair()
    true = await alice.writes(bob, "hello", version)
    forged = replace(true, keys=(KeyMaterial(bob.keys.device, data, exchange, true.keys[0].recipient),))
    await fails(bob, forged, alice)
    assert await bob.reads(true, alice) == "hello"


async def test_who_begins_a_session_is_known_before_it_is_opened(version: OmemoVersion) -> None:
    """Whoever gets hold of a first message could send it again as their own (SECURITY 31)."""
    alice, bob = await pair()
    first = await alice.writes(bob, "hello", version)
    assert bob.cipher.begun_by(first) == {alice.keys.fingerprint}
    assert bob.commit() == {}
    await bob.reads(first, alice)
    await alice.opens(await bob.writes(alice, None, version), bob)
    assert bob.cipher.begun_by(await alice.writes(bob, "again", version)) == set()
    assert alice.cipher.begun_by(first) == set(), "it begins none with alice herself"
    rubbish = replace(first, keys=(replace(first.keys[0], data=b"3" * 40), *first.keys))
    assert bob.cipher.begun_by(rubbish) == {alice.keys.fingerprint}


async def test_a_device_that_suddenly_has_another_key_is_refused(version: OmemoVersion) -> None:
    """The server slips a session of its own in under a known device id (SECURITY 30, 31)."""
    alice, bob = await pair()
    await bob.reads(await alice.writes(bob, "hello", version), alice)
    mallory = await Peer.begun(ALICE)
    mallory.stored["/own_device_id"] = str(alice.keys.device)
    mallory.restart()
    await mallory.begin()
    forged = await mallory.writes(bob, "it is me", version)
    assert await fails(bob, forged, mallory, alice.keys.fingerprint) is Unopened.OTHER_KEY
    assert await fails(bob, forged, mallory) is Unopened.OTHER_KEY, "the session alone knows the key too"
    assert await bob.reads(await alice.writes(bob, "still here", version), alice) == "still here"


async def test_nothing_is_encrypted_to_another_key_than_the_known_one(version: OmemoVersion) -> None:
    alice, bob = await pair()
    mallory = await Peer.begun(BOB)
    slipped = replace(await bob.recipient(version), bundle=await mallory.bundle(version))
    sealing = await alice.cipher.seal({version: b"secret"}, [slipped])
    assert sealing.envelopes == ()
    assert [recipient for recipient, _why in sealing.left_out] == [slipped]


def broken(bundle: Bundle) -> list[Bundle]:
    return [
        replace(bundle, signature=bytes(64)),
        replace(bundle, signed_pre_key=bytes(32)),
        replace(bundle, identity_key=bytes(32)),
        replace(bundle, pre_keys=()),
        replace(bundle, pre_keys=((1, bytes(32)),)),
    ]


async def test_devices_with_broken_bundles_are_left_out_and_the_others_get_it(version: OmemoVersion) -> None:
    alice, bob = await pair()
    good = await bob.recipient(version)
    assert good.bundle is not None
    bad = [replace(good, device=number, bundle=each) for number, each in enumerate(broken(good.bundle), 1)]
    sealing = await alice.cipher.seal({version: b"hello"}, [*bad, good, replace(good, device=99, bundle=None)])
    alice.commit()
    assert {recipient.device for recipient, _why in sealing.left_out} == {1, 2, 3, 4, 5, 99}
    assert await bob.reads(sealing.envelopes[0], alice) == "hello"


async def test_identity_keys_have_the_sign_that_converse_takes_and_pre_key_zero_is_never_used(
    version: OmemoVersion,
) -> None:
    alice, bob = await pair()
    for _ in range(4):
        bundle = await (await Peer.begun(BOB)).bundle(OmemoVersion.TWO)
        assert not bundle.identity_key[31] & 0x80
    good = await bob.recipient(version)
    assert good.bundle is not None
    assert all(number for number, _key in good.bundle.pre_keys)
    (number, key), *_ = good.bundle.pre_keys
    zero = replace(good, bundle=replace(good.bundle, pre_keys=((0, bytes(32)), (number, key))))
    for device in range(1, 6):
        sealing = await alice.cipher.seal({version: b"x"}, [replace(zero, device=device)])
        assert sealing.left_out == ()


async def test_used_pre_keys_are_offered_no_more_but_serve_until_they_are_renewed(version: OmemoVersion) -> None:
    alice, bob = await pair()
    carol = await Peer.begun(Address.parse("carol@example.org"))
    bundle = await bob.bundle(version)
    only = replace(bundle, pre_keys=bundle.pre_keys[:1])
    target = Recipient(BOB, bob.keys.device, version, bob.keys.fingerprint, only)
    for number, peer in enumerate((alice, carol)):
        sealing = await peer.cipher.seal({version: b"hello"}, [target])
        peer.commit()
        assert await bob.reads(sealing.envelopes[0], peer) == "hello"
        offered = (await bob.bundle(version)).pre_keys
        assert only.pre_keys[0] not in offered, number
    assert len((await bob.bundle(version)).pre_keys) == 99
    assert await bob.cipher.renew()
    bob.commit()
    dave = await Peer.begun(Address.parse("dave@example.org"))
    sealing = await dave.cipher.seal({version: b"late"}, [target])
    dave.commit()
    assert await fails(bob, sealing.envelopes[0], dave) is Unopened.NO_SESSION


async def test_a_store_that_lost_its_identity_gets_another_device_id(version: OmemoVersion) -> None:
    alice = await Peer.begun(ALICE)
    before = alice.keys
    del alice.stored["/ikp/key"]
    alice.restart()
    after = await alice.begin()
    assert after.fresh
    assert after.device != before.device
    assert after.fingerprint != before.fingerprint
    assert alice.cipher.fingerprint_of(await alice.bundle(version)) == after.fingerprint
