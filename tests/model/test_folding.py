"""Texts that a person takes for the same word meet in the search."""

import pytest

from tui_xmpp.model.folding import fold, words, words_with_places


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Hello", "hello"),
        ("Café", "cafe"),
        ("Cafe\N{COMBINING ACUTE ACCENT}", "cafe"),
        ("Łódź Ørsted Straße Þór æon", "lodz orsted strasse thor aeon"),
        ("İstanbul ışık", "istanbul isik"),
        ("Αθήνα", "αθηνα"),
        ("Ёлка", "елка"),
        ("שָׁלוֹם", "שלום"),
        ("مُحَمَّد", "محمد"),
        ("ＡＢＣ１２", "abc12"),
        ("ﾊﾟﾝ", "パン"),
        ("が", "が"),
        ("각", "각"),
        ("हिन्दी", "हिन्दी"),
    ],
)
def test_case_accents_and_width_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("plain words", ["plain", "words"]),
        ("Python入門", ["python", "入", "門"]),
        ("ﾊﾟﾝ屋", ["パ", "ン", "屋"]),
        ("서울에서", ["서", "울", "에", "서"]),
        ("nice🥐👍🏽", ["nice", "u1f950", "u1f44d"]),
        ("\U00020bb7野家", ["u20bb7", "野", "家"]),
    ],
)
def test_writing_without_spaces_is_taken_apart(text: str, apart: list[str]) -> None:
    assert words(text).split() == apart


@pytest.mark.parametrize("text", ["plain", "Straße 日本 🥐 é", "ﾊﾟﾝ", "ﷺ", ""])
def test_every_character_says_where_it_comes_from(text: str) -> None:
    folded, places = words_with_places(text)
    assert len(folded) == len(places)
    assert sorted(places) == places
    assert all(0 <= place < len(text) for place in places)
