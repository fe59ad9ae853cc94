"""Other clients in a terminal, set up to sign in to an account."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.server import profanity
from tui_xmpp.model.account import AccountSettings

_NOBODY = 65534
_ALT_2, _ALT_3, _F5, _F6 = b"\x1b2", b"\x1b3", b"\x1b[15~", b"\x1b[17~"

Prepared = tuple[list[str], dict[str, str]]
"""Command and environment."""


@dataclass(frozen=True, slots=True)
class Client:
    """A program to compare with; `prepare` fills a home for it."""

    name: str
    prepare: Callable[[Path, AccountSettings], Prepared]
    to_flood: bytes
    to_crowd: bytes
    """Keys to the room that was entered first, and to the second one."""
    readable: bytes = b"Contact 0"
    """How it shows the first contacts when it has started."""


def installed(poezio: str = "") -> list[Client]:
    """Those that this computer has; `poezio` is where that one is, if it is not on $PATH."""
    clients = []
    if profanity.is_installed():
        clients.append(Client("profanity", _profanity, _ALT_2, _ALT_3))
    poezio = poezio or shutil.which("poezio") or ""
    if poezio and (os.geteuid() != 0 or shutil.which("setpriv")):
        clients.append(Client("poezio", partial(_poezio, poezio), _F5, _F6, b"c0000@"))
    return clients


def _profanity(home: Path, account: AccountSettings) -> Prepared:
    address = str(account.address)
    authorities = profanity._trust(account, home / "authorities")
    profanity._write(home / "data" / "profanity" / "accounts", {address: profanity._account(account, "secret")})
    preferences = {
        "connection": {"tls.certpath": str(authorities)},
        "ui": {"splash": "false", "vercheck": "false", "roster": "true", "roster.offline": "true"},
        "logging": {"chlog": "false", "history": "false"},
    }
    profanity._write(home / "config" / "profanity" / "profrc", preferences)
    environment = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
    }
    return ["profanity", "-a", address], environment


def _poezio(program: str, home: Path, account: AccountSettings) -> Prepared:
    settings = home / ".config" / "poezio" / "poezio.cfg"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        f"[Poezio]\njid = {account.address}\npassword = secret\ncustom_host = {account.host}\n"
        f"custom_port = {account.port}\nca_cert_path = {account.ca_file}\nroster_show_offline = true\nuse_log = false\n"
    )
    command = [program, "-f", str(settings)]
    if os.geteuid() == 0:  # it refuses to be run by root
        for path in (home, *home.rglob("*")):
            os.chown(path, _NOBODY, _NOBODY)
        command = ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups", "--", *command]
    return command, {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
