"""What a message's text carries besides words: links, and links to files and images."""

import re
from enum import StrEnum


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


def _ending(path: str) -> str:
    """What a file's name ends in; empty where it is no name of a file, as in `/v1.2`."""
    stem, _, ending = path.rpartition("/")[2].rstrip(_AFTER_A_LINK).rpartition(".")
    usual = ending.isascii() and ending.isalnum() and not ending.isdecimal() and len(ending) <= _LONGEST_ENDING
    return ending.lower() if stem and usual else ""
