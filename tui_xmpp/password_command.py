"""A password, or a passphrase, from a command of the person's own, such as `pass xmpp`."""

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

from tui_xmpp.errors import ConfigError
from tui_xmpp.model.text import clean_line

PATIENCE = 120.0
"""Seconds for the command; it may have to ask the person for a passphrase first."""

_GLANCE = 0.1
"""Seconds between looks at whether to go on waiting."""

_LIMIT = 4096
"""Most characters of a password, which is far more than servers take."""


def run(
    command: tuple[str, ...],
    *,
    terminal: bool,
    patience: float = PATIENCE,
    given_up: threading.Event | None = None,
    what: str = "password",
) -> str:
    """Return the first line that the command prints, `what`. Raises ConfigError with the reason when there is none.

    Without `terminal` the command gets none, neither as input nor through GPG_TTY, since the screen is drawn there.
    `given_up` ends the command early.
    """
    name = f"{what} command “{clean_line(Path(command[0]).name, limit=80)}”"
    environment = dict(os.environ)
    if not terminal:
        environment.pop("GPG_TTY", None)
    try:
        process = subprocess.Popen(
            [os.path.expanduser(command[0]), *command[1:]],  # noqa: PTH111 (a word, not a path)
            stdin=None if terminal else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=None if terminal else subprocess.PIPE,
            env=environment,
            start_new_session=not terminal,
        )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigError(f"the {name} cannot be run: {reason}.") from error
    with process:
        deadline = time.monotonic() + patience
        while True:
            try:
                output, errors = process.communicate(timeout=_GLANCE)
                break
            except subprocess.TimeoutExpired as error:
                if time.monotonic() > deadline or (given_up is not None and given_up.is_set()):
                    _end(process, group=not terminal)
                    message = f"the {name} has not finished in {patience:.0f} seconds."
                    raise ConfigError(message) from error
    if process.returncode != 0:
        complaint = clean_line((errors or b"").decode(errors="replace").strip().rpartition("\n")[2], limit=200)
        detail = f": {complaint}" if complaint else ""
        raise ConfigError(f"the {name} has failed with status {process.returncode}{detail}.")
    return _first_line(output, name, what)


def _end(process: subprocess.Popen[bytes], *, group: bool) -> None:
    """Kill the command, with what it has started where it has a group of its own."""
    with suppress(ProcessLookupError):
        if group:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _first_line(output: bytes, name: str, what: str) -> str:
    line = output.split(b"\n", 1)[0].removesuffix(b"\r")
    try:
        password = line.decode()
    except UnicodeDecodeError as error:
        raise ConfigError(f"the {name} printed something that is not UTF-8 text.") from error
    if not password:
        raise ConfigError(f"the {name} printed an empty line where the {what} should be.")
    if len(password) > _LIMIT:
        raise ConfigError(f"the {name} printed far more than a {what}.")
    return password
