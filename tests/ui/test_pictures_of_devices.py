"""Pictures of devices, their fingerprints and locks at three sizes, with the clock stopped; each was looked at."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from tests.ui.scene import HOME, MARA, MARA_KEY, WORK, Scene, at, make_scene, ours, theirs
from tests.ui.test_pictures import SIZES, Compare, look
from tui_xmpp.core.engine import Engine
from tui_xmpp.core.ports import Network
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.message import Delivery, Encryption
from tui_xmpp.model.omemo import Device, ListedDevice, OmemoVersion, Trust
from tui_xmpp.storage.writes import Writes

MARAS = (
    Device(MARA, 1103, trust=Trust.VERIFIED, label="Mara's phone"),
    Device(MARA, 2207, trust=Trust.TRUSTED, label="the old desktop computer in the attic"),
    Device(MARA, 3301, trust=Trust.UNDECIDED),
    Device(MARA, 4409, trust=Trust.DISTRUSTED, label="tablet"),
)


def fingerprint(number: int) -> str:
    return sha256(str(number).encode()).hexdigest()


def listed(devices: Sequence[Device]) -> tuple[ListedDevice, ...]:
    return tuple(ListedDevice(device.id, device.label) for device in devices)


def write(writes: Writes, devices: Sequence[Device] = MARAS) -> None:
    writes.list_devices(HOME, MARA, OmemoVersion.TWO, listed(devices), at(0, 10, 0))
    for device in devices:
        writes.learn_device(HOME, MARA, device.id, fingerprint(device.id), at(0, 10, 0), device.trust)


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """The story, with devices; this program's own key is made anew each time, so the picture has another."""

    async def both() -> Scene:
        scene = await make_scene(tmp_path)
        await scene.store.write(write)
        scene.network.standing.devices[MARA] = listed(MARAS)
        return scene

    scene = asyncio.run(both())
    devices = scene.engine.devices

    def shown(account: Address, owner: Address) -> tuple[Device, ...]:
        this = Device(HOME, 7, fingerprint(7), Trust.VERIFIED, "tui-xmpp", at(0, 9, 0), at(0, 9, 0), own=True)
        return (this,) if owner == HOME else devices(account, owner)

    monkeypatch.setattr(scene.engine, "devices", shown)
    return scene


def write_sealed(writes: Writes) -> None:
    """One message of each kind, as they stand in an encrypted chat whose devices get nothing any more."""
    write(writes, MARAS[2:])
    kinds = (
        ("verified by comparing", Encryption.OMEMO, Trust.VERIFIED),
        ("trusted blindly", Encryption.OMEMO, Trust.TRUSTED),
        ("from a new device", Encryption.OMEMO, Trust.UNDECIDED),
        ("from a key that nobody has published", Encryption.OMEMO, Trust.UNPROVEN),
        ("in clear, though the chat is encrypted", Encryption.NONE, Trust.UNDECIDED),
        ("What was written here was not encrypted for this device.", Encryption.UNREADABLE, None),
    )
    for second, (body, encryption, trust) in enumerate(kinds):
        row = theirs(MARA_KEY, ChatKind.CONTACT, MARA, body, at(0, 10, 42, 40 + second))
        writes.add_message(replace(row, encryption=encryption, trust=trust))
    sent = ours(MARA_KEY, ChatKind.CONTACT, "to verified devices", at(0, 10, 42, 50), Delivery.DELIVERED)
    writes.add_message(replace(sent, encryption=Encryption.OMEMO, trust=Trust.VERIFIED))
    held = ours(MARA_KEY, ChatKind.CONTACT, "nobody gets this now", at(0, 10, 42, 51), Delivery.PENDING)
    stored = writes.add_message(held)
    writes.hold_message(stored.message.id, "There are new devices that you have not decided on yet.")
    writes.begin_encryption(MARA_KEY, ChatKind.CONTACT, at(0, 10, 0))


@pytest.fixture
def sealed(tmp_path: Path) -> Scene:
    """The story in an encrypted chat."""

    async def both() -> Scene:
        scene = await make_scene(tmp_path)
        await scene.store.write(write_sealed)
        scene.network.standing.devices[MARA] = listed(MARAS[2:])
        # What waits to be sent is read when the engine is made.
        settings = (AccountSettings(HOME, nickname="Alice"), AccountSettings(WORK))

        async def load() -> Network:
            return scene.network

        return replace(scene, engine=Engine(scene.store, settings, load, scene.keeper))

    return asyncio.run(both())


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
class TestAtThreeSizes:
    """What one compares, and what comes of it."""

    def test_a_contacts_devices(self, snap_compare: Compare, known: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, known, size, "ctrl+l", open_at=MARA)

    def test_a_device_with_a_long_name(self, snap_compare: Compare, known: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, known, size, "ctrl+l", "down", open_at=MARA)

    def test_this_device(self, snap_compare: Compare, known: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, known, size, "ctrl+p", *"my devices", "enter", open_at=MARA)

    def test_how_messages_travelled(self, snap_compare: Compare, sealed: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, sealed, size, open_at=MARA)

    def test_what_can_be_done_with_a_held_message(
        self, snap_compare: Compare, sealed: Scene, size: tuple[int, int]
    ) -> None:
        assert look(snap_compare, sealed, size, "up", open_at=MARA)
