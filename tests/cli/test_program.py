"""The program from its first argument to its exit code, on a terminal and without one."""

import json
import signal
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.cli.pseudo_terminal import PseudoTerminal, assert_sane
from tests.server.prosody import Prosody, fresh_name
from tui_xmpp import __version__
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.at_rest import KeyPlace


@pytest.fixture
def new_program(program: Program) -> Program:
    """For a person who has decided how the store is kept, and has no account yet."""
    program.keep_store(KeyPlace.NONE)
    return program


def on_terminal(program: Program, *arguments: str) -> PseudoTerminal:
    return PseudoTerminal(program.command(*arguments), program.environment, program.home)


async def test_version_and_help_need_nothing_and_leave_nothing(program: Program) -> None:
    version, text = await program.run("--version"), await program.run("--help")
    assert (version.code, version.output) == (0, f"tui-xmpp {__version__}\n")
    assert text.code == 0
    assert "exit codes:" in text.output
    assert list(program.home.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[ui]\ntheme = 5\n", 2, "must be text"),
        ('[ui]\ntheme = "pink"\n', 2, "there is no theme “pink”; there are dark, light"),
        ('[ui.keys]\nquit = "ctrl+x"\nfly = "f6"\n', 3, "fly"),
        ('[ui.keys]\nquit = "ctrl+nothing"\n', 2, "ctrl+nothing"),
        ('[ui.keys]\nhelp = "f13"\ngo_to = "ctrl+p"\n', 3, "“ctrl+p” is the key of both “go_to” and “actions”."),
        ("[[accounts]]\n", 1, "needs its “address”"),
    ],
)
async def test_wrong_settings_are_said_with_file_and_line(program: Program, text: str, line: int, words: str) -> None:
    program.settings.parent.mkdir(parents=True)
    program.settings.write_text(text)
    ended = await program.run()
    assert ended.code == 3
    assert ended.errors.startswith(f"tui-xmpp: The settings cannot be read: {program.settings}, line {line}: ")
    assert words in ended.errors
    assert "Traceback" not in ended.errors


async def test_another_settings_file_and_store_can_be_named(program: Program, tmp_path: Path) -> None:
    settings = tmp_path / "elsewhere.toml"
    settings.write_text("nonsense = 1\n")
    ended = await program.run("--config", str(settings))
    assert ended.code == 3
    assert str(settings) in ended.errors


async def test_without_a_terminal_it_says_so_and_leaves_no_store(program: Program) -> None:
    ended = await program.run()
    assert ended.code == 1
    assert ended.errors == "tui-xmpp: No terminal: The screen needs a terminal; “tui-xmpp send” does not.\n"
    assert not (program.home / ".local" / "share").exists()


def test_without_an_account_somebody_is_asked_who_they_are(new_program: Program) -> None:
    with on_terminal(new_program) as terminal:
        terminal.until(b"Sign in")
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.until_ended() == 128 + signal.SIGTERM
        assert_sane(terminal)
    state, data = new_program.home / ".local" / "state" / "tui-xmpp", new_program.home / ".local" / "share" / "tui-xmpp"
    for directory in (state, data):
        assert directory.stat().st_mode & 0o777 == 0o700
        assert all(path.stat().st_mode & 0o777 == 0o600 for path in directory.iterdir())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_while_online_leaves_terminal_and_store_whole(
    prosody: Prosody, program: Program, number: signal.Signals
) -> None:
    name = fresh_name()
    address = prosody.add_user(name)
    program.set_up(prosody.settings(name))
    with on_terminal(program) as terminal:
        terminal.until(str(address).encode())
        terminal.until("●".encode())
        terminal.process.send_signal(number)
        assert terminal.until_ended() == 128 + number
        assert_sane(terminal)
    assert "CRITICAL" not in program.log, program.log
    assert "Uncaught" not in program.log, program.log
    store = program.home / ".local" / "share" / "tui-xmpp" / "chat.db"
    assert not store.with_name("chat.db-wal").exists()
    with closing(sqlite3.connect(store)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_nobody_waits_for_a_keyring_that_waits_for_somebody(program: Program, tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(SLOW_KEYRING)
    program.set_up(AccountSettings(Address.parse("juno@example.org"), host="127.0.0.1", port=1), password=None)
    environment = {
        **program.environment,
        "PYTHONPATH": f"{tmp_path}:{program.environment['PYTHONPATH']}",
        "PYTHON_KEYRING_BACKEND": "slow.Keyring",
    }
    with PseudoTerminal(program.command(), environment, program.home) as terminal:
        terminal.until(b"juno@example.org")
        terminal.until_holds((program.home / "asked").exists)
        begun = time.monotonic()
        terminal.process.terminate()
        assert terminal.until_ended() == 128 + signal.SIGTERM
        assert time.monotonic() - begun < 10


def test_a_second_start_says_that_it_is_running_already(new_program: Program) -> None:
    with on_terminal(new_program) as first:
        first.until(b"Sign in")
        with on_terminal(new_program) as second:
            assert second.until_ended() == 1
            assert b"Already running" in second.output
            assert second.is_as_before
        assert first.process.poll() is None


def test_a_damaged_store_is_moved_aside_and_said(program: Program) -> None:
    data = program.home / ".local" / "share" / "tui-xmpp"
    data.mkdir(parents=True)
    (data / "chat.db").write_bytes(b"not a database " * 1000)
    with on_terminal(program) as terminal:
        terminal.until(b"Sign in")
        terminal.process.send_signal(signal.SIGTERM)
        terminal.until_ended()
    assert list(data.glob("chat.db.damaged-*"))


def test_a_log_that_cannot_be_written_keeps_nobody_out(new_program: Program) -> None:
    (new_program.home / ".local").mkdir()
    (new_program.home / ".local" / "state").touch()
    with on_terminal(new_program) as terminal:
        terminal.until(b"Nothing is logged")
        terminal.until(b"Sign in")


SLOW_KEYRING = """
import pathlib, time
from keyring.backend import KeyringBackend
class Keyring(KeyringBackend):
    priority = 9
    def get_password(self, service, username):
        (pathlib.Path.home() / "asked").touch()
        time.sleep(600)
    set_password = delete_password = get_password
"""
CRASHING = """
import sys
from tui_xmpp.ui.app import TuiXmppApp
def crash(self):
    password = "correct horse"
    raise RuntimeError("boom")
TuiXmppApp.on_mount = crash
from tui_xmpp.__main__ import main
sys.exit(main([]))
"""


def test_a_crash_is_a_sentence_for_people_and_a_trace_in_the_log(new_program: Program) -> None:
    with PseudoTerminal([sys.executable, "-c", CRASHING], new_program.environment, new_program.home) as terminal:
        assert terminal.until_ended() == 1
        assert_sane(terminal)
        said = terminal.output.rpartition(b"\x1b")[2]
    assert b"tui-xmpp has stopped because of an error in the program" in said
    assert b"tui-xmpp.log" in said
    assert b"Traceback" not in terminal.output
    assert b"correct horse" not in terminal.output
    assert "RuntimeError: boom" in new_program.log
    assert "correct horse" not in new_program.log


def test_no_network_library_is_loaded_before_the_first_picture(program: Program, tmp_path: Path) -> None:
    result = tmp_path / "result.json"
    program.set_up(AccountSettings(Address.parse("juno@example.org"), host="127.0.0.1", port=1))
    command = [sys.executable, "-m", "tests.bench.stall", str(result)]
    with PseudoTerminal(command, program.environment, program.home) as terminal:
        terminal.until(b"juno@example.org")
        terminal.until_holds(result.exists)
    assert json.loads(result.read_text())["early"] == []
