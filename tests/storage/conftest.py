"""A store of each test's own."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.opening import open_store
from tui_xmpp.storage.store import Store
from tui_xmpp.storage.writes import Writes


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store is."""
    return tmp_path / "data" / "chat.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    """An open store with its writer thread."""
    opened = Store.open(path)
    yield opened
    await opened.close()


@pytest.fixture
def db(path: Path) -> Iterator[Connection]:
    """A connection to a fresh store, each statement committed by itself."""
    connection, _ = open_store(path)
    yield connection
    connection.close()


@pytest.fixture
def writes(db: Connection) -> Writes:
    """What a work gets, without the thread."""
    return Writes(db)
