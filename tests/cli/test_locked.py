"""The encrypted store from the shell and on the terminal: first start, unlocking, a lost key, `tui-xmpp storage`."""

import signal
import time
from pathlib import Path

import pytest

from tests import keyring_session
from tests.cli.program import Program
from tests.cli.pseudo_terminal import PseudoTerminal, assert_sane
from tests.server.terminal import Terminal
from tests.storage.builders import incoming
from tests.vault.builders import OTHER, PASSPHRASE, WORDS, printing
from tests.waiting import wait_until
from tui_xmpp import config
from tui_xmpp.config import StorageSettings
from tui_xmpp.config_writer import save_storage
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.at_rest import Condition, KeyPlace
from tui_xmpp.storage.opening import move_aside, open_store
from tui_xmpp.storage.writes import Writes
from tui_xmpp.vault.changing import Locksmith
from tui_xmpp.vault.key_file import KeyFile, save


def locksmith(program: Program) -> Locksmith:
    return Locksmith(program.store, program.settings, config.load(program.settings).storage)


def fill(program: Program, key: KeyPlace = KeyPlace.NONE) -> Locksmith:
    """A store with a message, encrypted or not."""
    made = locksmith(program)
    if key is not KeyPlace.NONE:
        made.begin(key, PASSPHRASE, printing(PASSPHRASE))
    db, _ = open_store(made.store, made.key)
    Writes(db).add_message(incoming(WORDS))
    db.close()
    return made


def on_screen(program: Program) -> Terminal:
    return Terminal(program.command(), program.environment, program.home / "terminal", columns=80, rows=24)


def on_terminal(program: Program, *arguments: str) -> PseudoTerminal:
    return PseudoTerminal(program.command(*arguments), program.environment, program.home)


def leave(terminal: Terminal) -> None:
    terminal.press("C-q")
    wait_until(lambda: terminal.exit_status is not None, timeout=20, what="the program has ended")
    assert terminal.exit_status == 0


def quit_wizard(terminal: Terminal) -> None:
    """From the first page of the wizard, where somebody without an account is."""
    terminal.wait_for_screen("Welcome to tui-xmpp")
    terminal.press("Escape")
    terminal.wait_for_screen("There is no account yet")
    terminal.press("Enter")
    wait_until(lambda: terminal.exit_status is not None, timeout=20, what="the program has ended")
    assert terminal.exit_status == 0


def test_without_a_keyring_a_newcomer_chooses_a_passphrase_and_is_asked_for_it_from_then_on(program: Program) -> None:
    with on_screen(program) as terminal:
        terminal.wait_for_screen("How shall they")
        assert not program.store.exists()
        terminal.press("Enter")
        terminal.wait_for_screen("Choose a passphrase")
        terminal.type("short")
        terminal.press("Enter")
        terminal.wait_for_screen("At least 8 characters")
        terminal.press("C-u")
        terminal.type(PASSPHRASE)
        terminal.press("Enter")
        terminal.type(OTHER)
        terminal.press("Enter")
        terminal.wait_for_screen("not the same")
        terminal.press("C-u")
        terminal.type(PASSPHRASE)
        terminal.press("Enter")
        quit_wizard(terminal)
    assert locksmith(program).place is KeyPlace.PASSPHRASE
    with on_screen(program) as terminal:
        screen = terminal.wait_for_screen("Locked")
        assert "Welcome" not in screen
        terminal.type(OTHER)
        terminal.press("Enter")
        terminal.wait_for_screen("does not open")
        terminal.type(PASSPHRASE)
        terminal.press("Enter")
        quit_wizard(terminal)
    assert PASSPHRASE not in program.log


def test_no_encryption_is_chosen_plainly_and_not_asked_about_again(program: Program) -> None:
    with on_screen(program) as terminal:
        terminal.wait_for_screen("How shall they")
        terminal.press("Down", "Down", "Enter")
        quit_wizard(terminal)
    assert locksmith(program).condition is Condition.PLAIN
    assert config.load(program.settings).storage.key is KeyPlace.NONE
    with on_screen(program) as terminal:
        screen = terminal.wait_for_screen("Welcome to tui-xmpp")
        assert "storage encrypt" not in screen


def test_a_newcomer_who_leaves_at_once_leaves_nothing_behind(program: Program) -> None:
    with on_screen(program) as terminal:
        terminal.wait_for_screen("How shall they")
        terminal.press("Escape")
        wait_until(lambda: terminal.exit_status is not None, timeout=20, what="the program has ended")
        assert terminal.exit_status == 0
    assert not program.store.exists()
    assert not program.settings.exists()


def test_a_command_is_chosen_and_opens_the_store_silently(program: Program) -> None:
    script = program.home / "print it"
    script.write_text(f"#!/bin/sh\necho '{PASSPHRASE}'\n")
    script.chmod(0o700)
    with on_screen(program) as terminal:
        terminal.wait_for_screen("How shall they")
        terminal.press("Down", "Enter")
        terminal.wait_for_screen("Choose a command")
        terminal.type("/does/not/exist")
        terminal.press("Enter")
        terminal.wait_for_screen("cannot be run")
        terminal.press("C-u")
        terminal.type(f"'{script}'")
        terminal.press("Enter")
        quit_wizard(terminal)
    with on_screen(program) as terminal:
        quit_wizard(terminal)
    assert locksmith(program).place is KeyPlace.COMMAND
    script.unlink()
    with on_screen(program) as terminal:
        terminal.wait_for_screen("cannot be run")
        terminal.type(PASSPHRASE)
        terminal.press("Enter")
        quit_wizard(terminal)


def test_a_lost_key_is_explained_and_ends_in_a_fresh_start_with_the_old_store_kept(program: Program) -> None:
    fill(program, KeyPlace.PASSPHRASE)
    with on_screen(program) as terminal:
        terminal.wait_for_screen("Locked")
        terminal.press("F2")
        terminal.wait_for_screen("nobody can open what is stored")
        terminal.press("Enter")
        terminal.wait_for_screen("Its passphrase")
        terminal.press("F2")
        terminal.wait_for_screen("nobody can open what is stored")
        terminal.press("F2")
        terminal.wait_for_screen("How shall they")
        terminal.press("Down", "Down", "Enter")
        quit_wizard(terminal)
    names = {path.name.partition("-")[0] for path in program.store.parent.iterdir()}
    assert {"chat.db", "chat.db.locked"} <= names
    assert len(list(program.store.parent.glob("chat.db.locked-*.key"))) == 1


def test_a_key_file_that_is_gone_is_said_and_the_store_left_as_it_is(program: Program) -> None:
    fill(program, KeyPlace.PASSPHRASE)
    key_file = program.store.with_name("chat.db.key")
    kept = key_file.read_bytes()
    key_file.unlink()
    with on_screen(program) as terminal:
        terminal.wait_for_screen("is not there")
        key_file.write_bytes(kept)
        terminal.press("Enter")
        terminal.wait_for_screen("Its passphrase")
        terminal.type(PASSPHRASE)
        terminal.press("Enter")
        quit_wizard(terminal)
    assert not list(program.store.parent.glob("*.damaged-*"))


def test_a_keyring_that_waits_for_somebody_is_waited_for_on_the_screen(program: Program, tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(SLOW_KEYRING)
    made = fill(program, KeyPlace.PASSPHRASE)
    save(made.store, KeyFile(KeyPlace.KEYRING, entry="store-1"))
    environment = {
        **program.environment,
        "PYTHONPATH": f"{tmp_path}:{program.environment['PYTHONPATH']}",
        "PYTHON_KEYRING_BACKEND": "slow.Keyring",
    }
    with PseudoTerminal(program.command(), environment, program.home) as terminal:
        terminal.until(b"Waiting for the keyring")
        begun = time.monotonic()
        terminal.type(b"\x1b")
        assert terminal.until_ended() == 0
        assert time.monotonic() - begun < 10
        assert_sane(terminal)


def test_a_signal_while_it_is_locked_leaves_the_terminal_whole(program: Program) -> None:
    fill(program, KeyPlace.PASSPHRASE)
    with on_terminal(program) as terminal:
        terminal.until(b"Locked")
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.until_ended() == 128 + signal.SIGTERM
        assert_sane(terminal)


def in_session(program: Program) -> Terminal:
    """On a screen, in a session with a real keyring, which is kept in the program's home."""
    command = keyring_session.inside(program.home, program.command())
    return Terminal(command, keyring_session.environment(program.home), program.home / "terminal", columns=80, rows=24)


def test_with_a_keyring_nothing_is_asked_and_everything_encrypted_until_the_key_is_gone(program: Program) -> None:
    for _ in range(2):
        with in_session(program) as terminal:
            quit_wizard(terminal)
    assert locksmith(program).place is KeyPlace.KEYRING
    for file in (program.home / ".local/share/keyrings").iterdir():
        file.unlink()
    with in_session(program) as terminal:
        terminal.wait_for_screen("was not found in the keyring")
        terminal.press("F2")
        terminal.wait_for_screen("nobody can open what is stored")
        terminal.press("F2")
        quit_wizard(terminal)
    assert len(list(program.store.parent.glob("chat.db.locked-*"))) == 2
    assert locksmith(program).place is KeyPlace.KEYRING


def test_who_has_an_unencrypted_store_is_told_once_how_to_encrypt_it(program: Program) -> None:
    fill(program)
    program.set_up(AccountSettings(Address.parse("me@example.org"), host="127.0.0.1", port=1))
    save_storage(program.settings, StorageSettings())
    for offered in (True, False):
        with on_screen(program) as terminal:
            screen = terminal.wait_for_screen("No chat is open")
            assert ("tui-xmpp storage encrypt" in screen) is offered
            leave(terminal)
    assert locksmith(program).condition is Condition.PLAIN


# From the shell
async def test_an_export_takes_the_command_or_says_that_it_is_locked(program: Program) -> None:
    fill(program, KeyPlace.COMMAND)
    ended = await program.run("export", "--chat", "bob@example.org")
    assert (ended.code, WORDS in ended.output) == (0, True)
    program.keep_store(KeyPlace.COMMAND, printing(OTHER))
    ended = await program.run("export")
    assert ended.code == 9
    assert ended.errors.endswith("tui-xmpp: The store is locked: What the command prints does not open the store.\n")


def test_an_export_asks_for_the_passphrase_on_the_terminal(program: Program) -> None:
    fill(program, KeyPlace.PASSPHRASE)
    with on_terminal(program, "export", "--chat", "bob@example.org", "-o", "out.md") as terminal:
        for passphrase in (OTHER, PASSPHRASE):
            terminal.until_holds(lambda: terminal.output.endswith(b"Passphrase of the store: "))
            terminal.type(f"{passphrase}\n".encode())
            terminal.until_holds(lambda: not terminal.output.endswith(b"Passphrase of the store: "))
        assert terminal.until_ended() == 0
        assert terminal.is_as_before
    assert WORDS in (program.home / "out.md").read_text()
    assert PASSPHRASE.encode() not in terminal.output


def answer(terminal: PseudoTerminal, question: int, text: str) -> None:
    """Answer a question for a passphrase when it is asked, counted from 1."""

    def asked() -> bool:
        output = terminal.output
        return output.lower().count(b"passphrase of the store: ") + output.count(b"Once more: ") == question

    terminal.until_holds(asked)
    terminal.type(f"{text}\n".encode())


def test_three_wrong_passphrases_are_enough(program: Program) -> None:
    fill(program, KeyPlace.PASSPHRASE)
    with on_terminal(program, "export") as terminal:
        for asked in range(1, 4):
            answer(terminal, asked, OTHER)
        assert terminal.until_ended() == 9


async def test_storage_shows_and_changes_how_the_store_is_encrypted(program: Program) -> None:
    ended = await program.run("storage", "status")
    assert (ended.code, "Nothing is stored yet" in ended.errors) == (1, True)
    fill(program)
    ended = await program.run("storage", "status")
    assert (ended.code, "is not encrypted" in ended.output) == (0, True)
    ended = await program.run("storage", "encrypt")
    assert ended.code == 9
    assert "no terminal to ask for a passphrase" in ended.errors
    script = program.home / "print"
    script.write_text(f"#!/bin/sh\necho '{PASSPHRASE}'\n")
    script.chmod(0o700)
    ended = await program.run("storage", "encrypt", "--key", "command", "--command", str(script))
    assert ended.code == 0
    assert "can often be recovered" in ended.errors
    assert "The store is encrypted" in ended.errors
    ended = await program.run("storage", "encrypt", "--key", "command")
    assert (ended.code, "encrypted already" in ended.errors) == (1, True)
    ended = await program.run("storage", "status")
    assert "which the command in the settings prints" in ended.output
    ended = await program.run("storage", "decrypt")
    assert (ended.code, "Nothing was changed" in ended.errors) == (1, True)
    ended = await program.run("storage", "decrypt", "--yes")
    assert ended.code == 0
    ended = await program.run("storage", "change")
    assert (ended.code, "not encrypted" in ended.errors) == (1, True)
    assert WORDS in (await program.run("export", "--chat", "bob@example.org")).output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("storage",), "ACTION"),
        (("storage", "melt"), "melt"),
        (("storage", "status", "--key", "keyring"), "go with encrypt and change"),
        (("storage", "encrypt", "--key", "none"), "none"),
        (("storage", "encrypt", "--command", "pass x"), "goes with --key command"),
        (("storage", "encrypt", "--key", "command", "--command", "'"), "no closing quotation"),
        (("storage", "encrypt", "--key", "command", "--command", " "), "there is no command"),
    ],
)
async def test_a_wrong_command_line_is_said(program: Program, arguments: tuple[str, ...], words: str) -> None:
    ended = await program.run(*arguments)
    assert ended.code == 2
    assert words in ended.errors


def test_a_new_passphrase_is_asked_for_twice(program: Program) -> None:
    fill(program, KeyPlace.PASSPHRASE)

    def answering(*answers: str) -> bytes:
        with on_terminal(program, "storage", "change") as terminal:
            for asked, text in enumerate(answers, start=1):
                answer(terminal, asked, text)
            terminal.until_ended()
            return terminal.output

    assert b"two different passphrases" in answering(PASSPHRASE, OTHER, f"{OTHER}!")
    assert b"at least 8 characters" in answering(PASSPHRASE, "short", "short")
    assert b"What opens the store is changed" in answering(PASSPHRASE, OTHER, OTHER)
    opened = locksmith(program)
    opened.unlock(OTHER)
    assert opened.key is not None


async def test_storage_is_refused_while_the_program_is_open(program: Program) -> None:
    fill(program)
    with on_terminal(program) as terminal:
        terminal.until(b"Sign in")
        ended = await program.run("storage", "encrypt", "--key", "command", "--command", "echo correct horse")
        assert ended.code == 1
        assert "Already running" in ended.errors
    assert locksmith(program).condition is Condition.PLAIN


async def test_what_was_moved_aside_unencrypted_is_named(program: Program) -> None:
    fill(program)
    aside = move_aside(program.store)
    fill(program)
    ended = await program.run("storage", "status")
    assert f"  {aside}\n" in ended.output


SLOW_KEYRING = """
import time
from keyring.backend import KeyringBackend
class Keyring(KeyringBackend):
    priority = 9
    def get_password(self, service, username):
        time.sleep(600)
    set_password = delete_password = get_password
"""
