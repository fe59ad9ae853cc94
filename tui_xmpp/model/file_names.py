"""Names of files from outside: made harmless, and told apart from those of programs (SECURITY 23)."""

import re
from urllib.parse import unquote, urlsplit

from tui_xmpp.model.text import clean_line

NAMELESS = "file"
_LONGEST = 180
"""Most bytes of a name, so that a number still fits behind it; file systems take 255."""
_LONGEST_ENDING = 16
# As texts: Python compiles them when they are first looked for, and keeps that.
_RESERVED = r'[<>:"|?*]'
_DEVICES = r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)"
"""Names that are devices, on a disk that goes to other systems."""

_HARMLESS = frozenset({
    "7z", "aac", "asc", "avi", "avif", "bmp", "bz2", "csv", "diff", "djvu", "docx", "epub", "flac", "gif", "gpx",
    "gz", "heic", "ics", "jpeg", "jpg", "json", "log", "m4a", "m4v", "md", "mka", "mkv", "mobi", "mov", "mp3", "mp4",
    "odp", "ods", "odt", "oga", "ogg", "ogv", "opus", "patch", "pdf", "png", "pptx", "rar", "rtf", "sig",
    "srt", "tar", "tgz", "tif", "tiff", "toml", "txt", "vcf", "wav", "webm", "webp", "xlsx", "xz", "yaml", "yml",
    "zip", "zst",
})  # fmt: skip
"""Endings of what is only looked at, heard or unpacked; anything else may do something. Pages do: a browser runs what
is in them."""
_BEGINNINGS = (
    b"#!", b"MZ", b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
)  # fmt: skip
_BLANK = b"\xef\xbb\xbf \t\r\n"
_PAGES = (b"<!doctype html", b"<?xml", b"<svg")
_TAGS = (b"<html", b"<script", b"[desktop entry]")
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
    name = re.sub(_RESERVED, "_", clean_line(text.replace("/", " ").replace("\\", " "), limit=4 * _LONGEST))
    name = name.lstrip(". ").rstrip(". ")
    if not name:
        return NAMELESS
    if name[0] in "-~" or re.match(_DEVICES, name):
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


def may_act(name: str, head: bytes = b"", mode: int = 0) -> bool:
    """Whether a file may do something by itself when it is opened: by its name, its first bytes, or its mode."""
    endings = name.lower().rstrip(". ").split(".")[1:]
    if not endings or endings[-1] not in _HARMLESS or mode & 0o111:
        return True
    text = head.lower()
    return head.startswith(_BEGINNINGS) or text.lstrip(_BLANK).startswith(_PAGES) or any(each in text for each in _TAGS)
