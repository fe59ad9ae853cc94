"""A store of each test's own."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tui_xmpp.storage.cipher import Key
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.opening import open_store
from tui_xmpp.storage.store import Store
from tui_xmpp.storage.writes import Writes


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store is."""
    return tmp_path / "data" / "chat.db"


@pytest.fixture
def key() -> Key | None:
    """What the store is encrypted with; where that matters, a module runs with `KEYS`."""
    return None


@pytest.fixture
async def store(path: Path, key: Key | None) -> AsyncIterator[Store]:
    """An open store with its writer thread."""
    opened = Store.open(path, key)
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
