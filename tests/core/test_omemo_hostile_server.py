"""What a hostile server does to device lists, keys and archives (SECURITY 29-31, 33)."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.test_omemo import encrypting, keys_in, last, ready
from tests.core.test_omemo_hostile import Other, reads, somebody, two
from tests.engines import Client
from tests.server.prosody import Prosody, fresh_name
from tests.xmpp.omemo.peers import Peer
from tests.xmpp.party import Party
from tui_xmpp.core.ports import Cipher
from tui_xmpp.model.commands import AddContact, AnswerRequest, SetTrust
from tui_xmpp.model.contact import Subscription
from tui_xmpp.model.events import ProblemRaised
from tui_xmpp.model.message import Delivery, Encryption
from tui_xmpp.model.omemo import ListedDevice, OmemoVersion, Security, Trust
from tui_xmpp.model.request import RequestKind
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Outgoing

pytestmark = pytest.mark.timeout(120)


async def list_only(prosody: Prosody, other: Other, *devices: int) -> None:
    """Put other lists in the place of somebody's, as their server can."""
    async with Party.at(prosody, other.address) as server:
        for version in OmemoVersion:
            await server.connection.publish_devices(version, tuple(map(ListedDevice, devices)), {})


async def held(client: Client, other: Other, body: str) -> str:
    """Say something that is not sent, and return why."""
    await client.say(other.address, body)
    await client.until(lambda: last(client, other.address).error)
    assert last(client, other.address).delivery is Delivery.PENDING
    return last(client, other.address).error


async def begin(client: Client, other: Other) -> None:
    """Exchange a message each way."""
    await other.write(client, "one")
    await reads(client, other.address, "one")
    await client.say(other.address, "two")
    await client.until(lambda: last(client, other.address).delivery >= Delivery.SENT)


async def befriend(client: Client, other: Other) -> None:
    """See each other's presence: so we hear of changed lists, and they have signs of life from us (SECURITY 27)."""
    other.party.connection.subscribe(client.account)
    await client.until(lambda: [one.kind for one in client.engine.requests()] == [RequestKind.SUBSCRIPTION])
    await client.do(AnswerRequest(client.engine.requests()[0].id, accept=True))
    await client.do(AddContact(client.account, other.address))
    other.party.connection.answer_subscription(client.account, accept=True)
    await client.until(
        lambda: (one := client.engine.contact(client.account, other.address)) and one.subscription is Subscription.BOTH
    )


async def lose_sessions(client: Client, other: Other) -> None:
    """What a store from an older copy does."""

    async def end(cipher: Cipher) -> None:
        cipher.end_session(other.address, other.keys.keys.device)

    await client.engine._of(client.account).omemo.keys.do(end, lambda _writes, _nothing: None)


def texts_heard(other: Other) -> list[MessageReceived]:
    """The encrypted messages that came and carry something."""
    return other.party.heard(MessageReceived, lambda one: one.sealed is not None and bool(one.sealed.mark))


def signs_of_life(other: Other) -> int:
    """How many messages came that carry nothing but keys."""
    return len(other.party.heard(MessageReceived, lambda one: one.sealed is not None and not one.sealed.mark))


async def test_lists_that_the_server_empties_hold_what_is_written_also_after_a_restart(
    prosody: Prosody, tmp_path: Path
) -> None:
    """SECURITY 29."""
    name = fresh_name()
    async with somebody(prosody) as bob:
        async with encrypting(prosody, name, tmp_path) as alice:
            await ready(alice)
            await befriend(alice, bob)
            await begin(alice, bob)
            await list_only(prosody, bob)
            await alice.until(lambda: not any(one.listed for one in alice.engine.devices(alice.account, bob.address)))
            assert "no device" in await held(alice, bob, "first secret")
        async with encrypting(prosody, name, tmp_path) as alice:
            assert "no device" in await held(alice, bob, "second secret")
            assert not any("secret" in stanza for stanza in prosody.archived(alice.account))
            await list_only(prosody, bob, bob.keys.keys.device)
            await alice.until(lambda: all(one.delivery >= Delivery.SENT for one in alice.history(bob.address)[1:]))
            assert {one.encryption for one in alice.history(bob.address)} == {Encryption.OMEMO}


async def test_a_device_slipped_in_after_a_verification_gets_nothing_even_in_the_place_of_the_verified_one(
    prosody: Prosody,
) -> None:
    """SECURITY 30."""
    async with two(prosody) as (alice, bob):
        await befriend(alice, bob)
        await begin(alice, bob)
        verified = bob.keys.keys.device
        await alice.do(SetTrust(alice.account, bob.address, verified, Trust.VERIFIED))
        async with somebody(prosody, bob.address) as injected:
            await alice.until(lambda: [one.sender for one in alice.engine.requests()] == [bob.address])
            await alice.say(bob.address, "for the verified one")
            await alice.until(lambda: last(alice, bob.address).delivery >= Delivery.SENT)
            assert keys_in(prosody, alice.account)[-1] == {verified}
            await list_only(prosody, bob, injected.keys.keys.device)
            await alice.until(lambda: not alice.engine.devices(alice.account, bob.address)[0].listed)
            assert "not decided" in await held(alice, bob, "the secret")
            assert keys_in(prosody, alice.account)[-1] == {verified}
            assert not any("the secret" in stanza for stanza in prosody.archived(alice.account))
            await injected.write(alice, "it is me, on a new phone")
            await reads(alice, bob.address, "it is me, on a new phone")
            assert last(alice, bob.address).trust is Trust.UNDECIDED


async def test_whose_keys_were_compared_before_the_first_word_is_not_written_to_in_clear(prosody: Prosody) -> None:
    """SECURITY 29: the server takes the list away before anything was said."""
    async with two(prosody) as (alice, bob):
        await befriend(alice, bob)
        await alice.engine.learn_devices(alice.account, bob.address)
        await alice.do(SetTrust(alice.account, bob.address, bob.keys.keys.device, Trust.VERIFIED))
        await list_only(prosody, bob)
        await alice.until(lambda: not alice.engine.devices(alice.account, bob.address)[0].listed)
        assert alice.engine.security(alice.key(bob.address)).state is Security.ON
        assert "no device" in await held(alice, bob, "the secret")
        assert not any("the secret" in stanza for stanza in prosody.archived(alice.account))


async def test_a_device_slipped_into_our_own_list_while_we_were_away_is_announced(
    prosody: Prosody, tmp_path: Path
) -> None:
    """SECURITY 30."""
    name = fresh_name()
    async with encrypting(prosody, name, tmp_path) as alice:
        await ready(alice)
        account = alice.account
        assert alice.engine.requests() == ()
    async with somebody(prosody, account) as injected, encrypting(prosody, name, tmp_path) as alice:
        await alice.until(lambda: [one.kind for one in alice.engine.requests()] == [RequestKind.DEVICE])
        assert alice.engine.requests()[0].sender == account
        known = {one.id: one.fingerprint for one in alice.engine.devices(account, account)}
        assert known[injected.keys.keys.device] == injected.keys.keys.fingerprint


@pytest.mark.parametrize("version", OmemoVersion)
async def test_a_device_with_the_id_of_somebody_elses_is_another_one(prosody: Prosody, version: OmemoVersion) -> None:
    """SECURITY 31: what belongs together is the bare address and the device."""
    async with two(prosody) as (alice, bob), Party.at(prosody, prosody.add_user(fresh_name())) as line:
        eve = Other(line, await Peer.begun(line.address.bare))
        eve.keys.stored["/own_device_id"] = str(bob.keys.keys.device)
        eve.keys.restart()
        await eve.keys.begin()
        await bob.write(alice, "from bob", version)
        await reads(alice, bob.address, "from bob")
        await alice.do(SetTrust(alice.account, bob.address, bob.keys.keys.device, Trust.VERIFIED))
        await eve.write(alice, "from eve", version)
        await reads(alice, eve.address, "from eve")
        assert eve.keys.keys.device == bob.keys.keys.device
        assert last(alice, eve.address).trust is Trust.UNPROVEN
        await bob.write(alice, "still bob", version)
        await reads(alice, bob.address, "still bob")
        assert last(alice, bob.address).trust is Trust.VERIFIED
        (bobs,) = alice.engine.devices(alice.account, bob.address)
        (eves,) = alice.engine.devices(alice.account, eve.address)
        assert (bobs.fingerprint, eves.fingerprint) == (bob.keys.keys.fingerprint, eve.keys.keys.fingerprint)


async def test_devices_without_keys_are_left_out_and_named_and_when_none_has_any_it_is_held(prosody: Prosody) -> None:
    """SECURITY 29."""
    async with two(prosody) as (alice, bob):
        device = bob.keys.keys.device
        await befriend(alice, bob)
        await list_only(prosody, bob, device, device - 1)
        await alice.until(lambda: len(alice.engine.devices(alice.account, bob.address)) == 2)
        await alice.say(bob.address, "to the one that works")
        await alice.until(lambda: last(alice, bob.address).delivery >= Delivery.SENT)
        assert keys_in(prosody, alice.account)[-1] == {device}
        told = [problem.text for problem in alice.told(ProblemRaised)]
        assert told == [f"{bob.address} cannot read this on every device."]
        await list_only(prosody, bob, device - 1)
        await alice.until(
            lambda: sum(bool(one.listed) for one in alice.engine.devices(alice.account, bob.address)) == 1
        )
        assert "can be encrypted to" in await held(alice, bob, "the secret")
        assert not any("the secret" in stanza for stanza in prosody.archived(alice.account))


@pytest.mark.parametrize("version", OmemoVersion)
async def test_a_ciphertext_that_the_archive_has_again_is_not_shown_again(
    prosody: Prosody, tmp_path: Path, version: OmemoVersion
) -> None:
    """SECURITY 33."""
    name = fresh_name()
    async with somebody(prosody) as bob:
        async with encrypting(prosody, name, tmp_path) as alice:
            await ready(alice)
            outgoing = Outgoing(alice.account, MessageType.CHAT, "one", "pay me", origin_id="one")
            sealed = replace(outgoing, envelopes=await bob.seal(alice, outgoing, version))
            bob.party.connection.send(sealed)
            await reads(alice, bob.address, "pay me")
            end = Outgoing(alice.account, MessageType.CHAT, "end", "the end", origin_id="end")
            end = replace(end, envelopes=await bob.seal(alice, end, version))
        for again in ("two", "three"):
            bob.party.connection.send(replace(sealed, id=again, origin_id=again))
        bob.party.connection.send(end)
        async with encrypting(prosody, name, tmp_path) as alice:
            await reads(alice, bob.address, "the end")
            assert alice.bodies(bob.address) == ["pay me", "the end"]


async def test_whoever_wrote_while_we_were_away_has_one_sign_of_life_when_all_is_read(
    prosody: Prosody, tmp_path: Path
) -> None:
    """SECURITY 33: each of these messages begins a session anew, and asks for an answer."""
    name = fresh_name()
    async with somebody(prosody) as bob:
        async with encrypting(prosody, name, tmp_path) as alice:
            await ready(alice)
            await befriend(alice, bob)
            messages = []
            for number in range(60):
                one = Outgoing(alice.account, MessageType.CHAT, f"{number}", f"text {number}", origin_id=f"{number}")
                messages.append(replace(one, envelopes=await bob.seal(alice, one)))
        for one in messages:
            bob.party.connection.send(one)
        assert signs_of_life(bob) == 0
        async with encrypting(prosody, name, tmp_path) as alice:
            await reads(alice, bob.address, "text 59")
            assert len(alice.history(bob.address)) == 60
            await alice.until(lambda: signs_of_life(bob), "a sign of life")
            await bob.answer()
            await bob.write(alice, "good")
            await reads(alice, bob.address, "good")
            assert signs_of_life(bob) == 1


@pytest.mark.parametrize("live", [True, False])
async def test_only_who_writes_now_in_a_session_that_we_do_not_have_gets_a_new_one(
    prosody: Prosody, tmp_path: Path, live: bool
) -> None:
    """SECURITY 33: an archive that is full of such messages makes us begin no session."""
    name = fresh_name()
    async with somebody(prosody) as bob:
        async with encrypting(prosody, name, tmp_path) as alice:
            await ready(alice)
            await befriend(alice, bob)
            await begin(alice, bob)
            await alice.until(lambda: texts_heard(bob))
            await bob.answer()
            outgoing = Outgoing(alice.account, MessageType.CHAT, "lost", "lost", origin_id="lost")
            lost = replace(outgoing, envelopes=await bob.seal(alice, outgoing))
            assert not any(key.exchange for envelope in lost.envelopes for key in envelope.keys)
            await lose_sessions(alice, bob)
            before = signs_of_life(bob)
            if live:
                bob.party.connection.send(lost)
                await alice.until(lambda: signs_of_life(bob) > before, "a new session")
        if not live:
            bob.party.connection.send(lost)
        async with encrypting(prosody, name, tmp_path) as alice:
            await alice.until(lambda: last(alice, bob.address).encryption is Encryption.UNREADABLE)
            omemo = alice.engine._of(alice.account).omemo
            await alice.until(lambda: not omemo._resting and not omemo.opening.to_heal, "nothing is left to be done")
            await alice.say(bob.address, "three")
            texts = len(texts_heard(bob))
            await alice.until(lambda: len(texts_heard(bob)) > texts)
            assert signs_of_life(bob) - before == live
