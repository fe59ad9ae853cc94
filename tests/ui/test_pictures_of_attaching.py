"""Pictures of sending a file, at three sizes; each was looked at (`--snapshot-update`)."""

import asyncio
from pathlib import Path

import pytest

from tests.ui.scene import MARA, Scene, at, make_scene
from tests.ui.test_pictures import SIZES, Compare, look
from tui_xmpp.core import uploads
from tui_xmpp.model.address import Address
from tui_xmpp.model.sending import UploadService


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """The story, with a picture at home, and a server that takes files."""
    (tmp_path / "bread and butter.jpg").write_bytes(b"x" * 1_250_000)
    (tmp_path / "bread.txt").write_bytes(b"x")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(uploads, "now", lambda: at(0, 10, 42, 50))
    scene = asyncio.run(make_scene(tmp_path))
    scene.network.standing.files = UploadService(Address.parse("files.home.example"))
    return scene


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
class TestAtThreeSizes:
    """From the path to the card."""

    def test_a_path_is_completed(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, *"/attach ~/bre", open_at=MARA)

    def test_asking_for_a_file(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, "f10", *"~/bre", open_at=MARA)

    def test_asking_once(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, *"/attach ~/bread and butter.jpg", "enter", open_at=MARA)

    def test_a_file_on_its_way(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, *"/attach ~/bread and butter.jpg", "enter", "enter", "up", open_at=MARA)
