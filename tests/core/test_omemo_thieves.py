"""Who sends as their own what another encrypted, in the version that does not say inside who wrote it (SECURITY 31)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from tests.core.test_omemo import encrypting, last, own_device, ready
from tests.core.test_omemo_hostile import Other, reads, somebody
from tests.core.test_omemo_hostile_server import texts_heard
from tests.engines import Client
from tests.server.prosody import Prosody, fresh_name
from tests.xmpp.omemo.peers import Peer
from tests.xmpp.party import Party
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import AnswerRequest, SetTrust
from tui_xmpp.model.contact import Subscription
from tui_xmpp.model.message import Encryption
from tui_xmpp.model.omemo import ListedDevice, OmemoVersion, Trust
from tui_xmpp.model.search import SearchQuery, Term
from tui_xmpp.model.stanzas import MessageReceived, MessageType, OpenedMessage, Outgoing

pytestmark = pytest.mark.timeout(120)
LEGACY = OmemoVersion.LEGACY
OWED = "I owe you"


@asynccontextmanager
async def three(prosody: Prosody) -> AsyncIterator[tuple[Client, Other, Party]]:
    """Alice, who encrypts; an author, who speaks the old version only; and a thief with a line, and no device yet."""
    line = Party.at(prosody, prosody.add_user(fresh_name()))
    async with encrypting(prosody) as alice, somebody(prosody) as bob, line as eve:
        await bob.party.connection.publish_devices(OmemoVersion.TWO, (), {})
        await ready(alice)
        yield alice, bob, eve


async def written(alice: Client, bob: Other, name: str = "one", body: str = OWED) -> Outgoing:
    """What Bob has encrypted, and somebody has got hold of on its way."""
    outgoing = Outgoing(alice.account, MessageType.CHAT, name, body, origin_id=name)
    return replace(outgoing, envelopes=await bob.seal(alice, outgoing, LEGACY))


def as_device(message: Outgoing, device: int) -> Outgoing:
    """The same, said to come from a device with another number: nobody signs it."""
    return replace(message, envelopes=tuple(replace(each, device=device) for each in message.envelopes))


async def befriend(alice: Client, other: Party) -> None:
    """Let somebody see Alice's presence, who may therefore be asked for keys."""
    person = other.address.bare
    other.connection.subscribe(alice.account)
    await alice.until(lambda: person in [request.sender for request in alice.engine.requests()])
    (request,) = (each for each in alice.engine.requests() if each.sender == person)
    await alice.do(AnswerRequest(request.id, accept=True))

    def is_seen() -> bool:
        contact = alice.engine.contact(alice.account, person)
        return contact is not None and contact.subscription in {Subscription.FROM, Subscription.BOTH}

    await alice.until(is_seen)


async def publish_copy(eve: Party, bob: Other, device: int) -> None:
    """Publish another's public keys as one's own."""
    await eve.connection.publish_bundle(device, await bob.keys.bundle(LEGACY))
    await eve.connection.publish_devices(LEGACY, (ListedDevice(device),), {})


def trust_in(alice: Client, person: Address, device: int) -> Trust | None:
    return next((each.trust for each in alice.engine.devices(alice.account, person) if each.id == device), None)


async def test_a_contact_who_has_published_a_key_is_known_by_it_with_the_first_word(prosody: Prosody) -> None:
    async with three(prosody) as (alice, bob, _eve):
        await befriend(alice, bob.party)
        bob.party.connection.send(await written(alice, bob))
        await reads(alice, bob.address, OWED)
        assert last(alice, bob.address).trust is Trust.TRUSTED


async def test_a_stranger_is_shown_as_unproven_and_known_as_soon_as_one_answers(prosody: Prosody) -> None:
    """SECURITY 27: the server of somebody who may not know of us is not asked before."""
    async with three(prosody) as (alice, bob, _eve):
        bob.party.connection.send(await written(alice, bob))
        await reads(alice, bob.address, OWED)
        assert last(alice, bob.address).trust is Trust.UNPROVEN
        assert not alice.engine._of(alice.account).omemo.devices.is_heard(bob.address)
        await alice.say(bob.address, "do you?")
        await alice.until(lambda: trust_in(alice, bob.address, bob.keys.keys.device) is Trust.TRUSTED)
        bob.party.connection.send(await written(alice, bob, "two", "I do"))
        await reads(alice, bob.address, "I do")
        assert last(alice, bob.address).trust is Trust.TRUSTED


@pytest.mark.parametrize("is_friend", [True, False])
async def test_what_is_repeated_before_the_author_is_heard_is_taken_from_the_thief_when_the_author_is(
    prosody: Prosody, is_friend: bool
) -> None:
    """Whatever number the thief gives the device, and whoever the thief is."""
    async with three(prosody) as (alice, bob, eve):
        if is_friend:
            await befriend(alice, eve)
        sealed = await written(alice, bob)
        eve.connection.send(as_device(sealed, 4711))
        thief = eve.address.bare
        await reads(alice, thief, OWED)
        assert last(alice, thief).trust is Trust.UNPROVEN, "nobody has heard of the author yet"
        bob.party.connection.send(sealed)
        await reads(alice, bob.address, OWED)
        assert last(alice, bob.address).trust is Trust.TRUSTED
        await alice.until(lambda: OWED not in alice.bodies(thief))
        assert last(alice, thief).encryption is Encryption.UNREADABLE
        assert "somebody else" in last(alice, thief).body
        found = alice.engine.search(SearchQuery((Term("owe"),)), 10)
        assert [hit.message.chat.peer for hit in found.hits] == [bob.address]
        eve.connection.send(replace(as_device(await written(alice, bob, "two", "more"), 4711), id="again"))
        await alice.until(lambda: len(alice.history(thief)) == 2)
        assert "more" not in alice.bodies(thief)


async def test_a_thief_with_a_published_key_of_another_is_found_out_at_once(prosody: Prosody) -> None:
    async with three(prosody) as (alice, bob, eve), somebody(prosody, eve.address.bare) as own:
        await befriend(alice, eve)
        eve.connection.send(as_device(await written(alice, bob), own.keys.keys.device))
        await alice.until(lambda: alice.history(own.address))
        assert last(alice, own.address).encryption is Encryption.UNREADABLE
        assert "another key" in last(alice, own.address).body
        await own.write(alice, "my own words", LEGACY)
        await reads(alice, own.address, "my own words")


async def test_what_a_known_author_wrote_is_nobody_elses_under_whatever_number(prosody: Prosody) -> None:
    async with three(prosody) as (alice, bob, eve):
        await befriend(alice, bob.party)
        sealed = await written(alice, bob)
        bob.party.connection.send(sealed)
        await reads(alice, bob.address, OWED)
        eve.connection.send(as_device(sealed, 4711))
        thief = eve.address.bare
        await alice.until(lambda: alice.history(thief))
        assert last(alice, thief).encryption is Encryption.UNREADABLE


async def test_who_publishes_a_copy_of_known_keys_waits_for_a_decision_and_gets_nothing(prosody: Prosody) -> None:
    async with three(prosody) as (alice, bob, eve):
        for other in (bob.party, eve):
            await befriend(alice, other)
        bob.party.connection.send(await written(alice, bob))
        await reads(alice, bob.address, OWED)
        device = bob.keys.keys.device
        bob.keys.cipher.end_session(alice.account, own_device(alice))
        await publish_copy(eve, bob, device)
        eve.connection.send(await written(alice, bob, "two", "held back by the server"))
        thief = eve.address.bare
        await reads(alice, thief, "held back by the server")
        assert last(alice, thief).trust is Trust.UNDECIDED
        assert thief in [request.sender for request in alice.engine.requests()]
        await alice.say(thief, "what?")
        await alice.until(lambda: "not decided" in last(alice, thief).error)
        assert trust_in(alice, bob.address, device) is Trust.TRUSTED


async def test_who_publishes_a_copy_first_does_not_shut_the_author_out_for_good(prosody: Prosody) -> None:
    """What the thief had is gone for the author, for its key is used; a person decides on the rest."""
    async with three(prosody) as (alice, bob, eve):
        for other in (bob.party, eve):
            await befriend(alice, other)
        sealed, device = await written(alice, bob), bob.keys.keys.device
        await publish_copy(eve, bob, device)
        eve.connection.send(sealed)
        await reads(alice, eve.address.bare, OWED)
        bob.party.connection.send(sealed)
        await alice.until(lambda: bob.address in [request.sender for request in alice.engine.requests()])
        assert trust_in(alice, bob.address, device) is Trust.UNDECIDED
        await alice.do(SetTrust(alice.account, bob.address, device, Trust.VERIFIED))
        await alice.say(bob.address, "is it you?")
        await bob.party.hears(MessageReceived, lambda one: one.sealed is not None and bool(one.sealed.mark))
        await bob.answer()
        bob.party.connection.send(await written(alice, bob, "two", "it is me"))
        await reads(alice, bob.address, "it is me")
        assert last(alice, bob.address).trust is Trust.VERIFIED


async def test_a_device_that_the_server_invents_before_the_true_one_was_heard_gives_way_to_it(
    prosody: Prosody,
) -> None:
    """SECURITY 30, 31: the session with the false key is forgotten when the published one is known."""
    async with three(prosody) as (alice, bob, _eve):
        forger = await Peer.begun(bob.address)
        forger.stored["/own_device_id"] = str(bob.keys.keys.device)
        forger.restart()
        await forger.begin()
        false = Other(bob.party, forger)
        await false.write(alice, "forged", LEGACY)
        await reads(alice, bob.address, "forged")
        assert last(alice, bob.address).trust is Trust.UNPROVEN
        bob.party.connection.send(await written(alice, bob))
        await reads(alice, bob.address, OWED)
        assert last(alice, bob.address).trust is Trust.TRUSTED
        await false.write(alice, "forged again", LEGACY)
        await alice.until(lambda: len(alice.history(bob.address)) == 3)
        assert last(alice, bob.address).encryption is Encryption.UNREADABLE
        await alice.say(bob.address, "hello")
        await bob.party.hears(MessageReceived, lambda one: one.sealed is not None and bool(one.sealed.mark))
        (heard,) = texts_heard(bob)
        assert heard.sealed is not None
        opened = await bob.keys.cipher.unseal(heard.sealed, alice.account, {})
        assert isinstance(opened, OpenedMessage), "it was encrypted with the true key"
