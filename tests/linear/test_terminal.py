"""The linear mode as a program on terminals and pipes, without a network: how it is chosen, opened and left."""

import signal
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.cli.pseudo_terminal import PseudoTerminal
from tests.storage.builders import BOB, ME, incoming
from tests.vault.builders import PASSPHRASE
from tui_xmpp import config
from tui_xmpp.config_writer import save_account
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.at_rest import KeyPlace
from tui_xmpp.storage.opening import open_store
from tui_xmpp.storage.writes import Writes
from tui_xmpp.vault.changing import Locksmith

DUMB = {"TERM": "dumb"}


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Somebody with one message, whose server is never reached."""
    program = Program(tmp_path / "home")
    program.keep_store(KeyPlace.NONE)
    save_account(program.settings, AccountSettings(ME, password_command=("echo", "x"), host="127.0.0.1", port=9))
    fill(program, KeyPlace.NONE)
    return program


def fill(program: Program, key: KeyPlace) -> None:
    made = Locksmith(program.store, program.settings, config.load(program.settings).storage)
    if key is not KeyPlace.NONE:
        made.begin(key, PASSPHRASE)
    program.store.parent.mkdir(parents=True, exist_ok=True)
    db, _ = open_store(made.store, made.key)
    writes = Writes(db)
    writes.ensure_account(ME)
    writes.add_message(incoming("Are you there?"))
    writes.set_open(incoming().key, True)
    db.close()


def on(program: Program, *arguments: str, **environment: str) -> PseudoTerminal:
    return PseudoTerminal(program.command(*arguments), program.environment | environment, program.home)


@pytest.mark.parametrize("environment", [DUMB, {"TERM": "xterm-256color"}], ids=["dumb", "xterm"])
def test_a_session_from_start_to_end_leaves_the_terminal_as_it_was(
    program: Program, environment: dict[str, str]
) -> None:
    with on(program, "--linear", **environment) as terminal:
        terminal.until(b"1 chat, 1 unread:")
        terminal.until(b"No chat>")
        terminal.type(b"/go bob\r")
        terminal.until(b"1. ")
        terminal.until(b"Are you there?")
        terminal.until(b"bob@example.org, not encrypted>")
        terminal.type(b"/quit\r")
        assert terminal.until_ended() == 0
        assert terminal.is_as_before


def test_a_dumb_terminal_is_taken_line_by_line_by_itself_and_gets_no_sequence(
    program: Program,
) -> None:
    with on(program, **DUMB) as terminal:
        terminal.until(b"No chat>")
        terminal.type(b"/hlep\x7f\x7f\x7fel\x1b[D\x1b[1;5Cp chats\n")
        terminal.until(b"/chats [word]: ")
        terminal.type(b"/quit\n")
        assert terminal.until_ended() == 0
        assert b"\x1b" not in terminal.output


def test_settings_may_choose_the_mode(program: Program) -> None:
    program.settings.write_text(f'{program.settings.read_text()}\n[ui]\nmode = "linear"\n')
    with on(program) as terminal:
        terminal.until(b"line by line")
        terminal.until(b"No chat>")
        terminal.type(b"\x04")
        assert terminal.until_ended() == 0


def test_on_a_dumb_terminal_ctrl_c_leaves_nothing_and_ctrl_u_takes_all_away(program: Program) -> None:
    with on(program, **DUMB) as terminal:
        terminal.until(b"No chat>")
        terminal.type(b"nonsense\x15/wh\x03")
        terminal.until(b"/quit leaves.")
        terminal.type(b"one two\x17\x17/where\n")
        terminal.until(b"No chat is open.")
        terminal.type(b"\x04")
        assert terminal.until_ended() == 0


def test_where_another_program_shows_what_is_typed_it_is_not_shown_twice(program: Program) -> None:
    with on(program, **DUMB) as terminal:
        terminal.switch_echo_off()
        terminal.until(b"No chat>")
        terminal.type(b"/where\n")
        terminal.until(b"No chat is open.")
        assert b"/where" not in terminal.output
        terminal.type(b"/quit\n")
        assert terminal.until_ended() == 0


async def test_it_works_through_pipes(program: Program) -> None:
    ended = await program.run("--linear", stdin=b"/go bob\n/read\n/quit\n")
    assert ended.code == 0
    assert "1. " in ended.output
    assert "Are you there?" in ended.output
    assert "\x1b" not in ended.output
    assert ended.errors == ""


async def test_the_end_of_a_pipe_ends_it(program: Program) -> None:
    assert (await program.run("--linear", stdin=b"/chats\n")).code == 0


@pytest.mark.parametrize("environment", [DUMB, {"TERM": "xterm"}], ids=["dumb", "xterm"])
def test_a_signal_leaves_politely_and_what_was_written_is_a_draft(
    program: Program, environment: dict[str, str]
) -> None:
    with on(program, "--linear", "--open", str(BOB), **environment) as terminal:
        terminal.until(b"not encrypted>")
        terminal.type(b"half a sentence")
        terminal.until(b"half a sentence")
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.until_ended() == 128 + signal.SIGTERM
        assert terminal.is_as_before
    with on(program, "--linear", "--open", str(BOB), **environment) as terminal:
        terminal.until(b"half a sentence")


def test_a_closed_window_leaves_politely_too(program: Program) -> None:
    with on(program, "--linear") as terminal:
        terminal.until(b"No chat>")
        terminal.hang_up()
        assert terminal.process.wait(20) in {0, 128 + signal.SIGHUP}
    assert "Traceback" not in program.log


def test_an_encrypted_store_is_opened_by_its_passphrase_which_is_not_shown(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    program.keep_store(KeyPlace.PASSPHRASE)
    fill(program, KeyPlace.PASSPHRASE)
    save_account(program.settings, AccountSettings(ME, password_command=("echo", "x"), host="127.0.0.1", port=9))
    with on(program, **DUMB) as terminal:
        terminal.until(b"Passphrase of the store: ")
        terminal.type(b"wrong\n")
        terminal.until(b"does not open the store.\r\nPassphrase of the store: ")
        terminal.type(f"{PASSPHRASE}\n".encode())
        terminal.until(b"1 chat, 1 unread:")
        assert PASSPHRASE.encode() not in terminal.output
        terminal.type(b"/quit\n")
        assert terminal.until_ended() == 0


def test_a_newcomer_without_a_keyring_chooses_how_messages_are_kept(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    with on(program, **DUMB) as terminal:
        terminal.until(b"1 or 2: ")
        assert not program.store.exists()
        terminal.type(b"1\n")
        terminal.until(b"New passphrase of the store: ")
        terminal.type(f"{PASSPHRASE}\n".encode())
        terminal.until(b"Once more: ")
        terminal.type(f"{PASSPHRASE}\n".encode())
        terminal.until(b"There is no account yet.")
        terminal.type(b"\n/quit\n")
        assert terminal.until_ended() == 0
    vault = Locksmith(program.store, program.settings, config.load(program.settings).storage)
    vault.unlock(PASSPHRASE)
