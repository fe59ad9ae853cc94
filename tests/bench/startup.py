"""From exec to a readable contact list and last chat, on a terminal of 120 by 40, beside other clients.

    python -m tests.bench.startup [--runs 7] [--contacts 1000] [--messages 100000]

Ours is measured against a real server that it signs in to, and so are the others; how much the loop is held up while
the network libraries load is measured by `tests.bench.stall`.
"""

import argparse
import asyncio
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

from tests import keyring_session
from tests.bench import machine, months, others
from tests.cli.program import Program
from tests.cli.pseudo_terminal import PseudoTerminal
from tests.server.prosody import Prosody
from tui_xmpp.model.account import AccountSettings

COLUMNS, ROWS = 120, 40
_PATIENCE = 60.0


class InSession(Program):
    """The program in a session that has a keyring."""

    def __init__(self, home: Path, variables: Mapping[str, str]) -> None:
        super().__init__(home)
        self._variables = dict(variables)

    @property
    def environment(self) -> dict[str, str]:
        """The session's variables."""
        return self._variables


@dataclass(frozen=True, slots=True)
class Sizes:
    """What is measured."""

    runs: int
    contacts: int
    messages: int


def main() -> None:
    """Measure and print."""
    sizes = _sizes()
    directory = Path(tempfile.mkdtemp(prefix="tui-xmpp-bench-"))
    directory.chmod(0o711)  # poezio runs as somebody else
    server = Prosody(directory / "server").start()
    try:
        server.add_user("bench")
        give_contacts(server, sizes.contacts)
        account = server.settings("bench")
        print(machine.description())
        print(f"{sizes.contacts:,} contacts, {sizes.messages:,} messages, {COLUMNS}x{ROWS}, {sizes.runs} runs\n")
        program = Program(directory / "home")
        program.set_up(account)
        database = program.home / ".local" / "share" / "tui-xmpp" / "chat.db"
        asyncio.run(months.fill(database, account, contacts=sizes.contacts, messages=sizes.messages))
        _report("tui-xmpp, contacts and last chat", sizes.runs, partial(_ours, program, sizes))
        _report("tui-xmpp, what is typed is answered", sizes.runs, partial(_answered, program, sizes, count()))
        _report("for comparison: importing Textual", sizes.runs, _importing_textual)
        _report_encrypted(program, sizes)
        _report_stall(program, sizes, directory)
        for client in others.installed():
            _report(f"{client.name}, contacts", sizes.runs, partial(_theirs, client, account, directory))
    finally:
        server.stop()
        shutil.rmtree(directory)


def _sizes() -> Sizes:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--contacts", type=int, default=1000)
    parser.add_argument("--messages", type=int, default=100_000)
    found = parser.parse_args()
    return Sizes(found.runs, found.contacts, found.messages)


def give_contacts(server: Prosody, count: int, name: str = "bench") -> None:
    """Put so many contacts on the list of an account, as the server keeps it."""
    server.shell(
        '> local rm = require "core.rostermanager"; '
        f'local roster = rm.load_roster("{name}", "{server.domain}"); '
        f"for i = 0, {count - 1} do "
        f'roster[("c%04d@{server.domain}"):format(i)] = {{ subscription = "both", '
        f'name = ("Contact %04d"):format(i), groups = {{ [("Group %d"):format(i % {months.GROUPS})] = true }} }} end; '
        f'return rm.save_roster("{name}", "{server.domain}", roster)'
    )


def _report(what: str, runs: int, measure: Callable[[], float]) -> None:
    measure()  # the first one warms the disk cache
    times = sorted(measure() for _ in range(runs))
    middle = statistics.median(times)
    print(f"{what:<36} median {middle * 1000:6.0f} ms   from {times[0] * 1000:6.0f} to {times[-1] * 1000:6.0f}")


def _ours(program: Program, sizes: Sizes) -> float:
    """Seconds until the first contact and the last message are on the terminal."""
    begun = time.perf_counter()
    with _on_terminal(program.command(), program) as terminal:
        _until_readable(terminal, sizes)
        taken = time.perf_counter() - begun
        terminal.process.terminate()
        terminal.until_ended()
    return taken


def _answered(program: Program, sizes: Sizes, runs: Iterator[int]) -> float:
    """Seconds until what is typed as soon as there is something to be read is on the terminal, too."""
    typed = f"run{next(runs)}".encode()  # what was typed once is a draft, and is there at once the next time
    begun = time.perf_counter()
    with _on_terminal(program.command(), program) as terminal:
        _until_readable(terminal, sizes)
        terminal.type(typed)
        terminal.until(typed, within=_PATIENCE)
        taken = time.perf_counter() - begun
        terminal.process.terminate()
        terminal.until_ended()
    return taken


def _report_encrypted(program: Program, sizes: Sizes) -> None:
    """The same with the store encrypted, its key in a real keyring; and with a command, which costs scrypt."""
    with keyring_session.held(program.home) as variables:
        key = program.home / "key.sh"
        key.write_text("echo correct horse battery\n")
        for place, arguments in (
            ("keyring", ["encrypt", "--key", "keyring"]),
            ("command", ["change", "--key", "command", "--command", f"sh {key}"]),
        ):
            subprocess.run(program.command("storage", *arguments), env=variables, capture_output=True, check=True)
            in_session = InSession(program.home, variables)
            _report(f"tui-xmpp, encrypted, key by {place}", sizes.runs, partial(_ours, in_session, sizes))
        subprocess.run(program.command("storage", "decrypt", "--yes"), env=variables, capture_output=True, check=True)


def _importing_textual() -> float:
    """Seconds that no program on Textual can be without, on this machine and as busy as it is."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import textual.app"], check=True)
    return time.perf_counter() - begun


def _on_terminal(command: list[str], program: Program) -> PseudoTerminal:
    return PseudoTerminal(command, program.environment, program.home, columns=COLUMNS, rows=ROWS)


def _until_readable(terminal: PseudoTerminal, sizes: Sizes) -> None:
    for text in (b"Contact 0000", f"Message {sizes.messages - 1}.".encode()):
        terminal.until(text, within=_PATIENCE)


def _report_stall(program: Program, sizes: Sizes, directory: Path) -> None:
    stalls, libraries, early = [], [], set()
    for run in range(sizes.runs):
        out = directory / f"stall{run}.json"
        with _on_terminal([sys.executable, "-m", "tests.bench.stall", str(out)], program) as terminal:
            _until_readable(terminal, sizes)
            terminal.until_holds(out.exists, within=_PATIENCE)
            terminal.process.terminate()
            terminal.until_ended()
        found = json.loads(out.read_text())
        stalls.append(found["stall"])
        libraries.append(found["loading"])
        early |= set(found["early"])
    middle, worst = statistics.median(stalls), max(stalls)
    print(f"{'longest stall while loading':<36} median {middle * 1000:6.0f} ms   worst {worst * 1000:.0f}", end="")
    print(f"   (loading took {statistics.median(libraries) * 1000:.0f} ms)")
    print(f"{'network libraries before that':<36} {', '.join(sorted(early)) or 'none'}")


def _theirs(client: others.Client, account: AccountSettings, directory: Path) -> float:
    home = Path(tempfile.mkdtemp(dir=directory))
    command, environment = client.prepare(home, account)
    begun = time.perf_counter()
    with PseudoTerminal(command, environment, home, columns=COLUMNS, rows=ROWS) as terminal:
        terminal.until(client.readable, within=_PATIENCE)
        return time.perf_counter() - begun


if __name__ == "__main__":
    main()
