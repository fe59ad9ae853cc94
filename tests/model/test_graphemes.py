import pytest

from tui_xmpp.model.graphemes import GRAPHEME_LIMIT, is_one_grapheme
from tui_xmpp.model.text import clean


@pytest.mark.parametrize(
    "text",
    [
        "👍", "👍🏽", "❤", "❤️", "🙂‍↔️", "1️⃣", "#️⃣", "🇩🇪", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏳️‍🌈", "👩‍👩‍👧‍👦", "👩🏽‍❤️‍💋‍👩🏽",
        "👁️‍🗨️", "🧑🏿‍🦽‍➡️", "+", "a", "é", "e\u0301", "क्", "中", "\U0001fae8",
    ],
)  # fmt: skip
def test_what_people_see_as_one_character_is_one(text: str) -> None:
    assert is_one_grapheme(clean(text))


@pytest.mark.parametrize(
    "text",
    ["", " ", "\u3000", "ab", "👍👍", "👍 ", "🇩🇪🇫🇷", "🇩🇪🇫", ":)", "\u0301", "\u200d", "️", "🏽👍", "\ufffd", "a\u200d b",
     "👍\u200d ", "e" + "\u0301" * GRAPHEME_LIMIT, "\x07", "\u202e"],
)  # fmt: skip
def test_nothing_and_more_than_one_is_not(text: str) -> None:
    assert not is_one_grapheme(text)
