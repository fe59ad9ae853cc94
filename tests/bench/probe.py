"""The program as it is, with a clock on its loop that says when its first session began and how long the loop stood.

    python -m tests.bench.probe RESULT.json [ARGUMENTS OF tui-xmpp]

Writes, and goes on writing, `opened` (seconds of the system's monotonic clock), `busy` (seconds that a processor had
been at work by then) and `stall` (longest since, in seconds).
"""

import asyncio
import json
import sys
import time
from pathlib import Path

import tui_xmpp.__main__ as program
from tui_xmpp.core.connector import Connector
from tui_xmpp.model.stanzas import StreamOpened

_TICK = 0.005
_EVERY = 0.25


async def _watch(result: Path) -> None:
    opened, busy, longest = time.monotonic(), time.process_time(), 0.0
    last = written = opened
    _write(result, opened, busy, longest)
    while True:
        await asyncio.sleep(_TICK)
        now = time.monotonic()
        longest = max(longest, now - last - _TICK)
        last = now
        if now - written > _EVERY:
            _write(result, opened, busy, longest)
            written = last = time.monotonic()


def _write(result: Path, opened: float, busy: float, stall: float) -> None:
    draft = result.with_suffix(".new")
    draft.write_text(json.dumps({"opened": opened, "busy": busy, "stall": stall}))
    draft.rename(result)


def _probed(result: Path) -> None:
    begin = Connector.__init__
    watching: list[asyncio.Future[None]] = []

    def made(self: Connector, *arguments: object) -> None:
        begin(self, *arguments)  # type: ignore[arg-type]  # whatever it takes is passed on
        opened = self._opened

        def told(signal: StreamOpened) -> None:
            if not watching:
                watching.append(asyncio.ensure_future(_watch(result)))
            opened(signal)

        self._opened = told

    Connector.__init__ = made  # type: ignore[method-assign]  # this process is for measuring alone


if __name__ == "__main__":
    _probed(Path(sys.argv[1]))
    sys.exit(program.main(sys.argv[2:]))
