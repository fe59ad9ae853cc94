"""`tui-xmpp demo`: it opens, it ends however it is told to, and nothing of it stays."""

import shutil
import signal
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.cli.pseudo_terminal import PseudoTerminal, assert_sane
from tests.waiting import wait_until


def servers_below(directory: Path) -> list[str]:
    """Process ids of what still runs with its files below a directory."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if str(directory).encode() in command:
            found.append(process.name)
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_it_opens_and_leaves_no_trace_however_it_ends(tmp_path: Path, number: signal.Signals) -> None:
    program = Program(tmp_path / "home")
    temporary = tmp_path / "t"
    temporary.mkdir()
    environment = {**program.environment, "TMPDIR": str(temporary)}
    with PseudoTerminal(program.command("demo"), environment, program.home) as terminal:
        terminal.until(b"nothing of it is kept")
        terminal.until(b"Mara")
        assert servers_below(temporary)
        terminal.process.send_signal(number)
        code = terminal.until_ended()
        if number is signal.SIGKILL:
            assert code == -number
        else:
            assert code == 128 + number
            assert_sane(terminal)
    wait_until(lambda: not servers_below(temporary), what="the server has ended")
    wait_until(lambda: not list(temporary.iterdir()), what="its files are gone")
    assert list(program.home.iterdir()) == []


async def test_without_prosody_and_a_person_to_ask_it_says_how_to_get_it(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("apt-get", "sudo"):
        (tools / tool).symlink_to(shutil.which("false") or "/bin/false")
    ended = await program.run("demo", path=str(tools))
    assert ended.code == 1
    assert "apt-get install prosody" in ended.errors
    assert list(program.home.iterdir()) == []
