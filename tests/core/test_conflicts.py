"""Coming back after somebody took our place: once, and not again while it is fought for."""

import pytest

from tui_xmpp.core.conflicts import CALM, Conflicts

OPENED, CONFLICT = "opened", "conflict"


@pytest.mark.parametrize(
    ("what_happens", "comes_back"),
    [
        ([(0, OPENED), (0.1, CONFLICT)], [True]),
        ([(0, OPENED), (9000, CONFLICT)], [True]),
        ([(0, OPENED), (5, CONFLICT), (6, OPENED), (7, CONFLICT)], [True, False]),
        ([(0, OPENED), (5, CONFLICT), (6, OPENED), (6 + CALM - 1, CONFLICT)], [True, False]),
        ([(0, OPENED), (5, CONFLICT), (6, OPENED), (6 + CALM, CONFLICT)], [True, True]),
        # Time offline is no time of peace: what counts begins when we are back.
        ([(0, OPENED), (5, CONFLICT), (900, OPENED), (901, CONFLICT)], [True, False]),
        # A line that was cut in between does not hide the second conflict.
        ([(0, OPENED), (5, CONFLICT), (6, OPENED), (30, OPENED), (50, CONFLICT)], [True, False]),
        ([(0, OPENED), (5, CONFLICT), (6, OPENED), (60, OPENED), (70, CONFLICT)], [True, True]),
        # After a minute of peace it begins anew, and is no more patient.
        (
            [(0, OPENED), (5, CONFLICT), (6, OPENED), (99, CONFLICT), (100, OPENED), (101, CONFLICT)],
            [True, True, False],
        ),
    ],
)
def test_a_second_conflict_is_answered_only_after_a_minute_of_peace(
    what_happens: list[tuple[float, str]], comes_back: list[bool]
) -> None:
    conflicts = Conflicts()
    found = []
    for at, what in what_happens:
        if what == OPENED:
            conflicts.opened(at)
        else:
            found.append(conflicts.may_return(at))
    assert found == comes_back


def test_who_is_told_to_come_back_may_lose_the_place_once_more() -> None:
    conflicts = Conflicts()
    for at in (1, 2):
        conflicts.may_return(at)
        conflicts.opened(at)
    conflicts.reset()
    assert conflicts.may_return(3)
