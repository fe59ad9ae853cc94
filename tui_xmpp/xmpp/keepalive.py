"""Noticing that a line is dead though nobody has said so: a server that is silent is asked for a sign of life."""

import asyncio
from collections.abc import Callable

from tui_xmpp.errors import ConnectionFailed
from tui_xmpp.xmpp.wire import Wire

QUIET_TIME = 30.0
"""Seconds without a byte after which the server is asked."""
ANSWER_TIME = 20.0
"""Seconds that it then has."""


async def keep_alive(wire: Wire, ask: Callable[[], None]) -> None:
    """Watch a connection until it is dead, and then end it; `ask` sends what must be answered."""
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(wire.heard + QUIET_TIME - loop.time())
        if loop.time() - wire.heard < QUIET_TIME:
            continue
        asked = loop.time()
        ask()
        await asyncio.sleep(ANSWER_TIME)
        if wire.heard < asked:
            wire.abort(ConnectionFailed("The server no longer answers."))
            return
