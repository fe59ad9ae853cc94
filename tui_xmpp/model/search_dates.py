"""Days as people name them in a search."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_AGO = re.compile(r"(\d{1,4})([dwy])", re.ASCII)
_DAYS = {"d": 1, "w": 7, "y": 365}
_YEARS = range(1970, 2200)


def day_meant(text: str, today: date) -> date | None:
    """The day that a text names, the first one of a month or a year; None: none that can be understood.

    `2026-01-31`, `31.1.2026`, `2026-01`, `2026`, `today`, `yesterday`, `monday` or `mon` (the last one), `7d`, `2w`,
    `1y` (so long ago).
    """
    text = text.strip().lower()
    if text in {"today", "yesterday"}:
        return today - timedelta(days=text == "yesterday")
    if len(text) >= 3:
        for number, name in enumerate(_WEEKDAYS):
            if name.startswith(text):
                return today - timedelta(days=(today.weekday() - number) % 7)
    ago = _AGO.fullmatch(text)
    if ago is not None:
        days = int(ago[1]) * _DAYS[ago[2]]
        return today - timedelta(days=days) if days < (today - date(_YEARS.start, 1, 1)).days else None
    written = _ISO.fullmatch(text)
    if written is not None:
        return _day(written[1], written[2] or "1", written[3] or "1")
    dotted = _DOTTED.fullmatch(text)
    return None if dotted is None else _day(dotted[3], dotted[2], dotted[1])


def start_of(day: date, zone: tzinfo | None) -> int:
    """The first moment of a day in a zone (None: the system's), µs since the epoch."""
    midnight = datetime.combine(day, time.min, tzinfo=zone)
    return int((midnight.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


def _day(year: str, month: str, day: str) -> date | None:
    if int(year) not in _YEARS:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
