"""XMPP addresses (RFC 7622), as plain values."""

import ipaddress
import stringprep
import unicodedata
from encodings.idna import nameprep
from functools import lru_cache
from typing import NamedTuple

from tui_xmpp.errors import AddressError
from tui_xmpp.model.text import clean_line, is_look_alike

_PART_LIMIT = 1023
"""Most bytes of each part (RFC 7622 §3.2-3.4)."""

_NOT_IN_LOCAL = frozenset("\"&'/:<>@ ")


class Address(NamedTuple):
    """`local@domain/resource`; local and resource may be empty. Made by `parse`, which normalises.

    A tuple, since every message is looked up by its addresses dozens of times: it is hashed and compared without a
    line of Python.
    """

    domain: str
    local: str = ""
    resource: str = ""

    @staticmethod
    def parse(text: str) -> "Address":
        """Normalise and check an address. Raises AddressError with what is wrong, in people's words."""
        return _parse(text)

    @property
    def bare(self) -> "Address":
        """The address without its resource."""
        return _bare(self) if self.resource else self

    @property
    def is_bare(self) -> bool:
        """Whether there is no resource."""
        return not self.resource

    def with_resource(self, resource: str) -> "Address":
        """The full address with this resource (a client, or a nickname in a room). Raises AddressError."""
        return Address(self.domain, self.local, _part(resource, "the nickname", casefold=False))

    @property
    def is_look_alike(self) -> bool:
        """Whether it mixes scripts as addresses do that are made to be mistaken for another (SECURITY 22)."""
        return is_look_alike(f"{self.local}@{self.domain}")

    @property
    def shown(self) -> str:
        """The address fit to be drawn; a look-alike shows its domain and local part in ASCII (punycode)."""
        if not self.is_look_alike:
            return clean_line(str(self))
        local = self.local if self.local.isascii() else "xn--" + self.local.encode("punycode").decode("ascii")
        domain = self.domain if self.domain.isascii() else self.domain.encode("idna").decode("ascii")
        resource = f"/{self.resource}" if self.resource else ""
        return clean_line(f"{local}@{domain}{resource}" if local else domain + resource)

    def __str__(self) -> str:
        text = f"{self.local}@{self.domain}" if self.local else self.domain
        return f"{text}/{self.resource}" if self.resource else text


@lru_cache(maxsize=2048)
def _bare(address: Address) -> Address:
    """Asked for half a dozen times for every message, and always the same few."""
    return Address(address.domain, address.local)


@lru_cache(maxsize=2048)
def _parse(text: str) -> Address:
    """Every stanza names two addresses, mostly the same few: 0.1 ms each to prepare, so they are remembered."""
    rest, slash, resource = text.strip().partition("/")
    local, at, domain = rest.rpartition("@")
    if not rest:
        raise AddressError("The address is missing.")
    if not domain:
        raise AddressError(f"“{clean_line(text, limit=80)}” has no server after the @.")
    if at and not local:
        raise AddressError(f"“{clean_line(text, limit=80)}” has nothing before the @.")
    if slash and not resource:
        raise AddressError(f"“{clean_line(text, limit=80)}” ends in a slash.")
    return Address(
        _domain(domain),
        _part(local, "the part before the @", casefold=True) if local else "",
        _part(resource, "the part after the slash", casefold=False) if resource else "",
    )


def _domain(text: str) -> str:
    """A domain in the form in which domains are compared: lower case, Unicode labels, or an IP address."""
    bare = text.removeprefix("[").removesuffix("]")
    try:
        return f"[{ipaddress.IPv6Address(bare)}]" if ":" in bare else str(ipaddress.IPv4Address(bare))
    except ValueError:
        pass
    shown = clean_line(text, limit=80)
    try:
        domain = ".".join(_label(label) for label in text.removesuffix(".").split("."))
    except (UnicodeError, ValueError) as error:
        raise AddressError(f"“{shown}” is not the name of a server.") from error
    if not domain or len(domain.encode()) > _PART_LIMIT:
        raise AddressError(f"“{shown}” is not the name of a server.")
    return domain


def _label(label: str) -> str:
    if label.isascii() and label.lower().startswith("xn--"):
        label = label.encode("ascii").decode("idna")
    label = nameprep(label)
    if not label or len(label) > 63 or any(not (c.isalnum() or c in "-_" or unicodedata.combining(c)) for c in label):
        raise ValueError(label)
    return label


def _part(text: str, what: str, *, casefold: bool) -> str:
    """A local part or a resource by the profiles Nodeprep and Resourceprep (RFC 6122 A, B), which servers use."""
    if casefold:
        text = "".join(stringprep.map_table_b2(c) for c in text if not stringprep.in_table_b1(c))
    else:
        text = "".join(c for c in text if not stringprep.in_table_b1(c))
    text = unicodedata.normalize("NFKC", text)
    bad = next((c for c in text if _prohibited(c) or (casefold and c in _NOT_IN_LOCAL)), None)
    if bad is not None:
        name = unicodedata.name(bad, f"U+{ord(bad):04X}").lower()
        raise AddressError(f"An address cannot have {name} in {what}.")
    if not text or len(text.encode(errors="surrogatepass")) > _PART_LIMIT:
        raise AddressError(f"{what[0].upper()}{what[1:]} is empty or too long.")
    return text


def _prohibited(character: str) -> bool:
    return any(
        table(character)
        for table in (
            stringprep.in_table_c12,
            stringprep.in_table_c21_c22,
            stringprep.in_table_c3,
            stringprep.in_table_c4,
            stringprep.in_table_c5,
            stringprep.in_table_c6,
            stringprep.in_table_c7,
            stringprep.in_table_c8,
            stringprep.in_table_c9,
        )
    )
