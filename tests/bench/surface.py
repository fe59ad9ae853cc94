"""What a person feels, with the real program on a pty and a real server, beside other clients where they are installed.

    python -m tests.bench.surface [--contacts 1000] [--messages 100000] [--keys 200] [--flood 5000] [--people 1000]
                                  [--poezio PATH] [--only NAME]

From a key to its echo, also while 1,000 messages a second come in; to the next page and to another chat; a flood in a
room; what it takes while nobody does anything. profanity is Debian's; poezio is looked for on $PATH, or where --poezio
says: `python3 -m venv poezio && poezio/bin/pip install poezio` makes it, and `--poezio poezio/bin/poezio` uses it.
"""

import argparse
import asyncio
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench import crowd, machine, months, others
from tests.bench.measures import Figures, Reach, Work, measure
from tests.bench.speaker import Speaker
from tests.bench.startup import COLUMNS, ROWS, give_contacts
from tests.bench.watched import Watched
from tests.cli.program import Program
from tests.server.prosody import Prosody
from tui_xmpp.model.account import AccountSettings

_OURS = "tui-xmpp"


@dataclass(frozen=True, slots=True)
class Sizes:
    """What is measured."""

    contacts: int
    messages: int
    keys: int
    flood: int
    people: int
    idle: float
    rate: int
    poezio: str
    only: str


def main(arguments: Sequence[str] | None = None) -> dict[str, Figures]:
    """Measure and print a table; returns what was measured, by client."""
    sizes = _sizes(arguments)
    directory = Path(tempfile.mkdtemp(prefix="tui-xmpp-bench-"))
    directory.chmod(0o711)  # poezio runs as somebody else
    server = Prosody(directory / "server").start()
    try:
        server.add_user("speaker")
        crowd.gather(server, "crowd", sizes.people)
        print(machine.description())
        print(f"{sizes.contacts:,} contacts, {sizes.messages:,} messages, {COLUMNS}x{ROWS}\n", flush=True)
        found: dict[str, Figures] = {}
        for name, reach, terminal in _clients(server, directory, sizes):
            with terminal, Speaker(server, "speaker", f"flood@{server.rooms}") as speaker:
                work = Work(
                    server.rooms,
                    keys=sizes.keys,
                    flood=sizes.flood,
                    people=sizes.people,
                    idle=sizes.idle,
                    rate=sizes.rate,
                )
                found[name] = {}
                try:
                    measure(terminal, reach, speaker, work, found[name])
                except AssertionError as stuck:
                    if reach.ours:
                        raise
                    print(f"{name} was given up after “{list(found[name] or ['start'])[-1]}”: {str(stuck)[:40]}…")
                terminal.process.terminate()
                terminal.until_ended()
        _print(found)
        return found
    finally:
        server.stop()
        shutil.rmtree(directory)


def _clients(server: Prosody, directory: Path, sizes: Sizes) -> Iterator[tuple[str, Reach, Watched]]:
    if sizes.only in {"", _OURS}:
        account = _account(server, _OURS, sizes)
        program = Program(directory / "home")
        program.set_up(account)
        asyncio.run(months.fill(program.store, account, contacts=sizes.contacts, messages=sizes.messages))
        reach = Reach(readable=f"Message {sizes.messages - 1}.".encode(), ours=True)
        yield _OURS, reach, _terminal(program.command(), program.environment, program.home)
    for client in others.installed(sizes.poezio):
        if sizes.only in {"", client.name}:
            home = Path(tempfile.mkdtemp(dir=directory))
            command, environment = client.prepare(home, _account(server, client.name, sizes))
            reach = Reach(client.readable, client.to_flood, client.to_crowd)
            yield client.name, reach, _terminal(command, environment, home)


def _account(server: Prosody, name: str, sizes: Sizes) -> AccountSettings:
    """An account of its own for each client: a bookmark of one would have the next one enter rooms by itself."""
    server.add_user(name)
    give_contacts(server, sizes.contacts, name)
    return server.settings(name)


def _terminal(command: list[str], environment: dict[str, str], home: Path) -> Watched:
    return Watched(command, environment, home, columns=COLUMNS, rows=ROWS)


def _sizes(arguments: Sequence[str] | None) -> Sizes:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, default=1000)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--flood", type=int, default=5000)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--idle", type=float, default=20)
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--poezio", default=shutil.which("poezio") or "")
    parser.add_argument("--only", default="")
    found = parser.parse_args(arguments)
    return Sizes(**vars(found))


def _print(found: dict[str, Figures]) -> None:
    """One row for each thing that was measured, one column for each client."""
    rows = dict.fromkeys(what for figures in found.values() for what in figures)
    print(f"{'':<34}", *(f"{name:>26}" for name in found), sep="")
    for what in rows:
        print(f"{what:<34}", *(f"{figures.get(what, ''):>26}" for figures in found.values()), sep="")


if __name__ == "__main__":
    main()
