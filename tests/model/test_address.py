"""Addresses are normalised as servers do (RFC 7622, RFC 6122), or refused in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_xmpp.errors import AddressError
from tui_xmpp.model.address import Address


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("Alice@Example.ORG", "alice@example.org"),
        ("alice@example.org/Work Place", "alice@example.org/Work Place"),
        (" alice@example.org ", "alice@example.org"),
        ("example.org", "example.org"),
        ("alice@example.org.", "alice@example.org"),
        ("ALICE@MÜNCHEN.de", "alice@münchen.de"),
        ("alice@xn--mnchen-3ya.de", "alice@münchen.de"),
        ("straße@example.org", "strasse@example.org"),
        ("alice@127.0.0.1", "alice@127.0.0.1"),
        ("alice@[::1]/x", "alice@[::1]/x"),
        ("room@rooms.example/nick@with/slash", "room@rooms.example/nick@with/slash"),
    ],
)
def test_an_address_is_normalised(raw: str, normal: str) -> None:
    assert str(Address.parse(raw)) == normal


@pytest.mark.parametrize(
    "raw",
    ["", "@example.org", "alice@", "a b@example.org", "alice@exa mple", "alice@a..b", "alice@example.org/", "a\x00@b"],
)
def test_what_is_no_address_is_refused_in_words(raw: str) -> None:
    with pytest.raises(AddressError) as caught:
        Address.parse(raw)
    assert caught.value.message.endswith(".")


def test_an_empty_text_says_that_an_address_is_missing() -> None:
    with pytest.raises(AddressError, match="address is missing"):
        Address.parse("  ")


def test_bare_and_full() -> None:
    full = Address.parse("alice@example.org/phone")
    assert full.bare == Address("example.org", "alice")
    assert full.bare.is_bare
    assert full.bare.with_resource("desk") == Address("example.org", "alice", "desk")


def test_a_look_alike_is_shown_in_ascii() -> None:
    assert Address.parse("аpple@example.org").shown == "xn--pple-43d@example.org"
    assert Address.parse("müller@example.org").shown == "müller@example.org"


def test_a_resource_with_bidi_is_refused_or_shown_clean() -> None:
    with pytest.raises(AddressError):
        Address.parse("a@b/\u202eevil")


@given(st.text())
def test_any_text_is_an_address_or_an_address_error(text: str) -> None:
    try:
        address = Address.parse(text)
    except AddressError:
        return
    assert Address.parse(str(address)) == address
    assert address.shown is not None
