"""Heights are exact: what is measured is what is painted."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.ui.history.painted import painter_at, rows_of
from tests.ui.messages import MINUTE, from_mara, mara_voices, message, own
from tests.ui.scene import frozen_clock
from tui_xmpp.model.message import Delivery, Encryption, Message, MessageKind
from tui_xmpp.model.omemo import Trust
from tui_xmpp.model.text import clean
from tui_xmpp.ui.history.blocks import Blocks
from tui_xmpp.ui.history.columns import fit
from tui_xmpp.ui.history.text import count_rows, lay_out

HARD = [
    "",
    "short",
    "x" * 300,
    "a line that is quite a bit longer than the column and has to be wrapped at words",
    "one\n\ntwo\n   indented\n",
    "日本のパン屋は日曜日に閉まっています。" * 3,
    "👨‍👩‍👧‍👦 family, 🇩🇪 flag, ❤️ heart, 👍🏽 thumb " * 3,
    "مرحبا بالعالم كيف حالك اليوم " * 3,
    "e\u0301" * 90,
    "https://example.org/" + "a" * 120,
    "/me looks out of the window for a long, long time and then sits down again",
    "[/foo] [bold]not markup[/bold] [@click=app.bell]x[/]",
]


@pytest.mark.parametrize("width", [40, 57, 80, 160])
@pytest.mark.parametrize("body", HARD, ids=range(len(HARD)))
def test_every_message_takes_exactly_the_rows_that_were_measured(body: str, width: int) -> None:
    painter = painter_at(width)
    kinds = [
        message(1, body),
        replace(message(2, body), edited=True),
        replace(message(3, body), kind=MessageKind.SUBJECT),
        replace(message(4, body), encryption=Encryption.UNREADABLE),
        replace(message(5, body), encryption=Encryption.OMEMO),
        replace(message(6, body), mentions_us=True),
        *(own(7 + state, body, state, "the room is gone for good, and nobody knows why") for state in Delivery),
    ]

    rows_of(painter, *kinds, first_new=3)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=400), st.integers(min_value=40, max_value=200))
def test_any_cleaned_text_takes_exactly_the_rows_that_were_measured(text: str, width: int) -> None:
    painter = painter_at(width)

    rows_of(painter, message(1, clean(text)), own(2, clean(text)))


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.text("ab .*_`>-", min_size=1, max_size=12), max_size=60).map(" ".join),
    st.integers(min_value=12, max_value=80),
)
def test_a_text_of_many_words_is_counted_as_it_is_wrapped(text: str, width: int) -> None:
    for each in (message(1, text), own(2, text)):
        assert count_rows(each, mara_voices(), width) == lay_out(each, mara_voices(), width).rows


def test_time_name_and_body_have_columns_of_their_own_and_wrapped_lines_hang_under_the_body() -> None:
    lines = rows_of(
        painter_at(60), message(1, "the quick brown fox jumps over the lazy dog, and again"), message(2, "hm")
    )

    assert lines[1:] == [
        "  09:01  Juno      the quick brown fox jumps over the lazy",
        "                   dog, and again",
        "  09:02            hm",
    ]


def test_day_and_new_lines_stand_over_the_message_they_begin_with() -> None:
    lines = rows_of(painter_at(60), message(1, time=message(1).time - 24 * 60 * MINUTE), message(2), first_new=2)

    assert [line.strip("─ ") for line in lines] == [
        "Yesterday", "09:01  Juno      hello", "Today", "new", "09:02  Juno      hello",
    ]  # fmt: skip


def test_where_something_is_missing_a_line_says_so_and_the_speaker_is_named_again() -> None:
    lines = rows_of(painter_at(60), message(1), message(2), message(3), gaps=frozenset({2}))

    assert [line.strip("─ ") for line in lines] == [
        "Today",
        "09:01  Juno      hello",
        "messages may be missing here",
        "09:02  Juno      hello",
        "09:03            hello",
    ]


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (Delivery.PENDING, ["you       hello  …"]),
        (Delivery.SENT, ["you       hello  ✓"]),
        (Delivery.DELIVERED, ["you       hello  ✓✓"]),
        (Delivery.DISPLAYED, ["you       hello  ✔✔"]),
        (Delivery.FAILED, ["you       hello", "✗ not sent: the room is gone"]),
    ],
)
def test_an_own_message_says_how_far_it_came(state: Delivery, shown: list[str]) -> None:
    error = "the room is gone" if state is Delivery.FAILED else ""
    lines = rows_of(painter_at(80), own(1, delivery=state, error=error))

    assert [line.removeprefix("  09:01  ").strip() for line in lines[1:]] == shown


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        (replace(message(1, "/me waves"), nick="Theo"), "*         Theo waves"),
        (own(1, "/me waves"), "*         Alice waves  ✓"),
        (replace(message(1, "soup"), kind=MessageKind.SUBJECT), "Juno      changed the subject to: soup"),
        (replace(message(1, ""), kind=MessageKind.SUBJECT), "Juno      removed the subject"),
        (replace(message(1), edited=True), "Juno      hello  edited"),
        (replace(message(1), encryption=Encryption.OMEMO), "Juno      hello  🔒"),
        (
            replace(message(1, ""), encryption=Encryption.UNREADABLE),
            "Juno      ⚠ not readable here: it was encrypted for other devices",
        ),
    ],
)
def test_what_kind_of_message_it_is_can_be_read(changed: Message, shown: str) -> None:
    assert rows_of(painter_at(90), changed)[1].removeprefix("  09:01  ") == shown


def test_the_other_one_in_a_chat_of_two_is_called_by_the_name_in_the_contact_list() -> None:
    painter = painter_at(60)
    painter.voices = mara_voices()

    assert rows_of(painter, from_mara(1, "hi"))[1] == "  09:01  Mara      hi"


def test_marks_of_a_message_do_not_change_its_height_while_it_travels() -> None:
    for length in range(20, 60):
        painter = painter_at(60)
        heights = {painter.measure(own(1, "x" * length, state)) for state in Delivery if state is not Delivery.FAILED}
        assert len(heights) == 1, length


@pytest.mark.parametrize(("text", "width"), [("Juno", 8), ("a very long nickname", 8), ("日本日本日本", 7), ("", 4)])
def test_a_name_takes_exactly_its_column(text: str, width: int) -> None:
    shown = fit(text, width)

    assert cell_len(shown) == width
    assert ("…" in shown) is (cell_len(text) > width)


def test_laying_out_again_measures_only_what_is_new() -> None:
    measured: list[int] = []

    def measure(one: Message) -> int:
        measured.append(one.id)
        return 1

    blocks = Blocks(measure, frozen_clock())
    messages = [message(number) for number in range(10, 15)]
    blocks.sync(messages, None)
    first = list(blocks.blocks)
    blocks.sync([message(9), *messages, message(15)], None)

    assert measured == [10, 11, 12, 13, 14, 9, 15]
    assert blocks.blocks[2:6] == first[1:]
    assert [block.lead.day is not None for block in blocks.blocks] == [True] + [False] * 6
    assert [blocks.at(row) for row in range(-1, 9)] == [None, 0, 0, 1, 2, 3, 4, 5, 6, None]


@pytest.mark.parametrize(
    ("encryption", "trust", "shown"),
    [
        (Encryption.NONE, None, "hello"),
        (Encryption.OMEMO, Trust.VERIFIED, "hello  🔒✓"),
        (Encryption.OMEMO, Trust.TRUSTED, "hello  🔒"),
        (Encryption.OMEMO, Trust.UNDECIDED, "hello  🔒?"),
        (Encryption.OMEMO, Trust.UNPROVEN, "hello  🔒?"),
        (Encryption.NONE, Trust.UNDECIDED, "hello  ⚠ not encrypted"),
    ],
)
def test_every_message_says_how_it_travelled(encryption: Encryption, trust: Trust | None, shown: str) -> None:
    lines = rows_of(painter_at(80), replace(message(1), encryption=encryption, trust=trust))
    assert lines[-1].endswith(shown)


def test_what_is_held_back_says_why() -> None:
    lines = rows_of(painter_at(80), own(1, delivery=Delivery.PENDING, error="Nobody can read it."))
    assert lines[-1].strip() == "⏸ held back: Nobody can read it."


def test_what_cannot_be_read_says_why_in_its_own_words() -> None:
    lines = rows_of(painter_at(80), replace(message(1, "Cannot be decrypted."), encryption=Encryption.UNREADABLE))
    assert lines[-1].endswith("⚠ Cannot be decrypted.")
