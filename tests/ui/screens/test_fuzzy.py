"""Finding names by a few letters."""

import pytest

from tui_xmpp.ui.screens.fuzzy import match


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("", "anything"),
        ("mara", "Mara"),
        ("MARA", "mara"),
        ("ines", "Inès"),
        ("Inès", "ines"),
        ("strasse", "Hauptstraße"),
        ("hk", "Home Kitchen"),
        ("kit home", "Home Kitchen"),
        ("mrk", "Mark"),
        ("zażółć", "Zażółć gęślą"),
        ("gesla", "Zażółć gęślą"),
        ("ｂｏｂ", "bob"),
        ("[/f", "a [/foo]"),
        ("王", "王小明"),
        ("🍕", "pizza 🍕 night"),
    ],
)
def test_a_name_is_found_by_letters_of_it(query: str, text: str) -> None:
    assert match(query, text) is not None


@pytest.mark.parametrize(
    ("query", "text"), [("x", "Mara"), ("mara x", "Mara"), ("aram", "Mara"), ("b", ""), ("mm", "m")]
)
def test_a_name_without_the_letters_in_order_is_not_found(query: str, text: str) -> None:
    assert match(query, text) is None


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("bob", "Bob", "Bobby"),
        ("bob", "Bobby", "Jim Bob"),
        ("bob", "Jim Bob", "Kabobs"),
        ("bob", "Kabobs", "cabin top belt"),
        ("hk", "Home Kitchen", "shakes"),
        ("kit", "Kitchen", "Skittles"),
        ("ann", "Ann", "Johann"),
    ],
)
def test_the_nearer_a_hit_is_to_a_whole_word_the_better_it_is(query: str, better: str, worse: str) -> None:
    first, second = match(query, better), match(query, worse)
    assert first is not None
    assert second is not None
    assert first.score > second.score


@pytest.mark.parametrize(
    ("query", "text", "pointed_out"),
    [
        ("kit", "Home Kitchen", "Kit"),
        ("hk", "Home Kitchen", "HK"),
        ("ines", "Inès", "Inès"),
        ("ss", "Hauptstraße", "ß"),
        ("o", "Cafe\u0301 Bo", "o"),
    ],
)
def test_the_letters_that_were_found_are_pointed_out_in_the_text_as_it_is(
    query: str, text: str, pointed_out: str
) -> None:
    hit = match(query, text)
    assert hit is not None
    assert "".join(text[position] for position in hit.positions) == pointed_out


@pytest.mark.parametrize(
    "text",
    ["[/foo]", "\x1b[31m", "\u202eevil", "a" * 5000, "👨‍👩‍👧‍👦", "e" + "\u0301" * 50, "\ud800"],
)
def test_no_text_breaks_the_search(text: str) -> None:
    for query in ("a", "[", "e e", text[:40]):
        match(query, text)
