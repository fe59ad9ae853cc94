"""The past of the public channel: two thousand messages of the last weeks, the same at each start but for the dates."""

import random
import re
from datetime import datetime, timedelta

from tui_xmpp.demo.script.exchanges import EXCHANGES, WORDS, Exchange
from tui_xmpp.demo.script.people import PASSERS_BY
from tui_xmpp.demo.script.rooms import COMMONS
from tui_xmpp.model.frozen import frozen

SIZE = 2000
"""Messages in the archive of the channel."""

SPAN = timedelta(days=24)
"""How far back they go."""

_SEED = 2000
_SLOT = re.compile("{(" + "|".join(WORDS) + ")}")

_BY_DAY = range(7, 23)
_IN_THE_MORNING = range(7, 11)
_LATE = range(21, 23)
"""Hours at which people write, in the time zone of `now`."""


@frozen
class Line:
    """One message: when (s since the epoch), by whom, what."""

    time: int
    nick: str
    text: str


def past(now: datetime) -> tuple[Line, ...]:
    """Return `SIZE` messages, oldest first, the last a few minutes before `now` (aware)."""
    chance = random.Random(_SEED)  # noqa: S311 - small talk is no secret
    names = (*PASSERS_BY, *(person.name for person in COMMONS.people if not person.stranger))
    spoken: list[list[tuple[str, str]]] = []
    count = 0
    while count < SIZE:
        batch = list(EXCHANGES)
        chance.shuffle(batch)
        for exchange in batch:
            lines = _speak(exchange, names, chance)[: SIZE - count]
            count += len(lines)
            if lines:
                spoken.append(lines)
    return _spread(spoken, now, chance)


def _speak(exchange: Exchange, names: tuple[str, ...], chance: random.Random) -> list[tuple[str, str]]:
    speakers = dict(zip("abc", chance.sample(names, 3), strict=True))
    words = {name: chance.choice(choices) for name, choices in WORDS.items()}
    lines = []
    for speaker, pattern in exchange:
        wording = chance.choice(pattern.split(" | "))
        text = _SLOT.sub(lambda slot: words[slot.group(1)], wording)
        lines.append((speakers[speaker.strip("{}")], text[0].upper() + text[1:]))
    return lines


def _spread(spoken: list[list[tuple[str, str]]], now: datetime, chance: random.Random) -> tuple[Line, ...]:
    """Give each exchange a time of day that fits it, and each line a minute or so."""
    latest = int((now - timedelta(minutes=4)).timestamp())
    starts = sorted(_moment(now, chance, _BY_DAY) for _ in spoken)
    lines = []
    for start, exchange in zip(starts, spoken, strict=True):
        hours = _hours(exchange[0][1])
        time = start if hours is _BY_DAY else _moment(now, chance, hours)
        for nick, text in exchange:
            lines.append(Line(min(time, latest), nick, text))
            time += chance.randint(15, 110)
    return tuple(sorted(lines, key=lambda line: line.time))


def _hours(text: str) -> range:
    if "morning" in text:
        return _IN_THE_MORNING
    return _LATE if text.startswith("Good night") else _BY_DAY


def _moment(now: datetime, chance: random.Random, hours: range) -> int:
    while True:
        moment = now - SPAN * chance.random()
        if moment.hour in hours:
            return int(moment.timestamp())
