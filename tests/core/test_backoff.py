"""Trying again: soon at first, then ever more rarely, never all at once."""

import random

from tui_xmpp.core.backoff import KNOCK, KNOCKING, LONGEST, Backoff


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


def test_a_server_that_is_down_is_asked_often_for_a_minute_after_a_steady_stream_and_then_ever_more_rarely() -> None:
    backoff = Backoff(random.Random(1))
    backoff.lost(held=10)
    knocks = [wait for wait in (backoff.next_wait(is_down=True) for _ in range(400)) if wait <= KNOCK]
    assert KNOCKING <= sum(knocks) <= KNOCKING + 2 * KNOCK
    assert min(knocks) >= KNOCK / 2
    assert backoff.next_wait(is_down=True) >= LONGEST / 2


def test_one_that_is_down_before_anybody_was_connected_is_left_in_peace() -> None:
    backoff = Backoff()
    assert sum(backoff.next_wait(is_down=True) for _ in range(6)) >= 31.5


def test_one_that_answers_and_is_not_well_is_left_in_peace() -> None:
    backoff = Backoff()
    backoff.lost(held=10)
    assert sum(backoff.next_wait() for _ in range(6)) >= 31.5


def test_one_that_falls_again_and_again_is_not_asked_often_for_it() -> None:
    backoff = Backoff()
    backoff.lost(held=10)
    while backoff.next_wait(is_down=True) <= KNOCK:
        pass
    backoff.lost(held=0.1)
    assert all(backoff.next_wait(is_down=True) > KNOCK for _ in range(3))
