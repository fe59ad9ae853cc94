"""The small readings that all parsers share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_xmpp.errors import AddressError
from tui_xmpp.model.address import Address
from tui_xmpp.xmpp import parse


def by_the_book(text: str) -> Address | None:
    try:
        return Address.parse(text) if text else None
    except AddressError:
        return None


@given(st.from_regex(r"([a-zA-Z0-9._+ -]{1,8}@)?[a-z0-9A-Z.-]{1,12}(/[\w.+ -]{1,8})?", fullmatch=True))
def test_the_quick_way_reads_what_the_model_reads(text: str) -> None:
    assert parse.address(text) == by_the_book(text)


@pytest.mark.parametrize(
    "text",
    [
        "bob@chat.test", "chat.test", "bob@chat.test/x", "bob@chat.test/", "@chat.test", "bob@", "", "a@b@c",
        "chat.test.", "127.0.0.1", "127.0.0.01", "1.2.3", "0x7f.1", "bob@[::1]", "Bob@Chat.Test", "xn--a",
        "bob@xn--mnchen-3ya.de", "bob@a.xn--b", "bob@-a-.b", "a..b", "bob@c_x.test", "bob@chat.test/a b",
        "bob@chat.test/ a", "room@service/[/foo]", "bob@chat.test/é", "bob@chat.test\n", "a" * 300 + "@b",
        "b@" + "c" * 64,
    ],
)  # fmt: skip
def test_the_quick_way_reads_the_odd_ones_as_the_model_does(text: str) -> None:
    assert parse.address(text) == by_the_book(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("-1", -1),
        ("1000", 0),
        ("", 0),
        (None, 0),
        ("x", 0),
        ("1" * 5000, 0),
        (" 7 ", 7),
        ("1_0", 0),
        ("٣", 0),
    ],
)
def test_a_number_out_of_bounds_is_the_default(text: str | None, value: int) -> None:
    assert parse.number(text, 0, -128, 127) == value


def test_times_are_written_so_that_they_read_the_same() -> None:
    assert parse.timestamp(parse.written_time(1_700_000_000_123_456)) == 1_700_000_000_123_456


@given(st.text(max_size=50))
def test_no_text_is_too_odd_for_a_time(text: str) -> None:
    assert parse.timestamp(text) is None or isinstance(parse.timestamp(text), int)
