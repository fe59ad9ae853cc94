"""What it costs to find messages: the first page of hits as the person types, at several sizes of the store.

    python -m tests.bench.search [SIZE ...] [--runs 9] [--encrypted]

Sizes are numbers of messages in 500 chats; 10,000 and 100,000 by default. Every search is one that the screen makes:
parsed, found, and the first 50 hits read with the places of the words.
"""

import argparse
import statistics
import tempfile
import time
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

from tests.bench import machine
from tests.bench.fill import ACCOUNT, FIRST_TIME, STEP, fill
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.search import parse
from tui_xmpp.storage.cipher import Key
from tui_xmpp.storage.store import Store

LIMIT = 50
BUDGET_MS = 50.0
_SAMPLE = 3_000


def main() -> None:
    """Make the stores one after the other and search them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", default=[10_000, 100_000], metavar="SIZE")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--encrypted", action="store_true")
    asked = parser.parse_args()
    key = Key.fresh() if asked.encrypted else None
    print(machine.description())
    for size in asked.sizes:
        with tempfile.TemporaryDirectory(prefix="tui-xmpp-bench-") as directory:
            path = Path(directory) / "chat.db"
            begun = time.perf_counter()
            keys = fill(path, contacts=1_000, chats=500, messages=size, key=key)
            took, weight = time.perf_counter() - begun, path.stat().st_size / 2**20
            print(f"\n{size:,} messages: {weight:,.0f} MiB{', encrypted' if key else ''}, made in {took:.0f} s")
            store = Store.open(path, key)
            _search(store, keys, size, asked.runs)
            store.close_now()


def _search(store: Store, keys: list[ChatKey], size: int, runs: int) -> None:
    common, other, rare = words_of(store, keys[0])
    today = _last_day(size)
    middle = datetime.fromtimestamp((FIRST_TIME + size * STEP // 2) / 1_000_000, UTC).date()
    quiet = keys[-2].peer.local
    searches = {
        "a common word": f"{common} ",
        "a rare word": f"{rare} ",
        "a word that is nowhere": "xylophone ",
        "two common words": f"{common} {other} ",
        "a phrase of common words": f'"{common} {other}"',
        "a common and a rare word": f"{common} {rare} ",
        "the first letter of a word": common[:1],
        "two letters of a word": common[:2],
        "three letters of a word": "kar",
        "four letters of a word": "karo",
        "a common word and two letters": f"{common} {other[:2]}",
        "from: a nickname": f"{common} from:person3",
        "from: a contact, no word": "from:contact0001",
        "from:me": "from:me",
        "in: one room": f"{common} in:{keys[0].peer.local}",
        "in: a quiet chat": f"{common} in:{quiet}",
        "in: many chats": f"{common} in:contact",
        "before: the middle": f"{common} before:{middle}",
        "before: the middle, no word": f"before:{middle}",
        "after: and has:link, nothing found": "after:1y has:link",
    }
    worst = 0.0
    for what, text in searches.items():
        found, times, costs = 0, [], []
        for _ in range(runs):
            busy = time.process_time()
            found, seconds = searched(store, text, size)
            times.append(seconds * 1000)
            costs.append((time.process_time() - busy) * 1000)
        median, cost = statistics.median(times), statistics.median(costs)
        worst = max(worst, median)
        print(f"{what:<36} {found:3} hits {median:9.2f} ms   (worst {max(times):.2f}; {cost:.2f} ms of processor)")
    query = parse(f"{common} ", today=today, zone=UTC)
    begun, pages, before = time.perf_counter(), 0, None
    while pages < 20:
        page = store.search.find(query, LIMIT, before=before)
        pages, before = pages + 1, page.next
        if before is None:
            break
    print(f"{'a further page':<36}          {(time.perf_counter() - begun) * 1000 / pages:9.2f} ms")
    print(f"slowest median {worst:.1f} ms, the budget is {BUDGET_MS:.0f} ms")


def searched(store: Store, text: str, size: int) -> tuple[int, float]:
    """How many hits the first page of a search has in a store of this size, and the seconds that it took."""
    begun = time.perf_counter()
    query = parse(text, today=_last_day(size), zone=UTC)
    return len(store.search.find(query, LIMIT, accounts=(ACCOUNT,)).hits), time.perf_counter() - begun


def _last_day(size: int) -> date:
    return datetime.fromtimestamp((FIRST_TIME + size * STEP) / 1_000_000, UTC).date()


def words_of(store: Store, busiest: ChatKey) -> tuple[str, str, str]:
    """The two most common words, and one that was said once, among the newest messages of the busiest chat."""
    said = Counter(word for message in store.messages.newest(busiest, _SAMPLE) for word in message.body.split())
    ranked = [word for word, _ in said.most_common() if len(word) > 3]
    return ranked[0], ranked[1], ranked[-1]


if __name__ == "__main__":
    main()
