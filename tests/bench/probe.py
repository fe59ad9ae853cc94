"""The program as it is, with a clock on its loop that says when its first session began and how long the loop stood.

    python -m tests.bench.probe RESULT.json [ARGUMENTS OF tui-xmpp]

Writes, and goes on writing, `opened` (seconds of the system's monotonic clock), `busy` (seconds that a processor had
been at work by then), `stall` (longest since, in seconds) and `computed` (longest for which the loop computed: on a
machine that others keep busy only that is ours).
"""

import asyncio
import json
import sys
import time
from pathlib import Path

import tui_xmpp.__main__ as program
from tui_xmpp.core.connector import Connector
from tui_xmpp.model.account import AccountStatus

_TICK = 0.01
_EVERY = 1.0


async def _watch(result: Path) -> None:
    found = {"opened": time.monotonic(), "busy": time.process_time(), "stall": 0.0, "computed": 0.0}
    _write(result, found)
    last = written = time.monotonic()
    spent = time.thread_time()
    while True:
        await asyncio.sleep(_TICK)
        now, used = time.monotonic(), time.thread_time()
        found["stall"] = max(found["stall"], now - last - _TICK)
        found["computed"] = max(found["computed"], used - spent)
        last, spent = now, used
        if now - written > _EVERY:
            _write(result, found)
            written = last = time.monotonic()
            spent = time.thread_time()


def _write(result: Path, found: dict[str, float]) -> None:
    draft = result.with_suffix(".new")
    draft.write_text(json.dumps(found))
    draft.rename(result)


def _probed(result: Path) -> None:
    begin = Connector._set
    watching: list[asyncio.Future[None]] = []

    def told(self: Connector, status: AccountStatus, problem: str = "", retry_in: float = 0.0) -> None:
        if status is AccountStatus.ONLINE and not watching:
            watching.append(asyncio.ensure_future(_watch(result)))
        begin(self, status, problem, retry_in)

    Connector._set = told  # type: ignore[method-assign]  # this process is for measuring alone


if __name__ == "__main__":
    _probed(Path(sys.argv[1]))
    sys.exit(program.main(sys.argv[2:]))
