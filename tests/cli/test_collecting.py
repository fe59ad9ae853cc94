"""Garbage is collected while nothing is done, and never in the middle of something."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from tui_xmpp.cli import collecting
from tui_xmpp.cli.collecting import Collector

BUSY, IDLE = 1.0, 0.0


class Ring:
    """Refers to itself, so that only the collector can take it away."""

    def __init__(self) -> None:
        self.self = self


@pytest.fixture
def collector() -> Iterator[Collector]:
    """The program's; afterwards everything is as Python has it."""
    thresholds = gc.get_threshold()
    yield Collector()
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def lost() -> "weakref.ref[Ring]":
    """A ring that nobody has any more, too old for a collection of what is young to find it."""
    ring = Ring()
    look_at_young_ones(collecting.ENOUGH)
    return weakref.ref(ring)


def look_at_young_ones(times: int) -> None:
    for _ in range(times):
        gc.collect(0)


def test_while_nothing_is_done_garbage_is_collected(collector: Collector) -> None:
    gone = lost()
    collector.look(IDLE)
    assert gone() is None


def test_while_something_is_done_old_garbage_is_left(collector: Collector) -> None:
    gone = lost()
    collector.look(BUSY)
    assert gone() is not None


def test_python_makes_no_full_collection_by_itself(collector: Collector) -> None:
    before = gc.get_stats()[2]["collections"]
    kept: list[list[int]] = [[] for _ in range(200_000)]
    assert gc.get_stats()[2]["collections"] == before
    assert gc.get_count()[2] > 0
    del kept


def test_a_flood_without_end_does_not_fill_the_memory(collector: Collector) -> None:
    gone = lost()
    look_at_young_ones(collecting.TOO_MANY)
    collector.look(BUSY)
    assert gone() is None


def test_what_is_kept_is_looked_at_again_only_after_a_long_quiet_time(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = Ring()
    gone = weakref.ref(ring)
    look_at_young_ones(collecting.ENOUGH)
    collector.look(IDLE)
    del ring
    collector.look(IDLE)
    assert gone() is not None
    monkeypatch.setattr(collecting, "SELDOM", 0.0)
    for _ in range(collecting.ALONE):
        collector.look(IDLE)
    assert gone() is None
