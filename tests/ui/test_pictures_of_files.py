"""Pictures of files that messages share, at three sizes, with the clock stopped; each was looked at."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.quiet_web import QuietWeb
from tests.ui.scene import HOME, KITCHEN, MARA, MARA_KEY, Scene, at, make_scene, said, theirs
from tests.ui.test_files import LINK, SEALED
from tests.ui.test_pictures import SIZES, Compare, look
from tui_xmpp.core.ports import Web
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.files import FileState, Stage, Trust
from tui_xmpp.storage.writes import Writes

AT_HOME = Path("/home/alice")
FAILING = "https://files.far.example/slot/2/notes.txt"


class StillWeb(QuietWeb):
    """A web that says nothing but how large a file is."""

    async def size_of(self, link: str, trust: Trust) -> int | None:
        return 2_345_678

    async def save(
        self, link: str, trust: Trust, place: Path, *, most: int, tell: Callable[[int, int | None], None]
    ) -> Path:
        raise AssertionError


def write(writes: Writes) -> None:
    for second, body in enumerate((LINK, SEALED, FAILING)):
        writes.add_message(theirs(MARA_KEY, ChatKind.CONTACT, MARA, body, at(0, 10, 42, 40 + second)))
    writes.add_message(said("Theo", f"the plan: {SEALED}", at(0, 10, 42, 40)))


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """The story, with files; a home of which nothing but the name is there."""

    async def load() -> Web:
        return StillWeb()

    async def both() -> Scene:
        scene = await make_scene(tmp_path)
        await scene.store.write(write)
        scene.engine._web._load = load
        return scene

    scene = asyncio.run(both())
    monkeypatch.setenv("HOME", str(AT_HOME))
    monkeypatch.setattr(scene.engine, "_downloads", lambda: AT_HOME / "Downloads")
    monkeypatch.setattr("tui_xmpp.ui.screens.save_file.place_for", lambda text, folder, name: folder / name)
    return scene


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
class TestAtThreeSizes:
    """What one sees of a file."""

    def test_saving_a_contacts_file(self, snap_compare: Compare, shared: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, shared, size, "up", "up", "s", open_at=MARA)

    def test_opening_the_file_of_somebody_in_a_room(
        self, snap_compare: Compare, shared: Scene, size: tuple[int, int]
    ) -> None:
        assert look(snap_compare, shared, size, "up", "O", open_at=KITCHEN)

    def test_a_file_on_its_way_one_that_is_here_and_one_that_is_gone(
        self, snap_compare: Compare, shared: Scene, size: tuple[int, int]
    ) -> None:
        files = shared.engine._of(HOME).downloads
        coming, saved, failed = shared.engine.newest(MARA_KEY, 3)
        gone = "It is not there any more: servers keep files for some time only."
        files._states[coming.id, LINK] = FileState(Stage.COMING, 938_272, 2_345_678)
        files._states[saved.id, SEALED] = FileState(Stage.SAVED, place=AT_HOME / "Downloads/plan.pdf")
        files._states[failed.id, FAILING] = FileState(Stage.FAILED, problem=gone)
        assert look(snap_compare, shared, size, "up", "up", "up", open_at=MARA)
