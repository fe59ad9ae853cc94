import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_xmpp.model.fallbacks import fitted
from tui_xmpp.model.message_parts import Fallback
from tui_xmpp.model.text import BODY_LIMIT, clean

REPLY = "urn:xmpp:reply:0"


def cut_out(raw: str, *ranges: tuple[int, int]) -> list[str]:
    """The fallback parts of the cleaned body."""
    cleaned = clean(raw)
    return [cleaned[one.start : one.end] for one in fitted([Fallback(REPLY, *one) for one in ranges], raw, cleaned)]


@pytest.mark.parametrize(
    ("raw", "start", "end", "part"),
    [
        ("> hi\nyes", 0, 5, "> hi\n"),
        ("> \x9bh\x1bi\nyes", 0, 7, "> hi\n"),
        ("> hi\u202e\nyes", 0, 6, "> hi\n"),
        ("> \thi\nyes", 0, 6, ">     hi\n"),
        ("> 👩‍👧\nyes", 0, 6, "> 👩‍👧\n"),
        ("\ufeff\u200byes > hi", 6, 10, "> hi"),
        ("👍🏽 yes", 0, 3, "👍🏽 "),
        ("yes", 0, 3, "yes"),
    ],
)  # fmt: skip
def test_a_range_still_fits_when_cleaning_took_characters_out_or_put_some_in(
    raw: str, start: int, end: int, part: str
) -> None:
    assert cut_out(raw, (start, end)) == [part]


@pytest.mark.parametrize(("start", "end"), [(0, 4), (3, 3), (2, 1), (3, 9), (1_000_000, 1_000_001), (-2, 2)])
def test_a_range_that_is_empty_or_reaches_beyond_the_body_is_dropped(start: int, end: int) -> None:
    assert cut_out("yes", (start, end)) == []
    assert cut_out("\x07es", (start, end)) == []


def test_a_range_of_which_cleaning_leaves_nothing_is_dropped() -> None:
    assert cut_out("yes\u202e\u202d", (3, 5)) == []


def test_a_range_that_ends_inside_an_emoji_is_dropped_where_cleaning_would_tear_it() -> None:
    assert cut_out("\u202e👩\u200d👧 yes", (0, 3)) == []


def test_ranges_of_a_body_that_is_cut_end_where_it_is_cut() -> None:
    raw = "\u202e" + "x" * BODY_LIMIT + "quote"
    cleaned = clean(raw)
    assert fitted([Fallback(REPLY, 0, len(raw))], raw, cleaned) == (Fallback(REPLY, 0, len(cleaned)),)
    assert fitted([Fallback(REPLY, BODY_LIMIT + 1, len(raw))], raw, cleaned) == ()


def test_the_whole_body_stays_the_whole_body() -> None:
    whole = Fallback(REPLY)
    assert fitted([whole], "\u202eyes", "yes") == (whole,)
    assert fitted([whole], "", "") == (whole,)


@given(st.text(max_size=40), st.tuples(st.integers(-2, 42), st.integers(-2, 42)))
def test_no_range_ever_lies_outside_the_cleaned_body(raw: str, place: tuple[int, int]) -> None:
    cleaned = clean(raw)
    for one in fitted([Fallback(REPLY, *place)], raw, cleaned):
        assert one.end is not None
        assert 0 <= one.start < one.end <= len(cleaned)
        assert clean(raw[place[0] : place[1]]) == cleaned[one.start : one.end] or len(raw) > BODY_LIMIT


def test_many_ranges_of_a_long_body_take_a_moment() -> None:
    raw = "é\u202e" * (BODY_LIMIT // 2)
    ranges = [(start, start + 50) for start in range(0, 1600, 100)]
    begun = time.process_time()
    assert len(cut_out(raw, *ranges)) == len(ranges)
    assert time.process_time() - begun < 1
