"""Fingerprints in groups and in links, also hostile ones."""

import pytest

from tui_xmpp.model.address import Address
from tui_xmpp.model.fingerprints import compare, groups, parse_uri, uri

BOB = Address.parse("bob@example.org")
ONE, OTHER = "ab" * 32, "cd" * 32


def test_a_link_comes_back_as_it_was_made() -> None:
    link = uri(BOB.with_resource("phone"), {7: ONE, 8: OTHER})
    assert link == f"xmpp:bob@example.org?omemo-sid-7={ONE};omemo-sid-8={OTHER}"
    assert parse_uri(link) == (BOB, {7: ONE, 8: OTHER})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f" XMPP:bob@example.org?;omemo-sid-7={ONE.upper()}&omemo-sid-8=xx\n", (BOB, {7: ONE})),
        (f"xmpp:b%6fb@example.org?omemo-sid-7={ONE}", (BOB, {7: ONE})),
        (f"xmpp:bob@example.org?omemo-sid-7={ONE};omemo-sid-٧={OTHER};omemo-sid--1={OTHER}", (BOB, {7: ONE})),
        ("xmpp:bob@example.org?message;body=x", None),
        ("xmpp:bob@example.org", None),
        (f"xmpp:@?omemo-sid-7={ONE}", None),
        (f"https://example.org?omemo-sid-7={ONE}", None),
        (f"xmpp:bob@example.org?omemo-sid-7={ONE}" + ";x" * 20_000, None),
        ("", None),
    ],
)
def test_a_pasted_link_is_read_strictly(text: str, expected: tuple[Address, dict[int, str]] | None) -> None:
    assert parse_uri(text) == expected


def test_a_fingerprint_has_eight_groups_of_eight() -> None:
    assert [len(group) for group in groups(ONE)] == [8] * 8
    assert "".join(groups(ONE)) == ONE


def test_fingerprints_are_the_same_or_differ_and_devices_of_which_nothing_is_known_are_neither() -> None:
    result = compare({1: ONE, 2: ONE, 3: ONE, 4: ONE}, {1: ONE, 2: OTHER, 4: ""})
    assert (result.same, result.different) == ((1,), (2,))
