"""What a person types, as a query; and where the words are in a text."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from tui_xmpp.model.links import Carried
from tui_xmpp.model.search import SearchQuery, Term, marks, parse
from tui_xmpp.model.search_dates import day_meant, start_of

SUNDAY = date(2026, 11, 22)


def query(text: str) -> SearchQuery:
    return parse(text, today=SUNDAY, zone=UTC)


def terms(*texts: str) -> tuple[Term, ...]:
    """Terms; a star says that the word may go on."""
    return tuple(Term(text.rstrip("*"), text.endswith("*")) for text in texts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("   ", ()),
        ("...", ()),
        ('"', ()),
        ("bread", terms("bread*")),
        ("bread ", terms("bread")),
        ("Bread wine", terms("bread", "wine*")),
        ("br* wine ", terms("br*", "wine")),
        ("b", terms("b")),
        ("x b", terms("x", "b")),
        ('"bring wine"', terms("bring wine")),
        ('"bring wi', terms("bring wi*")),
        ("„bring wine“ now", terms("bring wine", "now*")),
        ('a"b c"', terms("a", "b c")),
        ("12:30", terms("12:30*")),
        ("e-mail", terms("e-mail*")),
        ("https://x.org/a", terms("https://x.org/a")),
        ("bread!", terms("bread!")),
        ("パン屋", terms("パ ン 屋")),
        ("Pythonの", terms("python の")),
        ("Café", terms("cafe*")),
        ("inbox:zero", terms("inbox:zero*")),
    ],
)
def test_words(text: str, expected: tuple[Term, ...]) -> None:
    assert query(text).terms == expected
    assert query(text).hints == ()
    assert query(text).is_empty is (not expected)


def test_filters() -> None:
    found = query('bread from:juno FROM:"Juno Reactor" in:"the kitchen" after:2026-01-31 before:today has:image ')
    assert found.terms == terms("bread")
    assert found.senders == terms("juno*", "juno reactor*")
    assert found.places == terms("the*", "kitchen*")
    assert found.has == {Carried.IMAGE}
    assert found.after == start_of(date(2026, 1, 31), UTC)
    assert found.before == start_of(SUNDAY, UTC)
    assert not found.own
    assert found.hints == ()


def test_from_me() -> None:
    assert query("from:me").own
    assert query("from:Me").senders == ()
    assert query("from:mel").senders == terms("mel*")


def test_two_days_narrow_each_other() -> None:
    found = query("after:2026-01-01 after:2026-03-01 before:2026-09-01 before:2026-06-01")
    assert (found.after, found.before) == (start_of(date(2026, 3, 1), UTC), start_of(date(2026, 6, 1), UTC))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("❤", "“❤” cannot be looked for: of symbols only the newer emoji are kept."),
        ("from:", "from: whom? Write a name, or me."),
        ('from:""', "from: whom? Write a name, or me."),
        ("in:", "in: which chat? Write a part of its name."),
        ("in:*", "in: which chat? Write a part of its name."),
        ("has:", "has: finds link, file or image."),
        ("has:bread", "has: finds link, file or image."),
        ("before:", "before: Which day? Write it as 2026-01-31, yesterday, monday or 7d."),
        ("after:2026-02-30", "after: “2026-02-30” is not a day. Write it as 2026-01-31, yesterday, monday or 7d."),
        ("before:soon", "before: “soon” is not a day. Write it as 2026-01-31, yesterday, monday or 7d."),
    ],
)
def test_what_cannot_be_understood_is_said(text: str, hint: str) -> None:
    assert query(f"bread {text}").hints == (hint,)
    assert query(f"bread {text}").terms == terms("bread")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-31", date(2026, 1, 31)),
        ("2026-1-3", date(2026, 1, 3)),
        ("31.1.2026", date(2026, 1, 31)),
        ("2026-01", date(2026, 1, 1)),
        ("2025", date(2025, 1, 1)),
        ("today", SUNDAY),
        ("Yesterday", SUNDAY - timedelta(days=1)),
        ("sunday", SUNDAY),
        ("mon", SUNDAY - timedelta(days=6)),
        ("saturday", SUNDAY - timedelta(days=1)),
        ("0d", SUNDAY),
        ("7d", SUNDAY - timedelta(days=7)),
        ("2w", SUNDAY - timedelta(days=14)),
        ("1y", date(2025, 11, 22)),
        ("9999y", None),
        ("2026-13", None),
        ("2026-", None),
        ("0000-01-01", None),
        ("9999-01-01", None),
        ("٢٠٢٦", None),
        ("mo", None),
        ("", None),
    ],
)
def test_days(text: str, day: date | None) -> None:
    assert day_meant(text, SUNDAY) == day


def test_a_day_begins_where_one_is() -> None:
    begins = start_of(SUNDAY, timezone(timedelta(hours=2)))
    assert begins == int(datetime(2026, 11, 21, 22, tzinfo=UTC).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("text", "body", "found"),
    [
        ("bread", "Bread, BREAD and breadth", ["Bread", "BREAD", "breadth"]),
        ("bread ", "Bread, BREAD and breadth", ["Bread", "BREAD"]),
        ("read ", "bread", []),
        ('"bring wine"', "wine; bring - wine", ["bring - wine"]),
        ("wine bring", "wine; bring", ["wine", "bring"]),
        ("cafe strasse ", "Café in der Straße", ["Café", "Straße"]),
        ("cafe ", "Cafe\N{COMBINING ACUTE ACCENT}s Cafe\N{COMBINING ACUTE ACCENT}", ["Cafe"]),
        ("パン屋", "日本のパン屋", ["パン屋"]),
        ("🥐", "Sundays 🥐", ["🥐"]),
        ("from:juno", "from juno", []),
        ("a a", "a a", ["a", "a"]),
    ],
)
def test_marks(text: str, body: str, found: list[str]) -> None:
    assert [body[start:end] for start, end in marks(body, query(text))] == found


def test_only_the_beginning_of_a_long_text_is_marked() -> None:
    assert marks("x " * 10_000 + "bread", query("bread")) == ()
