"""Getting Prosody where it is missing: with apt after asking, elsewhere by a line that says how."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tui_xmpp.errors import TuiXmppError

_SYSTEMD = Path("/run/systemd/system")
"""There where systemd runs the computer (sd_booted(3))."""

_ELSEWHERE = {
    "brew": "brew install prosody",
    "dnf": "sudo dnf install prosody",
    "zypper": "sudo zypper install prosody",
    "pacman": "sudo pacman -S prosody",
    "apk": "sudo apk add prosody",
    "pkg": "sudo pkg install prosody",
}
"""Package managers that we do not run ourselves: program to command."""


class ProsodyMissing(TuiXmppError):
    """There is no Prosody, and it was not or cannot be installed; the message says how to get it."""

    title = "The demonstration needs Prosody"


def prosody_missing() -> bool:
    """Whether this computer lacks Prosody, the server of the demonstration."""
    return shutil.which("prosody") is None


def install_prosody(yes: bool, ask: Callable[[str], bool]) -> None:
    """Install Prosody with apt, as root or through sudo; nothing where it is there already.

    `ask` is given one question and says whether to go on; with `yes` it is not asked. Raises ProsodyMissing where
    apt is not at hand, the answer is no, or the installation fails.
    """
    if not prosody_missing():
        return
    if shutil.which("apt-get") is None:
        raise ProsodyMissing(f"Prosody, a chat server, is not installed. {_how_elsewhere()}")
    become_root = [] if os.geteuid() == 0 else ["sudo"]
    if become_root and shutil.which("sudo") is None:
        raise ProsodyMissing("Prosody, a chat server, is not installed. As root: apt install prosody")
    command = [*become_root, "apt-get", "install", "prosody"]
    question = (
        "The demonstration runs on a chat server of its own, Prosody, which is not installed. "
        f"Install it now ({' '.join(command)})?"
    )
    if not yes and not ask(question):
        raise ProsodyMissing(f"Without Prosody there is no demonstration. To install it yourself: {' '.join(command)}")
    _install(become_root)
    if prosody_missing():
        raise ProsodyMissing(f"Prosody could not be installed. By hand: {' '.join(command)}")


def _install(become_root: list[str]) -> None:
    apt = [*become_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--yes", "--quiet"]
    install = [*apt, "install", "--no-install-recommends", "prosody"]
    if subprocess.run(install, check=False).returncode != 0:
        # A fresh machine has no lists of packages yet, an old one has lists of what is gone.
        subprocess.run([*apt, "update"], check=False)
        subprocess.run(install, check=False)
    if _SYSTEMD.is_dir() and not prosody_missing():
        # The package starts a public server of its own, which nobody asked for.
        subprocess.run([*become_root, "systemctl", "--quiet", "disable", "--now", "prosody"], check=False)


def _how_elsewhere() -> str:
    for program, command in _ELSEWHERE.items():
        if shutil.which(program) is not None:
            return f"To get it: {command}"
    return "See https://prosody.im/download for how to get it."
