"""Themes of a person's own: TOML files in the folder `themes` beside the settings, read again when they change.

    base = "dark"               # whose colours are taken for what is not said here
    primary = "#ff9e64"
    background = "#1a1b26"

    [variables]
    quiet = "#7f86a8"

A file that cannot be used is a sentence for people, and the theme stays as it was.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from textual.color import Color, ColorParseError
from textual.theme import Theme

from tui_xmpp.errors import ConfigError
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.colours import contrast
from tui_xmpp.ui.themes import DARK, THEMES

COLOURS = (
    "primary", "secondary", "accent", "warning", "error", "success", "foreground", "background", "surface", "panel",
    "boost",
)  # fmt: skip
_MOST = 64 * 1024
"""Bytes of a file that is taken for a theme."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
LEAST_CONTRAST = 3.0
"""WCAG 2.1 for large text; below, the words of a theme cannot be read."""


@frozen
class Found:
    """What is in the folder now."""

    themes: tuple[Theme, ...] = ()
    problems: tuple[str, ...] = ()


class ThemeFolder:
    """The folder with themes; one that does not exist has none."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._seen: dict[Path, tuple[int, int]] = {}

    def read_if_changed(self) -> Found | None:
        """Everything in the folder, if a file has come, gone or changed since the last time; else None."""
        files = self._files()
        if files == self._seen:
            return None
        self._seen = files
        themes, problems = [], []
        for path in sorted(files):
            try:
                themes.append(read_theme(path))
            except ConfigError as problem:
                problems.append(problem.message)
        return Found(tuple(themes), tuple(problems))

    def _files(self) -> dict[Path, tuple[int, int]]:
        files: dict[Path, tuple[int, int]] = {}
        if self._folder is None:
            return files
        try:
            for path in self._folder.glob("*.toml"):
                about = path.stat()
                files[path] = (about.st_mtime_ns, about.st_size)
        except OSError:
            pass  # a file that goes while the folder is read is seen to be gone the next time
        return files


def read_theme(path: Path) -> Theme:
    """The theme in a file, called by the file's name. Raises ConfigError."""
    try:
        with path.open("rb") as file:
            text = file.read(_MOST).decode()
        values = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"this theme cannot be read: {clean_line(str(error), limit=200)}.", path=path) from error
    return _Reader(path, values).theme()


class _Reader:
    """Checks the values of one file."""

    def __init__(self, path: Path, values: Mapping[str, object]) -> None:
        self._path = path
        self._values = values

    def theme(self) -> Theme:
        known = {"base", "dark", "variables", *COLOURS}
        unknown = next((key for key in self._values if key not in known), None)
        if unknown is not None:
            raise self._error(f"“{clean_line(unknown, limit=40)}” is not a part of a theme.")
        base = self._base()
        colours = {key: self._colour(key, self._values[key]) for key in COLOURS if key in self._values}
        variables = self._values.get("variables", {})
        if not isinstance(variables, dict):
            raise self._error("“variables” must be a table, begun by [variables].")
        wrong = next((name for name in variables if not _NAME.fullmatch(name)), None)
        if wrong is not None:
            raise self._error(f"“{clean_line(wrong, limit=40)}” is not the name of a variable.")
        own = {name: self._colour(name, value) for name, value in variables.items()}
        theme = replace(base, name=self._path.stem, variables=base.variables | own, **colours)  # type: ignore[arg-type]  # all are texts
        return replace(theme, dark=self._is_dark(theme))

    def _base(self) -> Theme:
        name = self._values.get("base", DARK.name)
        base = next((theme for theme in THEMES if theme.name == name), None)
        if self._path.stem in {theme.name for theme in THEMES}:
            raise self._error("a theme of this name comes with the program; give the file another one.")
        if not _NAME.fullmatch(self._path.stem):
            raise self._error("the name of the file can only have letters, digits, - and _.")
        if base is None:
            raise self._error(f"“base” can be {', '.join(theme.name for theme in THEMES)}.")
        return base

    def _colour(self, key: str, value: object) -> str:
        """A colour as Textual writes them, such as `#1a1b26` or `red`, perhaps with an opacity: `#1a1b26 30%`."""
        if isinstance(value, str):
            colour, _, opacity = value.partition(" ")
            try:
                Color.parse(colour)
            except ColorParseError:
                pass
            else:
                if not opacity or (opacity.endswith("%") and opacity[:-1].isdecimal()):
                    return value
        raise self._error(f'“{clean_line(key, limit=40)}” must be a colour, such as "#1a1b26".')

    def _is_dark(self, theme: Theme) -> bool:
        dark = self._values.get("dark")
        if dark is not None and not isinstance(dark, bool):
            raise self._error("“dark” must be true or false.")
        if theme.ansi:
            return theme.dark if dark is None else dark
        ground, ink = Color.parse(str(theme.background)), Color.parse(str(theme.foreground))
        if contrast(ground.rgb, ink.rgb) < LEAST_CONTRAST:
            raise self._error("“foreground” cannot be read on “background”.")
        return ground.brightness < 0.5 if dark is None else dark

    def _error(self, message: str) -> ConfigError:
        return ConfigError(message, path=self._path)
