"""Invitation links, as people copy them."""

import pytest

from tui_xmpp.errors import AddressError
from tui_xmpp.model.address import Address
from tui_xmpp.model.invitation import Invitation, parse_invitation


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("xmpp:example.org?register;preauth=abc", Invitation("example.org", "abc")),
        ("  XMPP:example.org?REGISTER;preauth=a%2Bb\n", Invitation("example.org", "a+b")),
        ("xmpp:juno@example.org?register;preauth=abc", Invitation("example.org", "abc", name="juno")),
        ("xmpp:juno%2Bx@example.org?register;x=y;preauth=abc", Invitation("example.org", "abc", name="juno+x")),
        (
            "xmpp:mara@example.org?roster;preauth=abc;ibr=y",
            Invitation("example.org", "abc", inviter=Address("example.org", "mara")),
        ),
    ],
)
def test_a_link_that_lets_one_register(link: str, expected: Invitation) -> None:
    assert parse_invitation(link) == expected


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("", "looks like"),
        ("example.org", "looks like"),
        ("xmpp", "looks like"),
        ("mailto:mara@example.org", "looks like"),
        ("https://example.org/invite?abc", "browser"),
        ("xmpp:example.org", "code is missing"),
        ("xmpp:example.org?register", "code is missing"),
        ("xmpp:example.org?register;preauth=", "code is missing"),
        ("xmpp:mara@example.org?roster;preauth=abc", "gives no account"),
        ("xmpp:mara@example.org?message;body=hello", "looks like"),
        ("xmpp:?register;preauth=abc", "address|server|name|domain"),
        ("xmpp:a b@@?register;preauth=abc", "address|server|name|domain"),
        ("xmpp:%00?register;preauth=abc", "address|server|name|domain"),
    ],
)
def test_what_is_none_is_said(link: str, words: str) -> None:
    with pytest.raises(AddressError, match=words):
        parse_invitation(link)
