"""Pages of archives, in whatever order they are fetched and with live messages between."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.storage.builders import BOBS, EVE, EVES, ME, NOON, ROOM, ROOMS, SECOND, archived, in_room, incoming, outgoing
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.message import Delivery
from tui_xmpp.storage.opening import open_store
from tui_xmpp.storage.values import Above, NewMessage, Outcome
from tui_xmpp.storage.writes import Writes


def message(number: int) -> NewMessage:
    """The archive's message of this number; ten a second, stamped in whole seconds as servers do."""
    time = _floor(NOON + number * SECOND // 10)
    return archived(incoming(f"{number}", stanza_id=f"s{number}", time=time), f"a{number}")


def live(number: int) -> NewMessage:
    """The same as it came over the stream, by a clock of µs."""
    return incoming(
        f"{number}", stanza_id=f"s{number}", time=NOON + number * SECOND // 10 + 1234, archive_ids=((ME, f"a{number}"),)
    )


def _floor(time: int) -> int:
    return time // SECOND * SECOND


def bodies(writes: Writes, key: ChatKey = BOBS) -> list[str]:
    return [stored.body for stored in writes.messages.newest(key, 10_000)]


def numbers(*ranges: range) -> list[str]:
    return [str(number) for part in ranges for number in part]


def add(
    writes: Writes,
    page: Sequence[int],
    *,
    before: int | str,
    complete: bool = False,
) -> None:
    """Store a page as the core does: messages, then the span."""
    before_id = f"a{before}" if isinstance(before, int) else before
    writes.add_archive_page(ME, ME, [message(number) for number in page], before=before_id)
    writes.extend_span(ME, ME, [f"a{number}" for number in page], before=before_id, complete=complete)


def test_newest_page_then_backwards(writes: Writes) -> None:
    add(writes, range(40, 60), before="")
    add(writes, range(20, 40), before=40)
    add(writes, range(20), before=20, complete=True)
    assert bodies(writes) == numbers(range(60))
    assert writes.archives.begins(ME, ME)


def test_a_backward_page_stands_before_what_is_there_though_all_have_one_stamp(writes: Writes) -> None:
    same = [archived(incoming(f"{n}", stanza_id=f"s{n}", time=NOON), f"a{n}") for n in range(6)]
    writes.add_archive_page(ME, ME, same[4:], before="")
    writes.add_archive_page(ME, ME, same[2:4], before="a4")
    writes.add_archive_page(ME, ME, same[:2], before="a2")
    assert bodies(writes) == numbers(range(6))


def test_what_was_missed_stands_before_what_came_live_by_a_clock_that_is_slow(writes: Writes) -> None:
    slow = 40 * SECOND
    add(writes, range(5), before="")
    first = replace(live(20), time=live(20).time - slow, leaves_room=True)
    writes.add_message(first)
    writes.advance_span(ME, ME, "a20", begin=True)
    writes.add_message(replace(live(21), time=live(21).time - slow))
    writes.advance_span(ME, ME, "a21")
    missed = [message(number) for number in range(12, 20)]
    heard = writes.archives.position_of(ME, ME, "a20")
    assert heard is not None
    writes.add_archive_page(ME, ME, missed, before="", above=Above(live={BOBS: heard}))
    writes.extend_span(ME, ME, [f"a{number}" for number in range(12, 20)], before="", first_live="a20")
    add(writes, range(3, 12), before=12)
    assert bodies(writes) == numbers(range(22))


def test_what_was_missed_stands_before_what_others_say_though_an_own_message_was_the_first_to_come(
    writes: Writes,
) -> None:
    slow = 2 * SECOND
    add(writes, range(5), before="")
    own = outgoing("own", time=live(8).time - slow, leaves_room=True)
    writes.add_message(own)
    own = replace(own, archive_ids=((ME, "a8"),), delivery=Delivery.SENT)
    writes.add_message(own)
    writes.advance_span(ME, ME, "a8", begin=True)
    writes.add_message(replace(live(9), time=live(9).time - slow, leaves_room=True))
    writes.advance_span(ME, ME, "a9")
    missed = [replace(message(number), time=NOON + SECOND) for number in range(5, 8)]
    page = [message(3), message(4), *missed, archived(replace(own, time=NOON + SECOND), "a8")]
    ids = [f"a{number}" for number in range(3, 9)]
    heard = writes.archives.position_of(ME, ME, "a9")
    assert heard is not None
    above = Above(live={BOBS: heard})
    writes.add_archive_page(ME, ME, page, before="", above=above)
    writes.extend_span(ME, ME, ids, before="", first_live="a8")
    assert [body for body in bodies(writes) if body != "own"] == numbers(range(8), range(9, 10))


def test_the_newest_page_overlaps_live_messages(writes: Writes) -> None:
    for number in (*range(5), *range(9, 12)):
        writes.add_message(live(number))
    results = writes.add_archive_page(ME, ME, [message(number) for number in range(3, 12)], before="")
    assert bodies(writes) == numbers(range(12))
    added = [stored.message.body for stored in results if stored.outcome is Outcome.ADDED]
    assert added == numbers(range(5, 9))


def test_the_newest_page_stands_after_the_span_that_is_held_though_its_stamps_are_earlier(writes: Writes) -> None:
    # The line was cut within one second, and more was missed than one page holds.
    for number in range(4):
        writes.add_message(live(number))
    writes.extend_span(ME, ME, [f"a{number}" for number in range(4)], before="")
    missed = [archived(incoming(f"{n}", stanza_id=f"s{n}", time=_floor(live(3).time)), f"a{n}") for n in range(4, 10)]
    writes.add_archive_page(ME, ME, missed[3:], before="")
    writes.extend_span(ME, ME, ["a7", "a8", "a9"], before="")
    writes.add_archive_page(ME, ME, [message(2), message(3), *missed[:3]], before="a7")
    assert bodies(writes) == numbers(range(10))


def test_the_newest_page_may_reach_back_beyond_a_short_span(writes: Writes) -> None:
    writes.add_message(live(50))
    writes.extend_span(ME, ME, ["a50"], before="")
    add(writes, range(40, 60), before="")
    assert bodies(writes) == numbers(range(40, 60))


def test_an_accounts_archive_mixes_chats_and_orders_each(writes: Writes) -> None:
    page = [
        archived(incoming("b1", stanza_id="1", time=NOON), "1"),
        archived(incoming("e1", key=EVES, sender=EVE, stanza_id="2", time=NOON), "2"),
        archived(incoming("b2", stanza_id="3", time=NOON), "3"),
        archived(incoming("e2", key=EVES, sender=EVE, stanza_id="4", time=NOON - SECOND), "4"),
    ]
    results = writes.add_archive_page(ME, ME, page, before="")
    assert [stored.message.body for stored in results] == ["b1", "e1", "b2", "e2"]
    assert bodies(writes, BOBS) == ["b1", "b2"]
    assert bodies(writes, EVES) == ["e1", "e2"]


def test_a_wrong_clock_in_one_chat_does_not_move_another(writes: Writes) -> None:
    year = 365 * 24 * 3600 * SECOND
    writes.add_message(incoming("from the future", stanza_id="f", time=NOON + year, archive_ids=((ME, "f"),)))
    writes.extend_span(ME, ME, ["f"], before="")
    page = [
        archived(incoming("after it", stanza_id="1", time=NOON), "1"),
        archived(incoming("elsewhere", key=EVES, sender=EVE, stanza_id="2", time=NOON + 1), "2"),
    ]
    writes.add_archive_page(ME, ME, page, before="")
    assert bodies(writes) == ["from the future", "after it"]
    assert writes.messages.newest(EVES, 1)[0].position == NOON + 1


def test_a_rooms_archive_is_its_own(writes: Writes) -> None:
    page = [archived(in_room(f"{n}", stanza_id=f"{n}"), f"x{n}", ROOM) for n in range(3)]
    writes.add_archive_page(ME, ROOM, page, before="")
    writes.extend_span(ME, ROOM, ["x0", "x1", "x2"], before="", complete=True)
    assert bodies(writes, ROOMS) == numbers(range(3))
    assert writes.archives.begins(ME, ROOM)
    assert not writes.archives.begins(ME, ME)
    assert (writes.archives.oldest_id(ROOMS, ROOM), writes.archives.newest_id(ROOMS, ROOM)) == ("x0", "x2")
    assert writes.archives.oldest_id(ROOMS, ME) == ""


def test_a_newest_page_that_comes_after_live_messages_keeps_its_times_below_them(writes: Writes) -> None:
    hour = 3600 * SECOND
    writes.add_message(live(0))
    writes.extend_span(ME, ME, ["a0"], before="")
    for n in (7, 8):
        writes.add_message(incoming(f"{n}", stanza_id=f"s{n}", time=NOON + n * hour, archive_ids=((ME, f"a{n}"),)))
        writes.advance_span(ME, ME, f"a{n}", begin=n == 7)
    missed = [archived(incoming(f"{n}", stanza_id=f"s{n}", time=NOON + n * hour), f"a{n}") for n in (5, 6)]
    heard = writes.archives.position_of(ME, ME, "a7")
    assert heard is not None
    results = writes.add_archive_page(ME, ME, missed, before="", above=Above(live={BOBS: heard}))
    assert [stored.message.position for stored in results] == [NOON + 5 * hour, NOON + 6 * hour]
    ahead = archived(incoming("6½", stanza_id="s6½", time=NOON + 9 * hour), "a6½")
    writes.add_archive_page(ME, ME, [ahead], before="", above=Above(live={BOBS: heard}))
    assert bodies(writes) == ["0", "5", "6", "6½", "7", "8"]


@pytest.mark.parametrize("again", ["by its archive id", "by its stanza's id"])
def test_a_message_that_is_twice_on_a_page_is_stored_once(writes: Writes, again: str) -> None:
    one = archived(incoming("one", stanza_id="1"), "1")
    two = archived(incoming("two", stanza_id="2", time=NOON + 1), "2")
    twin = replace(one, stanza_id="") if again == "by its archive id" else replace(one, archive_ids=())
    results = writes.add_archive_page(ME, ME, [one, two, twin], before="")
    assert [stored.outcome for stored in results] == [Outcome.ADDED, Outcome.ADDED, Outcome.KNOWN]
    assert bodies(writes) == ["one", "two"]


@pytest.mark.parametrize("before", ["", "later"])
def test_an_own_message_typed_offline_moves_to_where_the_archive_got_it(writes: Writes, before: str) -> None:
    minute = 60 * SECOND
    writes.add_message(outgoing("typed offline", time=NOON, delivery=Delivery.PENDING))
    page = [
        archived(incoming("one", stanza_id="1", time=NOON + minute), "1"),
        archived(outgoing("typed offline", time=NOON + 2 * minute, delivery=Delivery.SENT), "2"),
        archived(incoming("two", stanza_id="3", time=NOON + 3 * minute), "3"),
    ]
    writes.add_archive_page(ME, ME, page, before=before)
    found = [(message.body, message.position, message.time) for message in writes.messages.newest(BOBS, 9)]
    places = zip(("one", "typed offline", "two"), (NOON + n * minute for n in (1, 2, 3)), strict=True)
    assert found == [(body, place, place) for body, place in places]


class Archive:
    """What a server has, stamped in whole seconds; `pace` is µs from one message to the next."""

    def __init__(self, pace: int) -> None:
        self.pace = pace
        self.times: list[int] = []
        self.now = NOON

    def receive(self, count: int) -> range:
        """New messages; returns their numbers."""
        first = len(self.times)
        for _ in range(count):
            self.now += self.pace
            self.times.append(self.now)
        return range(first, len(self.times))

    def page(self, numbers: range) -> list[NewMessage]:
        return [archived(incoming(f"{n}", stanza_id=f"s{n}", time=_floor(self.times[n])), f"a{n}") for n in numbers]

    def live(self, number: int) -> NewMessage:
        """A message as it comes over the stream, by a clock of µs."""
        time = self.times[number] + 1234
        return incoming(f"{number}", stanza_id=f"s{number}", time=time, archive_ids=((ME, f"a{number}"),))


class Session:
    """One stream after a cut, as the core lives through it; gives up wherever chance says."""

    def __init__(self, writes: Writes, chance: random.Random, archive: Archive) -> None:
        self.writes = writes
        self.chance = chance
        self.archive = archive
        self.first_live: str | None = None
        self.has_newest = False

    def run(self, *, whole: bool) -> None:
        """Missed and live messages, the newest page among them, then backwards until everything is held."""
        per_page = self.chance.randint(3, 12)
        self.archive.receive(self.chance.randint(0, 40))
        self.archive.now += SECOND // 10
        self._live(self.chance.choice([0, 0, 2, 20]))
        if not whole and self.chance.random() < 0.3:
            return
        snapshot = len(self.archive.times)
        self._live(self.chance.choice([0, 0, 2]))
        self._page(range(max(0, snapshot - per_page), snapshot), "")
        while (span := self.writes.archives.span(ME, ME)) is not None and not span.begins:
            if not whole and self.chance.random() < 0.3:
                return
            self._live(self.chance.choice([0, 1]))
            start = int(span.oldest_id[1:])
            self._page(range(max(0, start - per_page), start), span.oldest_id)
        self._live(self.chance.randint(0, 5))

    def _live(self, count: int) -> None:
        for number in self.archive.receive(count):
            self.writes.add_message(self.archive.live(number))
            begin = self.first_live is None and not self.has_newest
            self.writes.advance_span(ME, ME, f"a{number}", begin=begin)
            self.first_live = self.first_live or f"a{number}"

    def _page(self, page: range, before: str) -> None:
        first_live = self.first_live if before == "" else None
        new = self.archive.page(page)
        heard = self.writes.archives.position_of(ME, ME, first_live) if first_live else None
        live = {} if heard is None else {BOBS: heard}
        self.writes.add_archive_page(ME, ME, new, before=before, above=Above(live=live, skipped=True))
        ids = [f"a{number}" for number in page]
        self.writes.extend_span(ME, ME, ids, before=before, complete=page.start == 0, first_live=first_live)
        self.has_newest = True


@pytest.mark.parametrize("pace", [SECOND // 10, SECOND // 700, SECOND * 100], ids=["quick", "flood", "slow"])
@pytest.mark.parametrize("seed", range(25))
def test_any_mixture_of_live_messages_and_pages_ends_in_the_archives_order(
    writes: Writes, seed: int, pace: int
) -> None:
    chance = random.Random(seed)
    archive = Archive(pace)
    for number in range(6):
        Session(writes, chance, archive).run(whole=number == 5)
    assert bodies(writes) == numbers(range(len(archive.times)))
    assert [(span.oldest_id, span.begins) for span in writes.archives.spans(ME, ME)] in ([("a0", True)], [])


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("pace", [SECOND // 10, SECOND // 700, SECOND * 100], ids=["quick", "flood", "slow"])
def test_many_mixtures_end_in_the_archives_order(tmp_path: Path, pace: int) -> None:
    for seed in range(1_000, 1_060):
        db, _ = open_store(tmp_path / f"{seed}.db")
        chance = random.Random(seed)
        archive = Archive(pace)
        writes = Writes(db)
        db.run("BEGIN")
        for number in range(8):
            Session(writes, chance, archive).run(whole=number == 7)
        assert bodies(writes) == numbers(range(len(archive.times))), seed
        db.run("ROLLBACK")
        db.close()


def test_what_we_sent_at_once_stands_below_what_was_seen_above_it_before_the_line_was_lost(writes: Writes) -> None:
    own = [outgoing(f"{n}", time=NOON + n, stanza_id=f"o{n}", origin_id=f"o{n}", leaves_room=True) for n in range(80)]
    typed = [writes.add_message(new).message.id for new in own]
    writes.add_message(incoming("theirs", time=NOON + 2 * SECOND, archive_ids=((ME, "theirs"),)))
    for message_id in typed:  # sent at once, each stands at the same position behind what had come
        writes.follow_on(message_id)
    page = [
        archived(replace(new, time=NOON + 3 * SECOND, delivery=Delivery.SENT), f"a{number}")
        for number, new in enumerate(own)
    ]
    above = Above()
    writes.add_archive_page(ME, ME, page[70:], before="", above=above)
    writes.add_archive_page(ME, ME, page[60:70], before="a70", above=above)
    # Here the line was lost; the next look passes over what this one has seen.
    above = Above(skipped=True)
    writes.add_archive_page(ME, ME, page[30:60], before="a60", above=above)
    writes.add_archive_page(ME, ME, page[:30], before="a30", above=above)
    assert bodies(writes) == ["theirs", *numbers(range(80))]
