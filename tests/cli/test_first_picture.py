"""The first picture on a real terminal: there before the screen is loaded, and gone without a trace."""

import signal
import subprocess
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from tests import keyring_session
from tests.cli.program import Program
from tests.cli.pseudo_terminal import PseudoTerminal, assert_sane
from tests.storage.builders import BOBS, ME, incoming
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.storage.store import Store
from tui_xmpp.storage.writes import Writes

NEWEST = "The newest of all messages."
ENTERED, LEFT, MOUSE = b"\x1b[?1049h", b"\x1b[?1049l", b"\x1b[?1000h"


class SlowProgram(Program):
    """One whose screen is never loaded, however long one waits."""

    @property
    def environment(self) -> dict[str, str]:
        inherited = super().environment
        return inherited | {"PYTHONPATH": f"{self.home / 'slow'}:{inherited['PYTHONPATH']}"}


async def set_up(program: Program) -> Program:
    """An account that cannot be reached, and a chat with one message."""
    program.set_up(AccountSettings(address=ME, host="127.0.0.1", port=9))
    program.store.parent.mkdir(parents=True)
    store = Store.open(program.store)

    def write(writes: Writes) -> None:
        message = incoming(NEWEST)
        writes.add_message(message)
        writes.set_open(message.key, True)

    await store.write(write)
    await store.close()
    return program


@pytest.fixture
async def program(tmp_path: Path) -> Program:
    return await set_up(Program(tmp_path / "home"))


@pytest.fixture
async def slow(tmp_path: Path) -> Program:
    program = await set_up(SlowProgram(tmp_path / "home"))
    stub = program.home / "slow" / "textual"
    stub.mkdir(parents=True)
    (stub / "__init__.py").write_text("import time\ntime.sleep(300)\n")
    return program


def terminal_of(program: Program, variables: Mapping[str, str] | None = None, *arguments: str) -> PseudoTerminal:
    return PseudoTerminal(program.command(*arguments), variables or program.environment, program.home)


def test_what_was_said_last_is_there_before_the_screen_is_loaded(slow: Program) -> None:
    with terminal_of(slow) as terminal:
        terminal.until(NEWEST.encode())


def test_the_screen_takes_the_pictures_place_and_gives_the_terminal_back(program: Program) -> None:
    with terminal_of(program) as terminal:
        terminal.until(b"F1")
        before = terminal.output[: terminal.output.index(MOUSE)]
        assert NEWEST.encode() in before
        assert terminal.output.count(ENTERED) == 1, "the other screen is not emptied for the second picture"
        terminal.type(b"\x11")
        assert terminal.until_ended() == 0
        assert_sane(terminal)


def test_the_second_picture_is_drawn_at_once_and_whole(program: Program) -> None:
    """Nothing blank and nothing in parts is between the two."""
    with terminal_of(program) as terminal:
        terminal.until(b"F1")
        second = terminal.output[terminal.output.index(MOUSE) :]
        assert NEWEST.encode() in second[: second.index(b"F1") + 2000]
        terminal.type(b"\x11")
        terminal.until_ended()


def test_what_is_typed_meanwhile_is_not_lost(program: Program) -> None:
    with terminal_of(program) as terminal:
        terminal.until(NEWEST.encode())
        terminal.type(b"typed early")
        terminal.until_holds(lambda: b"typed early" in terminal.output.rpartition(MOUSE)[2])
        assert b"typed" not in terminal.output.partition(MOUSE)[0], "nothing is echoed over the picture"
        terminal.type(b"\x11")
        terminal.until_ended()


async def test_enter_is_enter_also_before_there_is_anybody_to_take_it(program: Program) -> None:
    with terminal_of(program) as terminal:
        terminal.until(NEWEST.encode())
        terminal.type(b"sent early\r")
        terminal.until_holds(lambda: b"sent early" in terminal.output.rpartition(MOUSE)[2])
        terminal.type(b"\x11")
        terminal.until_ended()
    store = Store.open(program.store)
    assert [message.body for message in store.messages.newest(BOBS, 5)] == [NEWEST, "sent early"]
    await store.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_as_any_program_with_the_terminal_as_it_was(slow: Program, number: signal.Signals) -> None:
    with terminal_of(slow) as terminal:
        terminal.until(NEWEST.encode())
        terminal.process.send_signal(number)
        assert terminal.until_ended() == -number
        assert_left(terminal)


def test_ctrl_c_ends_it(slow: Program) -> None:
    with terminal_of(slow) as terminal:
        terminal.until(NEWEST.encode())
        terminal.type(b"\x03")
        assert terminal.until_ended() == 130
        assert_left(terminal)


def test_nothing_stops_it_with_the_terminal_in_its_hands(slow: Program) -> None:
    with terminal_of(slow) as terminal:
        terminal.until(NEWEST.encode())
        terminal.type(b"\x1a\x1c\x03")
        assert terminal.until_ended() == 130
        assert_left(terminal)


def test_an_error_is_said_where_it_is_seen(slow: Program) -> None:
    (slow.home / "slow" / "textual" / "__init__.py").write_text("raise ValueError\n")
    with terminal_of(slow) as terminal:
        assert terminal.until_ended() == 1
        assert_left(terminal)
        assert b"tui-xmpp: " in terminal.output.rpartition(LEFT)[2]


def test_where_no_picture_can_be_made_the_program_starts_all_the_same(program: Program) -> None:
    spoilt = program.home / "spoilt"
    spoilt.mkdir()
    (spoilt / "sitecustomize.py").write_text(
        "import tui_xmpp.ui.first.wrapping\ntui_xmpp.ui.first.wrapping.wrap = None\n"
    )
    variables = program.environment
    with terminal_of(program, {**variables, "PYTHONPATH": f"{spoilt}:{variables['PYTHONPATH']}"}) as terminal:
        terminal.until(b"F1")
        assert NEWEST.encode() not in terminal.output.partition(MOUSE)[0]
        assert NEWEST.encode() in terminal.output
        terminal.type(b"\x11")
        assert terminal.until_ended() == 0
        assert_sane(terminal)
    assert "There is no first picture" in program.log


def test_who_opens_the_store_a_second_time_is_told_so_and_sees_nothing(program: Program) -> None:
    with terminal_of(program) as first:
        first.until(b"F1")
        with terminal_of(program) as second:
            assert second.until_ended() == 1
            assert b"already running" in second.output
            assert ENTERED not in second.output
        first.type(b"\x11")
        first.until_ended()


def test_line_by_line_there_is_no_picture(program: Program) -> None:
    with terminal_of(program, None, "--linear") as terminal:
        terminal.until(b"line by line")
        assert ENTERED not in terminal.output


def test_settings_that_cannot_be_used_are_told_without_a_picture(program: Program) -> None:
    with program.settings.open("a") as settings:
        settings.write('\n[ui]\ntheme = "nonsense"\n')
    with terminal_of(program) as terminal:
        assert terminal.until_ended() == 3
        assert ENTERED not in terminal.output


def test_of_a_store_that_is_opened_by_a_passphrase_nothing_is_shown_before(program: Program) -> None:
    key = program.home / "key.sh"
    key.write_text("echo correct horse battery\n")
    run = partial(subprocess.run, env=program.environment, capture_output=True, check=True)
    run(program.command("storage", "encrypt", "--key", "command", "--command", f"sh {key}"))
    key.write_text("sleep 300\n")
    with terminal_of(program) as terminal:
        terminal.read_for(1)
        assert NEWEST.encode() not in terminal.output


def test_a_store_whose_key_is_in_the_keyring_is_shown_once_it_is_there(slow: Program) -> None:
    with keyring_session.held(slow.home) as variables:
        subprocess.run(
            slow.command("storage", "encrypt", "--key", "keyring"), env=variables, capture_output=True, check=True
        )
        with terminal_of(slow, {**variables, "PYTHONPATH": slow.environment["PYTHONPATH"]}) as terminal:
            terminal.until(NEWEST.encode())


def assert_left(terminal: PseudoTerminal) -> None:
    assert terminal.is_as_before
    assert terminal.output.count(ENTERED) == terminal.output.count(LEFT) == 1
    assert terminal.output.rindex(LEFT) > terminal.output.rindex(ENTERED)
    assert terminal.output.rindex(b"\x1b[?25h") > terminal.output.rindex(b"\x1b[?25l")
