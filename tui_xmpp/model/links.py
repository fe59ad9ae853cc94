"""What a message's text carries besides words: links, and links to files and images."""

import re
from enum import StrEnum
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.text import clean_line


class Carried(StrEnum):
    """What one can look for with `has:`."""

    LINK = "link"
    FILE = "file"
    """A link to a file; images are files too."""
    IMAGE = "image"


# Bounded, so that no text takes more than one look at each character and a few around it.
_LINK = re.compile(
    r"\b(https?|ftps?|gemini|aesgcm)://[^\s/?#]{1,512}(/[^\s?#]{0,4096})?|\b(?:xmpp|mailto):[^\s@]{1,256}@\S",
    re.IGNORECASE,
)
_AFTER_A_LINK = ")]>.,;:!\"'"
_LONGEST_ENDING = 8
_IMAGES = frozenset({"apng", "avif", "bmp", "gif", "heic", "heif", "jpeg", "jpg", "jxl", "png", "svg", "tiff", "webp"})
_PAGES = frozenset({"asp", "aspx", "cgi", "htm", "html", "jsp", "php", "shtml", "xhtml"})


def carried_by(text: str) -> frozenset[Carried]:
    """What a text carries. A file is told by its name's ending, or by the scheme of encrypted files."""
    if ":" not in text:
        return frozenset()
    found: set[Carried] = set()
    for scheme, path in _LINK.findall(text):
        found.add(Carried.LINK)
        ending = _ending(path)
        if scheme.lower() == "aesgcm" or (ending and ending not in _PAGES):
            found.add(Carried.FILE)
        if ending in _IMAGES:
            found.add(Carried.IMAGE)
    return frozenset(found)


def is_picture(name: str) -> bool:
    """Whether a file's name is that of a picture."""
    return _ending(name) in _IMAGES


def _ending(path: str) -> str:
    """What a file's name ends in; empty where it is no name of a file, as in `/v1.2`."""
    stem, _, ending = path.rpartition("/")[2].rstrip(_AFTER_A_LINK).rpartition(".")
    usual = ending.isascii() and ending.isalnum() and not ending.isdecimal() and len(ending) <= _LONGEST_ENDING
    return ending.lower() if stem and usual else ""


_WHOLE = re.compile(r"\b(?:https?://|xmpp:|mailto:|geo:|aesgcm://)[^\s<>\"`|\\^{}]{1,4096}", re.IGNORECASE)
"""Links that can be followed (SECURITY 24); everything else that looks like one is only text."""
_NEVER_LAST = ".,;:!?'*_~"
_BRACKETS = {")": "(", "]": "["}


def found_links(text: str) -> list[tuple[int, int]]:
    """Where the links of a text begin and end; marks of the sentence around them are not part of them."""
    if ":" not in text:
        return []
    found: list[tuple[int, int]] = []
    for match in _WHOLE.finditer(text):
        end = _link_end(text, match.start(), match.end())
        if end - match.start() > len(match[0].partition(":")[0]) + 1:
            found.append((match.start(), end))
    return found


@frozen
class SharedFile:
    """A file that a message shares, as far as its link tells; none of it is to be believed."""

    name: str
    """Without a path, cleaned (SECURITY 23)."""
    host: str
    picture: bool
    encrypted: bool


_LONGEST_NAME = 120


_MOST_FILES = 4
"""Most files of one message that are told apart; with more it is a list of links."""


@lru_cache(maxsize=1024)
def shared_file(text: str) -> SharedFile | None:
    """The file that a text shares, if it is nothing but a link to one."""
    if "://" not in text or any(character.isspace() for character in text):
        return None
    return _file_at(text) if found_links(text) == [(0, len(text))] else None


def without_keys(text: str) -> str:
    """The text with words for links to encrypted files: their keys are not to be shown, read out or kept elsewhere."""
    return _without_keys(text) if "aesgcm://" in text.lower() else text


_KEY = re.compile(r"#[0-9a-f]{64,}", re.IGNORECASE)
"""What such a link ends with (XEP-0454 §3), where it is too odd to be one of ours."""


@lru_cache(maxsize=256)
def _without_keys(text: str) -> str:
    parts: list[str] = []
    at = 0
    for start, end in found_links(text):
        if text[start : start + 7].lower() == "aesgcm:":
            shared = _file_at(text[start:end])
            words = f"encrypted {'picture' if shared.picture else 'file'} {shared.name}" if shared else "encrypted file"
            parts += text[at:start], words
            at = end
    return _KEY.sub("#…", "".join((*parts, text[at:])))


@lru_cache(maxsize=1024)
def linked_files(text: str) -> tuple[tuple[str, SharedFile], ...]:
    """The links to files in a text, the whole of it or among its words, each once and with what it says."""
    if "://" not in text:
        return ()
    links = dict.fromkeys(text[start:end] for start, end in found_links(text))
    files = ((link, file) for link in links if (file := _file_at(link)) is not None)
    return tuple(files)[:_MOST_FILES]


def _file_at(link: str) -> SharedFile | None:
    carried = carried_by(link)
    if Carried.FILE not in carried:
        return None
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return None
    name = clean_line(unquote(parts.path), limit=4 * _LONGEST_NAME).replace("\\", "/").rpartition("/")[2].strip()
    if not name or not host:
        return None
    if len(name) > _LONGEST_NAME:  # the ending says what it is
        name = f"{name[: _LONGEST_NAME - 20]}…{name[-19:]}"
    return SharedFile(name, clean_line(host), Carried.IMAGE in carried, encrypted=parts.scheme.lower() == "aesgcm")


def _link_end(text: str, start: int, end: int) -> int:
    while end > start:
        last = text[end - 1]
        if last in _NEVER_LAST or (
            last in _BRACKETS and text.count(last, start, end) > text.count(_BRACKETS[last], start, end)
        ):
            end -= 1
        else:
            break
    return end
