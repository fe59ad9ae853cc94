"""Pictures of the dialogs and of what one writes, at three sizes, with the clock stopped; each was looked at."""

import asyncio
from pathlib import Path

import pytest

from tests.engines import MemoryKeeper
from tests.ui.quiet_line import QuietNetwork
from tests.ui.scene import KITCHEN_KEY, MARA, MARA_KEY, Scene, at, frozen_clock, make_scene, said, standing, theirs
from tests.ui.test_pictures import SIZES, Compare, look
from tui_xmpp.core.engine import Engine
from tui_xmpp.core.ports import Network
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.storage.store import Store
from tui_xmpp.storage.writes import Writes
from tui_xmpp.ui.app import TuiXmppApp
from tui_xmpp.ui.appearance import Appearance

STYLED = (
    "*bold* and _slanted_ and ~gone~ and `code`, in 王小明's 👩‍👩‍👧 words\n"
    "> a quotation, which is long enough to be wrapped on a narrow screen\n"
    "```python\ndef bread(flour: int) -> str:\n    return 'dough' * flour\n```\n"
    "and https://example.org/a/recipe at the end"
)


def write_styled(writes: Writes) -> None:
    writes.add_message(theirs(MARA_KEY, ChatKind.CONTACT, MARA, STYLED, at(0, 10, 42, 40)))
    writes.add_message(said("Juno", STYLED, at(0, 10, 42, 40)))
    writes.set_open(KITCHEN_KEY, True)


@pytest.fixture
def told(tmp_path: Path) -> Scene:
    """The story; made before the app's own loop begins."""
    return asyncio.run(make_scene(tmp_path))


@pytest.fixture
def styled(tmp_path: Path) -> Scene:
    """The story with messages that have styles."""

    async def both() -> Scene:
        scene = await make_scene(tmp_path)
        await scene.store.write(write_styled)
        return scene

    return asyncio.run(both())


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
class TestAtThreeSizes:
    """What one sees now and then."""

    def test_styled_text(self, snap_compare: Compare, styled: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, styled, size, open_at=MARA)

    def test_what_is_offered_for_a_command(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, *"/in")

    def test_what_is_offered_for_an_emoji(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, "colon", *"piz")

    def test_vim(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, *"Dear all", "escape", appearance=Appearance(vim=True))

    def test_the_requests(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, "ctrl+r")

    def test_notifications(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, "ctrl+p", *"notific", "enter")

    def test_the_accounts(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, "f9")

    def test_joining_a_room(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, "f3")

    def test_going_to_a_chat(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, "ctrl+k", *"m")

    def test_the_wizard(self, snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
        assert snap_compare(newcomer(tmp_path), terminal_size=size)

    def test_an_invitation(self, snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
        keys = ["down", "down", "enter", *"xmpp", "enter"]
        assert snap_compare(newcomer(tmp_path), terminal_size=size, press=keys)


def test_two_chats_side_by_side(snap_compare: Compare, told: Scene) -> None:
    assert look(snap_compare, told, (160, 40), "ctrl+p", *"beside", "enter", *"mara", "enter")


def newcomer(directory: Path) -> TuiXmppApp:
    """An empty home."""

    async def load() -> Network:
        return QuietNetwork(standing())

    store = Store.open(directory / "chat.db")
    return TuiXmppApp(Engine(store, (), load, MemoryKeeper({})), clock=frozen_clock())
