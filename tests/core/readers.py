"""Short ways to let a client read a scripted archive, for the tests of what it makes of it."""

from pathlib import Path

import pytest

from tests.core.scripted_archive import BOB, Archive, Reader
from tui_xmpp.core import backoff, judge, session
from tui_xmpp.model.address import Address

EXTENDED = frozenset({"urn:xmpp:mam:2", "urn:xmpp:mam:2#extended"})
"""Of an archive that can stop at what is held."""


def run_by(archive: Archive, monkeypatch: pytest.MonkeyPatch, *, settled_after: float = 0.01) -> Archive:
    """The archive, whose clock is the client's, which does not wait for long."""
    monkeypatch.setattr(backoff, "FIRST", 0.002)
    monkeypatch.setattr(session, "SETTLED_AFTER", settled_after)
    monkeypatch.setattr(judge, "now", archive.now)
    return archive


async def reads(reader: Reader, count: int, peer: Address = BOB) -> None:
    """Start, and look until so many messages of a chat are there and nothing is being asked."""
    await reader.start()
    await reader.has(count, peer)
    await reader.idle()


async def again(reader: Reader) -> Reader:
    """The same person's next start."""
    await reader.close()
    return Reader(reader.archive, reader.client.path)


async def read(archive: Archive, path: Path, count: int) -> Reader:
    """A client that has read so many messages, and is not running any more."""
    for _ in range(count):
        archive.add(BOB)
    reader = Reader(archive, path / "alice.db")
    await reads(reader, count)
    return await again(reader)
