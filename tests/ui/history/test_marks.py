"""What hangs on a message: the quote over an answer, reactions, tombstones and marks; heights stay exact."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.ui.history.painted import painter_at, rows_of
from tests.ui.messages import from_mara, mara_voices, message, own
from tests.ui.scene import frozen_clock
from tests.ui.screens.hostile import FORBIDDEN, HOSTILE
from tui_xmpp.model.message import Delivery, Encryption, Message, Quote, Reaction, Tombstone
from tui_xmpp.model.text import clean, clean_line
from tui_xmpp.ui.history.blocks import Blocks
from tui_xmpp.ui.history.chips import chip_rows, clip
from tui_xmpp.ui.history.text import count_rows
from tui_xmpp.ui.words import DELIVERY


def bodies(*messages: Message, width: int = 80, chat_of_two: bool = False) -> list[str]:
    """What stands in the column of the text, below the day."""
    painter = painter_at(width, voices=mara_voices() if chat_of_two else None)
    return [line[painter.columns.left :] for line in rows_of(painter, *messages)[1:]]


def answer(quote: Quote, body: str = "yes") -> Message:
    return replace(message(1, body), reply=quote)


def liked(*reactions: Reaction) -> Message:
    return replace(message(1), reactions=reactions)


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        (Quote(7, "Mara", text="who brings bread?"), "▎ Mara  who brings bread?"),
        (Quote(7, own=True, text="I bring wine"), "▎ you  I bring wine"),
        (Quote(None, "Mara", text="long ago"), "▎ Mara  long ago"),
        (Quote(None, text="by nobody known"), "▎ by nobody known"),
        (Quote(7, "Mara"), "▎ Mara  message removed"),
        (Quote(None, "Mara"), "▎ Mara  a message that is not here yet"),
        (Quote(7, "Mara", text="/me waves"), "▎ Mara  waves"),
        (Quote(7, "Mara", text="two\nlines"), "▎ Mara  two lines"),
    ],
)
def test_an_answer_stands_under_what_it_answers(quote: Quote, shown: str) -> None:
    assert bodies(answer(quote)) == [shown, "yes"]


def test_in_a_chat_of_two_the_quote_names_the_other_one_by_the_contact_list() -> None:
    known = replace(from_mara(1, "yes"), reply=Quote(7, text="at seven?"))
    unknown = replace(from_mara(1, "yes"), reply=Quote(None, text="at seven?"))

    assert bodies(known, chat_of_two=True) == ["▎ Mara  at seven?", "yes"]
    assert bodies(unknown, chat_of_two=True) == ["▎ at seven?", "yes"]


def test_a_long_quote_takes_one_row_and_says_that_there_is_more() -> None:
    first, second = bodies(answer(Quote(7, "a name that is far too long for a row", text="日本 " * 90)), width=50)

    assert first.endswith("…")
    assert "…  " in first
    assert second == "yes"


@pytest.mark.parametrize(
    ("reactions", "shown"),
    [
        ((Reaction("🍕", ("Mara",)),), " 🍕 Mara"),
        ((Reaction("👍", ("Juno",), own=True),), " 👍 you, Juno"),
        ((Reaction("👍", own=True),), " 👍 you"),
        ((Reaction("🍕", ("Mara", "Juno", "Theo")),), " 🍕 3"),
        ((Reaction("🍕", ("Mara", "Juno", "Theo"), own=True),), " 🍕 you +3"),
        ((Reaction("🍕", ("x" * 40,)),), " 🍕 1"),
        ((Reaction("🍕", ("Mara", "Juno", "Theo")), Reaction("👍", ("Juno",), own=True)), " 🍕 3   👍 you, Juno"),
    ],
)
def test_reactions_are_named_while_few_and_counted_when_many(reactions: tuple[Reaction, ...], shown: str) -> None:
    assert bodies(liked(*reactions)) == ["hello", shown]


def test_many_different_reactions_are_counted_so_that_they_fit() -> None:
    many = [Reaction(emoji, ("Mara",)) for emoji in "🍕👍🎉😂🙏"]

    assert bodies(liked(*many)) == ["hello", " 🍕 1   👍 1   🎉 1   😂 1   🙏 1"]


def test_in_a_chat_of_two_a_reaction_has_the_name_of_the_other_one() -> None:
    both = replace(from_mara(1, "hi"), reactions=(Reaction("❤️", ("",), own=True),))

    assert bodies(both, chat_of_two=True) == ["hi", " ❤️ you, Mara"]


def test_chips_wrap_and_those_that_do_not_fit_are_counted() -> None:
    crowd = tuple(Reaction(chr(0x1F600 + number), ("Mara", "Juno", "Theo")) for number in range(60))
    rows = bodies(liked(*crowd), width=60)[1:]

    assert len(rows) == 3
    shown = sum(row.count(" 3 ") + row.endswith(" 3") for row in rows)
    assert rows[-1].split("+")[1].strip() == str(60 - shown)
    assert all(cell_len(row) <= painter_at(60).columns.body for row in rows)


@pytest.mark.parametrize("width", [12, 13, 20, 33, 90])
@pytest.mark.parametrize("count", [1, 2, 5, 30, 200])
def test_no_row_of_chips_is_wider_than_its_column(width: int, count: int) -> None:
    crowd = tuple(Reaction("👨‍👩‍👧‍👦" if number % 2 else "x" * 30, ("Mara",) * 1000) for number in range(count))
    rows = chip_rows(liked(*crowd), mara_voices(), width)

    assert 1 <= len(rows) <= 3
    assert max(sum(cell_len(text) for text, _ in row) for row in rows) <= width


@pytest.mark.parametrize(
    ("gone", "shown"),
    [
        (replace(message(1, ""), tombstone=Tombstone(0)), "Juno took this message back"),
        (replace(own(1, ""), tombstone=Tombstone(0)), "You took this message back"),
        (replace(message(1, ""), tombstone=Tombstone(0, moderated=True)), "Removed by a moderator"),
        (replace(message(1, ""), tombstone=Tombstone(0, moderated=True, by="Mara")), "Removed by Mara"),
        (
            replace(message(1, ""), tombstone=Tombstone(0, moderated=True, by="Mara", reason="spam\nagain")),
            "Removed by Mara: spam again",
        ),
        (replace(own(1, ""), tombstone=Tombstone(0), waiting=True), "You took this message back  …"),
    ],
)
def test_of_a_message_that_was_taken_back_only_that_is_left(gone: Message, shown: str) -> None:
    dressed = replace(
        gone,
        edited=True,
        encryption=Encryption.OMEMO,
        reply=Quote(7, "Mara", text="secret"),
        reactions=(Reaction("👍", ("Theo",)),),
    )

    assert bodies(dressed) == [shown]


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        (replace(own(1), waiting=True), ["hello  …"]),
        (replace(own(1), waiting=True, edited=True), ["hello  edited  …"]),
        (replace(message(1), waiting=True, reactions=(Reaction("👍", own=True),)), ["hello  …", " 👍 you"]),
        (
            replace(own(1, delivery=Delivery.FAILED, error="no"), reactions=(Reaction("👍", own=True),)),
            ["hello", "✗ not sent: no", " 👍 you"],
        ),
    ],
)
def test_what_waits_and_what_failed_is_told(changed: Message, shown: list[str]) -> None:
    assert bodies(changed) == shown


def test_the_five_states_have_five_shapes() -> None:
    assert len(set(DELIVERY.values())) == len(Delivery)
    assert all(cell_len(mark) <= 2 for mark in DELIVERY.values())


def test_an_ordinary_short_message_is_measured_without_being_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_xmpp.ui.history.text.lay_out", lambda *_: pytest.fail("laid out"))

    assert count_rows(own(1), mara_voices(), 60) == 1


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_emojis_and_quotes_are_drawn_as_text(text: str) -> None:
    line = clean_line(text)
    strange = replace(
        message(1, clean(text)),
        reply=Quote(7, line, text=line),
        reactions=(Reaction(line, (line, line)), Reaction(line, (line,), own=True)),
    )
    gone = replace(message(2, ""), tombstone=Tombstone(0, moderated=True, by=line, reason=line))

    assert not FORBIDDEN & set("".join(rows_of(painter_at(50), strange, gone)))


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.text(max_size=12), st.integers(0, 5), st.booleans()), max_size=30),
    st.text(max_size=80),
    st.integers(min_value=40, max_value=160),
)
def test_any_dress_takes_exactly_the_rows_that_were_measured(
    reactions: list[tuple[str, int, bool]], quote: str, width: int
) -> None:
    dressed = replace(
        message(1, clean(quote)),
        reply=Quote(None, clean_line(quote), text=clean_line(quote)),
        reactions=tuple(Reaction(clean_line(emoji), ("Mara",) * count, own) for emoji, count, own in reactions),
    )

    rows_of(painter_at(width), dressed, replace(dressed, id=2, waiting=True, delivery=Delivery.FAILED))


@pytest.mark.parametrize(
    ("text", "width"), [("short", 9), ("日本日本", 5), ("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 3), ("", 0), ("ab", 0)]
)
def test_a_cut_text_is_never_too_wide(text: str, width: int) -> None:
    assert cell_len(clip(text, width)) <= max(width, 1)


def test_a_message_that_has_changed_is_painted_anew_once() -> None:
    painter = painter_at(80)
    blocks = Blocks(painter.measure, frozen_clock())
    for each in (own(1, delivery=Delivery.PENDING), own(1, delivery=Delivery.SENT)):
        blocks.sync([each], None)
        (block,) = blocks.blocks
        painted = painter.strips(block)
        assert painter.strips(block) is painted
