"""kill -9 at any moment: what was said to be on disk is there."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.storage.builders import BOBS, KEYS
from tui_xmpp.storage.opening import open_store
from tui_xmpp.storage.writes import Writes

PROGRAM = """
import asyncio, itertools, sys
from pathlib import Path
from tests.storage.builders import KEYS, incoming
from tui_xmpp.storage.store import Store

async def main():
    store = Store.open(Path(sys.argv[1]), KEYS[sys.argv[3]])
    first = int(sys.argv[2])
    def said(stored):
        print(stored.message.body, flush=True)
    for number in itertools.count(first):
        new = incoming(f"{number}", stanza_id=f"{number}")
        if number % 7 == 0:
            said(await store.write(lambda writes: writes.add_message(new)))
        else:
            store.write_soon(lambda writes, new=new: writes.add_message(new), said)
        if number % 50 == 0:
            await store.committed()

asyncio.run(main())
"""


def run_and_kill(path: Path, key: str, first: int, seconds: float) -> list[int]:
    """Write messages with numbers from `first` on until killed; returns the numbers said to be on disk."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(path), str(first), key],
        bufsize=0,  # else lines that readline() has read ahead are lost to communicate()
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    said = [process.stdout.readline()]
    time.sleep(seconds)  # any moment will do
    process.kill()
    rest, _ = process.communicate(timeout=30)
    said += rest.splitlines(keepends=True)
    return [int(line) for line in said if line.endswith(b"\n")]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("seed", range(3))
def test_what_was_said_to_be_on_disk_is_there_after_kill_9(path: Path, seed: int, key: str) -> None:
    chance = random.Random(seed)
    said: list[int] = []
    for _ in range(3):
        first = said[-1] + 1_000_000 if said else 1
        said += run_and_kill(path, key, first, chance.uniform(0, 0.6))
        assert said[-1] >= first
        db, moved_aside = open_store(path, KEYS[key])
        assert moved_aside is None
        assert db.text("PRAGMA integrity_check") == "ok"
        db.run("INSERT INTO messages_text (messages_text, rank) VALUES ('integrity-check', 1)")
        stored = [int(message.body) for message in Writes(db).messages.newest(BOBS, 1_000_000)]
        db.close()
        assert set(said) <= set(stored)
        assert stored == sorted(stored), "in the order of writing, none without those before it"
        assert [number for number in stored if number >= first] == list(range(first, stored[-1] + 1))
