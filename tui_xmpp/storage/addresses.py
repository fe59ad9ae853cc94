"""Addresses as the columns hold them: `str(Address)`, normalised when they were parsed."""

from functools import lru_cache

from tui_xmpp.model.address import Address


@lru_cache(maxsize=8192)
def address(text: str) -> Address:
    """Read an address back without normalising it again, which would cost twenty times as much."""
    bare, _, resource = text.partition("/")
    local, _, domain = bare.rpartition("@")
    return Address(domain, local, resource)


def shown(value: Address) -> str:
    """The address fit to be drawn; skips the search for look-alikes where there can be none."""
    text = str(value)
    return text if text.isascii() and text.isprintable() else value.shown
