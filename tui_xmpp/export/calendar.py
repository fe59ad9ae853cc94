"""Times as an export writes them: local for people, UTC for programs."""

from datetime import UTC, datetime, timedelta, tzinfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Calendar:
    """Turns µs since the epoch into words; `zone` None is the system's time zone."""

    def __init__(self, zone: tzinfo | None = None) -> None:
        self._zone = zone

    def local(self, time: int) -> datetime:
        """A moment in the calendar's zone; a date that no calendar holds becomes the epoch (SECURITY 19)."""
        try:
            return utc(time).astimezone(self._zone)
        except (OverflowError, ValueError, OSError):
            return _EPOCH

    def day(self, time: int) -> str:
        """`Saturday 21 November 2026`."""
        moment = self.local(time)
        return f"{moment:%A} {moment.day} {moment:%B} {moment.year}"

    def minute(self, time: int) -> str:
        """`10:42`."""
        return f"{self.local(time):%H:%M}"


def utc(time: int) -> datetime:
    """A moment in UTC; a date that no calendar holds becomes the epoch."""
    try:
        return _EPOCH + timedelta(microseconds=time)
    except OverflowError:
        return _EPOCH


def iso(time: int) -> str:
    """`2026-11-21T09:42:00.000000Z`: always as long, so that the text sorts as the time does."""
    return utc(time).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
