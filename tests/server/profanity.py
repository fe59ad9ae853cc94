"""Profanity, a client that others wrote, as the person at the other end of the line."""

import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.server.terminal import Terminal
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address

_START_TIMEOUT = 20.0
_ROOM_SERVICE = "rooms"


class Profanity:
    """One profanity with a home of its own. A context manager: it ends with the block."""

    def __init__(self, directory: Path) -> None:
        self._home = directory
        self._running: Terminal | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def start(self, settings: AccountSettings, password: str = "secret") -> None:
        """Start it signed in to this account; returns when it is online."""
        address = str(settings.address)
        _write(self._home / "data" / "profanity" / "accounts", {address: _account(settings, password, self._home.name)})
        preferences = {
            "connection": {"tls.certpath": str(_trust(settings, self._home / "authorities")), "carbons": "true"},
            "chatstates": {"enabled": "true", "outtype": "true"},
            "ui": {"splash": "false", "vercheck": "false"},
            "logging": {"chlog": "false", "history": "false"},
        }
        _write(self._home / "config" / "profanity" / "profrc", preferences)
        await self.again(settings.address)

    async def again(self, address: Address) -> None:
        """Start it with what it has kept, keys and sessions too; returns when it is online."""
        environment = {
            "HOME": str(self._home),
            "XDG_CONFIG_HOME": str(self._home / "config"),
            "XDG_DATA_HOME": str(self._home / "data"),
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
        }
        self._running = Terminal(("profanity", "-a", str(address)), environment, self._home).__enter__()
        await self.until_screen("logged in successfully", within=_START_TIMEOUT)

    def stop(self) -> None:
        """End it."""
        if self._running is not None:
            self._running.__exit__(None, None, None)
            self._running = None

    def type(self, text: str) -> None:
        """Type a line and press Enter: a command, or a message to the chat that is open."""
        self._terminal.type(text)
        self._terminal.press("Enter")

    def screen(self) -> str:
        """What it shows now."""
        return self._terminal.screen()

    async def until_screen(self, text: str, *, within: float = 10) -> str:
        """Wait until it shows the text. Raises AssertionError with its screen."""
        return await self._terminal.until_screen(text, within=within)

    @property
    def _terminal(self) -> Terminal:
        assert self._running is not None, "profanity has not been started"
        return self._running


def is_installed() -> bool:
    """Whether this computer has profanity, and tmux to run it in."""
    return all(shutil.which(program) for program in ("profanity", "tmux", "openssl"))


def _account(settings: AccountSettings, password: str, resource: str = "profanity") -> dict[str, str]:
    address = settings.address
    return {
        "enabled": "true",
        "jid": str(address),
        "resource": resource,
        "password": password,
        "server": settings.host,
        "port": str(settings.port),
        "tls.policy": "direct" if settings.tls == "direct" else "force",
        "muc.service": f"{_ROOM_SERVICE}.{address.domain}",
        "muc.nick": settings.room_nickname,
        "presence.last": "online",
        "presence.login": "online",
    }


def _trust(settings: AccountSettings, directory: Path) -> Path:
    """A directory of authorities as OpenSSL wants it: files named after the hash of their subject."""
    assert settings.ca_file is not None
    directory.mkdir(parents=True)
    shutil.copy(settings.ca_file, directory / "authority.pem")
    subprocess.run(["openssl", "rehash", str(directory)], check=True, capture_output=True)
    return directory


def _write(path: Path, sections: dict[str, dict[str, str]]) -> None:
    parser = RawConfigParser()
    parser.read_dict(sections)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        parser.write(file, space_around_delimiters=False)
