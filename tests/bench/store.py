"""What the store costs: opening, the chat list, pages, looking up, writing.

    python -m tests.bench.store [--messages 1000000] [--chats 500] [--contacts 1000] [--runs 15] [--encrypted]

Medians, so that the digit can be compared side by side on one machine.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench import machine
from tests.bench.fill import ACCOUNT, FIRST_TIME, STEP, fill
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.message import Direction
from tui_xmpp.storage.cipher import Key
from tui_xmpp.storage.store import Store
from tui_xmpp.storage.values import NewMessage

INSERTED = 10_000


class Bench:
    """Prints the medians of what it is given."""

    def __init__(self, runs: int) -> None:
        self._runs = runs

    def measure(self, what: str, work: Callable[[], object]) -> None:
        """Print the medians of wall and processor time of `work`."""
        walls, processor = [], []
        for _ in range(self._runs):
            begun, begun_processor = time.perf_counter(), time.process_time()
            work()
            walls.append((time.perf_counter() - begun) * 1000)
            processor.append((time.process_time() - begun_processor) * 1000)
        print(
            f"{what:<44} {statistics.median(walls):9.3f} ms   "
            f"(worst {max(walls):.3f}, processor {statistics.median(processor):.3f})"
        )


def main() -> None:
    """Make a store and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--chats", type=int, default=500)
    parser.add_argument("--contacts", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--encrypted", action="store_true")
    asked = parser.parse_args()
    key = Key.fresh() if asked.encrypted else None
    print(machine.description())
    with tempfile.TemporaryDirectory(prefix="tui-xmpp-bench-") as directory:
        path = Path(directory) / "chat.db"
        begun = time.perf_counter()
        keys = fill(path, contacts=asked.contacts, chats=asked.chats, messages=asked.messages, key=key)
        took, size = time.perf_counter() - begun, path.stat().st_size / 2**20
        print(
            f"{asked.messages:,} messages in {asked.chats} chats, {asked.contacts:,} contacts: "
            f"{size:,.0f} MiB{', encrypted' if key else ''}, made in {took:.0f} s\n"
        )
        bench = Bench(asked.runs)
        _reading(bench, path, key, keys)
        asyncio.run(_writing(path, key, keys, asked.messages))


def _reading(bench: Bench, path: Path, key: Key | None, keys: list[ChatKey]) -> None:
    bench.measure("open and close", lambda: Store.open(path, key).close_now())

    def paint_first() -> None:
        store = Store.open(path, key)
        store.messages.newest(store.chats.all_open()[0].key, 100)
        store.close_now()

    bench.measure("open, chat list, last 100 of a chat, close", paint_first)
    store = Store.open(path, key)
    busiest = keys[0]
    last = store.messages.newest(busiest, 1)[0]
    middle = store.messages.older(busiest, last.position // 2 + FIRST_TIME // 2, 0, 1)[0]
    own = next(message for message in store.messages.newest(busiest, 500) if message.origin_id)
    bench.measure("chats.all_open()", store.chats.all_open)
    bench.measure("contacts.all()", store.contacts.all)
    bench.measure("messages.newest(500)", lambda: store.messages.newest(busiest, 500))
    bench.measure("messages.older(50), from the end", lambda: store.messages.older(busiest, last.position, last.id, 50))
    bench.measure("messages.older(50), from the middle", lambda: store.messages.older(busiest, middle.position, 0, 50))
    bench.measure("messages.newer(50), from the middle", lambda: store.messages.newer(busiest, middle.position, 0, 50))
    bench.measure("newest(100) of 100 chats", lambda: [store.messages.newest(each, 100) for each in keys[:100]])
    bench.measure("find_by_stanza_id", lambda: store.messages.find_by_stanza_id(busiest, own.stanza_id))
    bench.measure("pending", lambda: store.messages.pending(ACCOUNT))
    bench.measure("first_unread", lambda: store.chats.first_unread(keys[3]))
    store.close_now()


async def _writing(path: Path, key: Key | None, keys: list[ChatKey], messages: int) -> None:
    store = Store.open(path, key)
    first = FIRST_TIME + (messages + 1) * STEP

    def new(number: int) -> NewMessage:
        chat = keys[number % 50]
        return NewMessage(
            chat,
            ChatKind.CONTACT,
            Direction.IN,
            chat.peer,
            f"Message number {number} of those that came in one go",
            first + number,
            stanza_id=f"new-{number}",
            archive_ids=((ACCOUNT, f"new-{number}"),),
        )

    begun = _now()
    for number in range(INSERTED):
        message = new(number)
        store.write_soon(lambda writes, message=message: writes.add_message(message))  # type: ignore[misc]  # of a default
    await store.committed()
    _print_rate("added, one work each", begun)

    begun = _now()
    for number in range(INSERTED, 2 * INSERTED, 50):
        page = [new(each) for each in range(number, number + 50)]
        store.write_soon(lambda writes, page=page: writes.add_archive_page(ACCOUNT, ACCOUNT, page, before=""))  # type: ignore[misc]  # of a default
    await store.committed()
    _print_rate("added, pages of 50 from an archive", begun)

    found = []
    for number in range(2 * INSERTED, 2 * INSERTED + 200):
        message = new(number)
        begun = _now()
        await store.write(lambda writes, message=message: writes.add_message(message))  # type: ignore[misc]  # of a default
        found.append((_now()[0] - begun[0]) * 1000)
    print(f"{'added and awaited':<44} {statistics.median(found):9.3f} ms   (worst {max(found):.3f})")
    begun = _now()
    await store.write(lambda writes: writes.mark_read(keys[0]))
    print(f"{'mark_read':<44} {(_now()[0] - begun[0]) * 1000:9.3f} ms")
    await store.close()


def _now() -> tuple[float, float]:
    """Seconds by the clock and of the processor."""
    return time.perf_counter(), time.process_time()


def _print_rate(what: str, begun: tuple[float, float]) -> None:
    wall, processor = (now - then for now, then in zip(_now(), begun, strict=True))
    print(f"{what:<44} {INSERTED / wall:9,.0f} a second   (processor {processor / INSERTED * 1e6:.0f} µs each)")


if __name__ == "__main__":
    main()
