"""Pictures of what is done with messages, at three sizes; each was looked at (`--snapshot-update`)."""

import asyncio
from pathlib import Path

import pytest

from tests.ui import second_act
from tests.ui.scene import MARA, MARA_KEY, Scene, at, make_scene, theirs
from tests.ui.test_pictures import SIZES, Compare, look
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.storage.writes import Writes

CODE = "> ```python\n> def bake():\n>     return 'bread'  # soon\n> ```\n*nice*, and `ok`"
FILE = "https://files.home.example/slot/77/dough%20at%20noon.jpg"


def third(writes: Writes) -> None:
    """Mara shares a picture, and quotes a program."""
    for second, body in enumerate((FILE, CODE)):
        writes.add_message(theirs(MARA_KEY, ChatKind.CONTACT, MARA, body, at(0, 10, 42, 40 + second)))


@pytest.fixture
def told(tmp_path: Path) -> Scene:
    """The story up to there, at a server that takes reports."""

    async def all_of_it() -> Scene:
        scene = await make_scene(tmp_path)
        await scene.store.write(second_act.tell)
        await scene.store.write(third)
        scene.network.standing.server = frozenset({"urn:xmpp:blocking", "urn:xmpp:reporting:1"})
        return scene

    return asyncio.run(all_of_it())


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
class TestAtThreeSizes:
    """What one does with messages."""

    def test_several_marked(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, "up", "shift+up", "up", "up", "v", open_at=MARA)

    def test_the_menu(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, "up", "up", "a", open_at=MARA)

    def test_reporting(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, "up", "up", "!", open_at=MARA)
