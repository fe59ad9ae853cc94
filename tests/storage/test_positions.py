"""Where messages stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.storage.builders import BOBS, EVE, EVES, ME, NOON, SECOND, archived, incoming
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.storage.positions import MAX_POSITION, assign
from tui_xmpp.storage.writes import Writes

Known = list[int | None]

TABLE: list[tuple[str, list[int], Known, int | None, int | None, bool, list[int]]] = [
    # what, times, known, floor, ceiling, backwards, expected
    ("their times, when nothing is known", [10, 20, 30], [None] * 3, None, None, False, [10, 20, 30]),
    ("equal stamps grow", [10, 10, 10], [None] * 3, None, None, False, [10, 11, 12]),
    ("equal stamps grow, read backwards", [10, 10, 10], [None] * 3, None, None, True, [8, 9, 10]),
    ("after the message before the page", [10, 20], [None] * 2, 15, None, False, [16, 20]),
    ("before the message after the page", [10, 20], [None] * 2, None, 15, True, [10, 14]),
    ("between known ones", [10, 20, 30], [12, None, 14], None, None, False, [12, 13, 14]),
    ("many before a known one", [50, 50, 50, 50], [None, None, None, 20], None, None, False, [17, 18, 19, 20]),
    (
        "many before a known one, backwards",
        [50, 50, 50, 50],
        [None, None, None, 20],
        None,
        None,
        True,
        [17, 18, 19, 20],
    ),
    ("many after a known one", [5, 5, 5, 5], [20, None, None, None], None, None, False, [20, 21, 22, 23]),
    ("many after a known one, backwards", [5, 5, 5, 5], [20, None, None, None], None, None, True, [20, 21, 22, 23]),
    ("stamps that do not fit, forwards: close to the one before", [90, 90], [None] * 2, 10, 50, False, [11, 12]),
    ("stamps that do not fit, backwards: close to the one after", [5, 5], [None] * 2, 10, 50, True, [48, 49]),
    ("before existing, all in one second", [10, 10, 10], [None] * 3, None, 10, True, [7, 8, 9]),
    ("no room, forwards: after the one before", [10, 10], [None, 9], 9, None, False, [10, 9]),
    ("no room, backwards: before the one after", [10, 10], [9, None], None, 9, True, [9, 8]),
    ("a floor that is above the times", [10, 11], [None] * 2, 100, None, False, [101, 102]),
    ("a stamp that goes back", [30, 10, 40], [None] * 3, None, None, False, [30, 31, 40]),
    ("a stamp that goes back, read backwards", [30, 10, 40], [None] * 3, None, None, True, [9, 10, 40]),
    ("absurd dates", [-5, 2**63], [None] * 2, None, None, False, [1, MAX_POSITION]),
    ("an empty page", [], [], 5, 9, False, []),
]


@pytest.mark.parametrize(
    ("times", "known", "floor", "ceiling", "backwards", "expected"),
    [row[1:] for row in TABLE],
    ids=[row[0] for row in TABLE],
)
def test_a_page_is_placed(
    times: list[int], known: Known, floor: int | None, ceiling: int | None, backwards: bool, expected: list[int]
) -> None:
    assert assign(times, known, [floor] * len(times), ceiling, backwards=backwards) == expected


@given(
    times=st.lists(st.integers(1, 60), max_size=30),
    anchors=st.dictionaries(st.integers(0, 29), st.integers(0, 20), max_size=5),
    backwards=st.booleans(),
)
def test_new_messages_always_grow_and_never_cross_known_ones_with_room_between(
    times: list[int], anchors: dict[int, int], backwards: bool
) -> None:
    # Known messages stand 1,000 apart, so that there is room.
    times = [time * 1000 for time in times]
    known: Known = [1_000 * (index + 5) if index in anchors else None for index in range(len(times))]
    places = assign(times, known, [None] * len(times), None, backwards=backwards)
    assert places == sorted(set(places))
    for place, fixed in zip(places, known, strict=True):
        assert fixed is None or place == fixed


def test_a_live_message_goes_to_the_end_whatever_its_clock_says(writes: Writes) -> None:
    first = writes.add_message(incoming("One", stanza_id="1", time=NOON)).message
    second = writes.add_message(incoming("Two", stanza_id="2", time=NOON - 9 * SECOND)).message
    assert second.position == first.position + 1
    assert second.time == NOON - 9 * SECOND
    assert [message.body for message in writes.messages.newest(BOBS, 9)] == ["One", "Two"]


def test_history_of_a_room_is_placed_by_its_time(writes: Writes) -> None:
    writes.add_message(incoming("Later", stanza_id="2", time=NOON))
    writes.add_message(incoming("Before", stanza_id="1", time=NOON - SECOND, from_archive=True))
    assert [message.body for message in writes.messages.newest(BOBS, 9)] == ["Before", "Later"]


def test_hints_hold_a_message_between_its_neighbours(writes: Writes) -> None:
    after = incoming("A", stanza_id="a", from_archive=True, position_after=NOON + 9)
    before = incoming("B", stanza_id="b", from_archive=True, position_before=NOON - 9)
    assert writes.add_message(after).message.position == NOON + 10
    assert writes.add_message(before).message.position == NOON - 10


@pytest.mark.parametrize("time", [-(2**70), -1, 0, 2**53, 2**63, 2**80])
def test_absurd_dates_are_stored(writes: Writes, time: int) -> None:
    for number in range(3):
        stored = writes.add_message(incoming(str(number), stanza_id=str(number), time=time)).message
        assert writes.messages.get(stored.id) == stored
    assert [message.body for message in writes.messages.newest(BOBS, 9)] == ["0", "1", "2"]


def test_ids_are_stable_and_grow_with_time_over_all_chats(writes: Writes) -> None:
    late = writes.add_message(incoming("Late", time=NOON + SECOND)).message
    early = writes.add_message(incoming("Early", key=EVES, sender=EVE, time=NOON)).message
    assert early.id < late.id


def test_messages_of_many_chats_in_one_moment_have_ids_of_their_own(writes: Writes) -> None:
    ids = {
        writes.add_message(incoming(str(number), stanza_id=str(number), from_archive=True)).message.id
        for number in range(2_000)
    }
    assert len(ids) == 2_000


def test_messages_of_many_chats_on_one_page_have_ids_of_their_own(writes: Writes) -> None:
    writes.add_message(incoming("It is there", from_archive=True))
    chats = [ChatKey(ME, Address("chat.example", f"chat{number}")) for number in range(2_100)]
    page = [
        archived(incoming(str(key), key=key, sender=key.peer, stanza_id=f"s{number}"), f"a{number}")
        for number, key in enumerate(chats)
    ]
    stored = writes.add_archive_page(ME, ME, page, before="")
    assert len({one.message.id for one in stored}) == 2_100
    assert all(writes.messages.newest(one.message.chat, 9) == (one.message,) for one in stored)
