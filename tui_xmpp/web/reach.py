"""What kind of network an address lies in: a link must not lead a program into its own house (SECURITY 24)."""

from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address


class Reach(StrEnum):
    """Who can be behind an address."""

    PUBLIC = "public"
    PRIVATE = "private"
    """Somebody in the same house, company or provider's network."""
    LINK_LOCAL = "link-local"
    """Somebody on the same wire; cloud machines tell their secrets at such an address."""
    LOOPBACK = "loopback"
    """This computer."""
    NOWHERE = "nowhere"
    """Nobody: unspecified, multicast, reserved. Some systems take the unspecified one for themselves."""


_TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 addresses as an IPv6 network writes them (RFC 6052 §2.1)."""
_TRANSLATED_HERE = IPv6Network("64:ff9b:1::/48")
_COMPATIBLE = IPv6Network("::/96")
_SITE_LOCAL = IPv6Network("fec0::/10")


def reach_of(host: str) -> Reach:
    """The kind of an IP address; of one that holds another, that of the one inside. Raises ValueError for names."""
    address = ip_address(host.partition("%")[0])
    return _reach4(address) if isinstance(address, IPv4Address) else _reach6(address)


def _reach4(address: IPv4Address) -> Reach:
    if address.is_loopback:
        return Reach.LOOPBACK
    if address.is_link_local:
        return Reach.LINK_LOCAL
    if address.packed[0] == 0 or address.is_multicast or address.is_reserved:
        return Reach.NOWHERE
    return Reach.PUBLIC if address.is_global else Reach.PRIVATE


def _reach6(address: IPv6Address) -> Reach:
    inside = _inside(address)
    if inside is not None:
        return _reach4(inside)
    if address.is_loopback:
        return Reach.LOOPBACK
    if address.is_link_local:
        return Reach.LINK_LOCAL
    if address in _TRANSLATED_HERE or address in _SITE_LOCAL:
        return Reach.PRIVATE
    if address.is_unspecified or address.is_multicast or address.teredo is not None or address in _COMPATIBLE:
        return Reach.NOWHERE
    if address.is_global:
        return Reach.PUBLIC
    return Reach.NOWHERE if address.is_reserved else Reach.PRIVATE


def _inside(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address is another way to write."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    return IPv4Address(address.packed[-4:]) if address in _TRANSLATED else None
