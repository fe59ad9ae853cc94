"""Device lists and bundles on a real server."""

from xml.etree.ElementTree import fromstring

import pytest

from tests.server.prosody import Prosody, fresh_name
from tests.xmpp.omemo.peers import Peer
from tests.xmpp.party import Party
from tui_xmpp.model.address import Address
from tui_xmpp.model.omemo import ListedDevice, OmemoVersion
from tui_xmpp.model.stanzas import DevicesChanged, MessageReceived, MessageType, OpenedMessage, Outgoing
from tui_xmpp.xmpp.omemo import nodes


@pytest.mark.parametrize("version", OmemoVersion)
async def test_a_stranger_finds_devices_and_keys_and_writes_encrypted(prosody: Prosody, version: OmemoVersion) -> None:
    alice, bob = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    async with Party.at(prosody, alice) as desk, Party.at(prosody, bob) as phone:
        keys, writer = await Peer.begun(bob), await Peer.begun(alice)
        assert await desk.connection.devices(bob, version) == ()
        assert await desk.connection.bundle(bob, keys.keys.device, version) is None
        bundle = await keys.bundle(version)
        await phone.connection.publish_bundle(keys.keys.device, bundle)
        await phone.connection.publish_devices(version, (ListedDevice(keys.keys.device),), {})
        assert await desk.connection.devices(bob, version) == (ListedDevice(keys.keys.device),)
        assert await desk.connection.bundle(bob, keys.keys.device, version) == bundle

        outgoing = Outgoing(bob, MessageType.CHAT, "m1", "the secret", "m1")
        contents = writer.cipher.contents(outgoing)
        sealing = await writer.cipher.seal({version: contents[version]}, [await keys.recipient(version)])
        desk.connection.send(Outgoing(bob, MessageType.CHAT, "m1", "the secret", "m1", envelopes=sealing.envelopes))
        received = await phone.hears(MessageReceived, lambda message: message.id == "m1")
        assert received.sealed is not None
        assert "secret" not in received.sealed.xml
        opened = await keys.cipher.unseal(received.sealed, alice, {})
        assert opened.device == writer.keys.device
        assert isinstance(opened, OpenedMessage)
        assert opened.message is not None
        assert opened.message.body == "the secret"

        await phone.connection.retract_bundle(keys.keys.device, version)
        assert await desk.connection.bundle(bob, keys.keys.device, version) is None
        await phone.connection.retract_bundle(keys.keys.device, version)


@pytest.mark.parametrize("version", OmemoVersion)
async def test_our_other_devices_hear_of_a_changed_list(prosody: Prosody, version: OmemoVersion) -> None:
    account = prosody.add_user(fresh_name())
    async with Party.at(prosody, account) as desk, Party.at(prosody, account) as phone:
        await desk.connection.publish_devices(version, (ListedDevice(7), ListedDevice(8)), {})
        changed = await phone.hears(DevicesChanged, lambda change: len(change.devices) == 2)
        assert changed == DevicesChanged(account, version, (ListedDevice(7), ListedDevice(8)))


def test_only_the_bare_address_itself_tells_of_its_devices() -> None:
    event = fromstring(
        "<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:omemo:2:devices'>"
        "<item id='current'><devices xmlns='urn:xmpp:omemo:2'><device id='7'/></devices></item></items></event>"
    )
    bob = Address.parse("bob@example.org")
    assert nodes.read_event(event, bob) == DevicesChanged(bob, OmemoVersion.TWO, (ListedDevice(7),))
    assert nodes.read_event(event, bob.with_resource("phone")) is None
