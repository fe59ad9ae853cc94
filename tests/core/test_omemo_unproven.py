"""A key that came with a message and is proven later, or never: what is shown of it, and who is asked (SECURITY 30)."""

from dataclasses import replace

import pytest

from tests.core.test_omemo import encrypting, keys_in, last, ready
from tests.core.test_omemo_hostile import Other, reads, somebody, two
from tests.core.test_omemo_hostile_server import befriend
from tests.core.test_omemo_thieves import OWED, three, trust_in, written
from tests.engines import Client
from tests.server.prosody import Prosody
from tests.xmpp.omemo.peers import Peer
from tests.xmpp.party import Party
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import AddContact, AnswerRequest, SetTrust
from tui_xmpp.model.events import MessageChanged
from tui_xmpp.model.message import Delivery, Encryption
from tui_xmpp.model.omemo import ListedDevice, OmemoVersion, Trust
from tui_xmpp.model.request import RequestKind
from tui_xmpp.model.stanzas import SubscriptionReceived

pytestmark = pytest.mark.timeout(120)
LEGACY = OmemoVersion.LEGACY


def trusts(client: Client, peer: Address) -> dict[str, Trust | None]:
    """What is said of each message of a chat, by its text."""
    return {message.body: message.trust for message in client.history(peer)}


def asked_about(client: Client) -> list[Address]:
    """Whose new devices wait for a decision."""
    return [request.sender for request in client.engine.requests() if request.kind is RequestKind.DEVICE]


async def unlisted(bob: Other) -> Other:
    """Another device of somebody's, that they have not listed."""
    return Other(bob.party, await Peer.begun(bob.address))


async def forger(bob: Other, number: int) -> Other:
    """Who writes as somebody's device, with a key of their own."""
    keys = await Peer.begun(bob.address)
    keys.stored["/own_device_id"] = str(number)
    keys.restart()
    await keys.begin()
    return Other(bob.party, keys)


async def test_what_a_stranger_wrote_says_at_once_that_it_is_theirs_when_one_answers(prosody: Prosody) -> None:
    async with three(prosody) as (alice, bob, _eve):
        for name in ("one", "two"):
            bob.party.connection.send(await written(alice, bob, name, name))
            await reads(alice, bob.address, name)
        assert set(trusts(alice, bob.address).values()) == {Trust.UNPROVEN}
        await alice.say(bob.address, "who is it?")
        await alice.until(lambda: set(trusts(alice, bob.address).values()) == {Trust.TRUSTED})
        told = {event.message.body: event.message.trust for event in alice.told(MessageChanged)}
        assert (told["one"], told["two"]) == (Trust.TRUSTED, Trust.TRUSTED)


async def test_what_a_stranger_wrote_says_that_it_is_theirs_when_their_devices_are_looked_at(prosody: Prosody) -> None:
    async with three(prosody) as (alice, bob, _eve):
        bob.party.connection.send(await written(alice, bob))
        await reads(alice, bob.address, OWED)
        await alice.engine.learn_devices(alice.account, bob.address)
        await alice.until(lambda: trusts(alice, bob.address) == {OWED: Trust.TRUSTED})


async def test_what_a_contact_wrote_before_they_listed_the_device_says_so_when_they_do(prosody: Prosody) -> None:
    async with two(prosody) as (alice, bob):
        await befriend(alice, bob)
        new = await unlisted(bob)
        await new.write(alice, "from my new phone", LEGACY)
        await reads(alice, bob.address, "from my new phone")
        assert last(alice, bob.address).trust is Trust.UNPROVEN
        assert asked_about(alice) == []
        await publish(new)
        await alice.until(lambda: trusts(alice, bob.address) == {"from my new phone": Trust.TRUSTED})


async def publish(new: Other) -> None:
    """Add a device to its owner's list, keys first."""
    number, connection = new.keys.keys.device, new.party.connection
    for version in OmemoVersion:
        await connection.publish_bundle(number, await new.keys.bundle(version))
        listed = await connection.devices(new.address, version)
        await connection.publish_devices(version, (*listed, ListedDevice(number)), {})


async def test_what_a_person_compared_is_theirs_from_the_first_word(prosody: Prosody) -> None:
    async with three(prosody) as (alice, bob, _eve):
        bob.party.connection.send(await written(alice, bob))
        await reads(alice, bob.address, OWED)
        device = bob.keys.keys.device
        await alice.do(SetTrust(alice.account, bob.address, device, Trust.DISTRUSTED))
        assert trusts(alice, bob.address) == {OWED: Trust.UNPROVEN}
        await alice.do(SetTrust(alice.account, bob.address, device, Trust.VERIFIED))
        assert trusts(alice, bob.address) == {OWED: Trust.VERIFIED}


async def test_what_was_forged_before_the_true_key_was_known_stays_doubtful_and_corrects_nothing(
    prosody: Prosody,
) -> None:
    """A server that writes as a stranger's device first, and then changes what the stranger says."""
    async with three(prosody) as (alice, bob, _eve):
        false = await forger(bob, bob.keys.keys.device)
        await false.write(alice, "forged", LEGACY)
        await reads(alice, bob.address, "forged")
        true = await written(alice, bob, "one", "true")
        bob.party.connection.send(replace(true, origin_id=""))
        await reads(alice, bob.address, "true")
        await false.write(alice, "forged again", LEGACY, replaces="one")
        await alice.until(lambda: len(alice.history(bob.address)) == 3)
        await alice.say(bob.address, "hello")
        await alice.until(lambda: trust_in(alice, bob.address, bob.keys.keys.device) is Trust.TRUSTED)
        said = trusts(alice, bob.address)
        assert said["forged"] is Trust.UNPROVEN
        assert said.get("forged again") in {None, Trust.UNPROVEN}
        assert said["true"] is Trust.TRUSTED


async def test_what_was_held_goes_out_when_a_stranger_who_shows_keys_to_contacts_alone_becomes_one(
    prosody: Prosody,
) -> None:
    """So do profanity and others, whose nodes have the access model that XEP-0163 takes for granted."""
    async with three(prosody) as (alice, bob, _eve):
        show_to_contacts_alone(prosody, bob.address)
        bob.party.connection.send(await written(alice, bob))
        await reads(alice, bob.address, OWED)
        await alice.say(bob.address, "what for?")
        await alice.until(lambda: last(alice, bob.address).error)
        await alice.do(AddContact(alice.account, bob.address))
        await bob.party.hears(SubscriptionReceived)
        bob.party.connection.answer_subscription(alice.account, accept=True)
        await alice.until(lambda: last(alice, bob.address).delivery >= Delivery.SENT)
        assert last(alice, bob.address).encryption is Encryption.OMEMO
        assert trusts(alice, bob.address)[OWED] is Trust.TRUSTED


def show_to_contacts_alone(prosody: Prosody, person: Address) -> None:
    """Let only those who see somebody's presence see what they publish."""
    prosody.shell(
        f'> local service = require"core.modulemanager".get_module("{person.domain}", "pep")'
        f'.get_pep_service("{person.local}"); local _, nodes = service:get_nodes(true); '
        'for node in pairs(nodes) do service:set_node_config(node, true, { access_model = "presence" }) end'
    )


async def test_after_a_verification_a_device_that_nobody_lists_waits_for_a_decision_too(prosody: Prosody) -> None:
    async with two(prosody) as (alice, bob):
        await befriend(alice, bob)
        await alice.engine.learn_devices(alice.account, bob.address)
        await alice.do(SetTrust(alice.account, bob.address, bob.keys.keys.device, Trust.VERIFIED))
        injected = await unlisted(bob)
        await injected.write(alice, "it is me, on a new phone", LEGACY)
        await reads(alice, bob.address, "it is me, on a new phone")
        await alice.until(lambda: asked_about(alice) == [bob.address])
        assert last(alice, bob.address).trust is Trust.UNPROVEN
        await injected.write(alice, "really", LEGACY)
        await reads(alice, bob.address, "really")
        assert asked_about(alice) == [bob.address], "once for each device, however much it writes"
        (request,) = alice.engine.requests()
        await alice.do(AnswerRequest(request.id, accept=False))
        assert trust_in(alice, bob.address, injected.keys.keys.device) is Trust.DISTRUSTED
        assert trust_in(alice, bob.address, bob.keys.keys.device) is Trust.VERIFIED
        await injected.write(alice, "still me", LEGACY)
        await alice.until(lambda: len(alice.history(bob.address)) == 3)
        assert last(alice, bob.address).encryption is Encryption.UNREADABLE
        assert asked_about(alice) == []


async def test_a_device_that_was_heard_first_and_listed_later_is_asked_about_once(prosody: Prosody) -> None:
    async with two(prosody) as (alice, bob):
        await befriend(alice, bob)
        await alice.engine.learn_devices(alice.account, bob.address)
        await alice.do(SetTrust(alice.account, bob.address, bob.keys.keys.device, Trust.VERIFIED))
        new = await unlisted(bob)
        number = new.keys.keys.device
        await new.write(alice, "my new phone", LEGACY)
        await alice.until(lambda: asked_about(alice) == [bob.address])
        await publish(new)
        await alice.until(lambda: trust_in(alice, bob.address, number) is Trust.UNDECIDED)
        assert trusts(alice, bob.address) == {"my new phone": Trust.UNDECIDED}
        (request,) = alice.engine.requests()
        await alice.do(AnswerRequest(request.id, accept=True))
        assert trust_in(alice, bob.address, number) is Trust.TRUSTED
        assert asked_about(alice) == []


async def test_a_device_that_was_heard_before_the_first_verification_waits_from_then_on(prosody: Prosody) -> None:
    async with two(prosody) as (alice, bob):
        injected = await unlisted(bob)
        await injected.write(alice, "first", LEGACY)
        await reads(alice, bob.address, "first")
        await alice.engine.learn_devices(alice.account, bob.address)
        assert asked_about(alice) == []
        await alice.do(SetTrust(alice.account, bob.address, bob.keys.keys.device, Trust.VERIFIED))
        assert asked_about(alice) == [bob.address]
        await alice.do(SetTrust(alice.account, bob.address, injected.keys.keys.device, Trust.DISTRUSTED))
        await alice.until(lambda: asked_about(alice) == [])


async def test_a_new_device_of_our_own_that_is_declined_gets_nothing_from_then_on(prosody: Prosody) -> None:
    """SECURITY 30: it is trusted at once, as one's own phone should be, and announced; who declines it is believed."""
    async with two(prosody) as (alice, bob):
        await befriend(alice, bob)
        async with somebody(prosody, alice.account) as injected:
            await alice.until(lambda: asked_about(alice) == [alice.account])
            theirs, slipped_in = bob.keys.keys.device, injected.keys.keys.device
            await alice.say(bob.address, "before")
            await alice.until(lambda: last(alice, bob.address).delivery >= Delivery.SENT)
            assert keys_in(prosody, alice.account)[-1] == {theirs, slipped_in}
            (request,) = alice.engine.requests()
            await alice.do(AnswerRequest(request.id, accept=False))
            assert trust_in(alice, alice.account, slipped_in) is Trust.DISTRUSTED
            await alice.say(bob.address, "after")
            await alice.until(lambda: last(alice, bob.address).delivery >= Delivery.SENT)
            assert keys_in(prosody, alice.account)[-1] == {theirs}


async def test_a_device_in_our_own_name_that_is_on_no_list_is_announced(prosody: Prosody) -> None:
    """SECURITY 30: our server can write to us as ourselves."""
    async with encrypting(prosody) as alice:
        await ready(alice)
        async with Party.at(prosody, alice.account) as line:
            await Other(line, await Peer.begun(alice.account)).write(alice, "note to self", LEGACY)
            await reads(alice, alice.account, "note to self")
        await alice.until(lambda: asked_about(alice) == [alice.account])
