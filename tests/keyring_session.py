"""A session with a real keyring (gnome-keyring) of its own, unlocked, for whatever runs in it."""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_SCRIPT = """bus=$(dbus-daemon --session --fork --print-address=1 --print-pid=1)
trap 'kill "${bus##*
}"' EXIT
trap 'exit 129' HUP
trap 'exit 143' TERM
DBUS_SESSION_BUS_ADDRESS=${bus%%
*}
export DBUS_SESSION_BUS_ADDRESS
printf login | gnome-keyring-daemon --unlock --components=secrets >/dev/null
"$@"
"""
"""The bus ends with the session, also when that loses its terminal, at which dbus-run-session would leave it behind."""


def inside(home: Path, command: Sequence[str]) -> list[str]:
    """The command that runs `command` in such a session; the keyring is kept below `home`, the process's HOME."""
    script = home / "session.sh"
    script.write_text(_SCRIPT)
    return ["sh", str(script), *command]


def environment(home: Path) -> Mapping[str, str]:
    """The variables for it, and no others."""
    return {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "LANG": "C.UTF-8",
    }


@contextmanager
def held(home: Path) -> Iterator[Mapping[str, str]]:
    """The variables for processes in such a session, which lasts as long as the block."""
    command = inside(home, ["sh", "-c", 'echo "$DBUS_SESSION_BUS_ADDRESS"; cat'])
    with subprocess.Popen(
        command, env=environment(home), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as session:
        assert session.stdin is not None
        assert session.stdout is not None
        try:
            yield {**environment(home), "DBUS_SESSION_BUS_ADDRESS": session.stdout.readline().strip()}
        finally:
            session.stdin.close()


def run(home: Path, command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    """Run to the end."""
    return subprocess.run(
        inside(home, command), env=environment(home), capture_output=True, text=True, timeout=50, check=False
    )
