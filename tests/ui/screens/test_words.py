"""States in sentences."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.ui.messages import message
from tui_xmpp.model.account import AccountState, AccountStatus
from tui_xmpp.model.address import Address
from tui_xmpp.model.message import Encryption
from tui_xmpp.model.omemo import Trust
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.screens.words import account_sentence, address_with_warning, ago, travelled

NOW = datetime(2024, 6, 15, 12, 0, tzinfo=UTC)
ACCOUNT = Address.parse("alice@home.example")


@pytest.mark.parametrize(
    ("then", "words"),
    [
        (datetime(2024, 6, 15, 11, 59, 30, tzinfo=UTC), "just now"),
        (datetime(2024, 6, 15, 13, 0, tzinfo=UTC), "just now"),
        (datetime(2024, 6, 15, 11, 59, tzinfo=UTC), "1 minute ago"),
        (datetime(2024, 6, 15, 11, 20, tzinfo=UTC), "40 minutes ago"),
        (datetime(2024, 6, 15, 9, 5, tzinfo=UTC), "today at 09:05"),
        (datetime(2024, 6, 14, 9, 5, tzinfo=UTC), "yesterday at 09:05"),
        (datetime(2024, 6, 10, 9, 5, tzinfo=UTC), "5 days ago"),
        (datetime(2023, 3, 1, 9, 5, tzinfo=UTC), "on 1 March 2023"),
    ],
)
def test_how_long_ago_a_moment_was_is_said_in_words(then: datetime, words: str) -> None:
    assert ago(int(then.timestamp() * 1_000_000), Clock(lambda: NOW, UTC)) == words


def test_an_absurd_time_does_not_crash() -> None:
    for time in (10**30, -(10**30), 0):
        assert ago(time, Clock(lambda: NOW, UTC))


@pytest.mark.parametrize("status", AccountStatus)
def test_every_state_of_an_account_has_words(status: AccountStatus) -> None:
    assert account_sentence(AccountState(ACCOUNT, status))
    if status in {AccountStatus.WAITING, AccountStatus.FAILED}:
        assert "No such host." in account_sentence(AccountState(ACCOUNT, status, "No such host."))


def test_a_look_alike_address_is_marked_and_shown_in_ascii() -> None:
    shown = address_with_warning(Address.parse("аlice@home.example"))
    assert shown.startswith("⚠ xn--")
    assert shown.isascii() or shown[1:].isascii()


@pytest.mark.parametrize(
    ("encryption", "trust", "words"),
    [
        (Encryption.NONE, None, "not encrypted"),
        (Encryption.NONE, Trust.UNDECIDED, "not encrypted, though the chat was"),
        (Encryption.UNREADABLE, None, "encrypted, but cannot be read here"),
        (Encryption.OMEMO, Trust.VERIFIED, "encrypted (OMEMO), verified"),
        (Encryption.OMEMO, Trust.TRUSTED, "encrypted (OMEMO), not verified"),
        (Encryption.OMEMO, Trust.UNDECIDED, "encrypted (OMEMO), a new device that was not decided on"),
        (Encryption.OMEMO, Trust.UNPROVEN, "encrypted (OMEMO), a device that was not known to be theirs"),
    ],
)
def test_how_a_message_travelled_is_said_with_what_was_thought_of_its_device(
    encryption: Encryption, trust: Trust | None, words: str
) -> None:
    assert travelled(replace(message(1), encryption=encryption, trust=trust)) == words
