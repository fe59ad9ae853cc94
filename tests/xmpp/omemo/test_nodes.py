"""Device lists and bundles on real servers."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from tests.server.authority import TestAuthority
from tests.server.ejabberd import Ejabberd, is_installed
from tests.server.prosody import Prosody, fresh_name
from tests.xmpp.omemo.peers import Peer
from tests.xmpp.party import Party
from tui_xmpp.model.address import Address
from tui_xmpp.model.omemo import ListedDevice, OmemoVersion
from tui_xmpp.model.stanzas import DevicesChanged, MessageReceived, MessageType, OpenedMessage, Outgoing
from tui_xmpp.xmpp.omemo import nodes


@pytest.fixture(scope="module")
def ejabberd(server_directory: Path, authority: TestAuthority) -> Iterator[Ejabberd]:
    server = Ejabberd(server_directory / "ejabberd-omemo", authority=authority).start()
    yield server
    server.stop()


@pytest.fixture(params=["prosody", "ejabberd"])
def server(request: pytest.FixtureRequest) -> Prosody | Ejabberd:
    if request.param == "ejabberd" and not is_installed():
        pytest.skip("ejabberd is not installed")
    found: Prosody | Ejabberd = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("version", OmemoVersion)
async def test_a_stranger_finds_devices_and_keys_and_writes_encrypted(
    server: Prosody | Ejabberd, version: OmemoVersion
) -> None:
    alice, bob = server.add_user(fresh_name()), server.add_user(fresh_name())
    async with Party(server.settings(alice.local)) as desk, Party(server.settings(bob.local)) as phone:
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
async def test_the_keys_of_all_our_devices_stay(server: Prosody | Ejabberd, version: OmemoVersion) -> None:
    account, stranger = server.add_user(fresh_name()), server.add_user(fresh_name())
    async with Party(server.settings(account.local)) as desk, Party(server.settings(stranger.local)) as other:
        bundles = {}
        for _ in range(3):
            keys = await Peer.begun(account)
            bundles[keys.keys.device] = await keys.bundle(version)
            await desk.connection.publish_bundle(keys.keys.device, bundles[keys.keys.device])
        for device, bundle in bundles.items():
            assert await other.connection.bundle(account, device, version) == bundle


@pytest.mark.parametrize("version", OmemoVersion)
async def test_our_other_devices_hear_of_a_changed_list(server: Prosody | Ejabberd, version: OmemoVersion) -> None:
    account = server.add_user(fresh_name())
    async with Party(server.settings(account.local)) as desk, Party(server.settings(account.local)) as phone:
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
