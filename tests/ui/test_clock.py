"""Times as people read them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from tests.ui.scene import NOW, at, frozen_clock
from tui_xmpp.ui.clock import Clock


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2026, 11, 22), "Today"),
        (date(2026, 11, 21), "Yesterday"),
        (date(2026, 11, 20), "Friday 20 November"),
        (date(2025, 12, 31), "Wednesday 31 December 2025"),
        (date(2026, 11, 23), "Monday 23 November"),
    ],
)
def test_a_day_is_named_as_people_do(day: date, label: str) -> None:
    assert frozen_clock().day_label(day) == label


@pytest.mark.parametrize(
    ("days_ago", "shown"), [(0, "08:05"), (1, "Sat"), (6, "Mon"), (7, "15 Nov"), (200, "6 May"), (400, "2025")]
)
def test_a_list_tells_the_time_in_at_most_six_cells(days_ago: int, shown: str) -> None:
    assert frozen_clock().short(at(days_ago, 8, 5)) == shown


def test_the_zone_decides_which_day_it_is() -> None:
    late = int(datetime(2026, 11, 21, 23, 30, tzinfo=UTC).timestamp() * 1_000_000)
    east = Clock(lambda: NOW, timezone(timedelta(hours=2)))

    assert frozen_clock().day(late) == date(2026, 11, 21)
    assert east.day(late) == date(2026, 11, 22)
    assert east.hour(late) == "01:30"


@pytest.mark.parametrize("time", [10**30, -(10**30), 253_402_300_800_000_000])
def test_an_absurd_date_does_not_crash(time: int) -> None:
    assert frozen_clock().hour(time) == "00:00"
