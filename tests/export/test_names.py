"""Names of files that are made from addresses."""

import pytest

from tui_xmpp.export.names import file_name
from tui_xmpp.model.address import Address

HOSTILE = [
    Address("example.org", "..", ""),
    Address("example.org", "../../.bashrc"),
    Address("example.org", "-rf"),
    Address("example.org", ".hidden"),
    Address("example.org", "a\x00b"),
    Address("example.org", "a\nb"),
    Address("example.org", "a\u202egnp.exe"),
    Address("example.org", "a\\b"),
    Address("example.org", "~root$HOME*?"),
    Address("example.org", "x" * 1000),
    Address("example.org", "ж" * 500),
    Address("rooms.example.org", "tea", "../../etc/passwd"),
    Address(".."),
]


@pytest.mark.parametrize("address", HOSTILE)
def test_a_name_is_a_harmless_base_name(address: Address) -> None:
    name = file_name(address)
    assert 0 < len(name.encode()) <= 200
    assert name[0] not in ".-"
    assert all(character.isalnum() or character in "@.-_+" for character in name)


@pytest.mark.parametrize("text", ["bob@example.org", "tea+milk@rooms.example.org", "jörg@example.org", "example.org"])
def test_a_usual_address_stands_as_it_is(text: str) -> None:
    assert file_name(Address.parse(text)) == text


def test_different_addresses_have_different_names_also_where_case_is_ignored() -> None:
    room = Address.parse("tea@rooms.example.org")
    addresses = [room.with_resource(nick) for nick in ("Bob", "bob", "b_b", "b b", "b/b")]
    addresses += [Address.parse(text) for text in ("tea_b_b@rooms.example.org", "tea@rooms.example.org")]
    assert len({file_name(address).casefold() for address in addresses}) == len(addresses)


def test_a_look_alike_is_shown_for_what_it_is() -> None:
    assert "xn--" in file_name(Address.parse("pаypal@example.org"))
