"""Fingerprints as people compare them: in groups, and as `xmpp:` URIs that other clients show and read.

The URI is the one that Conversations began with: `xmpp:bob@example.org?omemo-sid-123=ab…;omemo-sid-456=cd…`.
"""

from collections.abc import Mapping
from urllib.parse import quote, unquote

from tui_xmpp.errors import AddressError
from tui_xmpp.model.address import Address
from tui_xmpp.model.frozen import frozen

_LENGTH = 64
_GROUP = 8
_SCHEME = "xmpp:"
_FIELD = "omemo-sid-"
_LONGEST = 20_000
"""Most characters of a pasted URI."""


@frozen
class Compared:
    """What came of comparing the fingerprints that somebody tells with those that are known; devices by id."""

    same: tuple[int, ...]
    different: tuple[int, ...]


def compare(told: Mapping[int, str], known: Mapping[int, str]) -> Compared:
    """Compare, as far as something is known of the devices: an empty fingerprint is not."""
    both = [device for device in told if known.get(device)]
    return Compared(
        tuple(device for device in both if told[device] == known[device]),
        tuple(device for device in both if told[device] != known[device]),
    )


def groups(fingerprint: str) -> tuple[str, ...]:
    """A fingerprint in groups of eight digits (XEP-0384 §8)."""
    return tuple(fingerprint[start : start + _GROUP] for start in range(0, len(fingerprint), _GROUP))


def uri(address: Address, fingerprints: Mapping[int, str]) -> str:
    """The URI that tells the fingerprints of somebody's devices."""
    fields = ";".join(f"{_FIELD}{device}={fingerprint}" for device, fingerprint in fingerprints.items())
    return f"{_SCHEME}{quote(str(address.bare), safe='@')}?{fields}"


def parse_uri(text: str) -> tuple[Address, dict[int, str]] | None:
    """Whose fingerprints a URI tells, and which; None for what is no such URI."""
    text = text.strip()
    if len(text) > _LONGEST or not text.lower().startswith(_SCHEME):
        return None
    path, _, query = text[len(_SCHEME) :].partition("?")
    try:
        address = Address.parse(unquote(path))
    except AddressError:
        return None
    found: dict[int, str] = {}
    for field in query.replace("&", ";").split(";"):
        name, _, value = field.partition("=")
        device = name.removeprefix(_FIELD)
        fingerprint = value.strip().lower()
        is_hex = len(fingerprint) == _LENGTH and all(digit in "0123456789abcdef" for digit in fingerprint)
        if name.startswith(_FIELD) and device.isascii() and device.isdigit() and len(device) <= 10 and is_hex:
            found[int(device)] = fingerprint
    return (address.bare, found) if found else None
