"""Trying again: soon at first, then ever more rarely, never all at once."""

import random

from tui_xmpp.core.backoff import LONGEST, Backoff


def waits(count: int, seed: int = 1) -> list[float]:
    backoff = Backoff(random.Random(seed))
    return [backoff.next_wait() for _ in range(count)]


def test_the_first_try_comes_within_a_second() -> None:
    assert all(0 < waits(1, seed)[0] <= 1 for seed in range(100))


def test_waits_double_up_to_a_minute() -> None:
    for number, wait in enumerate(waits(12)):
        longest = min(LONGEST, 2.0**number)
        assert longest / 2 <= wait <= longest


def test_two_clients_do_not_knock_together() -> None:
    assert waits(5, seed=1) != waits(5, seed=2)


def test_a_stream_that_held_starts_the_waits_anew() -> None:
    backoff = Backoff()
    for _ in range(6):
        backoff.next_wait()
    backoff.lost(held=10)
    assert backoff.next_wait() <= 1


def test_a_stream_that_fell_at_once_does_not() -> None:
    backoff = Backoff()
    for _ in range(6):
        backoff.next_wait()
    backoff.lost(held=0.1)
    assert backoff.next_wait() > 1


def test_very_many_tries_stay_at_the_longest_wait() -> None:
    assert max(waits(5000)) <= LONGEST
