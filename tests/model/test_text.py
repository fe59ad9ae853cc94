"""Every text from outside passes `clean` once; after that the terminal may have it."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_xmpp.model.text import BODY_LIMIT, clean, clean_line, is_look_alike

ESC = "\x1b"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain", "plain"),
        (f"{ESC}[31mred{ESC}[0m", "[31mred[0m"),
        (f"{ESC}]0;title\x07x", "]0;titlex"),
        ("\x9b31m\x90q\x85z", "31mq\nz"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("\u2066a\u2069\u200e\u200f\u061c", "a"),
        ("a\u200bb\ufeffc\u2060d\u00ade", "abcde"),
        ("a\u034fb\U0001bca0c\U000e0002d\U000e0fffe", "abcde"),
        ("one\r\ntwo\rthree\u2028four\x0bfive", "one\ntwo\nthree\nfour\nfive"),
        ("a\tb", "a    b"),
        ("\ud800x", "x"),
        ("\U000e0041\U000e0042tags", "tags"),
        ("\ue000private", "\ufffdprivate"),
        ("\x00\x08\x7f", ""),
        ("[/foo] [@click=app.quit]x[/]", "[/foo] [@click=app.quit]x[/]"),
    ],
)
def test_what_could_move_the_cursor_or_hide_is_taken_out(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Grüße, naïve façade",
        "日本語 한국어 中文",
        "مرحبا بالعالم",
        "می\u200cخواهم",
        "क्\u200dष",
        "👩\u200d👩\u200d👧\u200d👦",
        "👩🏽\u200d🚀",
        "❤\ufe0f\u200d🔥",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "🇩🇪 1\ufe0f\u20e3",
        "e\u0301 q\u0307\u0323",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    assert clean(text) == text


def test_a_joiner_between_letters_that_do_not_join_is_taken_out() -> None:
    assert clean("pay\u200dpal \u200dx\u200c") == "paypal x"


def test_stacked_marks_are_capped() -> None:
    assert len(clean("z" + "\u0301" * 500)) <= 7


def test_a_line_is_one_line() -> None:
    assert clean_line("  a \n\t b\u2028c ") == "a b c"


def test_what_is_too_long_ends_in_an_ellipsis() -> None:
    cleaned = clean("x" * (BODY_LIMIT + 5))
    assert len(cleaned) == BODY_LIMIT
    assert cleaned.endswith("…")


@given(st.text(alphabet=st.characters(max_codepoint=sys.maxunicode)))
def test_no_control_or_surrogate_survives(text: str) -> None:
    for character in clean(text):
        assert character == "\n" or unicodedata.category(character) not in {"Cc", "Cs", "Co"}


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once


@pytest.mark.parametrize(
    ("text", "alike"),
    [("paypal", False), ("pаypal", True), ("товарищ", False), ("日本go", False), ("bob.петров", False)],
)
def test_a_word_of_two_scripts_is_a_look_alike(text: str, alike: bool) -> None:
    assert is_look_alike(text) is alike
