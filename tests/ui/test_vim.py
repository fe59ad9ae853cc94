"""The keys of vi: a text with `|` for the cursor before and after them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_xmpp.ui.vim import Mode, Step, Vim


def apply(step: Step | None, text: str, cursor: int) -> tuple[str, int]:
    if step is None:
        return text, cursor
    if step.text is not None:
        text = text[: step.start] + step.text + text[step.end :]
    return text, step.cursor


def typed(keys: str, marked: str) -> tuple[str, Mode]:
    vim = Vim(Mode.NORMAL)
    cursor = marked.index("|")
    text = marked.replace("|", "", 1)
    for key in keys:
        text, cursor = apply(vim.press(key, text, cursor), text, cursor)
    return text[:cursor] + "|" + text[cursor:], vim.mode


@pytest.mark.parametrize(
    ("keys", "before", "after"),
    [
        ("l", "|hello", "h|ello"), ("3l", "|hello", "hel|lo"), ("99l", "|hello", "hell|o"), ("h", "he|llo", "h|ello"),
        ("0", "  he|llo", "|  hello"), ("^", "  he|llo", "  |hello"), ("$", "he|llo", "hell|o"),
        ("w", "|one two", "one |two"), ("2w", "|one two three", "one two |three"), ("b", "one t|wo", "one |two"),
        ("e", "|one two", "on|e two"), ("w", "|a, b", "a|, b"), ("w", "on|e\ntwo", "one\n|two"),
        ("j", "o|ne\ntwo", "one\nt|wo"), ("k", "one\ntw|o", "on|e\ntwo"), ("j", "lon|g\na", "long\n|a"),
        ("gg", "one\ntw|o", "|one\ntwo"), ("G", "|one\ntwo", "one\n|two"), ("2G", "|a\nb\nc", "a\n|b\nc"),
        ("fo", "|hello you", "hell|o you"), ("2fo", "|hello you", "hello y|ou"), ("to", "|hello", "hel|lo"),
        ("Fh", "hell|o", "|hello"), ("fx", "|hello", "|hello"),
        ("x", "h|ello", "h|llo"), ("3x", "|hello", "|lo"), ("X", "he|llo", "h|llo"), ("ra", "|hello", "|aello"),
        ("~", "|hello", "H|ello"), ("J", "on|e\n  two", "one| two"), ("D", "he|llo\nx", "he|\nx"),
        ("dw", "|one two", "|two"), ("d2w", "|one two three", "|three"), ("2dw", "|one two three", "|three"),
        ("db", "one |two", "|two"), ("de", "|one two", "| two"), ("d$", "one |two", "one |"),
        ("d0", "one |two", "|two"),
        ("dd", "one\n|two\nthree", "one\n|three"), ("dd", "one\n|two", "one|"), ("2dd", "|a\nb\nc", "|c"),
        ("dd", "|only", "|"), ("diw", "one t|wo three", "one | three"), ("daw", "one t|wo three", "one |three"),
        ("dfo", "|hello you", "| you"), ("dto", "|hello you", "|o you"), ("dw", "one |two\nthree", "one |\nthree"),
        ("yyp", "|one\ntwo", "one\n|one\ntwo"), ("yyP", "|one\ntwo", "|one\none\ntwo"), ("yyp", "|one", "one\n|one"),
        ("ywP", "|one two", "one| one two"), ("dwP", "|one two", "one| two"), ("xp", "|ab", "b|a"),
        ("dj", "|one\ntwo", "|one\ntwo"), ("zz", "|one", "|one"),
    ],
)  # fmt: skip
def test_a_command_does_what_it_does_in_vi(keys: str, before: str, after: str) -> None:
    assert typed(keys, before) == (after, Mode.NORMAL)


@pytest.mark.parametrize(
    ("keys", "before", "after"),
    [
        ("i", "he|llo", "he|llo"), ("a", "he|llo", "hel|lo"), ("I", "  he|llo", "  |hello"), ("A", "h|ello", "hello|"),
        ("o", "o|ne\ntwo", "one\n|\ntwo"), ("O", "one\nt|wo", "one\n|\ntwo"), ("cw", "|one two", "| two"),
        ("ciw", "o|ne two", "| two"), ("cc", "one\nt|wo\nthree", "one\n|\nthree"), ("C", "on|e", "on|"),
        ("s", "|one", "|ne"), ("c$", "on|e", "on|"),
    ],
)  # fmt: skip
def test_some_commands_begin_to_write(keys: str, before: str, after: str) -> None:
    assert typed(keys, before) == (after, Mode.INSERT)


def test_escape_commands_from_now_on_and_drops_what_was_begun() -> None:
    vim = Vim()
    assert vim.escape("hello", 5) == Step(4)
    assert vim.mode is Mode.NORMAL
    assert vim.press("d", "hello", 4) is None
    assert vim.escape("hello", 4) == Step(4)
    assert vim.press("l", "hello", 1) == Step(2)


def test_undo_redo_and_the_way_up_are_left_to_the_composer() -> None:
    vim = Vim(Mode.NORMAL)
    assert vim.press("u", "x", 0) == Step(0, undo=True)
    assert vim.press("U", "x", 0) == Step(0, redo=True)
    assert vim.press("k", "one\ntwo", 1) == Step(1, leave=True)


@given(st.text("dcyxpPwbehjklgGfti0$^a~rJDXoO123 é", max_size=12), st.text("ab \n,é", max_size=20), st.data())
def test_no_keys_lead_out_of_the_text(keys: str, text: str, data: st.DataObject) -> None:
    vim = Vim(Mode.NORMAL)
    cursor = data.draw(st.integers(0, len(text)))
    for key in keys:
        step = vim.press(key, text, cursor)
        if step is not None and step.text is not None:
            assert 0 <= step.start <= step.end <= len(text)
        text, cursor = apply(step, text, cursor)
        assert 0 <= cursor <= len(text)
