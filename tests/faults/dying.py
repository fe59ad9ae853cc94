"""A client process that kills itself (-9) at a chosen point of what it writes, and says what that point was about.

usage: python -m tests.faults.dying POINT SETUP, with a `Point` and what `tests.faults.client` takes.
"""

import asyncio
import json
import os
import re
import signal as signals
import sys
from enum import StrEnum

from tests.faults.client import Setup, hurry, run
from tui_xmpp.core.session import Session
from tui_xmpp.model.stanzas import MessageReceived, Signal
from tui_xmpp.xmpp.acks import Acks
from tui_xmpp.xmpp.wire import Wire


class Point(StrEnum):
    """When the process dies."""

    ACKNOWLEDGED = "acknowledged"
    """An acknowledgement that covers a message has just been written."""
    UNWRITTEN = "unwritten"
    """A message is about to be written."""
    WRITTEN = "written"
    """A message has just been written."""


_ACK = re.compile(r"<a xmlns='urn:xmpp:sm:3' h='([0-9]+)'")
_BODY = re.compile(r"<message.*<body>([^<]*)</body>", re.DOTALL)


class Death:
    """Watches what is read and written, and dies at the point."""

    def __init__(self, point: Point) -> None:
        self._point = point
        self._heard: list[str] = []
        self._covered: dict[int, int] = {}
        """How many texts had been heard when the server asked at this count."""
        self._receive, self._requested, self._write = Session.receive, Acks.requested, Wire.write

    def lie_in_wait(self) -> None:
        """Stand between the parts; all else is as it is."""
        death = self

        def receive(self: Session, signal: Signal) -> None:
            if isinstance(signal, MessageReceived) and signal.body:
                death._heard.append(signal.body)
            death._receive(self, signal)

        def requested(self: Acks) -> None:
            death._covered[self._received] = len(death._heard)
            death._requested(self)

        def write(self: Wire, text: str) -> None:
            point, about = death._at(text)
            if point is death._point is Point.UNWRITTEN:
                _die(about)
            death._write(self, text)
            if point is death._point or (point is Point.UNWRITTEN and death._point is Point.WRITTEN):
                _die(about)

        Session.receive = receive  # type: ignore[method-assign]  # this process is for dying alone
        Acks.requested = requested  # type: ignore[method-assign]  # as above
        Wire.write = write  # type: ignore[method-assign]  # as above

    def _at(self, text: str) -> tuple[Point | None, list[str]]:
        """Which point a text is at, and the messages that it is about."""
        ack = _ACK.match(text)
        if ack is not None:
            covered = self._heard[: self._covered.get(int(ack[1]), 0)]
            return (Point.ACKNOWLEDGED, covered) if covered else (None, [])
        body = _BODY.match(text)
        return (None, []) if body is None else (Point.UNWRITTEN, [body[1]])


def _die(about: list[str]) -> None:
    os.write(1, json.dumps(about).encode())
    os.kill(os.getpid(), signals.SIGKILL)


def main() -> None:
    """Run until death comes."""
    hurry()
    Death(Point(sys.argv[1])).lie_in_wait()
    asyncio.run(run(Setup(**json.loads(sys.argv[2]))))


if __name__ == "__main__":
    main()
