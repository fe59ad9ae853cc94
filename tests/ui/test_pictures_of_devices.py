"""Pictures of devices and their fingerprints at three sizes, with the clock stopped; each was looked at."""

import asyncio
from hashlib import sha256
from pathlib import Path

import pytest

from tests.ui.scene import HOME, MARA, Scene, at, make_scene
from tests.ui.test_pictures import SIZES, Compare, look
from tui_xmpp.model.address import Address
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


def write(writes: Writes) -> None:
    listed = [ListedDevice(device.id, device.label) for device in MARAS]
    writes.list_devices(HOME, MARA, OmemoVersion.TWO, listed, at(0, 10, 0))
    for device in MARAS:
        writes.learn_device(HOME, MARA, device.id, fingerprint(device.id), at(0, 10, 0), device.trust)


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """The story, with devices; this program's own key is made anew each time, so the picture has another."""

    async def both() -> Scene:
        scene = await make_scene(tmp_path)
        await scene.store.write(write)
        scene.network.standing.devices[MARA] = tuple(ListedDevice(device.id, device.label) for device in MARAS)
        return scene

    scene = asyncio.run(both())
    devices = scene.engine.devices

    def shown(account: Address, owner: Address) -> tuple[Device, ...]:
        this = Device(HOME, 7, fingerprint(7), Trust.VERIFIED, "tui-xmpp", at(0, 9, 0), at(0, 9, 0), own=True)
        return (this,) if owner == HOME else devices(account, owner)

    monkeypatch.setattr(scene.engine, "devices", shown)
    return scene


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
class TestAtThreeSizes:
    """What one compares."""

    def test_a_contacts_devices(self, snap_compare: Compare, known: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, known, size, "ctrl+l", open_at=MARA)

    def test_a_device_with_a_long_name(self, snap_compare: Compare, known: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, known, size, "ctrl+l", "down", open_at=MARA)

    def test_this_device(self, snap_compare: Compare, known: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, known, size, "ctrl+p", *"my devices", "enter", open_at=MARA)
