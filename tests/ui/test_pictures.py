"""Pictures of the main screens at three sizes, with the clock stopped; each was looked at (`--snapshot-update`)."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui import second_act
from tests.ui.running import settled, still
from tests.ui.scene import KITCHEN, MARA, Scene, make_scene
from tui_xmpp.model.address import Address
from tui_xmpp.ui.appearance import Appearance

SIZES = [(80, 24), (120, 40), (50, 20)]
Compare = Callable[..., bool]


@pytest.fixture
def told(tmp_path: Path) -> Scene:
    """The story; made before the app's own loop begins."""
    return asyncio.run(make_scene(tmp_path))


@pytest.fixture
def second(tmp_path: Path) -> Scene:
    """The story up to the end of its second act."""

    async def both() -> Scene:
        scene = await make_scene(tmp_path)
        await scene.store.write(second_act.tell)
        return scene

    return asyncio.run(both())


def look(
    compare: Compare,
    scene: Scene,
    size: tuple[int, int],
    *keys: str,
    open_at: Address = KITCHEN,
    theme: str = "dark",
    appearance: Appearance | None = None,
) -> bool:
    """Compare the screen after these keys with the picture that was kept."""
    app = scene.app(open_at=open_at, theme=theme, appearance=appearance)

    async def before(pilot: Pilot[int]) -> None:
        await settled(app, scene, pilot)
        for key in keys:
            await pilot.press(key)
            if len(key) > 1:
                await still(app, pilot)
        await still(app, pilot)

    return compare(app, terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
class TestAtThreeSizes:
    """What one sees most of the time."""

    def test_a_room(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size)

    def test_a_chat_of_two(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, open_at=MARA)

    def test_the_list(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, "escape" if size[0] < 70 else "shift+tab", "down")

    def test_the_people(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, *(["f6"] if size[0] >= 100 else ["f8"]))

    def test_a_selected_message(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, "up", "up")

    def test_answers_reactions_and_tombstones(
        self, snap_compare: Compare, second: Scene, size: tuple[int, int]
    ) -> None:
        assert look(snap_compare, second, size)

    def test_the_same_in_a_chat_of_two(self, snap_compare: Compare, second: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, second, size, open_at=MARA)

    def test_an_own_message_selected(self, snap_compare: Compare, second: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, second, size, "up", "up", "up", open_at=MARA)

    def test_answering(self, snap_compare: Compare, second: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, second, size, "up", "up", "r", *"sure", open_at=MARA)

    def test_correcting(self, snap_compare: Compare, second: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, second, size, "ctrl+up", open_at=MARA)

    def test_choosing_an_emoji(self, snap_compare: Compare, second: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, second, size, "up", "up", "plus", *"heart", open_at=MARA)

    def test_taking_back(self, snap_compare: Compare, second: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, second, size, "up", "up", "up", "d", open_at=MARA)

    def test_all_about_a_message(self, snap_compare: Compare, second: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, second, size, *["up"] * 10, "i")

    def test_writing_several_lines(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, *"Dear all", "ctrl+j", *"second line")

    def test_the_actions(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, "ctrl+p", *"room")

    def test_finding(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, "ctrl+f", *"who", "enter", "ctrl+f")

    def test_the_help(self, snap_compare: Compare, told: Scene, size: tuple[int, int]) -> None:
        assert look(snap_compare, told, size, "f1")


@pytest.mark.parametrize("theme", ["light", "contrast", "terminal"])
def test_a_theme(snap_compare: Compare, told: Scene, theme: str) -> None:
    assert look(snap_compare, told, (120, 40), theme=theme)


def test_without_colours(snap_compare: Compare, told: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert look(snap_compare, told, (120, 40))


def test_in_ascii(snap_compare: Compare, told: Scene) -> None:
    assert look(snap_compare, told, (80, 24), theme="terminal", appearance=Appearance(ascii=True))


def test_in_the_compact_form(snap_compare: Compare, told: Scene) -> None:
    assert look(snap_compare, told, (80, 24), *"Dear all", appearance=Appearance(compact=True))
