"""The program on the terminals that people have: what $TERM and the locale say is what it draws with."""

import re
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.cli.pseudo_terminal import PseudoTerminal, assert_sane
from tui_xmpp.model.at_rest import KeyPlace


def drawn(directory: Path, variables: dict[str, str]) -> bytes:
    """Everything that is written from the start to the end, without an account."""
    program = Program(directory / "home")
    program.keep_store(KeyPlace.NONE)
    environment = program.environment | variables
    with PseudoTerminal(program.command(), environment, directory) as terminal:
        terminal.until(b"Welcome")
        terminal.type(b"\x11")
        assert terminal.until_ended() == 0
        assert_sane(terminal)
        return terminal.output


@pytest.mark.parametrize(
    "name", ["xterm-256color", "xterm", "tmux-256color", "screen", "screen-256color", "vt100", "linux"]
)
def test_the_first_page_is_drawn_and_the_terminal_left_as_it_was(tmp_path: Path, name: str) -> None:
    output = drawn(tmp_path, {"TERM": name})
    assert (b"38;5;" in output) is name.endswith("256color")


@pytest.mark.parametrize(
    "variables", [{"TERM": "linux"}, {"TERM": "xterm", "LC_ALL": "C"}, {"TERM": "xterm", "LC_ALL": "POSIX"}]
)
def test_a_console_without_our_symbols_gets_ascii(tmp_path: Path, variables: dict[str, str]) -> None:
    assert drawn(tmp_path, variables).isascii()


def test_without_colours_there_are_none(tmp_path: Path) -> None:
    output = drawn(tmp_path, {"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"})
    assert not [code for code in (b"\x1b[31m", b"\x1b[32m", b"\x1b[33m", b"\x1b[36m") if code in output]
    greys = [part.split(b"m")[0].split(b";")[:3] for part in re.split(rb"[34]8;2;", output)[1:]]
    assert greys
    assert all(len(set(grey)) == 1 for grey in greys), greys
