"""Message styling (XEP-0393), links, and long messages."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.messages import kitchen_voices, message
from tui_xmpp.model.links import found_links
from tui_xmpp.ui.history.styling import styled
from tui_xmpp.ui.history.text import lay_out


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
        # The extension's own examples (§5.2).
        ("plain *strong* plain", [("strong", "*strong*")]),
        ("*strong* plain *strong*", [("strong", "*strong*"), ("strong", "*strong*")]),
        ("*strong*plain*", [("strong", "*strong*")]),
        ("* plain *strong*", [("strong", "*strong*")]),
        ("not strong*", []),
        ("*not strong", []),
        ("*not \n strong*", []),
        ("*not *strong", []),
        ("**", []),
        ("****", []),
        ("(Two spans, both )(*alike in dignity*)", []),
        ("Everyone ~dis~likes cake.", [("struck", "~dis~")]),
        ("This is *`monospace and bold`*", [("strong", "*`monospace and bold`*"), ("mono", "`monospace and bold`")]),
        # What looks like a directive and is none.
        ("__init__ and **kwargs", []),
        ("a*_b_", []),
        ("*a _b* c_", [("strong", "*a _b*")]),
        ("*_~deep~_*", [("strong", "*_~deep~_*"), ("emphasis", "_~deep~_"), ("struck", "~deep~")]),
        # Blocks within quotes.
        (">*strong*", [("quote", ">*strong*"), ("strong", "*strong*")]),
        (">   *strong*", [("quote", ">   *strong*"), ("strong", "*strong*")]),
        ("> a *b\n> c*", [("quote", "> a *b"), ("quote", "> c*")]),
        (
            "> ```\n> *x*\n>\n> ```\n> *y*",
            [
                ("quote", "> ```"), ("quote", "> *x*"), ("quote", ">"), ("quote", "> ```"), ("quote", "> *y*"),
                ("code", "```"), ("code", "*x*"), ("code", "```"), ("strong", "*y*"),
            ],
        ),
        (
            "> ```\n> never ends\n*after*",
            [
                ("quote", "> ```"), ("quote", "> never ends"), ("code", "```"), ("code", "never ends"),
                ("strong", "*after*"),
            ],
        ),
        (">> *twice*", [("quote", ">> *twice*"), ("strong", "*twice*")]),
        (
            "```\n> no quote\n``` not the end\n```",
            [("code", "```\n> no quote\n``` not the end\n```")],
        ),
        (" ```\n*x*", [("strong", "*x*")]),
        (" > no quote", []),
        ("see https://a.example/x.", [("link", "https://a.example/x")]),
        ("`https://a.example`", [("mono", "`https://a.example`")]),
    ],
)  # fmt: skip
def test_directives_style_and_stay(text: str, found: list[tuple[str, str]]) -> None:
    assert spans(text) == found
    assert styled(text).plain == text


def test_code_that_says_its_language_is_told_apart_by_colours() -> None:
    found = spans("```python\ndef f():\n    return 'x'  # why\n```")
    assert {("code-keyword", "def"), ("code-name", "f"), ("code-keyword", "return"), ("code-comment", "# why")} <= set(
        found
    )
    quoted = spans('> ```python\n> x = """a\n> b"""\n> ```')
    assert "".join(text for style, text in quoted if style == "code-text") == '"""ab"""'
    assert spans("```nonsense\ndef f\n```") == [("code", "```nonsense\ndef f\n```")]


def test_a_text_whose_sender_wants_no_styles_has_none() -> None:
    styled_, plain = (
        lay_out(replace(message(1, "*a* https://a.example"), unstyled=flag), kitchen_voices(), 60).lines[0]
        for flag in (False, True)
    )
    assert [str(span.style) for span in styled_.spans] == ["strong", "link"]
    assert plain.plain == styled_.plain
    assert plain.spans == []


@given(st.text("*_~` a>\n:/.h", max_size=60))
def test_no_text_is_changed_and_no_span_leads_out_of_it(text: str) -> None:
    content = styled(text)
    assert content.plain == text
    assert all(0 <= span.start < span.end <= len(text) for span in content.spans)


@pytest.mark.parametrize(
    "text",
    [
        "*a " * 20_000,
        "_" * 60_000,
        "`*_~" * 15_000,
        "> " * 30_000,
        "```\n" * 15_000,
        ">" * 60_000,
        "> ```\n" * 10_000,
        ">>>>>>>>\n" * 6_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_a_text_made_to_take_long_does_not(text: str) -> None:
    start = time.process_time()
    styled(text)
    assert time.process_time() - start < 2


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
