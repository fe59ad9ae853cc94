"""What was held back while the line was down may come after what is newer: until it has come, no order is believed."""

import asyncio
from pathlib import Path

import pytest

from tests.core.readers import reads, run_by
from tests.core.scripted_archive import BOB, Archive, Reader, ScriptedLine
from tui_xmpp.core import session
from tui_xmpp.model.stanzas import StreamOpened


async def test_a_line_that_is_lost_again_before_all_has_come_is_not_taken_for_settled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = run_by(Archive(), monkeypatch)
    for _ in range(3):
        archive.add(BOB)
    reader = Reader(archive, tmp_path / "alice.db")
    await reads(reader, 3)
    monkeypatch.setattr(session, "SETTLED_AFTER", 0.05)
    reader.line.lose(resumable=True)
    await reader.online()
    up, connect = asyncio.Event(), ScriptedLine.connect

    async def later(line: ScriptedLine, password: str) -> StreamOpened:
        await up.wait()
        return await connect(line, password)

    monkeypatch.setattr(ScriptedLine, "connect", later)
    reader.line.lose(resumable=True)
    await asyncio.sleep(0.1)  # the first resumption would count as settled by now
    held, newer = archive.add(BOB), archive.add(BOB)
    up.set()
    await reader.online()
    reader.line.hear(newer)
    reader.line.hear(held, held_back=True)
    await reader.has(5)
    await reader.idle()
    assert reader.bodies() == ["0", "1", "2", "3", "4"]
    await reader.close()
