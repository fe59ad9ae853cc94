"""Whether the screen knows the colours and the keys that the settings ask for; said with the line if not."""

import codecs
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from tui_xmpp.config import Settings
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui import schemes
from tui_xmpp.ui.appearance import Appearance
from tui_xmpp.ui.first.inks import Depth
from tui_xmpp.ui.schemes import DARK, SCHEMES, TERMINAL, Scheme

_PLAIN_TERMINALS = {"linux", "dumb", "vt100", "vt220"}
"""Values of $TERM whose fonts have few symbols."""
_TRUE_COLOURS = {"truecolor", "24bit"}
_MANY_COLOURS = ("256color", "kitty", "direct")
DUMB = "dumb"
"""What $TERM is where a terminal can only print."""


def line_by_line(settings: Settings, *, asked: bool, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether to do without the screen: asked for in the command or in the settings, else where a terminal is dumb."""
    if asked or settings.ui.mode:
        return asked or settings.ui.mode == "linear"
    return environment.get("TERM") == DUMB and is_terminal()


def is_terminal() -> bool:
    """Whether somebody can enter lines, and see some."""
    return all(stream is not None and stream.isatty() for stream in (sys.__stdin__, sys.__stdout__))


def depth(environment: Mapping[str, str] = os.environ) -> Depth:
    """How many colours the terminal can show."""
    if environment.get("COLORTERM", "").strip().lower() in _TRUE_COLOURS:
        return Depth.TRUE
    return Depth.MANY if environment.get("TERM", "").lower().endswith(_MANY_COLOURS) else Depth.SIXTEEN


def is_grey(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a person wants no colours (no-color.org)."""
    return bool(environment.get("NO_COLOR"))


def theme(settings: Settings, environment: Mapping[str, str] = os.environ) -> str:
    """The name of the theme to begin with. Raises ConfigError.

    Where none is chosen and the terminal has only sixteen colours, its own: the grounds of the others would be one.
    """
    wanted = settings.ui.theme or (TERMINAL if depth(environment) is Depth.SIXTEEN else DARK).name
    names = [scheme.name for scheme in SCHEMES]
    if wanted not in names and not _is_own(settings, wanted):
        own = sorted(path.stem for path in themes_folder(settings).glob("*.toml"))
        shown = clean_line(wanted, limit=80)
        message = f"there is no theme “{shown}”; there are {', '.join([*names, *map(clean_line, own)])}."
        raise settings.source.error(("ui", "theme"), message)
    return wanted


def scheme(settings: Settings, environment: Mapping[str, str] = os.environ) -> Scheme:
    """The colours of the theme to begin with, as far as they are known without Textual. Raises ConfigError."""
    wanted = theme(settings, environment)
    known = next((scheme for scheme in SCHEMES if scheme.name == wanted), None)
    return known or schemes.read(themes_folder(settings) / f"{wanted}.toml")


def themes_folder(settings: Settings) -> Path:
    """Where a person's own themes are: beside the settings file."""
    return settings.source.path.parent / "themes"


def _is_own(settings: Settings, name: str) -> bool:
    return "/" not in name and (themes_folder(settings) / f"{name}.toml").is_file()


def appearance(
    settings: Settings, environment: Mapping[str, str] = os.environ, encoding: str | None = None
) -> Appearance:
    """How the program looks besides its theme: as the settings say, else as the terminal can."""
    encoding = encoding or getattr(sys.__stderr__, "encoding", None) or "utf-8"
    if not _is_utf8(environment, encoding) and codecs.lookup(encoding).name == "utf-8":
        encoding = "ascii"
    plain = environment.get("TERM", "") in _PLAIN_TERMINALS or codecs.lookup(encoding).name != "utf-8"
    return Appearance(
        vim=settings.ui.preset == "vim",
        compact=settings.ui.density == "compact",
        ascii=settings.ui.symbols == "ascii" or (not settings.ui.symbols and plain),
        spelling=settings.ui.spelling,
        encoding=encoding,
        themes=themes_folder(settings),
    )


def _is_utf8(environment: Mapping[str, str], encoding: str) -> bool:
    """Whether both the terminal, by its locale, and our output to it are in UTF-8.

    Python writes UTF-8 in the locales C and POSIX too, so only one that a person has set for everything counts there.
    """
    if codecs.lookup(encoding).name != "utf-8" or environment.get("LC_ALL") in {"C", "POSIX"}:
        return False
    locale = environment.get("LC_ALL") or environment.get("LC_CTYPE") or environment.get("LANG") or ""
    _, dot, charset = locale.partition(".")
    return not dot or charset.partition("@")[0].lower().replace("-", "") == "utf8"


def keymap(settings: Settings) -> Mapping[str, str]:
    """The keys of the preset with a person's own over them.

    Raises ConfigError for an action or a key that does not exist, and for a key with two meanings.
    """
    from tui_xmpp.ui.actions import VIM
    from tui_xmpp.ui.keymap import problems

    all_keys = {**(VIM if settings.ui.preset == "vim" else {}), **settings.ui.keys}
    for name, problem in problems(all_keys) if all_keys else ():
        place = ("ui", "keys", name) if name in settings.ui.keys else ("ui", "keys")
        raise settings.source.error(place, problem)
    return all_keys
