"""The program as the shell sees it: arguments, standard input, environment; output and exit code."""

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tui_xmpp.config import StorageSettings
from tui_xmpp.config_writer import save_account, save_storage
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.at_rest import KeyPlace

_TIMEOUT = 50.0


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of a run."""

    code: int
    output: str
    errors: str


class Program:
    """`python -m tui_xmpp` in a home of its own, with no terminal and no keyring."""

    def __init__(self, home: Path) -> None:
        self.home = home
        home.mkdir(parents=True, exist_ok=True)

    @property
    def environment(self) -> dict[str, str]:
        """The variables that it runs with, and no others."""
        return {
            "HOME": str(self.home),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "LANG": "C.UTF-8",
        }

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.home / ".config" / "tui-xmpp" / "config.toml"

    @property
    def store(self) -> Path:
        """The store."""
        return self.home / ".local" / "share" / "tui-xmpp" / "chat.db"

    @property
    def log(self) -> str:
        """What it has logged."""
        return (self.home / ".local" / "state" / "tui-xmpp" / "tui-xmpp.log").read_text()

    def set_up(self, account: AccountSettings, password: str | None = "secret") -> None:
        """Put an account into the settings, with a command that prints its password; the store is not encrypted."""
        self.keep_store(KeyPlace.NONE)
        command = () if password is None else (sys.executable, "-c", f"print({password!r})")
        save_account(
            self.settings,
            AccountSettings(
                address=account.address,
                password_command=command,
                host=account.host,
                port=account.port,
                tls=account.tls,
                ca_file=account.ca_file,
                nickname=account.nickname,
                enabled=account.enabled,
            ),
        )

    def keep_store(self, key: KeyPlace, command: tuple[str, ...] = ()) -> None:
        """Say in the settings how a new store is encrypted."""
        save_storage(self.settings, StorageSettings(key, command))

    def command(self, *arguments: str) -> list[str]:
        """What a shell would run."""
        return [sys.executable, "-m", "tui_xmpp", *arguments]

    async def run(self, *arguments: str, stdin: bytes = b"", path: str | None = None) -> Ended:
        """Run to the end, without a controlling terminal; `path` is another PATH. Raises TimeoutError."""
        process = await asyncio.create_subprocess_exec(
            *self.command(*arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment if path is None else {**self.environment, "PATH": path},
            cwd=self.home,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(_TIMEOUT):
                output, errors = await process.communicate(stdin)
        except TimeoutError:
            process.kill()
            await process.wait()
            raise
        assert process.returncode is not None
        return Ended(process.returncode, output.decode(), errors.decode())
