"""Device lists, bundles and messages read and written, and what hostile ones come to."""

from dataclasses import replace
from xml.etree.ElementTree import fromstring, tostring

import pytest

from tests.xmpp.omemo.peers import ALICE, BOB, Peer
from tui_xmpp.model.omemo import Envelope, KeyMaterial, ListedDevice, OmemoVersion
from tui_xmpp.xmpp.omemo import codec

LEGACY, TWO = OmemoVersion.LEGACY, OmemoVersion.TWO


@pytest.mark.parametrize("version", OmemoVersion)
async def test_a_bundle_comes_back_as_it_was_written(version: OmemoVersion) -> None:
    bundle = await (await Peer.begun(ALICE)).bundle(version)
    text = tostring(codec.write_bundle(bundle), encoding="unicode")
    assert codec.read_bundle(version, fromstring(text)) == bundle
    assert codec.read_bundle(TWO if version is LEGACY else LEGACY, fromstring(text)) is None


@pytest.mark.parametrize("version", OmemoVersion)
async def test_a_message_comes_back_as_it_was_written(version: OmemoVersion) -> None:
    alice, bob = await Peer.begun(ALICE), await Peer.begun(BOB)
    envelope = await alice.writes(bob, "hello", version)
    text = tostring(codec.write_envelope(envelope), encoding="unicode")
    found = codec.read_envelope(fromstring(text))
    assert found is not None
    expected = [replace(key, recipient=None) for key in envelope.keys] if version is LEGACY else list(envelope.keys)
    assert found == replace(envelope, keys=tuple(expected))
    assert await bob.reads(found, alice) == "hello"


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("", ()),
        ("<device id='7'/><device id='7'/>", (ListedDevice(7),)),
        ("<device/><device id='-1'/><device id='0'/><device id='4294967296'/><device id='٧'/><device id='x'/>", ()),
        ("<device id='7' label='ev&#x202e;il&#x9b;'/>", (ListedDevice(7, "evil"),)),
        ("<x xmlns='urn:x' id='7'/>", ()),
    ],
)
def test_a_device_list_is_read_and_cleaned(inside: str, expected: tuple[ListedDevice, ...]) -> None:
    assert codec.read_devices(TWO, fromstring(f"<devices xmlns='urn:xmpp:omemo:2'>{inside}</devices>")) == expected


def test_a_list_of_thousands_of_devices_is_cut() -> None:
    many = "".join(f"<device id='{number}'/>" for number in range(1, 5000))
    element = fromstring(f"<list xmlns='{LEGACY.value}'>{many}</list>")
    assert len(codec.read_devices(LEGACY, element)) == codec.DEVICES_LIMIT


def test_a_device_list_comes_back_as_it_was_written_and_labels_need_a_signature() -> None:
    devices = (ListedDevice(7, "desk"), ListedDevice(8, "phone"))
    written = codec.write_devices(TWO, devices, {7: b"signature"})
    assert codec.read_devices(TWO, written) == (ListedDevice(7, "desk"), ListedDevice(8))
    assert codec.read_devices(LEGACY, codec.write_devices(LEGACY, devices)) == (ListedDevice(7), ListedDevice(8))


@pytest.mark.parametrize(
    "text",
    [
        f"<encrypted xmlns='{LEGACY.value}'/>",
        f"<encrypted xmlns='{LEGACY.value}'><header/><payload>AA==</payload></encrypted>",
        f"<encrypted xmlns='{LEGACY.value}'><header sid='1'/><payload>AA==</payload></encrypted>",
        "<encrypted xmlns='urn:x'><header sid='1'/></encrypted>",
        "<encrypted xmlns='urn:xmpp:omemo:2'><header sid='99999999999'/></encrypted>",
    ],
)
def test_what_nobody_could_decrypt_is_no_message(text: str) -> None:
    assert codec.read_envelope(fromstring(text)) is None


def test_keys_that_cannot_be_read_are_left_out_and_doubled_ones_count_once() -> None:
    key = "<key rid='5'>AA==</key>"
    found = codec.read_envelope(
        fromstring(
            f"<encrypted xmlns='urn:xmpp:omemo:2'><header sid='1'><keys jid='{BOB}'>{key}{key}<key rid='6'>!</key>"
            f"<key>AA==</key></keys><keys>{key}</keys></header></encrypted>"
        )
    )
    assert found == Envelope(TWO, 1, (KeyMaterial(5, b"\0", recipient=BOB),))
