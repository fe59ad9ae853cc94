"""Fixtures for the screen."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.ui import second_act
from tests.ui.running import Running, running
from tests.ui.scene import MARA, Scene, make_scene


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """The story, with a store of its own."""
    scene = await make_scene(tmp_path)
    yield scene
    await scene.engine.close()


@pytest.fixture
async def mara(scene: Scene) -> AsyncIterator[Running]:
    """The chat with Mara after the second act."""
    await scene.store.write(second_act.tell)
    async with running(scene, (100, 30), open_at=MARA) as shown:
        yield shown


@pytest.fixture
async def kitchen(scene: Scene) -> AsyncIterator[Running]:
    """The kitchen after the second act."""
    await scene.store.write(second_act.tell)
    async with running(scene, (100, 40)) as shown:
        yield shown
