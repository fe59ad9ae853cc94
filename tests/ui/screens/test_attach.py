"""Sending a file whose name breaks screens that trust it (SECURITY 21, 23)."""

from pathlib import Path

from tests.ui.running import running
from tests.ui.scene import MARA, MARA_KEY, Scene
from tests.ui.screens.hostile import FORBIDDEN, HOSTILE
from tui_xmpp.ui.screens.attach import AttachDialog


def make(folder: Path, text: str) -> str:
    """A file of that name, as far as a file system takes it; the path that it has or would have."""
    place = folder / text.replace("/", "_").replace("\0", "_")[:200]
    try:
        place.write_bytes(b"x")
    except OSError:
        return str(place)
    return str(place)


async def test_hostile_names_are_drawn_as_they_are(scene: Scene, tmp_path: Path) -> None:
    async with running(scene, open_at=MARA) as shown:
        for text in HOSTILE:
            await shown.app.push_screen(AttachDialog(scene.engine, MARA_KEY, make(tmp_path, text)))
            await shown.pilot.pause()
            assert "Send a file" in shown.text
            assert not FORBIDDEN & set("".join(shown.lines))
            await shown.press("escape")
