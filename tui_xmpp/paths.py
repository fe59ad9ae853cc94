"""Where the program keeps its files; directories of ours are for their owner only (SECURITY 28)."""

import os
import sys
from pathlib import Path
from typing import Literal, Protocol

from tui_xmpp.model.frozen import frozen

NAME = "tui-xmpp"
_SYSTEM: str = sys.platform


@frozen
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
            settings=settings or _find("XDG_CONFIG_HOME", ".config", "user_config_path") / "config.toml",
            data=data or _find("XDG_DATA_HOME", ".local/share", "user_data_path"),
            state=_find("XDG_STATE_HOME", ".local/state", "user_state_path"),
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


def downloads() -> Path:
    """Where files from others go where the settings say nothing: the desktop's folder for that."""
    import platformdirs

    return platformdirs.user_downloads_path()


class _PlatformPath(Protocol):
    def __call__(self, appname: str, appauthor: Literal[False]) -> Path: ...


def _find(variable: str, usual: str, function: str) -> Path:
    """One directory: where the variable says (relative paths do not count, by the specification), else as usual.

    `platformdirs` takes 10 ms to import, and says for Linux and the BSDs what `usual` says.
    """
    base = os.environ.get(variable, "")
    if base.startswith("/"):
        return Path(base) / NAME
    if _SYSTEM not in {"darwin", "win32", "android", "ios"}:
        return Path.home() / usual / NAME
    import platformdirs

    find: _PlatformPath = getattr(platformdirs, function)
    return find(NAME, False)  # noqa: FBT003 (of several functions)
