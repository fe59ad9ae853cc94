"""What a person feels: from a key to its echo, to the next page and to another chat, with the real program on a pty.

    python -m tests.bench.surface [--contacts 1000] [--messages 100000] [--keys 200]

It also says what the program takes while nobody does anything: memory, and a share of a core.
"""

import argparse
import asyncio
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench import machine, months
from tests.bench.startup import COLUMNS, ROWS
from tests.cli.program import Program
from tests.cli.pseudo_terminal import PseudoTerminal
from tests.server.prosody import Prosody

_SETTLED = 5.0
"""Seconds after which what the start has begun is over."""
_IDLE = 20.0
_LETTERS = "bdfghjklmnpqrstvwxz"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, default=1000)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--keys", type=int, default=200)
    wanted = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix="tui-xmpp-bench-"))
    server = Prosody(directory / "server").start()
    try:
        server.add_user("bench")
        account = server.settings("bench")
        program = Program(directory / "home")
        program.set_up(account)
        database = program.home / ".local" / "share" / "tui-xmpp" / "chat.db"
        asyncio.run(months.fill(database, account, contacts=wanted.contacts, messages=wanted.messages))
        print(machine.description())
        print(f"{wanted.contacts:,} contacts, {wanted.messages:,} messages, {COLUMNS}x{ROWS}\n")
        with PseudoTerminal(
            program.command(), program.environment, program.home, columns=COLUMNS, rows=ROWS
        ) as terminal:
            _measure(terminal, wanted.keys, f"Message {wanted.messages - 1}.".encode())
            terminal.process.terminate()
            terminal.until_ended()
    finally:
        server.stop()
        shutil.rmtree(directory)


def _measure(terminal: PseudoTerminal, keys: int, newest: bytes) -> None:
    terminal.until(newest, within=60)
    _read_for(terminal, _SETTLED)
    letters = [_LETTERS[number % len(_LETTERS)].encode() for number in range(keys)]
    _report("key to echo", [_answered(terminal, letter, letter) for letter in letters])
    terminal.type(b"\x15")
    _read_for(terminal, 1)
    _report("page up to the page", [_answered(terminal, b"\x1b[5~", b"Message ") for _ in range(keys // 4)])
    _report("go-to to the dialog", [_dialog(terminal) for _ in range(keys // 10)])
    before, begun = _processor_time(terminal.process.pid), time.monotonic()
    _read_for(terminal, _IDLE)
    share = (_processor_time(terminal.process.pid) - before) / (time.monotonic() - begun)
    print(f"{'idle':<24} {share * 100:6.2f} % of a core")
    print(f"{'memory':<24} {_memory(terminal.process.pid):6.0f} MB resident")


def _answered(terminal: PseudoTerminal, key: bytes, answer: bytes) -> float:
    """Seconds from a key until the terminal was sent the answer to it."""
    terminal.output = b""
    begun = time.perf_counter()
    terminal.type(key)
    _until(terminal, lambda: answer in terminal.output)
    taken = time.perf_counter() - begun
    _read_for(terminal, 0.05)
    return taken


def _dialog(terminal: PseudoTerminal) -> float:
    taken = _answered(terminal, b"\x0b", b"Go to")
    terminal.type(b"\x1b")
    _read_for(terminal, 0.4)
    return taken


def _until(terminal: PseudoTerminal, holds: Callable[[], bool]) -> None:
    terminal.until_holds(holds, within=10)


def _read_for(terminal: PseudoTerminal, seconds: float) -> None:
    """Read what is written for a while, since a program that nobody reads stands still."""
    deadline = time.monotonic() + seconds
    terminal.until_holds(lambda: time.monotonic() >= deadline, within=seconds + 10)


def _processor_time(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _report(what: str, times: list[float]) -> None:
    times.sort()
    middle, late = statistics.median(times), times[int(len(times) * 0.99)]
    print(f"{what:<24} median {middle * 1000:6.1f} ms   p99 {late * 1000:6.1f}   worst {times[-1] * 1000:6.1f}")


if __name__ == "__main__":
    main()
