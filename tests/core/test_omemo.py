"""Two of ours talk encrypted, through two engines and a real server."""

import re
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import pytest

from tests.engines import Client, befriend, make_engine
from tests.server.prosody import Prosody, fresh_name
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import (
    AddContact,
    AnswerRequest,
    CorrectMessage,
    OpenChat,
    React,
    RemoveDevice,
    RetractMessage,
    SendMessage,
    SendUnencrypted,
    SetEncryption,
    SetTrust,
    SetTyping,
)
from tui_xmpp.model.events import MessageAdded, ProblemRaised
from tui_xmpp.model.message import Delivery, Direction, Encryption, Message, Operation
from tui_xmpp.model.omemo import EncryptionWish, OmemoVersion, Security, Trust
from tui_xmpp.model.request import RequestKind
from tui_xmpp.model.stanzas import DevicesChanged

pytestmark = pytest.mark.timeout(120)


async def ready(*clients: Client) -> None:
    """Wait until everybody's device is in its lists."""
    for client in clients:
        await client.until(partial(is_listed, client), f"{client.account} is listed", timeout=30)


def is_listed(client: Client) -> bool:
    own = client.engine.devices(client.account, client.account)
    return any(device.own and device.listed == set(OmemoVersion) for device in own)


def last(client: Client, peer: Address) -> Message:
    return client.history(peer)[-1]


def knows(client: Client, owner: Address, count: int) -> bool:
    return len(client.engine.devices(client.account, owner)) == count


def has(client: Client, peer: Address, body: str) -> bool:
    return body in client.bodies(peer)


async def says(sender: Client, receiver: Client, body: str) -> Message:
    """Send a text, and return it as the other side has it."""
    await sender.say(receiver.account, body)
    await receiver.until(
        lambda: body in receiver.bodies(sender.account), f"{body!r} in {receiver.bodies(sender.account)}"
    )
    return next(message for message in receiver.history(sender.account) if message.body == body)


def encrypting(
    prosody: Prosody, name: str = "", directory: Path | None = None, *, store: str = "", port: int | None = None
) -> AbstractAsyncContextManager[Client]:
    """A client that encrypts whenever that is possible."""
    wish = EncryptionWish.WHEN_POSSIBLE
    return make_engine(prosody, name or fresh_name(), directory, store=store, port=port, encryption=wish)


def kept_by(prosody: Prosody, *owners: Address) -> str:
    """Everything that the server has in the archives of these accounts and rooms."""
    kept = "".join(stanza for owner in owners for stanza in prosody.archived(owner))
    assert "<encrypted " in kept
    return kept


def keys_in(prosody: Prosody, owner: Address) -> list[set[int]]:
    """For each encrypted message in an archive: the devices that can read it."""
    encrypted = (stanza for stanza in prosody.archived(owner) if "<payload>" in stanza)
    return [{int(rid) for rid in re.findall(r"<key [^>]*rid='(\d+)'", stanza)} for stanza in encrypted]


def own_device(client: Client) -> int:
    return next(device.id for device in client.engine.devices(client.account, client.account) if device.own)


async def test_first_contact_is_encrypted_both_ways_without_anybody_doing_anything(prosody: Prosody) -> None:
    async with encrypting(prosody) as alice, encrypting(prosody) as bob:
        await befriend(alice, bob)
        await ready(alice, bob)
        arrived = await says(alice, bob, "who brings bread?")
        assert (arrived.encryption, arrived.trust) == (Encryption.OMEMO, Trust.TRUSTED)
        assert arrived.device == own_device(alice)
        answer = await says(bob, alice, "me")
        assert answer.encryption is Encryption.OMEMO
        sent = alice.history(bob.account)[0]
        assert (sent.encryption, sent.trust) == (Encryption.OMEMO, Trust.TRUSTED)
        await alice.until(lambda: alice.history(bob.account)[0].delivery is Delivery.DELIVERED)
        assert alice.engine.security(alice.key(bob.account)).state is Security.ON
        assert "bread" not in kept_by(prosody, alice.account, bob.account)
        assert [event.live for event in bob.told(MessageAdded) if event.message.direction is Direction.IN] == [True]
        assert bob.engine.chats()[0].unread == 0, "whoever answers has read"


async def test_before_the_first_message_it_is_said_that_it_will_be_encrypted(prosody: Prosody) -> None:
    """Also to somebody who does not tell us yet which devices they have, as whom we have just added."""
    async with encrypting(prosody) as alice, encrypting(prosody) as bob:
        await ready(alice, bob)
        key = alice.key(bob.account)
        await alice.do(AddContact(alice.account, bob.account))
        await alice.until(lambda: alice.engine.contact(alice.account, bob.account) is not None)
        assert alice.engine.security(key).state is Security.NONE
        await alice.do(OpenChat(key))
        await alice.until(lambda: alice.engine.security(key).state is Security.ON)


async def test_the_server_of_a_stranger_is_asked_for_keys_no_sooner_than_one_writes(prosody: Prosody) -> None:
    """SECURITY 27."""
    async with encrypting(prosody) as alice, encrypting(prosody) as bob:
        await ready(alice, bob)
        key = alice.key(bob.account)
        await alice.do(OpenChat(key))
        assert not alice.engine._of(alice.account).omemo.devices.is_heard(bob.account)
        await alice.do(SetTyping(key, typing=True))
        await alice.until(lambda: alice.engine.security(key).state is Security.ON)


async def test_sessions_outlive_restarts_of_either_side(prosody: Prosody, tmp_path: Path) -> None:
    names = fresh_name(), fresh_name()
    for number in range(3):
        async with encrypting(prosody, names[0], tmp_path) as alice, encrypting(prosody, names[1], tmp_path) as bob:
            if not number:
                await befriend(alice, bob)
            await ready(alice, bob)
            assert (await says(alice, bob, f"to bob {number}")).encryption is Encryption.OMEMO
            assert (await says(bob, alice, f"to alice {number}")).encryption is Encryption.OMEMO


async def test_what_was_said_while_we_were_away_is_read_in_order(prosody: Prosody, tmp_path: Path) -> None:
    names = fresh_name(), fresh_name()
    whole = [f"message {number:03}" for number in range(120)]
    async with encrypting(prosody, names[0], tmp_path) as alice:
        async with encrypting(prosody, names[1], tmp_path) as bob:
            await befriend(alice, bob)
            await ready(alice, bob)
            await says(alice, bob, "before")
        for text in whole:
            await alice.say(bob.account, text)
        await alice.until(lambda: all(m.delivery >= Delivery.SENT for m in alice.history(bob.account)), timeout=60)
        async with encrypting(prosody, names[1], tmp_path) as bob:
            await bob.until(lambda: len(bob.bodies(alice.account)) == 121, timeout=60)
            assert bob.bodies(alice.account) == ["before", *whole]
            assert {message.encryption for message in bob.history(alice.account)} == {Encryption.OMEMO}
            assert bob.engine.chats()[0].unread == 121


async def test_a_second_device_on_each_side_reads_everything_from_its_beginning_on(prosody: Prosody) -> None:
    names = fresh_name(), fresh_name()
    async with encrypting(prosody, names[0]) as alice, encrypting(prosody, names[1]) as bob:
        await befriend(alice, bob)
        await ready(alice, bob)
        await says(alice, bob, "before")
        async with encrypting(prosody, names[0], store="phone") as tablet, encrypting(prosody, names[1]) as phone:
            await ready(tablet, phone)
            for client in (alice, bob):
                for owner in (alice.account, bob.account):
                    await client.until(partial(knows, client, owner, 2))
            await says(alice, bob, "to all of you")
            for client, peer in ((tablet, bob.account), (phone, alice.account)):
                await client.until(partial(has, client, peer, "to all of you"), f"{client.account}")
                assert last(client, peer).encryption is Encryption.OMEMO
            assert last(tablet, bob.account).direction is Direction.OUT
            await says(phone, alice, "from the phone")
            for client, peer in ((tablet, bob.account), (bob, alice.account)):
                await client.until(partial(has, client, peer, "from the phone"))
            unreadable = [m for m in tablet.history(bob.account) if m.encryption is Encryption.UNREADABLE]
            assert all("this device" in message.body for message in unreadable)


async def test_all_that_was_said_before_a_device_was_there_is_one_line(prosody: Prosody) -> None:
    names = fresh_name(), fresh_name()
    async with encrypting(prosody, names[0]) as alice, encrypting(prosody, names[1]) as bob:
        await befriend(alice, bob)
        await ready(alice, bob)
        for number in range(5):
            await says(alice, bob, f"before {number}")
            await says(bob, alice, f"answer {number}")
        async with encrypting(prosody, names[0], store="tablet") as tablet:
            await ready(tablet)
            for client in (alice, bob):
                await client.until(partial(knows, client, alice.account, 2))
            await says(bob, alice, "for the tablet, too")
            await tablet.until(partial(has, tablet, bob.account, "for the tablet, too"))
            before, message = tablet.history(bob.account)
            assert (before.encryption, message.encryption) == (Encryption.UNREADABLE, Encryption.OMEMO)
            assert "not encrypted for this device" in before.body


async def test_a_new_device_of_our_own_is_announced_and_one_that_is_removed_gets_nothing(prosody: Prosody) -> None:
    names = fresh_name(), fresh_name()
    async with encrypting(prosody, names[0]) as alice, encrypting(prosody, names[1]) as bob:
        await befriend(alice, bob)
        await ready(alice, bob)
        await says(alice, bob, "one")
        async with encrypting(prosody, names[0], store="tablet") as tablet:
            await ready(tablet)
            await alice.until(lambda: [request.kind for request in alice.engine.requests()] == [RequestKind.DEVICE])
            assert alice.engine.requests()[0].sender == alice.account
            removed = own_device(tablet)
            await bob.until(lambda: len(bob.engine.devices(bob.account, alice.account)) == 2)
        await alice.do(RemoveDevice(alice.account, removed))

        def is_gone() -> bool:
            devices = bob.engine.devices(bob.account, alice.account)
            return [device.id for device in devices if device.listed] == [own_device(alice)]

        await bob.until(is_gone)
        assert (await says(bob, alice, "two")).encryption is Encryption.OMEMO
        assert own_device(alice) in keys_in(prosody, alice.account)[-1]
        assert all(removed not in keys for keys in keys_in(prosody, alice.account))


async def test_corrections_reactions_answers_and_retractions_go_inside(prosody: Prosody) -> None:
    async with encrypting(prosody) as alice, encrypting(prosody) as bob:
        await befriend(alice, bob)
        await ready(alice, bob)
        await says(alice, bob, "who brings braed?")
        sent = last(alice, bob.account)
        assert Operation.CORRECT in alice.engine.operations(sent)
        await alice.do(CorrectMessage(sent.chat, sent.id, "who brings bread?"))
        await bob.until(lambda: bob.bodies(alice.account) == ["who brings bread?"])
        assert last(bob, alice.account).edited
        got = last(bob, alice.account)
        await bob.do(React(got.chat, got.id, ("🥖",)))
        await alice.until(lambda: [reaction.emoji for reaction in last(alice, bob.account).reactions] == ["🥖"])
        await bob.do(SendMessage(got.chat, "the baker", reply_to=got.id))
        await alice.until(lambda: last(alice, bob.account).body == "the baker")
        answer = last(alice, bob.account)
        assert answer.reply is not None
        assert answer.reply.message_id == sent.id
        await alice.do(RetractMessage(sent.chat, sent.id))
        await bob.until(lambda: bob.history(alice.account)[0].tombstone is not None)
        kept = kept_by(prosody, alice.account, bob.account)
        assert all(text not in kept for text in ("braed", "bread", "🥖", "baker"))
        assert len(bob.history(alice.account)) == len(alice.history(bob.account)) == 2


async def test_a_device_list_that_vanishes_changes_nothing(prosody: Prosody) -> None:
    """SECURITY 29: the server takes the list away; nothing goes out in clear by itself."""
    async with encrypting(prosody) as alice, encrypting(prosody) as bob:
        await befriend(alice, bob)
        await ready(alice, bob)
        await says(alice, bob, "one")
        for version in OmemoVersion:
            alice.engine._of(alice.account).receive(DevicesChanged(bob.account, version, ()))
        await alice.until(lambda: not any(d.listed for d in alice.engine.devices(alice.account, bob.account)))
        await alice.say(bob.account, "the secret")
        await alice.until(lambda: last(alice, bob.account).error)
        held = last(alice, bob.account)
        assert held.delivery is Delivery.PENDING
        offered = {Operation.RETRY, Operation.SEND_UNENCRYPTED, Operation.DELETE}
        await alice.until(lambda: offered <= alice.engine.operations(held), "a person can choose")
        assert "the secret" not in kept_by(prosody, alice.account, bob.account)
        await alice.do(SendUnencrypted(held.chat, held.id))
        await bob.until(lambda: "the secret" in bob.bodies(alice.account))
        assert last(bob, alice.account).encryption is Encryption.NONE


async def test_a_server_that_fails_for_a_moment_keeps_no_device_unknown(prosody: Prosody) -> None:
    name = fresh_name()
    prosody.shell(
        f">local failed; prosody.hosts['{prosody.domain}'].events.add_handler("
        "'iq/bare/http://jabber.org/protocol/pubsub:pubsub', function (event) "
        f"if failed or event.origin.username ~= '{name}' then return end "
        "if not tostring(event.stanza):find('<bundle', 1, true) then return end "
        "failed = true event.origin.send(require 'util.stanza'.error_reply("
        "event.stanza, 'wait', 'internal-server-error')) return true end, 1000)"
    )
    async with encrypting(prosody, name) as alice:
        await ready(alice)
        assert alice.told(ProblemRaised) == []


async def test_a_contact_without_devices_is_written_to_in_clear_until_it_has_some(prosody: Prosody) -> None:
    async with encrypting(prosody) as alice, make_engine(prosody, fresh_name()) as bob:
        await befriend(alice, bob)
        await ready(alice)
        assert (await says(alice, bob, "in clear")).encryption is Encryption.NONE
        assert alice.engine.security(alice.key(bob.account)).state is Security.NONE
        async with encrypting(prosody, bob.account.local, store="new") as newer:
            await ready(newer)
            await alice.until(lambda: alice.engine.devices(alice.account, bob.account))
            assert (await says(alice, newer, "encrypted")).encryption is Encryption.OMEMO


async def test_always_holds_what_cannot_be_encrypted_and_never_encrypts_nothing(prosody: Prosody) -> None:
    async with encrypting(prosody) as alice, make_engine(prosody, fresh_name()) as bob:
        await befriend(alice, bob)
        await ready(alice)
        key = alice.key(bob.account)
        await alice.do(SetEncryption(key, EncryptionWish.ALWAYS))
        await alice.say(bob.account, "held")
        await alice.until(lambda: last(alice, bob.account).error)
        assert bob.bodies(alice.account) == []
        await alice.do(SetEncryption(key, EncryptionWish.NEVER))
        await bob.until(lambda: bob.bodies(alice.account) == ["held"])
        assert alice.engine.security(key).state is Security.OFF


async def test_after_a_verification_new_devices_wait_for_a_decision_and_get_nothing(prosody: Prosody) -> None:
    """SECURITY 30."""
    async with encrypting(prosody) as alice, encrypting(prosody) as bob:
        await befriend(alice, bob)
        await ready(alice, bob)
        await says(alice, bob, "one")
        await alice.do(SetTrust(alice.account, bob.account, own_device(bob), Trust.VERIFIED))
        assert (await says(bob, alice, "verified")).trust is Trust.VERIFIED
        assert alice.engine.security(alice.key(bob.account)).verified
        async with encrypting(prosody, bob.account.local, store="other") as other:
            await ready(other)
            await alice.until(lambda: [request.sender for request in alice.engine.requests()] == [bob.account])
            assert alice.engine.security(alice.key(bob.account)).undecided == 1
            await says(alice, bob, "for the verified one only")
            await other.until(lambda: other.history(alice.account))
            assert last(other, alice.account).encryption is Encryption.UNREADABLE
            assert (await says(other, alice, "it is me")).trust is Trust.UNDECIDED
            await alice.do(AnswerRequest(alice.engine.requests()[0].id, accept=True))
            await says(alice, other, "for both")
            assert alice.engine.requests() == ()
