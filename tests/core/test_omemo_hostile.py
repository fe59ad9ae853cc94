"""What a hostile peer or server sends to somebody who encrypts (SECURITY 29-33)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from tests.core.test_omemo import encrypting, last, own_device, ready
from tests.engines import Client
from tests.server.prosody import Prosody, fresh_name
from tests.xmpp.omemo.peers import Peer
from tests.xmpp.party import Party
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import Connect, Disconnect, SetTrust
from tui_xmpp.model.message import Encryption, is_exposed
from tui_xmpp.model.omemo import Envelope, ListedDevice, OmemoVersion, Recipient, Security, Trust
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Outgoing
from tui_xmpp.xmpp.build import fresh_id
from tui_xmpp.xmpp.omemo.cipher import OmemoCipher

pytestmark = pytest.mark.timeout(120)
LEGACY, TWO = OmemoVersion.LEGACY, OmemoVersion.TWO


@dataclass
class Other:
    """Somebody with a line and keys of their own, who does with both what they please."""

    party: Party
    keys: Peer

    @property
    def address(self) -> Address:
        return self.keys.address

    async def seal(self, client: Client, outgoing: Outgoing, version: OmemoVersion = TWO) -> tuple[Envelope, ...]:
        """Encrypt to the client's device."""
        device = own_device(client)
        bundle = None
        if not self.keys.cipher.has_session(client.account, device, version):
            bundle = await self.party.connection.bundle(client.account, device, version)
        recipient = Recipient(client.account, device, version, "", bundle)
        contents = self.keys.cipher.contents(outgoing)
        sealing = await self.keys.cipher.seal({version: contents[version]}, [recipient])
        self.keys.commit()
        assert sealing.envelopes
        return sealing.envelopes

    async def write(self, client: Client, body: str, version: OmemoVersion = TWO, **more: str) -> Outgoing:
        """Send a text encrypted."""
        name = fresh_id()
        outgoing = Outgoing(
            client.account, MessageType.CHAT, name, body, origin_id=name, replaces=more.get("replaces", "")
        )
        self.party.connection.send(replace(outgoing, envelopes=await self.seal(client, outgoing, version)))
        return outgoing

    async def answer(self) -> None:
        """Open whatever came, as an honest client does, so that sessions are confirmed."""
        for message in self.party.heard(MessageReceived, lambda one: one.sealed is not None):
            assert message.sealed is not None
            await self.keys.cipher.unseal(message.sealed, message.sender.bare, {})
            self.keys.commit()


@asynccontextmanager
async def somebody(prosody: Prosody, account: Address | None = None) -> AsyncIterator[Other]:
    """Somebody with one published device."""
    address = account or prosody.add_user(fresh_name())
    async with Party.at(prosody, address) as party:
        other = Other(party, await Peer.begun(address))
        for version in OmemoVersion:
            await party.connection.publish_bundle(other.keys.keys.device, await other.keys.bundle(version))
            listed = await party.connection.devices(address, version)
            await party.connection.publish_devices(version, (*listed, ListedDevice(other.keys.keys.device)), {})
        yield other


@asynccontextmanager
async def two(prosody: Prosody) -> AsyncIterator[tuple[Client, Other]]:
    async with encrypting(prosody) as alice, somebody(prosody) as bob:
        await ready(alice)
        yield alice, bob


async def reads(client: Client, peer: Address, body: str) -> None:
    await client.until(lambda: body in client.bodies(peer), f"{body!r} arrives: {client.bodies(peer)}")


@pytest.mark.parametrize("version", OmemoVersion)
async def test_a_ciphertext_that_comes_again_under_another_name_is_not_shown_again(
    prosody: Prosody, version: OmemoVersion
) -> None:
    """SECURITY 33."""
    async with two(prosody) as (alice, bob):
        outgoing = Outgoing(alice.account, MessageType.CHAT, "one", "pay me", origin_id="one")
        sealed = replace(outgoing, envelopes=await bob.seal(alice, outgoing, version))
        bob.party.connection.send(sealed)
        await reads(alice, bob.address, "pay me")
        for name in ("two", "three"):
            bob.party.connection.send(replace(sealed, id=name, origin_id=name))
        await bob.write(alice, "the end", version)
        await reads(alice, bob.address, "the end")
        assert alice.bodies(bob.address) == ["pay me", "the end"]


@pytest.mark.parametrize("version", OmemoVersion)
async def test_a_message_that_the_server_has_twice_is_read_once_when_both_copies_come_together(
    prosody: Prosody, version: OmemoVersion
) -> None:
    """A server that reads on from a line whose stream was resumed on another one keeps what is sent again twice."""
    async with two(prosody) as (alice, bob):
        await bob.write(alice, "one", version)
        await reads(alice, bob.address, "one")
        await alice.do(Disconnect(alice.account))
        outgoing = Outgoing(alice.account, MessageType.CHAT, "twice", "two", origin_id="0123456789abcdef")
        sealed = replace(outgoing, envelopes=await bob.seal(alice, outgoing, version))
        for _ in range(2):
            bob.party.connection.send(sealed)
        await bob.write(alice, "three", version)
        await alice.do(Connect(alice.account))
        await reads(alice, bob.address, "three")
        assert alice.bodies(bob.address) == ["one", "two", "three"]


async def test_what_a_device_writes_with_used_keys_is_not_lost_in_silence(prosody: Prosody) -> None:
    """It went back to a backup: nobody can read that, but it is said that something was written."""
    async with two(prosody) as (alice, bob):
        await bob.write(alice, "one")
        await reads(alice, bob.address, "one")
        backup = dict(bob.keys.stored)
        await bob.write(alice, "two")
        await reads(alice, bob.address, "two")
        bob.keys.stored = backup
        bob.keys.cipher = OmemoCipher(bob.address, backup.get)
        await bob.write(alice, "with the same key as two")
        await alice.until(lambda: len(alice.history(bob.address)) == 3)
        assert last(alice, bob.address).encryption is Encryption.UNREADABLE
        assert "going back to a backup" in last(alice, bob.address).body


async def test_what_comes_in_clear_in_an_encrypted_chat_is_marked(prosody: Prosody) -> None:
    """SECURITY 29."""
    async with two(prosody) as (alice, bob):
        bob.party.say(alice.account, "before")
        await reads(alice, bob.address, "before")
        assert not is_exposed(last(alice, bob.address))
        await bob.write(alice, "encrypted")
        await reads(alice, bob.address, "encrypted")
        bob.party.say(alice.account, "in clear")
        await reads(alice, bob.address, "in clear")
        assert is_exposed(last(alice, bob.address))


async def test_a_plain_correction_does_not_touch_what_was_encrypted(prosody: Prosody) -> None:
    """SECURITY 13, 32: the server writes a correction of its own."""
    async with two(prosody) as (alice, bob):
        sent = await bob.write(alice, "true")
        await reads(alice, bob.address, "true")
        bob.party.connection.send(Outgoing(alice.account, MessageType.CHAT, "x", "forged", replaces=sent.id))
        await reads(alice, bob.address, "forged")
        assert alice.bodies(bob.address) == ["true", "forged"]
        assert is_exposed(last(alice, bob.address))


@pytest.mark.parametrize("version", OmemoVersion)
async def test_only_the_same_device_corrects(prosody: Prosody, version: OmemoVersion) -> None:
    """SECURITY 13."""
    async with two(prosody) as (alice, bob), somebody(prosody, bob.address) as second:
        sent = await bob.write(alice, "true", version)
        await reads(alice, bob.address, "true")
        await second.write(alice, "from the second device", version, replaces=sent.id)
        await reads(alice, bob.address, "from the second device")
        assert alice.bodies(bob.address) == ["true", "from the second device"]
        await bob.write(alice, "corrected", version, replaces=sent.id)
        await reads(alice, bob.address, "corrected")
        assert alice.bodies(bob.address) == ["corrected", "from the second device"]


async def test_somebody_who_passes_on_what_another_encrypted_is_not_taken_for_the_author(prosody: Prosody) -> None:
    """SECURITY 31, 32: the new version signs who wrote it."""
    async with two(prosody) as (alice, bob), somebody(prosody) as eve:
        outgoing = Outgoing(alice.account, MessageType.CHAT, "one", "I owe you", origin_id="one")
        envelopes = await bob.seal(alice, outgoing)
        eve.party.connection.send(replace(outgoing, envelopes=envelopes))
        await alice.until(lambda: alice.history(eve.address))
        assert last(alice, eve.address).encryption is Encryption.UNREADABLE
        assert "I owe you" not in alice.bodies(eve.address)


async def test_the_old_version_too_does_not_take_who_repeats_what_another_wrote_for_its_author(
    prosody: Prosody,
) -> None:
    """SECURITY 31: with its first message comes all that a session needs, under whatever address."""
    async with two(prosody) as (alice, bob), somebody(prosody) as eve:
        outgoing = Outgoing(alice.account, MessageType.CHAT, "one", "I owe you", origin_id="one")
        sealed = replace(outgoing, envelopes=await bob.seal(alice, outgoing, LEGACY))
        bob.party.connection.send(sealed)
        await reads(alice, bob.address, "I owe you")
        eve.party.connection.send(sealed)
        await alice.until(lambda: alice.history(eve.address))
        assert last(alice, eve.address).encryption is Encryption.UNREADABLE
        await bob.write(alice, "still me", LEGACY)
        await reads(alice, bob.address, "still me")


async def test_the_old_version_does_not_take_who_repeats_it_before_its_author_for_the_author(
    prosody: Prosody,
) -> None:
    """SECURITY 31: the author's device is known, though not yet its key."""
    async with two(prosody) as (alice, bob), somebody(prosody) as eve:
        await alice.engine._of(alice.account).omemo.devices.ask(bob.address)
        outgoing = Outgoing(alice.account, MessageType.CHAT, "one", "I owe you", origin_id="one")
        sealed = replace(outgoing, envelopes=await bob.seal(alice, outgoing, LEGACY))
        eve.party.connection.send(sealed)
        await alice.until(lambda: alice.history(eve.address))
        assert last(alice, eve.address).encryption is Encryption.UNREADABLE
        assert "I owe you" not in alice.bodies(eve.address)
        bob.party.connection.send(sealed)
        await reads(alice, bob.address, "I owe you")
        await bob.write(alice, "still me", LEGACY)
        await reads(alice, bob.address, "still me")


async def test_a_device_that_suddenly_has_another_key_is_not_read_and_says_so(prosody: Prosody) -> None:
    """SECURITY 30: the server puts keys of its own in the place of a device's."""
    async with two(prosody) as (alice, bob):
        await bob.write(alice, "true")
        await reads(alice, bob.address, "true")
        forger = await Peer.begun(bob.address)
        forger.stored["/own_device_id"] = str(bob.keys.keys.device)
        forger.restart()
        await forger.begin()
        await Other(bob.party, forger).write(alice, "forged")
        await alice.until(lambda: len(alice.history(bob.address)) == 2)
        assert last(alice, bob.address).encryption is Encryption.UNREADABLE
        assert "another key" in last(alice, bob.address).body
        await bob.write(alice, "still me")
        await reads(alice, bob.address, "still me")


async def test_what_a_distrusted_device_writes_is_not_shown(prosody: Prosody) -> None:
    async with two(prosody) as (alice, bob):
        await bob.write(alice, "one")
        await reads(alice, bob.address, "one")
        device = bob.keys.keys.device
        await alice.do(SetTrust(alice.account, bob.address, device, Trust.DISTRUSTED))
        await bob.write(alice, "two")
        await alice.until(lambda: len(alice.history(bob.address)) == 2)
        assert "do not trust" in last(alice, bob.address).body
        assert last(alice, bob.address).encryption is Encryption.UNREADABLE
        await alice.say(bob.address, "to nobody")
        await alice.until(lambda: "You trust none of the devices" in last(alice, bob.address).error)
        assert alice.engine.security(alice.key(bob.address)).state is Security.BLOCKED


async def test_rubbish_is_one_line_and_stops_nothing(prosody: Prosody) -> None:
    async with two(prosody) as (alice, bob):
        for number in range(3):
            outgoing = Outgoing(alice.account, MessageType.CHAT, f"r{number}", "x", origin_id=f"r{number}")
            (envelope,) = await bob.seal(alice, outgoing)
            keys = tuple(replace(key, data=key.data[:-5] + b"\0" * 5) for key in envelope.keys)
            bob.party.connection.send(replace(outgoing, envelopes=(replace(envelope, keys=keys),)))
        await bob.write(alice, "fine")
        await reads(alice, bob.address, "fine")
        broken = [message for message in alice.history(bob.address) if message.encryption is Encryption.UNREADABLE]
        assert len(broken) == 3
        assert all("\n" not in message.body for message in broken)


async def test_a_hostile_text_inside_is_cleaned(prosody: Prosody) -> None:
    """SECURITY 21: what is decrypted has met no parser and no filter of a server."""
    async with two(prosody) as (alice, bob):
        await bob.write(alice, "a\u202eb\x9bc", LEGACY)
        await alice.until(lambda: alice.history(bob.address))
        assert last(alice, bob.address).body == "abc"
