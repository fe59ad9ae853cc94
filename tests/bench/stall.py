"""The program as it is, with a clock on its loop: how long is it held up while the network libraries load?

    python -m tests.bench.stall RESULT.json

Writes `stall` (longest, seconds), `loading` (seconds) and `early` (network libraries that were there before).
"""

import asyncio
import json
import sys
import time
from pathlib import Path

import tui_xmpp.__main__ as program
from tui_xmpp.core.ports import Network

_TICK = 0.002
_AFTERWARDS = 0.3
_NETWORK = ("slixmpp", "aiodns", "cryptography", "keyring", "omemo")

_load_network = program._load_network


async def _measured() -> Network:
    early = [name for name in _NETWORK if name in sys.modules]
    stalls: list[float] = []
    ticker = asyncio.ensure_future(_tick(stalls))
    begun = time.perf_counter()
    network = await _load_network()
    loading = time.perf_counter() - begun
    asyncio.get_running_loop().call_later(_AFTERWARDS, _finish, ticker, stalls, loading, early)
    return network


async def _tick(stalls: list[float]) -> None:
    last = time.perf_counter()
    while True:
        await asyncio.sleep(_TICK)
        now = time.perf_counter()
        stalls.append(now - last - _TICK)
        last = now


def _finish(ticker: asyncio.Future[None], stalls: list[float], loading: float, early: list[str]) -> None:
    ticker.cancel()
    result = Path(sys.argv[1])
    draft = result.with_suffix(".new")
    draft.write_text(json.dumps({"stall": max(stalls), "loading": loading, "early": early}))
    draft.rename(result)


if __name__ == "__main__":
    program._load_network = _measured
    sys.exit(program.main([]))
