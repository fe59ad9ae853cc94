"""A message that names us stands out."""

import pytest

from tui_xmpp.core.mentions import names


@pytest.mark.parametrize(
    ("text", "nick", "named"),
    [
        ("Alice: hello", "Alice", True),
        ("hello alice", "Alice", True),
        ("ALICE!", "alice", True),
        ("@alice come", "Alice", True),
        ("malice and alicea", "Alice", False),
        ("alice2", "Alice", False),
        ("what a Straße", "STRASSE", True),
        ("c++ is hard", "c++", True),
        ("(.*)", "(.*)", True),
        ("anything", "(.*)", False),
        ("anything", "", False),
        ("日本語 and 花子 here", "花子", True),
        ("", "Alice", False),
    ],
)
def test_a_nickname_counts_as_a_word_of_its_own(text: str, nick: str, named: bool) -> None:
    assert names(text, nick) is named
