"""Where the program keeps its files."""

from pathlib import Path

import platformdirs
import pytest

from tui_xmpp.paths import Paths, private_directory


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.delenv(f"XDG_{name}_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_without_variables_the_usual_places_are_used(home: Path) -> None:
    paths = Paths.find()
    assert paths.settings == home / ".config" / "tui-xmpp" / "config.toml"
    assert paths.database == home / ".local" / "share" / "tui-xmpp" / "chat.db"
    assert paths.log == home / ".local" / "state" / "tui-xmpp" / "tui-xmpp.log"


def test_they_are_the_places_that_platformdirs_finds() -> None:
    paths = Paths.find()
    assert paths.settings.parent == platformdirs.user_config_path("tui-xmpp")
    assert paths.data == platformdirs.user_data_path("tui-xmpp")
    assert paths.state == platformdirs.user_state_path("tui-xmpp")


def test_the_variables_are_honoured_if_they_are_absolute(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/c")
    monkeypatch.setenv("XDG_DATA_HOME", "/d")
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    paths = Paths.find()
    assert paths.settings == Path("/c/tui-xmpp/config.toml")
    assert paths.data == Path("/d/tui-xmpp")
    assert paths.state == home / ".local" / "state" / "tui-xmpp"


def test_files_can_be_named(home: Path) -> None:
    paths = Paths.find(settings=home / "s.toml", data=home / "d")
    assert (paths.settings, paths.database) == (home / "s.toml", home / "d" / "chat.db")


def test_a_directory_of_ours_is_closed_to_others(home: Path) -> None:
    directory = home / "a" / "b"
    assert private_directory(directory).stat().st_mode & 0o777 == 0o700
    directory.chmod(0o755)
    assert private_directory(directory).stat().st_mode & 0o777 == 0o700
