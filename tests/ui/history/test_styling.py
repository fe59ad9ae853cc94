"""Message styling (XEP-0393), links, and long messages."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_xmpp.model.links import found_links
from tui_xmpp.ui.history.styling import styled


def spans(text: str) -> list[tuple[str, str]]:
    """Style and text of each span."""
    return [(str(span.style), text[span.start : span.end]) for span in styled(text).spans]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("*strong* words", [("strong", "*strong*")]),
        ("_a_ ~b~ `c`", [("emphasis", "_a_"), ("struck", "~b~"), ("mono", "`c`")]),
        ("*_both_*", [("strong", "*_both_*"), ("emphasis", "_both_")]),
        ("`*mono only*`", [("mono", "`*mono only*`")]),
        ("not * strong *", []),
        ("2*3*4 and snake_case_name", []),
        ("** empty", []),
        ("*open\nend*", []),
        ("*a* b*", [("strong", "*a*")]),
        ("> quoted\nnot", [("quote", "> quoted")]),
        ("> *both*", [("quote", "> *both*"), ("strong", "*both*")]),
        ("```\n*x*\n```\nafter", [("code", "```\n*x*\n```")]),
        ("```\nnever ends", [("code", "```\nnever ends")]),
        ("plain", []),
        ("see https://a.example/x.", [("link", "https://a.example/x")]),
        ("`https://a.example`", [("mono", "`https://a.example`")]),
    ],
)
def test_directives_style_and_stay(text: str, found: list[tuple[str, str]]) -> None:
    assert spans(text) == found
    assert styled(text).plain == text


def test_code_that_says_its_language_is_told_apart_by_colours() -> None:
    found = spans("```python\ndef f():\n    return 'x'  # why\n```")
    assert {("code-keyword", "def"), ("code-name", "f"), ("code-keyword", "return"), ("code-comment", "# why")} <= set(
        found
    )
    assert spans("```nonsense\ndef f\n```") == [("code", "```nonsense\ndef f\n```")]


@given(st.text("*_~` a>\n:/.h", max_size=60))
def test_no_text_is_changed_and_no_span_leads_out_of_it(text: str) -> None:
    content = styled(text)
    assert content.plain == text
    assert all(0 <= span.start < span.end <= len(text) for span in content.spans)


@pytest.mark.parametrize("text", ["*a " * 20_000, "_" * 60_000, "`*_~" * 15_000, "> " * 30_000, "```\n" * 15_000])
def test_a_text_made_to_take_long_does_not(text: str) -> None:
    start = time.monotonic()
    styled(text)
    assert time.monotonic() - start < 2


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("https://a.example/x?y=1#z", ["https://a.example/x?y=1#z"]),
        ("(see http://a.example/b_(c)), and mailto:a@b.example!", ["http://a.example/b_(c)", "mailto:a@b.example"]),
        ("xmpp:room@x.example?join geo:1,2", ["xmpp:room@x.example?join", "geo:1,2"]),
        ("aesgcm://x.example/f#00", ["aesgcm://x.example/f#00"]),
        ("javascript:alert(1) file:///etc/passwd data:x ftp://x", []),
        ("https:// and http:", []),
        ("xhttps://a.example", []),
    ],
)
def test_links_of_known_schemes_are_found_without_the_sentence_around_them(text: str, links: list[str]) -> None:
    assert [text[start:end] for start, end in found_links(text)] == links
