"""Fixtures for the screen."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.ui.scene import Scene, make_scene


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """The story, with a store of its own."""
    scene = await make_scene(tmp_path)
    yield scene
    await scene.engine.close()
