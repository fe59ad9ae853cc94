"""Passwords: from a command, from a keyring, or nowhere; and never where they do not belong."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tui_xmpp import config, password_command
from tui_xmpp.errors import ConfigError
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.passwords import MemoryKeeper, SettingsKeeper

ALICE = AccountSettings(Address.parse("alice@example.org"))


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def with_command(*command: str) -> AccountSettings:
    return AccountSettings(ALICE.address, password_command=command)


@pytest.mark.parametrize(
    ("output", "password"),
    [
        (r"print('correct horse')", "correct horse"),
        (r"print('correct horse\nlogin: alice')", "correct horse"),
        (r"print(' spaces stay ', end='')", " spaces stay "),
        (r"print('windows\r')", "windows"),
        (r"import sys; sys.stdout.buffer.write('pässwörd\n'.encode())", "pässwörd"),
    ],
)
def test_the_password_is_the_first_line_that_the_command_prints(output: str, password: str, tmp_path: Path) -> None:
    keeper = SettingsKeeper(tmp_path / "config.toml")
    assert keeper.password(with_command(*python(output))) == password


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("/does/not/exist",), "“exist” cannot be run: No such file"),
        (("bad\0name",), "cannot be run"),
        (python("import sys; sys.exit(3)"), "failed with status 3."),
        (
            python("import sys; print('x\\ngpg: no \\x1b[31mkey', file=sys.stderr); sys.exit(2)"),
            "status 2: gpg: no [31mkey",
        ),
        (python("pass"), "an empty line"),
        (python("print('\\nlate')"), "an empty line"),
        (python("print('x' * 5000)"), "far more than a password"),
        (python("import sys; sys.stdout.buffer.write(b'\\xff\\xfe')"), "not UTF-8"),
    ],
)
def test_a_command_that_fails_says_why_in_words(command: tuple[str, ...], words: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        SettingsKeeper(tmp_path / "config.toml").password(with_command(*command))
    assert words in caught.value.message


def test_a_command_that_hangs_is_ended_with_what_it_started(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = (
        "import pathlib, subprocess; child = subprocess.Popen(['sleep', '60']);"
        f"pathlib.Path({str(note)!r}).write_text(str(child.pid)); child.wait()"
    )
    begun = time.monotonic()
    with pytest.raises(ConfigError, match="not finished in 2 seconds"):
        password_command.run(python(code), terminal=False, patience=2.0)
    assert time.monotonic() - begun < 20
    state = Path(f"/proc/{note.read_text()}/stat")
    assert not state.exists() or state.read_text().split()[2] == "Z"


def test_a_command_gets_no_terminal_while_the_screen_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GPG_TTY", "/dev/pts/0")
    code = "import os; print(os.environ.get('GPG_TTY'), os.getsid(0) == os.getpid(), os.readlink('/proc/self/fd/0'))"
    assert password_command.run(python(code), terminal=False) == "None True /dev/null"
    assert password_command.run(python(code), terminal=True).startswith("/dev/pts/0 False")


def test_an_account_with_a_command_is_saved_without_asking_the_keyring(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    sentence = SettingsKeeper(path).save(with_command("pass", "xmpp"), "correct horse", remember=True)
    assert "command" in sentence
    assert "correct horse" not in path.read_text()


PRELUDE = """
from pathlib import Path
import threading
from tui_xmpp.password_keyring import Keyring
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.passwords import SettingsKeeper
keeper = SettingsKeeper(Path({home!r}) / "config.toml")
keyring = Keyring(threading.Event(), patience=5)
alice = AccountSettings(Address.parse("alice@example.org"))
"""


def in_process(code: str, home: Path, **environment: str) -> str:
    """Run code with a home and a keyring of its own; the package chooses its back end once in a process."""
    variables = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    variables |= {"HOME": str(home), "PYTHONPATH": str(Path.cwd()), **environment}
    prelude = PRELUDE.format(home=str(home))
    done = subprocess.run(
        [sys.executable, "-c", prelude + code], env=variables, capture_output=True, text=True, timeout=50, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_without_a_keyring_the_password_is_asked_for_at_each_start(tmp_path: Path) -> None:
    output = in_process(
        "print(keeper.password(alice))\n"
        "print(keeper.save(alice, 'correct horse', remember=True))\n"
        "print(keeper.password(alice))\n",
        tmp_path,
    )
    assert output.splitlines() == [
        "None",
        "There is no keyring to keep the password in; it will be asked for at each start.",
        "None",
    ]
    assert config.load(tmp_path / "config.toml").accounts == (ALICE,)


BACKEND = """
from keyring.backend import KeyringBackend
class Keyring(KeyringBackend):
    priority = 9
    def get_password(self, service, username): {get}
    def set_password(self, service, username, password): {set}
    def delete_password(self, service, username): pass
"""


def backend(directory: Path, module: str, *, get: str = "return None", set_: str = "pass") -> dict[str, str]:
    """Environment in which the `keyring` package uses a back end of ours."""
    path = directory / "site" / (module.replace(".", "/") + ".py")
    path.parent.mkdir(parents=True)
    path.write_text(BACKEND.format(get=get, set=set_))
    return {"PYTHONPATH": f"{directory / 'site'}:{Path.cwd()}", "PYTHON_KEYRING_BACKEND": f"{module}.Keyring"}


def test_a_back_end_that_writes_plain_files_is_not_used(tmp_path: Path) -> None:
    environment = backend(tmp_path, "keyrings.alt.file", get="return 'stolen'")
    code = "print(keeper.password(alice), keyring.write(alice.address, 'x'))"
    assert in_process(code, tmp_path, **environment) == "None False\n"


def test_a_keyring_that_never_answers_is_given_up(tmp_path: Path) -> None:
    environment = backend(tmp_path, "slow", get="import time; time.sleep(600)")
    begun = time.monotonic()
    assert in_process("print(Keyring(threading.Event(), 0.5).read(alice.address))", tmp_path, **environment) == "None\n"
    assert time.monotonic() - begun < 30


def test_nobody_waits_for_a_keyring_when_the_program_ends(tmp_path: Path) -> None:
    environment = backend(tmp_path, "slow", get="import time; time.sleep(600)")
    begun = time.monotonic()
    code = "threading.Timer(0.5, keeper.give_up).start(); print(keeper.password(alice))"
    assert in_process(code, tmp_path, **environment) == "None\n"
    assert time.monotonic() - begun < 30


def test_nobody_waits_for_a_command_when_the_program_ends(tmp_path: Path) -> None:
    keeper = SettingsKeeper(tmp_path / "config.toml")
    keeper.give_up()
    with pytest.raises(ConfigError, match="has not finished"):
        keeper.password(with_command("sleep", "50"))


def test_a_keyring_that_fails_is_no_keyring(tmp_path: Path) -> None:
    environment = backend(tmp_path, "broken", get="raise OSError('locked')", set_="raise RuntimeError('locked')")
    code = "print(keeper.password(alice), keyring.write(alice.address, 'x'))"
    assert in_process(code, tmp_path, **environment) == "None False\n"


def test_a_real_keyring_keeps_gives_and_forgets_the_password(tmp_path: Path) -> None:
    code = (
        "print(keeper.save(alice, 'correct horse', remember=True))\n"
        "print(keeper.password(alice))\n"
        "print(keeper.save(alice, 'correct horse', remember=False))\n"
        "print(keeper.password(alice))\n"
        "keeper.save(alice, 'correct horse', remember=True); keeper.remove(alice.address)\n"
        "print(keeper.password(alice))\n"
    )
    script = tmp_path / "run.sh"
    script.write_text(
        f'printf login | gnome-keyring-daemon --unlock --components=secrets >/dev/null\nexec "{sys.executable}" "$1"\n'
    )
    program = tmp_path / "program.py"
    program.write_text(PRELUDE.format(home=str(tmp_path)) + code)
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", str(script), str(program)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.stdout.splitlines() == [
        "The password is in the keyring of this system.",
        "correct horse",
        "The password is not kept; it will be asked for at each start.",
        "None",
        "None",
    ], done.stderr
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path != program]
    assert not any(b"correct horse" in content for content in written)


def test_a_profile_without_traces_knows_passwords_for_one_run_and_writes_nothing(tmp_path: Path) -> None:
    keeper = MemoryKeeper({ALICE.address: "correct horse"})
    assert keeper.password(ALICE) == "correct horse"
    bob = AccountSettings(Address.parse("bob@example.org"))
    assert keeper.password(bob) is None
    assert "no trace" in keeper.save(bob, "battery staple", remember=True)
    assert keeper.password(bob) == "battery staple"
    keeper.remove(bob.address)
    assert keeper.password(bob) is None
    assert list(tmp_path.iterdir()) == []
