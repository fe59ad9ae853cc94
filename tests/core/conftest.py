"""Fixtures for the engine."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.core.line import QuietLine, give_line
from tests.core.signals import alone
from tests.engines import Client


@pytest.fixture
async def alice(tmp_path: Path) -> AsyncIterator[Client]:
    """A client that never gets a line of its own."""
    async with alone(tmp_path) as client:
        yield client


@pytest.fixture
def line(alice: Client) -> QuietLine:
    """A line that Alice is given, and that goes nowhere."""
    return give_line(alice)
