"""How soon a client is back after its server was restarted, and whether what was typed meanwhile arrives as it should.

    python -m tests.bench.restart [--runs 7]

The server is away for a time between none and some seconds, other each time; five messages are typed meanwhile.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench import machine
from tests.bench.clock import collecting_as_the_program
from tests.engines import make_engine
from tests.server.prosody import Prosody
from tests.waiting import until
from tests.xmpp.party import Party
from tui_xmpp.core.backoff import STEADY
from tui_xmpp.model.account import AccountStatus
from tui_xmpp.model.archive import ArchiveQuery
from tui_xmpp.model.message import Delivery

LONGEST_AWAY = 8.0
TYPED = 5


async def main(words: Sequence[str] | None = None) -> None:
    """Restart and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    asked = parser.parse_args(words)
    print(machine.description())
    with tempfile.TemporaryDirectory(prefix="tui-xmpp-bench-") as directory:
        server = Prosody(Path(directory) / "server", storage="internal").start()
        try:
            async with collecting_as_the_program():
                times = await measure(server, asked.runs)
        finally:
            server.stop()
    back, arrived = zip(*times, strict=True)
    print(f"back {statistics.median(back):.2f} s after the server's return (worst {max(back):.2f}); the budget is 1 s")
    print(f"all {TYPED} messages there after {statistics.median(arrived):.2f} s (worst {max(arrived):.2f})")


async def measure(server: Prosody, runs: int) -> list[tuple[float, float]]:
    """Seconds from the server's return until the client is online, and until all is sent, for each restart."""
    chance, times, typed = random.Random(1), [], list[str]()
    bob = server.add_user("bob")
    async with make_engine(server, "alice") as alice:
        for run in range(runs):
            await asyncio.sleep(STEADY)
            away = chance.uniform(0, LONGEST_AWAY)
            await asyncio.to_thread(server.stop)
            typed += (words := [f"{run}.{number}" for number in range(TYPED)])
            for text in words:
                await alice.say(bob, text)
            await asyncio.sleep(away)
            await asyncio.to_thread(server.start)
            begun = time.perf_counter()
            await until(lambda: alice.status() is AccountStatus.ONLINE, timeout=120)
            back = time.perf_counter() - begun
            await until(lambda: all(m.delivery >= Delivery.SENT for m in alice.history(bob)), timeout=120)
            times.append((back, time.perf_counter() - begun))
            print(f"away for {away:4.1f} s: back {back:5.2f} s after its return")
    async with Party.at(server, bob) as party:
        page = await party.connection.archive_page(ArchiveQuery(archive=None, before="", size=50))
        assert [message.body for message in page.messages] == typed[-50:], "not once, or not in order"
    return times


if __name__ == "__main__":
    asyncio.run(main())
