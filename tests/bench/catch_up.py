"""Catching up with an archive in clear on a real Prosody with SQLite storage: newest first, and the rest.

    python -m tests.bench.catch_up [MESSAGES] [--runs 3]

First the engine by itself, then the program on a terminal, where afterwards 2,000 messages are paged back.
"""

import argparse
import asyncio
import json
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench import machine
from tests.bench.archive import ME, AwayServer, text
from tests.bench.clock import Ticker, collecting_as_the_program, leave_behind
from tests.bench.costs import paged_back
from tests.cli.program import Program
from tests.cli.pseudo_terminal import PseudoTerminal
from tests.engines import make_client
from tui_xmpp.model.account import AccountStatus
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.events import AccountChanged, Event, MessageAdded
from tui_xmpp.model.omemo import EncryptionWish
from tui_xmpp.storage.store import Store

COLUMNS, ROWS = 120, 40
BACK = 2_000
_PATIENCE = 300.0
_KEYS = 150
"""Page Ups for so many messages, and some more."""


@dataclass(frozen=True, slots=True)
class Run:
    """One catching up; seconds from the session's start."""

    newest: float
    whole: float
    busy: float
    """Seconds that a processor was at work for us."""
    stall: float
    """The longest time for which the loop stood."""
    computed: float
    """The longest for which it computed: on a machine that others keep busy only that is ours."""
    collecting: float = 0.0
    """Its longest collection of garbage, where that was watched."""
    paged: tuple[float, float] = (0.0, 0.0)


async def main(words: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("messages", type=int, nargs="?", default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args(words)
    print(machine.description())
    with tempfile.TemporaryDirectory(prefix="tui-xmpp-bench-") as temporary:
        directory = Path(temporary)
        away = AwayServer(directory)
        try:
            await away.prepare(asked.messages)
            print(f"{asked.messages:,} messages in the archive; medians of {asked.runs} runs\n")
            async with collecting_as_the_program():
                runs = [await by_the_engine(away, asked.messages, directory) for _ in range(asked.runs)]
            report("engine", runs, asked.messages)
            runs = [on_a_terminal(away, asked.messages, directory) for _ in range(asked.runs)]
            report("program on a terminal", runs, asked.messages)
            paged = [run.paged for run in runs]
        finally:
            away.server.stop()
    wall, busy = (statistics.median(seconds) * 1000 for seconds in zip(*paged, strict=True))
    print(f"{BACK:,} messages paged back: {wall:.0f} ms ({busy:.0f} ms of processor); the budget is 340 ms")


def report(what: str, runs: Sequence[Run], count: int) -> None:
    """Print the medians of some runs, with what they may be."""
    whole = statistics.median(run.whole for run in runs)
    newest = statistics.median(run.newest for run in runs)
    busy = statistics.median(run.busy for run in runs) / count
    print(what)
    print(f"  newest visible after   {newest * 1000:7.0f} ms    budget 300")
    print(f"  all after              {whole:7.2f} s     {count / whole:,.0f} a second")
    print(f"  processor, a message   {busy * 1000:7.3f} ms    budget 0.4")
    stall, computed = max(run.stall for run in runs) * 1000, max(run.computed for run in runs) * 1000
    print(f"  longest stall          {stall:7.0f} ms    budget 100 ({computed:.0f} ms computing)")
    if collecting := max(run.collecting for run in runs):
        print(f"  longest collection     {collecting * 1000:7.0f} ms")


async def by_the_engine(away: AwayServer, count: int, directory: Path) -> Run:
    """Catch up below the screen."""
    with tempfile.TemporaryDirectory(dir=directory) as home:
        shutil.copy(away.store, home)
        client = make_client(away.server, ME, Path(home), encryption=EncryptionWish.WHEN_POSSIBLE)
        opened, newest, whole = (asyncio.Event() for _ in range(3))
        added = 0

        def told(batch: Sequence[Event]) -> None:
            nonlocal added
            for event in batch:
                if isinstance(event, AccountChanged) and event.state.status is AccountStatus.ONLINE:
                    opened.set()
                elif isinstance(event, MessageAdded):
                    added += 1
                    if event.message.body == text(count - 1):
                        newest.set()
            if added == count:
                whole.set()

        client.engine.subscribe(told)
        leave_behind()
        try:
            async with asyncio.timeout(_PATIENCE):
                await client.engine.start()
                await opened.wait()
                begun, busy, ticker = time.perf_counter(), time.process_time(), Ticker()
                await newest.wait()
                seen = time.perf_counter() - begun
                await whole.wait()
                taken, worked, stood = time.perf_counter() - begun, time.process_time() - busy, ticker.stop()
                return Run(seen, taken, worked, stood.longest, stood.computed, stood.collecting)
        finally:
            await client.close()


def on_a_terminal(away: AwayServer, count: int, directory: Path) -> Run:
    """Catch up with the chat open, and page back."""
    with tempfile.TemporaryDirectory(dir=directory) as temporary:
        program = Program(Path(temporary) / "home")
        program.set_up(away.server.settings(ME))
        program.store.parent.mkdir(parents=True)
        shutil.copy(away.store, program.store)
        found = Path(temporary) / "probe.json"
        command = [sys.executable, "-m", "tests.bench.probe", str(found), "--open", str(away.peer)]
        with PseudoTerminal(command, program.environment, program.home, columns=COLUMNS, rows=ROWS) as terminal:
            terminal.until(text(count - 1)[:20].encode(), within=_PATIENCE)
            seen = time.monotonic()
            terminal.until_holds(lambda: stored(program.store, away) > count, within=_PATIENCE)
            whole, busy = time.monotonic(), machine.processor_time(terminal.process.pid)
            terminal.read_for(2)
            probe = json.loads(found.read_text())
            paged = paged_back(terminal, _KEYS, lambda shown: oldest(shown, count) < count - BACK)
            terminal.process.terminate()
            terminal.until_ended()
    opened, worked = probe["opened"], busy - probe["busy"]
    return Run(seen - opened, whole - opened, worked, probe["stall"], probe["computed"], paged=paged)


def oldest(shown: bytes, otherwise: int) -> int:
    """The lowest number of a message in what is shown."""
    return min((int(number) for number in re.findall(rb"Number (\d+)\.", shown)), default=otherwise)


def stored(path: Path, away: AwayServer) -> int:
    """How many messages a store has, while somebody writes it."""
    store = Store.open(path, exclusive=False)
    try:
        return len(store.messages.newest(ChatKey(away.me, away.peer), 1_000_000))
    finally:
        store.close_now()


if __name__ == "__main__":
    asyncio.run(main())
