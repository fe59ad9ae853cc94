"""Whatever order a chat's messages are stored in, reading the archive back leaves them in the archive's."""

import random
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.storage.builders import BOBS, ME, NOON, SECOND, archived, incoming, outgoing
from tui_xmpp.model.message import Direction
from tui_xmpp.storage.opening import open_store
from tui_xmpp.storage.values import Above, NewMessage, Outcome
from tui_xmpp.storage.writes import Writes

_ANY = {
    "seed": st.integers(0, 2**48),
    "count": st.integers(1, 40),
    "per_page": st.integers(1, 12),
    "spread": st.sampled_from([1, 3, SECOND // 700, SECOND, 100 * SECOND]),
}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(**_ANY)
def test_reading_an_archive_back_puts_all_in_its_order(seed: int, count: int, per_page: int, spread: int) -> None:
    _check(seed, count, per_page, spread)


@pytest.mark.long
@pytest.mark.timeout(1800)
@settings(max_examples=5_000, deadline=None)
@given(**_ANY)
def test_reading_very_many_archives_back_puts_all_in_their_order(
    seed: int, count: int, per_page: int, spread: int
) -> None:
    _check(seed, count, per_page, spread)


def _check(seed: int, count: int, per_page: int, spread: int) -> None:
    chance = random.Random(seed)
    kept = [_said(number, chance) for number in range(count)]
    known = chance.choice([0, chance.randrange(count)])
    """So many are held in order, and are not read again."""
    with tempfile.TemporaryDirectory() as directory:
        db, _ = open_store(Path(directory) / "chat.db")
        writes = Writes(db)
        for new in _held(kept, known, chance, spread):
            writes.add_message(new)
        _read(writes, kept, known, per_page)
        assert [message.body for message in writes.messages.newest(BOBS, 1000)] == [new.body for new in kept]
        assert set(_read(writes, kept, 0, per_page)) == {Outcome.KNOWN}, "what stands right stays"
        db.close()


def _read(writes: Writes, kept: list[NewMessage], known: int, per_page: int) -> list[Outcome]:
    above, before = Above(), ""
    outcomes: list[Outcome] = []
    for end in range(len(kept), known, -per_page):
        page = kept[max(known, end - per_page) : end]
        stored = writes.add_archive_page(ME, ME, page, before=before, above=above)
        outcomes += [one.outcome for one in stored]
        before = page[0].archive_ids[0][1]
    return outcomes


def _said(number: int, chance: random.Random) -> NewMessage:
    """The archive's message of this number, stamped in whole seconds."""
    make = chance.choice([incoming, outgoing])
    time = (NOON + number * SECOND // 3) // SECOND * SECOND
    return archived(make(f"{number}", stanza_id=f"s{number}", origin_id=f"o{number}", time=time), f"a{number}")


def _held(kept: list[NewMessage], known: int, chance: random.Random, spread: int) -> list[NewMessage]:
    """Some of it as it was stored before: in any order, at any distance, ours also without the archive's id."""
    held = [new for new in kept[known:] if chance.random() < 0.6]
    for _ in range(chance.choice([0, 1, 3, len(held)])):  # what came too early, or too late
        if held:
            held.insert(chance.randrange(len(held)), held.pop(chance.randrange(len(held))))
    time, found = NOON, []
    for number, new in enumerate([*kept[:known], *held]):
        time += chance.randint(1, spread)
        unsure = number >= known and new.direction is Direction.OUT and chance.random() < 0.5
        found.append(replace(new, time=time, from_archive=False, archive_ids=() if unsure else new.archive_ids))
    return found
