"""How what a person waits for grows with the store: opening, switching chats, paging back, searching; and memory.

    python -m tests.bench.growth [SIZE ...] [--runs 7] [--cache DIRECTORY]

Sizes are numbers of messages in 500 chats; 10,000, 100,000 and 1,000,000 by default. All but the searches is measured
in the real program on a terminal, from a key to the answer being drawn. The stores are made once and kept in the
cache; the program works on a copy. There is no server: what is asked for is what the store has.
"""

import argparse
import re
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench import machine
from tests.bench.costs import LONGEST, PAGE_UP, Cost, cost, drawn, paged_back, written
from tests.bench.fill import ACCOUNT, UNREAD_CHATS, fill, newest_text
from tests.bench.search import searched, words_of
from tests.cli.program import Program
from tests.cli.pseudo_terminal import PseudoTerminal
from tui_xmpp.demo.prosody_config import LOOPBACK
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.storage.migrations import VERSION
from tui_xmpp.storage.store import Store

SIZES = (10_000, 100_000, 1_000_000)
CACHE = Path(tempfile.gettempdir()) / "tui-xmpp-bench-stores"
CHATS, CONTACTS = 500, 1_000
COLUMNS, ROWS = 120, 40
BACK = 2_000
"""Messages that are paged back."""

OPEN = "open: list and last chat readable, ms"
ANSWERED = "open: what was typed meanwhile is answered, ms"
SWITCH = "switch to a chat not seen yet, ms"
BACK_TO = "switch back to a chat, ms"
PAGE = "page up, ms"
FAR = f"{BACK:,} messages back, all keys at once, ms"
COMMON = "search for a common word, ms"
RARE = "search for a rare word, ms"
MEMORY = "memory, resident, MB"
BUDGETS = {
    OPEN: "500",
    ANSWERED: "",
    SWITCH: "50",
    BACK_TO: "50",
    PAGE: "",
    FAR: "340",
    COMMON: "50",
    RARE: "50",
    MEMORY: "120",
}
"""What is measured, and what it may take (DESIGN §5)."""

_NEXT_UNREAD, _CHAT_BEFORE, _NEWEST = b"\x0e", b"\x1b[23~", b"\x1b[24~"
_SETTLED = 4.0
"""Seconds after which what the start has begun is over, the loading of the network too."""
_PAGES = 400
"""More Page Ups than ever are needed."""
_PATIENCE = 60.0
_UNREAD = re.compile(rb"[0-9]+ unread")
"""What the top line says, which is drawn again when it changes."""


Measured = dict[str, Cost]


def main(words: Sequence[str] | None = None) -> None:
    """Measure each size, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES, metavar="SIZE")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--cache", type=Path, default=CACHE)
    asked = parser.parse_args(words)
    print(machine.description())
    columns = [measure(size, asked.runs, asked.cache) for size in asked.sizes]
    print("\nMedians; in brackets how much of that the processor was at work for us.\n")
    print(f"{'':<44}{''.join(f'{size:>18,}' for size in asked.sizes)}{'budget':>10}")
    for row, budget in BUDGETS.items():
        print(f"{row:<44}{''.join(f'{column[row]!s:>18}' for column in columns)}{budget:>10}")


def measure(size: int, runs: int, cache: Path) -> Measured:
    """Everything at one size."""
    store = stored(size, cache)
    measured: Measured = {}
    with tempfile.TemporaryDirectory(prefix="tui-xmpp-bench-") as directory:
        program = Program(Path(directory) / "home")
        program.set_up(AccountSettings(address=ACCOUNT, host=LOOPBACK, port=9))  # a port where nobody listens
        program.store.parent.mkdir(parents=True)
        shutil.copy(store, program.store)
        _search(program.store, size, runs, measured)
        back = _far_back(program.store)
        _open(program)  # warms the disk cache
        opened = [_open(program) for _ in range(runs)]
        measured[OPEN] = cost(opened)
        measured[ANSWERED] = cost([_open(program, f"run{run}".encode()) for run in range(runs)])
        with _terminal(program) as terminal:
            _readable(terminal)
            _in_the_program(terminal, back, measured)
            terminal.process.terminate()
            terminal.until_ended()
    return measured


def _open(program: Program, typed: bytes = b"") -> tuple[float, float]:
    """Seconds until the program is readable, or shows what was `typed` then, and those of a processor.

    What was typed once is a draft, and is there at once the next time.
    """
    begun = time.perf_counter()
    with _terminal(program) as terminal:
        _readable(terminal)
        if typed:
            terminal.type(typed)
            terminal.until(typed, within=_PATIENCE)
        taken = time.perf_counter() - begun, machine.processor_time(terminal.process.pid)
        terminal.process.terminate()
        terminal.until_ended()
    return taken


def _terminal(program: Program) -> PseudoTerminal:
    return PseudoTerminal(program.command(), program.environment, program.home, columns=COLUMNS, rows=ROWS)


def stored(size: int, cache: Path) -> Path:
    """The store of a size, from the cache, or made."""
    path = cache / f"v{VERSION}-{size}.db"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        begun = time.perf_counter()
        with tempfile.TemporaryDirectory(dir=cache) as directory:
            draft = Path(directory) / "draft.db"
            fill(draft, contacts=CONTACTS, chats=CHATS, messages=size)
            draft.replace(path)
        print(f"{size:,} messages: {path.stat().st_size / 2**20:,.0f} MiB, made in {time.perf_counter() - begun:.0f} s")
    return path


def _readable(terminal: PseudoTerminal) -> None:
    for text in ("Contact 0001", newest_text(0)):
        terminal.until(text.encode(), within=_PATIENCE)


def _search(path: Path, size: int, runs: int, measured: Measured) -> None:
    store = Store.open(path)
    common, _, rare = words_of(store, _busiest())
    for row, word in ((COMMON, common), (RARE, rare)):
        costs = []
        for _ in range(runs):
            busy = time.thread_time()
            costs.append((searched(store, f"{word} ", size)[1], time.thread_time() - busy))
        measured[row] = cost(costs)
    store.close_now()


def _far_back(path: Path) -> list[bytes]:
    """How messages begin that are as far back as is paged; the longer ones, whose beginnings nobody else has."""
    store = Store.open(path)
    messages = store.messages.newest(_busiest(), BACK + 100)
    store.close_now()
    return [message.body[:LONGEST].encode() for message in messages[:100] if len(message.body) > 50]


def _busiest() -> ChatKey:
    return ChatKey(ACCOUNT, Address.parse("room0000@rooms.example.org"))


def _in_the_program(terminal: PseudoTerminal, back: list[bytes], measured: Measured) -> None:
    terminal.read_for(_SETTLED)
    pages: list[tuple[float, float]] = []

    def is_far(text: bytes) -> bool:
        return any(one in text for one in back)

    while not is_far(written(terminal)):
        assert len(pages) < _PAGES, "the far end was not reached"
        pages.append(drawn(terminal, PAGE_UP, b""))
    measured[PAGE] = cost(pages)
    drawn(terminal, _NEWEST, newest_text(0).encode())
    terminal.read_for(1)
    measured[FAR] = cost([paged_back(terminal, len(pages) + 2, is_far)])
    terminal.read_for(1)
    switches = []
    for index in range(1, UNREAD_CHATS + 1):
        # Where more came than fits on the screen one begins at the first of it, and does not see the newest.
        switches.append(drawn(terminal, _NEXT_UNREAD, b" new "))
        if index < UNREAD_CHATS:  # what was opened has to be read before the next unread one is asked for
            terminal.until_holds(lambda: _UNREAD.search(terminal.output), within=_PATIENCE)
    measured[SWITCH] = cost(switches)
    measured[BACK_TO] = cost([drawn(terminal, _CHAT_BEFORE, b"encrypted") for _ in range(1, UNREAD_CHATS)])
    terminal.read_for(1)
    measured[MEMORY] = Cost(machine.memory(terminal.process.pid))


if __name__ == "__main__":
    main()
