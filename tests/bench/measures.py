"""What is measured of a client on a terminal; keys and answers are such that every client can be asked the same."""

import itertools
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.speaker import Speaker
from tests.bench.startup import ROWS
from tests.bench.watched import Watched

Figures = dict[str, str]
"""What was measured, and how much it was."""

_LETTERS = tuple(chr(code) for code in (*range(0x3B1, 0x3C9), *range(0x430, 0x450)))
"""They are in no text, no time and no escape sequence, so that seeing one is the echo of its key."""
_LINE = 20
"""Letters until the line is emptied, so that it never wraps."""
_SETTLED = 5.0
"""Seconds after which what the start has begun is over."""
_PATIENCE = 180.0

_CLEAR, _PAGE_UP, _PAGE_DOWN = b"\x15", b"\x1b[5~", b"\x1b[6~"
_WHEEL_UP, _WHEEL_DOWN = b"\x1b[<64;60;10M", b"\x1b[<65;60;10M"
_BACK, _FORWARD, _GO_TO, _ESCAPE = b"\x1b[23~", b"\x1b[23;2~", b"\x0b", b"\x1b"


@dataclass(frozen=True, slots=True)
class Reach:
    """What is known of a client."""

    readable: bytes
    """On the screen when it has started."""
    to_flood: bytes = _BACK
    to_crowd: bytes = _FORWARD
    """Keys that switch between the two rooms, once both are entered."""
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """How much is measured."""

    rooms: str
    keys: int
    flood: int
    people: int
    idle: float
    rate: int
    """Messages a second of the storm."""


def measure(terminal: Watched, reach: Reach, speaker: Speaker, work: Work, figures: Figures) -> None:
    """Go through everything with one client, and fill in the figures. Raises AssertionError where it does not come."""
    terminal.until(reach.readable, within=_PATIENCE)
    terminal.watch(_SETTLED)
    if reach.ours:
        figures["key to echo"] = _times(echoes(terminal, work.keys))
        figures["page up to the page"] = _times(_pages(terminal, max(1, work.keys // 4)))
        figures["scroll, CPU for a frame"] = f"{_scrolling(terminal, work.keys) * 1000:.1f} ms"
        figures["go-to to the dialog"] = _times([_dialog(terminal) for _ in range(max(1, work.keys // 10))])
    _enter(terminal, f"flood@{work.rooms}", speaker)
    if reach.ours:
        figures["switch to another chat"] = _times(_switches(terminal, max(1, work.keys // 5)))
    figures["key to echo in the room"] = _times(echoes(terminal, work.keys))
    figures[f"key to echo, {work.rate:,} messages/s"] = _times(_echoes_in_a_storm(terminal, speaker, work))
    _flood(terminal, speaker, work.flood, figures)
    times, taken = _pages_in_the_room(terminal, max(1, min(work.keys, work.flood // ROWS) // 4))
    figures["page up in the room, first output"] = _times(times)
    figures["page up or down in it, CPU"] = f"{taken * 1000:.1f} ms"
    _enter(terminal, f"crowd@{work.rooms}")
    terminal.watch(_SETTLED + 5)
    figures[f"memory, room of {work.people:,}"] = f"{terminal.memory():.0f} MB"
    before, begun = terminal.processor_time(), time.monotonic()
    terminal.watch(work.idle)
    figures["idle, of a core"] = f"{(terminal.processor_time() - before) / (time.monotonic() - begun) * 100:.2f} %"
    figures["switch between two rooms"] = _times(_switches_of_rooms(terminal, reach, max(1, work.keys // 5)))


def echoes(terminal: Watched, keys: int) -> list[float]:
    """From keys to their letters on the screen."""
    times = []
    for number, letter in zip(range(keys), itertools.cycle(_LETTERS), strict=False):
        if number % _LINE == 0:
            terminal.type(_CLEAR)
            terminal.watch(0.3)
        times.append(terminal.answered(letter.encode(), letter.encode()))
        terminal.watch(0.05)
    terminal.type(_CLEAR)
    terminal.watch(0.3)
    return times


def _echoes_in_a_storm(terminal: Watched, speaker: Speaker, work: Work) -> list[float]:
    stop = threading.Event()
    talking = speaker.talk(work.rate, stop)
    try:
        terminal.watch(1)
        return echoes(terminal, work.keys)
    finally:
        stop.set()
        talking.join()
        terminal.watch(2)


def _scrolling(terminal: Watched, frames: int) -> float:
    """What a turn of the wheel takes of the processor, until it is on the screen."""
    before = terminal.processor_time()
    for wheel in (_WHEEL_UP, _WHEEL_DOWN):
        for _ in range(frames // 2):
            terminal.output = b""
            terminal.type(wheel)
            terminal.until_holds(lambda: terminal.output)
            terminal.watch(0.02)
    return (terminal.processor_time() - before) / frames


def _pages(terminal: Watched, count: int) -> list[float]:
    times = []
    for _ in range(count):
        times.append(terminal.answered(_PAGE_UP, b"Message "))
        terminal.watch(0.2)
    return times


def _pages_in_the_room(terminal: Watched, count: int) -> tuple[list[float], float]:
    """How soon a page of the flood begins to come, and what one takes of the processor; then back to its end.

    What comes cannot be asked for: a client sends only the digits that differ.
    """
    times = []
    before = terminal.processor_time()
    for key in (_PAGE_UP, _PAGE_DOWN):
        for _ in range(count):
            terminal.output = b""
            begun = time.perf_counter()
            terminal.type(key)
            terminal.until_holds(lambda: terminal.output)
            if key == _PAGE_UP:
                times.append(time.perf_counter() - begun)
            terminal.watch(0.2)
    return times, (terminal.processor_time() - before) / (2 * count)


def _switches_of_rooms(terminal: Watched, reach: Reach, count: int) -> list[float]:
    """From the room with the many people to that with the flood."""
    times = []
    for _ in range(count):
        times.append(terminal.answered(reach.to_flood, b"FLOODISOVER"))
        terminal.watch(0.3)
        terminal.output = b""
        terminal.type(reach.to_crowd)
        terminal.until_holds(lambda: terminal.output)
        terminal.watch(0.5)
    return times


def _dialog(terminal: Watched) -> float:
    taken = terminal.answered(_GO_TO, b"Go to")
    terminal.type(_ESCAPE)
    terminal.watch(0.4)
    return taken


def _switches(terminal: Watched, count: int) -> list[float]:
    """Between the chat with the first contact and the room, by the key that goes back."""
    times = []
    for _ in range(count):
        for key, seen in ((_BACK, b"Message "), (_FORWARD, b"ARRIVED")):
            times.append(terminal.answered(key, seen))
            terminal.watch(0.15)
    return times


def _enter(terminal: Watched, room: str, speaker: Speaker | None = None) -> None:
    """Enter a room; with somebody who talks in it, wait until they are heard."""
    terminal.type(b"/")
    terminal.watch(0.3)  # in poezio's list of contacts it opens the line that the rest goes to
    terminal.type(f"join {room}".encode())
    terminal.watch(0.5)  # a line and its end at once are a paste to some
    terminal.type(b"\r")
    deadline = time.monotonic() + _PATIENCE
    while speaker is not None and time.monotonic() < deadline:
        terminal.output = b""
        speaker.flood(1, "ARRIVED")
        terminal.watch(1)
        if b"ARRIVED" in terminal.output:
            return
    assert speaker is None, f"the room was not entered; it shows {terminal.output[-2000:]!r}"


def _flood(terminal: Watched, speaker: Speaker, count: int, figures: Figures) -> None:
    begun = time.monotonic()
    speaker.flood(count, "FLOODISOVER")
    pause = terminal.longest_pause(lambda: b"FLOODISOVER" in terminal.output, within=_PATIENCE)
    taken = time.monotonic() - begun
    terminal.until_holds(lambda: speaker.heard_at)
    sent = speaker.heard_at - begun
    figures[f"{count:,} messages at once"] = f"{count / taken:,.0f}/s (server {count / sent:,.0f})"
    figures["longest pause in them"] = f"{pause * 1000:.0f} ms"


def _times(times: Sequence[float]) -> str:
    ordered = sorted(times)
    middle, late = statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
    return f"{middle * 1000:.1f} (p99 {late * 1000:.1f}) ms"
