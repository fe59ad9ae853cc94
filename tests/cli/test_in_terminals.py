"""The main screen in the terminals that people sit at: what is drawn, what the keys do, and nothing strange."""

import getpass
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.cli.pseudo_terminal import PseudoTerminal
from tests.server.written import strange
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.storage.store import Store

ALICE = AccountSettings(Address.parse("alice@home.example"), host="127.0.0.1", port=1)
BOB = Address.parse("bob@home.example")
F1, LINUX_F1, ESCAPE, ALT_ENTER, QUIT = b"\x1bOP", b"\x1b[[A", b"\x1b", b"\x1b\r", b"\x11"
SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@pytest.fixture
def program(tmp_path: Path) -> Program:
    program = Program(tmp_path / "home")
    program.set_up(ALICE)
    return program


def tour(terminal: PseudoTerminal, program: Program, *, help_key: bytes = F1, whole: bool = True) -> bytes:
    """Write two lines, look at the help, leave; the lines are there, unsent. Returns all that was written.

    Not the `whole` page is written anew by a multiplexer, which sends what has changed.
    """
    terminal.until(b"Message ", within=40)
    terminal.type(b"hello")
    terminal.until(b"hello")
    terminal.type(ALT_ENTER)
    terminal.type(b"world")
    terminal.until(b"world")
    terminal.type(help_key)
    terminal.until(b"Help")
    before = terminal.output
    if whole:
        terminal.output = b""
        terminal.type(ESCAPE)
        terminal.until(b"world")
        before += terminal.output
    terminal.output = b""
    terminal.type(QUIT)
    assert terminal.until_ended() == 0
    store = Store.open(program.store, exclusive=False)
    try:
        chat = store.chats.get(ChatKey(ALICE.address, BOB))
        assert chat is not None
        assert chat.draft == "hello\nworld"
        assert chat.preview is None
    finally:
        store.close_now()
    return before + terminal.output


@pytest.mark.parametrize(("term", "help_key"), [("linux", LINUX_F1), ("xterm-256color", F1), ("xterm", F1)])
def test_a_terminal_of_its_own(program: Program, tmp_path: Path, term: str, help_key: bytes) -> None:
    environment = program.environment | {"TERM": term}
    with PseudoTerminal(program.command("--open", str(BOB)), environment, tmp_path) as terminal:
        written = tour(terminal, program, help_key=help_key)
        assert strange(written) == []
        assert written.isascii() is (term == "linux")


@pytest.mark.skipif(shutil.which("screen") is None, reason="GNU screen is not installed")
def test_in_gnu_screen(program: Program, tmp_path: Path) -> None:
    sockets = tmp_path / "sockets"
    sockets.mkdir(mode=0o700)
    environment = program.environment | {"SCREENDIR": str(sockets), "SHELL": "/bin/sh"}
    command = ["screen", "-c", "/dev/null", "-U", *program.command("--open", str(BOB))]
    try:
        with PseudoTerminal(command, environment, tmp_path) as terminal:
            tour(terminal, program, whole=False)
    finally:  # it outlives its terminal
        subprocess.run(["screen", "-X", "quit"], env=environment, check=False, capture_output=True)


@pytest.mark.skipif(SSHD is None or shutil.which("ssh") is None, reason="OpenSSH is not installed")
def test_over_ssh(program: Program, tmp_path: Path) -> None:
    environment = program.environment | {"TERM": "xterm-256color"}
    variables = [f"{name}={value}" for name, value in program.environment.items()]
    far = shlex.join(["env", *variables, *program.command("--open", str(BOB))])
    with PseudoTerminal([*ssh(tmp_path), "-tt", "there", far], environment, tmp_path) as terminal:
        written = tour(terminal, program)
        assert b"38;5;" in written  # what TERM tells
        assert strange(written) == []


def ssh(directory: Path) -> list[str]:
    """A client with a server of its own, which no port leads to: it is started by the client and talks to it alone."""
    assert SSHD is not None
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd as root wants it
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(directory / name)], check=True)
    server = directory / "sshd_config"
    server.write_text(
        f"HostKey {directory}/host\nAuthorizedKeysFile {directory}/user.pub\nStrictModes no\nUsePAM no\n"
        "PermitRootLogin prohibit-password\nPasswordAuthentication no\nPidFile none\nPrintMotd no\n"
    )
    options = {
        "ProxyCommand": f"{SSHD} -i -f {server}",
        "IdentityFile": str(directory / "user"),
        "IdentitiesOnly": "yes",
        "StrictHostKeyChecking": "no",
        "UserKnownHostsFile": "/dev/null",
        "LogLevel": "ERROR",
        "User": getpass.getuser(),
    }
    return ["ssh", "-F", "/dev/null", *(part for name, value in options.items() for part in ("-o", f"{name}={value}"))]
