"""Parting pastes from keys, however the line cuts them."""

import pytest

from tui_xmpp.cli.pastes import Pasted, PasteSplitter

EVIL = "a\x1b[31m\x1b\x1b[A\x11\r\x1b" + "[" * 40 + "\x1b]52;c;AAAA\x07\x1b[200~\x1b[20"


def parted(*pieces: str) -> list[str | Pasted]:
    """What comes out, with neighbouring keys as one."""
    splitter = PasteSplitter()
    found: list[str | Pasted] = []
    for part in (part for piece in pieces for part in splitter.feed(piece)):
        if found and isinstance(part, str) and isinstance(found[-1], str):
            found[-1] += part
        else:
            found.append(part)
    return found


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("hello\r", ["hello\r"]),
        ("\x1b[20~\x1b[A", ["\x1b[20~\x1b[A"]),
        ("a\x1b[200~b\x1b[201~c", ["a", Pasted("b"), "c"]),
        ("\x1b[200~\x1b[201~", [Pasted("")]),
        ("\x1b[200~b\x1b[201~\x1b[200~c\x1b[201~", [Pasted("b"), Pasted("c")]),
        (f"\x1b[200~{EVIL}\x1b[201~x", [Pasted(EVIL), "x"]),
        ("\x1b[201~", ["\x1b[201~"]),
    ],
)
def test_what_is_pasted_is_one_piece_whole_and_letter_by_letter(typed: str, expected: list[str | Pasted]) -> None:
    assert parted(typed) == expected
    assert parted(*typed) == expected
    for place in range(len(typed)):
        assert parted(typed[:place], typed[place:]) == expected


@pytest.mark.parametrize("key", ["\x1b", "\x1b["])
def test_a_key_that_a_paste_could_begin_with_is_given_back_when_nothing_follows(key: str) -> None:
    splitter = PasteSplitter()

    assert list(splitter.feed(key)) == []
    assert splitter.waits
    assert splitter.give_up_waiting() == key
    assert not splitter.waits


@pytest.mark.parametrize("beginning", ["\x1b[2", "\x1b[20", "\x1b[200", "\x1b[200~text\x1b", "\x1b[200~text\x1b[20"])
def test_a_paste_on_a_slow_line_is_waited_for(beginning: str) -> None:
    splitter = PasteSplitter()

    assert list(splitter.feed(beginning)) == []
    assert not splitter.waits
    assert splitter.give_up_waiting() == ""
