"""What is held of an archive without a gap."""

import pytest

from tests.storage.builders import BOB, EVE, ME, NOON, OTHER_ME, ROOM, archived, incoming
from tui_xmpp.storage.values import Span
from tui_xmpp.storage.writes import Writes


def ids(first: int, last: int) -> list[str]:
    return [f"{number:03}" for number in range(first, last + 1)]


def held(writes: Writes) -> list[tuple[str, str, bool]]:
    """The account archive's spans, newest first."""
    return [(span.oldest_id, span.newest_id, span.begins) for span in writes.archives.spans(ME, ME)]


def test_nothing_is_held_of_an_unknown_archive(writes: Writes) -> None:
    assert writes.archives.span(ME, ME) is None
    assert writes.archives.spans(ME, ROOM) == ()
    assert not writes.archives.begins(ME, ME)
    writes.advance_span(ME, ME, "001")
    writes.forget_spans(ME, ME)
    assert held(writes) == []


def test_pages_backwards_extend_the_span_until_the_archive_begins(writes: Writes) -> None:
    writes.extend_span(ME, ME, ids(20, 29), before="")
    writes.extend_span(ME, ME, ids(10, 19), before="020")
    assert held(writes) == [("010", "029", False)]
    writes.extend_span(ME, ME, ids(1, 9), before="010", complete=True)
    assert held(writes) == [("001", "029", True)]
    assert writes.archives.begins(ME, ME)
    assert writes.archives.begins(ME, ME, BOB)


def test_an_empty_page_backwards_says_that_the_archive_begins(writes: Writes) -> None:
    writes.extend_span(ME, ME, ids(1, 9), before="")
    assert not writes.archives.begins(ME, ME)
    writes.extend_span(ME, ME, [], before="001", complete=True)
    assert held(writes) == [("001", "009", True)]


def test_pages_forwards_extend_the_span(writes: Writes) -> None:
    writes.extend_span(ME, ME, ids(1, 9), before="", complete=True)
    span = writes.extend_span(ME, ME, ids(10, 12), after="009", complete=True)
    assert held(writes) == [("001", "012", True)]
    assert span is not None
    assert (span.oldest_id, span.newest_id) == ("001", "012")
    writes.extend_span(ME, ME, [], after="012", complete=True)
    assert held(writes) == [("001", "012", True)]


def test_the_end_of_a_forward_page_is_not_the_beginning(writes: Writes) -> None:
    writes.extend_span(ME, ME, ids(5, 9), before="")
    writes.extend_span(ME, ME, ids(10, 12), after="009", complete=True)
    assert not writes.archives.begins(ME, ME)


def test_a_newest_page_elsewhere_begins_a_span_that_grows_down_to_the_old_one(writes: Writes) -> None:
    writes.extend_span(ME, ME, ids(1, 9), before="", complete=True)
    writes.extend_span(ME, ME, ids(30, 39), before="")
    assert held(writes) == [("030", "039", False), ("001", "009", True)]
    assert not writes.archives.begins(ME, ME)
    writes.extend_span(ME, ME, ids(20, 29), before="030")
    assert held(writes) == [("020", "039", False), ("001", "009", True)]
    writes.extend_span(ME, ME, ids(5, 19), before="020")
    assert held(writes) == [("001", "039", True)]


@pytest.mark.parametrize("first", [1, 5, 9, 10])
def test_a_newest_page_that_overlaps_joins_the_span(writes: Writes, first: int) -> None:
    writes.extend_span(ME, ME, ids(1, 9), before="", complete=True)
    writes.extend_span(ME, ME, ids(first, 15), before="")
    assert held(writes)[0] == (("001", "015", True) if first < 10 else ("010", "015", False))


def test_a_page_that_covers_a_whole_span_takes_it_in(writes: Writes) -> None:
    writes.extend_span(ME, ME, ids(5, 7), before="")
    writes.extend_span(ME, ME, ids(3, 9), before="")
    assert held(writes) == [("003", "009", False)]


def test_a_page_that_meets_the_third_span_takes_in_the_second(writes: Writes) -> None:
    writes.extend_span(ME, ME, ids(1, 2), before="")
    writes.extend_span(ME, ME, ids(5, 6), before="")
    writes.extend_span(ME, ME, ids(9, 9), before="")
    writes.extend_span(ME, ME, ids(2, 8), before="009")
    assert held(writes) == [("001", "009", False)]


def test_a_span_whose_ids_the_archive_has_purged_is_taken_in_by_those_around_it(writes: Writes) -> None:
    writes.extend_span(ME, ME, ids(1, 2), before="")
    writes.extend_span(ME, ME, ids(5, 6), before="")
    writes.extend_span(ME, ME, ids(9, 9), before="")
    writes.extend_span(ME, ME, ["002", "004", "008"], before="009")
    assert held(writes) == [("001", "009", False)]


def test_live_messages_lengthen_the_newest_span(writes: Writes) -> None:
    writes.extend_span(ME, ME, ids(1, 2), before="")
    writes.extend_span(ME, ME, ids(5, 6), before="")
    writes.advance_span(ME, ME, "007")
    writes.advance_span(ME, ME, "")
    assert held(writes) == [("005", "007", False), ("001", "002", False)]
    writes.extend_span(ME, ME, ids(8, 9), after="007")
    assert held(writes)[0] == ("005", "009", False)


def test_an_archive_found_empty_begins_with_what_comes_next(writes: Writes) -> None:
    assert writes.extend_span(ME, ME, [], before="", complete=True) is None
    assert writes.archives.begins(ME, ME)
    assert writes.archives.span(ME, ME) is None
    writes.advance_span(ME, ME, "001")
    assert held(writes) == [("001", "001", True)]


def test_what_comes_after_an_archive_was_empty_may_have_a_gap(writes: Writes) -> None:
    writes.extend_span(ME, ME, [], before="", complete=True)
    writes.extend_span(ME, ME, ids(30, 39), before="")
    assert held(writes) == [("030", "039", False)]
    assert not writes.archives.begins(ME, ME)
    writes.extend_span(ME, ME, ids(20, 29), before="030")
    assert held(writes) == [("020", "039", False)]


def test_an_empty_archive_is_still_empty_when_asked_again(writes: Writes) -> None:
    for _ in range(2):
        writes.extend_span(ME, ME, [], before="", complete=True)
    assert writes.archives.begins(ME, ME)


def test_a_newest_page_lies_just_before_what_came_live_since(writes: Writes) -> None:
    writes.extend_span(ME, ME, ids(1, 9), before="", complete=True)
    for number in range(30, 33):
        writes.advance_span(ME, ME, f"{number:03}", begin=number == 30)
    assert held(writes) == [("030", "032", False), ("001", "009", True)]
    writes.extend_span(ME, ME, ids(20, 29), before="", first_live="030")
    assert held(writes) == [("020", "032", False), ("001", "009", True)]
    writes.extend_span(ME, ME, ids(8, 19), before="020")
    assert held(writes) == [("001", "032", True)]


@pytest.mark.parametrize(("first", "last"), [(25, 30), (25, 31), (31, 32), (29, 32)])
def test_a_newest_page_may_have_some_of_what_came_live_since(writes: Writes, first: int, last: int) -> None:
    for number in range(30, 33):
        writes.advance_span(ME, ME, f"{number:03}", begin=number == 30)
    writes.extend_span(ME, ME, ids(first, last), before="", first_live="030")
    assert held(writes) == [(f"{first:03}", "032", False)]


def test_a_chats_own_pages_are_held_apart_from_the_whole_archive(writes: Writes) -> None:
    writes.extend_span(ME, ME, ids(50, 59), before="")
    span = writes.extend_span(ME, ME, ids(1, 9), before="052", complete=True, peer=BOB)
    assert held(writes) == [("050", "059", False)]
    assert span is not None
    assert (span.oldest_id, span.newest_id, span.peer) == ("001", "052", BOB)
    assert writes.archives.begins(ME, ME, BOB)
    assert not writes.archives.begins(ME, ME, EVE)
    assert not writes.archives.begins(ME, ME)


def test_a_chat_without_anything_older_begins_where_it_is(writes: Writes) -> None:
    writes.extend_span(ME, ME, [], before="052", complete=True, peer=BOB)
    assert writes.archives.begins(ME, ME, BOB)


def test_two_accounts_hold_a_rooms_archive_apart(writes: Writes) -> None:
    writes.extend_span(ME, ROOM, ids(1, 9), before="", complete=True)
    assert writes.archives.begins(ME, ROOM)
    assert writes.archives.spans(OTHER_ME, ROOM) == ()


def test_an_archive_that_was_purged_is_begun_anew(writes: Writes) -> None:
    writes.add_archive_page(ME, ME, [archived(incoming(), "005")], before="")
    writes.extend_span(ME, ME, ids(1, 9), before="", complete=True)
    writes.forget_spans(ME, ME)
    assert held(writes) == []
    assert len(writes.messages.newest(incoming().key, 9)) == 1


def test_a_span_knows_where_its_outermost_messages_stand(writes: Writes) -> None:
    page = [archived(incoming(f"{n}", stanza_id=f"{n}", time=NOON + n), f"00{n}") for n in (2, 4)]
    writes.add_archive_page(ME, ME, page, before="")
    # 001, 003 and 005 are receipts.
    span = writes.extend_span(ME, ME, ids(1, 5), before="")
    assert span == Span(span.id if span else 0, ME, None, "001", "005", NOON + 2, NOON + 4, begins=False)


def test_what_came_after_an_empty_archive_has_a_gap_until_its_beginning_is_reached(writes: Writes) -> None:
    archives = writes.archives
    writes.extend_span(ME, ME, [], before="", complete=True)
    assert archives.begins(ME, ME)
    assert not archives.has_gap(ME, ME)
    writes.extend_span(ME, ME, ["a5", "a6"], before="")
    assert not archives.begins(ME, ME)
    assert archives.has_gap(ME, ME)
    writes.extend_span(ME, ME, ["a3", "a4"], before="a5")
    assert archives.has_gap(ME, ME)
    writes.extend_span(ME, ME, ["a1", "a2"], before="a3", complete=True)
    assert archives.begins(ME, ME)
    assert not archives.has_gap(ME, ME)
    assert [span.oldest_id for span in archives.spans(ME, ME)] == ["a1"]
