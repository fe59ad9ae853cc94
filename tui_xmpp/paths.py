"""Where the program keeps its files; directories of ours are for their owner only (SECURITY 28)."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import platformdirs

NAME = "tui-xmpp"


@dataclass(frozen=True, slots=True)
class Paths:
    """The settings file, the directory of the store and the directory of the log."""

    settings: Path
    data: Path
    state: Path

    @property
    def database(self) -> Path:
        """The store of every account."""
        return self.data / "chat.db"

    @property
    def log(self) -> Path:
        """What went on and what went wrong."""
        return self.state / f"{NAME}.log"

    @staticmethod
    def find(*, settings: Path | None = None, data: Path | None = None) -> "Paths":
        """The places of this system: the XDG directories, or what `platformdirs` says; each argument overrides one."""
        return Paths(
            settings=settings or _xdg("XDG_CONFIG_HOME", platformdirs.user_config_path) / "config.toml",
            data=data or _xdg("XDG_DATA_HOME", platformdirs.user_data_path),
            state=_xdg("XDG_STATE_HOME", platformdirs.user_state_path),
        )

    @staticmethod
    def below(directory: Path) -> "Paths":
        """A profile of its own with everything below one directory."""
        return Paths(directory / "config.toml", directory / "data", directory / "state")


def private_directory(directory: Path) -> Path:
    """Make sure that a directory of ours exists and that only its owner can enter it. Raises OSError."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if directory.stat().st_mode & 0o077:
        directory.chmod(0o700)
    return directory


class _PlatformPath(Protocol):
    def __call__(self, appname: str, appauthor: Literal[False]) -> Path: ...


def _xdg(variable: str, otherwise: _PlatformPath) -> Path:
    """The XDG directory where the variable is set (relative ones do not count, by the specification)."""
    base = os.environ.get(variable, "").strip()
    return Path(base) / NAME if base.startswith("/") else otherwise(NAME, False)  # noqa: FBT003
