"""Themes of a person's own: read, refused with a sentence, and worn anew when they change."""

import os
from pathlib import Path

import pytest

from tests.ui.running import Running, settled
from tests.ui.scene import KITCHEN, Scene, frozen_clock
from tui_xmpp.errors import ConfigError
from tui_xmpp.ui.app import TuiXmppApp
from tui_xmpp.ui.appearance import Appearance
from tui_xmpp.ui.themes import DARK, LIGHT
from tui_xmpp.ui.user_themes import ThemeFolder, read_theme

DUSK = """
base = "dark"
primary = "#ff9e64"
background = "#1a1b26"
[variables]
quiet = "#7f86a8"
input-selection-background = "#ff9e64 30%"
"""


def write(folder: Path, text: str, name: str = "dusk") -> Path:
    """A theme; its time is moved on, as if it was written a little later each time."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.toml"
    time = path.stat().st_mtime_ns + 1_000_000_000 if path.exists() else 1_000_000_000
    path.write_text(text)
    os.utime(path, ns=(time, time))
    return path


def test_a_theme_takes_from_its_base_what_it_does_not_say(tmp_path: Path) -> None:
    theme = read_theme(write(tmp_path, DUSK))
    assert (theme.name, theme.primary, theme.background, theme.warning) == ("dusk", "#ff9e64", "#1a1b26", DARK.warning)
    assert theme.variables["quiet"] == "#7f86a8"
    assert theme.variables["rule"] == DARK.variables["rule"]
    assert theme.dark


def test_whether_a_theme_is_dark_is_seen_by_its_ground(tmp_path: Path) -> None:
    assert not read_theme(write(tmp_path, 'background = "#ffffff"\nforeground = "#222222"')).dark
    assert read_theme(write(tmp_path, 'base = "light"')).dark is LIGHT.dark


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("base = ", "cannot be read"),
        ("\xff", "cannot be read"),
        ('base = "mine"', "“base” can be dark, light, contrast, terminal."),
        ('primary = "reddish"', "“primary” must be a colour"),
        ("primary = 3", "“primary” must be a colour"),
        ('primary = "#fff 30"', "“primary” must be a colour"),
        ('[variables]\nquiet = "$accent; color: red"', "“quiet” must be a colour"),
        ('[variables]\n"a; b" = "red"', "“a; b” is not the name of a variable."),
        ("variables = 1", "“variables” must be a table"),
        ('colour = "red"', "“colour” is not a part of a theme."),
        ("dark = 1", "“dark” must be true or false."),
        ('background = "#000000"\nforeground = "#111111"', "“foreground” cannot be read on “background”."),
    ],
)
def test_what_is_wrong_with_a_theme_is_said_with_its_file(tmp_path: Path, text: str, words: str) -> None:
    path = write(tmp_path, "")
    path.write_bytes(text.encode("latin-1") if "\xff" in text else text.encode())
    with pytest.raises(ConfigError) as caught:
        read_theme(path)
    assert words in caught.value.message
    assert str(path) in caught.value.message


@pytest.mark.parametrize("name", ["dark", "a b", "-theme"])
def test_a_file_with_an_unfit_name_is_no_theme(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="name"):
        read_theme(write(tmp_path, DUSK, name))


def test_the_folder_is_read_when_something_changed_and_not_else(tmp_path: Path) -> None:
    assert ThemeFolder(tmp_path / "none").read_if_changed() is None
    folder = ThemeFolder(tmp_path)
    write(tmp_path, DUSK)
    write(tmp_path, "colour = 1", "bad")
    found = folder.read_if_changed()
    assert found is not None
    assert [theme.name for theme in found.themes] == ["dusk"]
    assert len(found.problems) == 1
    assert folder.read_if_changed() is None
    (tmp_path / "bad.toml").unlink()
    found = folder.read_if_changed()
    assert found is not None
    assert found.problems == ()


def wearing(scene: Scene, folder: Path, theme: str = "dusk") -> TuiXmppApp:
    return TuiXmppApp(
        scene.engine, clock=frozen_clock(), open_at=KITCHEN, theme=theme, appearance=Appearance(themes=folder)
    )


async def test_a_theme_is_worn_and_worn_anew_when_its_file_changes(scene: Scene, tmp_path: Path) -> None:
    write(tmp_path / "themes", DUSK)
    app = wearing(scene, tmp_path / "themes")
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(app, scene, pilot)
        shown = Running(app, pilot, scene)
        assert app.theme == "dusk"
        assert app.main.conversation.styles.background.hex == "#1A1B26"
        write(tmp_path / "themes", DUSK.replace("#1a1b26", "#102030"))
        await shown.until(lambda: app.main.conversation.styles.background.hex == "#102030")
        write(tmp_path / "themes", 'background = "mud"')
        await shown.until(lambda: "“background” must be a colour" in shown.text)
        assert app.main.conversation.styles.background.hex == "#102030"
        write(tmp_path / "themes", DUSK)
        await shown.until(lambda: app.main.conversation.styles.background.hex == "#1A1B26")


async def test_a_theme_that_cannot_be_used_at_the_start_is_said_and_worn_once_it_can(
    scene: Scene, tmp_path: Path
) -> None:
    write(tmp_path / "themes", "primary = 1")
    app = wearing(scene, tmp_path / "themes")
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(app, scene, pilot)
        shown = Running(app, pilot, scene)
        await shown.until(lambda: "“primary” must be a colour" in shown.text)
        assert app.theme == "dark"
        write(tmp_path / "themes", DUSK)
        await shown.until(lambda: app.theme == "dusk")


async def test_ones_own_themes_come_after_those_of_the_program(scene: Scene, tmp_path: Path) -> None:
    write(tmp_path / "themes", DUSK)
    app = wearing(scene, tmp_path / "themes", "terminal")
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(app, scene, pilot)
        app.main.action_next_theme()
        assert app.theme == "dusk"
        app.main.action_next_theme()
        assert app.theme == "dark"
