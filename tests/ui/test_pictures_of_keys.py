"""Pictures of what opens the store and of the devices, at three sizes, with the clock stopped; each was looked at."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui.scene import HOME, MARA, Scene, at, make_scene
from tests.ui.test_pictures import SIZES, Compare, look
from tests.ui.unlock.test_screen import ToldVault
from tests.waiting import until
from tui_xmpp.errors import StoreLocked
from tui_xmpp.model.address import Address
from tui_xmpp.model.at_rest import Condition, KeyPlace
from tui_xmpp.model.omemo import Device, OmemoVersion, Trust
from tui_xmpp.ui.screens.fields import LineField
from tui_xmpp.ui.unlock.app import UnlockApp


def device(owner: Address, number: int, label: str, digits: str, trust: Trust, first: int, last: int) -> Device:
    """One that is in use; `digits` over and over are its fingerprint."""
    fingerprint = digits * (64 // len(digits)) if digits else ""
    return Device(owner, number, fingerprint, trust, label, first, last, frozenset({OmemoVersion.TWO}))


OWN = (
    replace(device(HOME, 7, "tui-xmpp", "ef", Trust.VERIFIED, at(2, 9, 0), at(0, 10, 42)), own=True),
    device(HOME, 8, "laptop", "0badcafe", Trust.TRUSTED, at(9, 9, 0), at(1, 18, 0)),
)
MARAS = (
    device(MARA, 1, "Conversations", "ab", Trust.VERIFIED, at(90, 9, 0), at(0, 10, 42)),
    device(MARA, 1574115617, "", "cd01", Trust.UNDECIDED, at(0, 8, 0), at(0, 8, 0)),
    device(MARA, 3, "desk", "", Trust.TRUSTED, at(40, 9, 0), at(12, 9, 0)),
    replace(device(MARA, 4, "old phone", "12", Trust.DISTRUSTED, at(200, 9, 0), at(99, 9, 0)), listed=frozenset()),
)


def locked(place: KeyPlace = KeyPlace.PASSPHRASE, condition: Condition = Condition.LOCKED) -> ToldVault:
    """A store in Alice's home; what was told to open it does not."""
    vault = ToldVault(condition, place)
    vault.store = Path("/home/alice/.local/share/tui-xmpp/chat.db")
    vault.refuse = StoreLocked("This passphrase does not open the store.")
    return vault


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """The story, with devices whose keys are the same in each run, which those of a real line are not."""
    scene = asyncio.run(make_scene(tmp_path))

    async def asked(_account: Address, _address: Address) -> None:
        """All is known."""

    monkeypatch.setattr(scene.engine, "devices", lambda _account, address: OWN if address == HOME else MARAS)
    monkeypatch.setattr(scene.engine, "learn_devices", asked)
    return scene


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
class TestAtThreeSizes:
    """What one sees of keys."""

    def test_the_devices_of_somebody(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, "ctrl+l", open_at=MARA)

    def test_ones_own_devices(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, *"/own-devices", "enter", "down", open_at=MARA)

    def test_the_passphrase(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(UnlockApp(locked()), terminal_size=size, press=[*"horse"])

    def test_a_wrong_passphrase(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        app, refused = UnlockApp(locked()), "This passphrase does not open the store."

        async def before(pilot: Pilot[None]) -> None:
            await pilot.press(*"horse", "enter")
            await until(lambda: app.screen.query_one(LineField).problem == refused)
            await pilot.pause()

        assert snap_compare(app, terminal_size=size, run_before=before)

    def test_a_lost_key(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        problem = StoreLocked(
            "The key of the store was not found in the keyring of this system. The keyring may be locked or not "
            "running, or the key was removed."
        )
        assert snap_compare(UnlockApp(locked(KeyPlace.KEYRING), problem=problem), terminal_size=size)

    def test_beginning_anew(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(UnlockApp(locked()), terminal_size=size, press=["f2"])

    def test_how_a_new_store_is_kept(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        vault = locked(condition=Condition.NEW)
        assert snap_compare(UnlockApp(vault), terminal_size=size)

    def test_a_new_passphrase(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        vault = locked(condition=Condition.NEW)
        assert snap_compare(
            UnlockApp(vault), terminal_size=size, press=["enter", *"correct horse", "enter", *"battery"]
        )
