"""Times as people read them; one object, so that tests and pictures can stop the clock."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock:
    """Turns µs since the epoch into local words; `zone` None is the system's time zone."""

    def __init__(self, now: Callable[[], datetime] | None = None, zone: tzinfo | None = None) -> None:
        self._now = now
        self.zone = zone

    def now(self) -> datetime:
        """The present, aware, in the clock's zone."""
        return (self._now() if self._now is not None else datetime.now(UTC)).astimezone(self.zone)

    def today(self) -> date:
        """The local date."""
        return self.now().date()

    def local(self, time: int) -> datetime:
        """A moment in the clock's zone; a date that no calendar holds becomes the epoch (SECURITY 19)."""
        try:
            return (_EPOCH + timedelta(microseconds=time)).astimezone(self.zone)
        except (OverflowError, ValueError, OSError):
            return _EPOCH

    def day(self, time: int) -> date:
        """The local date of a moment."""
        return self.local(time).date()

    def hour(self, time: int) -> str:
        """`10:42`."""
        return f"{self.local(time):%H:%M}"

    def day_label(self, day: date) -> str:
        """`Today`, `Yesterday`, `Saturday 21 November`, and with the year once it is not this one."""
        today = self.today()
        if day == today:
            return "Today"
        if day == today - timedelta(days=1):
            return "Yesterday"
        year = "" if day.year == today.year else f" {day.year}"
        return f"{day:%A} {day.day} {day:%B}{year}"

    def short(self, time: int) -> str:
        """At most six cells for a list: `10:42` today, `Sat` this week, `21 Nov` this year, else `2024`."""
        moment, today = self.local(time), self.today()
        age = today - moment.date()
        if age <= timedelta(0):
            return f"{moment:%H:%M}"
        if age < timedelta(days=7):
            return f"{moment:%a}"
        return f"{moment.day} {moment:%b}" if moment.year == today.year else f"{moment.year}"
