"""Names of files that are made from addresses (SECURITY 23)."""

import hashlib
import unicodedata

from tui_xmpp.model.address import Address

_ALLOWED = frozenset("@.-_+")
_FIRST_NOT_ALLOWED = ".-"
_LIMIT = 180
"""Most bytes of a name; file systems allow 255, and there come a digest and an ending."""
_DIGEST = 10


def file_name(address: Address) -> str:
    """A base name for an address, always the same, and another one for each address.

    It has letters and digits of any script and a few harmless marks, does not begin with a dot or a dash, and is short
    enough. An address that does not stand in it as it is adds a digest.
    """
    text = str(address)
    name = "".join(character if _is_allowed(character) else "_" for character in address.shown)
    if name[0] in _FIRST_NOT_ALLOWED:
        name = f"_{name[1:]}"
    name = name.encode()[:_LIMIT].decode(errors="ignore")
    return name if name == text else f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:_DIGEST]}"


def _is_allowed(character: str) -> bool:
    return character in _ALLOWED or unicodedata.category(character)[0] in "LNM"
