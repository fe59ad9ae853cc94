"""Names of files from outside: made harmless, and told apart from those of programs (SECURITY 23)."""

import re
from urllib.parse import unquote, urlsplit

from tui_xmpp.model.text import clean_line

NAMELESS = "file"
_LONGEST = 180
"""Most bytes of a name, so that a number still fits behind it; file systems take 255."""
_LONGEST_ENDING = 16
_RESERVED = re.compile(r'[<>:"|?*]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
"""Names that are devices, on a disk that goes to other systems."""

_PROGRAMS = frozenset({
    "apk", "app", "appimage", "applescript", "bash", "bat", "bin", "chm", "class", "cmd", "com", "command", "cpl",
    "csh", "deb", "desktop", "dll", "dmg", "docm", "ear", "elf", "exe", "fish", "flatpakref", "gadget", "hta", "htm",
    "html", "inf", "iso", "jar", "js", "jse", "kdelnk", "ksh", "lnk", "lua", "mht", "mhtml", "msc", "msi", "msp",
    "pif", "pkg", "pl", "pptm", "ps1", "psm1", "py", "pyc", "pyw", "rb", "reg", "rpm", "run", "scf", "scpt", "scr",
    "service", "sh", "shtml", "snap", "so", "tcl", "terminal", "url", "vb", "vbe", "vbs", "war", "webloc", "workflow",
    "ws", "wsf", "wsh", "xhtml", "xht", "xlsm", "xsl", "zsh",
})  # fmt: skip
"""Endings of what does something when it is opened; pages are among it, since a browser runs what is in them."""
_BEGINNINGS = (
    b"#!", b"MZ", b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
)  # fmt: skip
HEAD = 4096
"""How many first bytes of a file say what it is."""


def name_of(link: str) -> str:
    """The name under which the file of a link is to be saved: without a path, cleaned, never empty."""
    try:
        path = urlsplit(link).path
    except ValueError:
        path = ""
    return safe_name(unquote(path).replace("\\", "/").rpartition("/")[2])


def safe_name(text: str) -> str:
    """A name that cannot leave its folder, hide itself, look like an option or be another than it is read as."""
    name = _RESERVED.sub("_", clean_line(text.replace("/", " ").replace("\\", " "), limit=4 * _LONGEST))
    name = name.lstrip(". ").rstrip(". ")
    if not name:
        return NAMELESS
    if name[0] in "-~" or _DEVICES.match(name):
        name = f"_{name}"
    return _cut(name)


def _cut(name: str) -> str:
    """The name in so many bytes that any file system takes it; its ending stays, for that says what it is."""
    if len(name.encode()) <= _LONGEST:
        return name
    stem, ending = split_ending(name)
    room = _LONGEST - len(ending.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip() + ending


def split_ending(name: str) -> tuple[str, str]:
    """A name without its ending, and the ending with its dot; empty where there is none."""
    stem, dot, ending = name.rpartition(".")
    return (stem, dot + ending) if stem and 0 < len(ending.encode()) <= _LONGEST_ENDING else (name, "")


def is_program(name: str, head: bytes = b"", mode: int = 0) -> bool:
    """Whether a file may do something by itself when it is opened: by its name, its first bytes, or its mode."""
    endings = name.lower().rstrip(". ").split(".")[1:]
    if (endings and endings[-1] in _PROGRAMS) or mode & 0o111:
        return True
    return head.startswith(_BEGINNINGS) or b"[desktop entry]" in head.lower() or b"<html" in head.lower()
