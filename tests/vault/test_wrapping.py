"""A key under a passphrase."""

from dataclasses import replace

import pytest

from tests.vault.builders import OTHER, PASSPHRASE
from tui_xmpp.vault.wrapping import Wrapped, WrongPassphrase, wrap

KEY = bytes(range(32))


def test_only_its_passphrase_gives_the_key_back() -> None:
    wrapped = wrap(KEY, PASSPHRASE)
    assert wrapped.unwrap(PASSPHRASE) == KEY
    for wrong in (OTHER, "", PASSPHRASE.upper(), f"{PASSPHRASE} "):
        with pytest.raises(WrongPassphrase):
            wrapped.unwrap(wrong)


def test_what_was_changed_on_disk_gives_no_key() -> None:
    wrapped = wrap(KEY, PASSPHRASE)
    changed = bytes([wrapped.wrapped[0] ^ 1]) + wrapped.wrapped[1:]
    for broken in (changed, wrapped.wrapped[:-8], b"", b"abc"):
        with pytest.raises(WrongPassphrase):
            replace(wrapped, wrapped=broken).unwrap(PASSPHRASE)


def test_any_text_can_be_a_passphrase() -> None:
    for passphrase in ("ünïcödé and 日本語", "\udc80 from a terminal that is not UTF-8", "x" * 5000):
        assert wrap(KEY, passphrase).unwrap(passphrase) == KEY


def test_the_same_passphrase_wraps_differently_each_time_and_shows_no_key() -> None:
    first, second = wrap(KEY, PASSPHRASE), wrap(KEY, PASSPHRASE)
    assert first.wrapped != second.wrapped
    assert KEY.hex() not in repr(first)
    assert first.wrapped.hex() not in repr(first)


@pytest.mark.parametrize(
    ("cost", "block", "parallel"),
    [(0, 8, 1), (1, 8, 1), (65_535, 8, 1), (2**16, 0, 1), (2**16, 8, 0), (2**30, 8, 1), (2**16, 8, 2**20), (-2, 8, 1)],
)
def test_a_key_file_cannot_ask_for_any_amount_of_work(cost: int, block: int, parallel: int) -> None:
    with pytest.raises(ValueError, match="out of bounds"):
        Wrapped(b"", b"", cost, block, parallel)
