"""One person's client as a process that can be killed: the engine without a screen, told what to do over a pipe.

usage: python -m tests.faults.client SETUP, where SETUP is a `Setup` as JSON. Each line of the standard input is a
`Wish` as JSON; the end of the input is a polite end. A wish that cannot be fulfilled ends the process with a trace.
"""

import asyncio
import json
import logging
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.engines import Client, MemoryKeeper
from tui_xmpp.core import backoff
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.omemo import EncryptionWish
from tui_xmpp.model.sending import SendFile
from tui_xmpp.xmpp import client as stream
from tui_xmpp.xmpp import keepalive

LINE_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Setup:
    """Who the person is, and where their things are."""

    address: str
    host: str
    port: int
    ca_file: str
    store: str
    log: str
    skew: float = 0
    """Seconds that the person's clock is fast."""
    encryption: str = "never"
    """When messages are encrypted."""

    def text(self) -> str:
        """As the process takes it."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class Wish:
    """A room to enter, or (with a body) a message to send, or (with a path) a file."""

    peer: str
    body: str = ""
    path: str = ""

    def line(self) -> bytes:
        """As the process takes it."""
        return json.dumps(asdict(self)).encode() + b"\n"


def hurry() -> None:
    """Notice within seconds what is left a minute in life; nothing else is different here."""
    keepalive.QUIET_TIME, keepalive.ANSWER_TIME = 1.0, 1.0
    stream.ATTEMPT_TIMEOUT = 4.0
    backoff.FIRST, backoff.LONGEST = 0.2, 0.8


def set_clock(skew: float) -> None:
    """Be wrong about the time of day, as computers are."""
    right = time.time_ns
    time.time_ns = lambda: right() + int(skew * 1e9)


async def run(setup: Setup) -> None:
    """Be online, and fulfil wishes until there are no more."""
    account = Address.parse(setup.address)
    settings = AccountSettings(
        address=account,
        host=setup.host,
        port=setup.port,
        ca_file=Path(setup.ca_file),
        encryption=EncryptionWish(setup.encryption),
    )
    client = Client([settings], Path(setup.store), MemoryKeeper({account: "secret"}))
    await client.engine.start()
    try:
        loop = asyncio.get_running_loop()
        wishes = asyncio.StreamReader(LINE_LIMIT, loop)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(wishes, loop=loop), sys.stdin)
        while line := await wishes.readline():
            wish = Wish(**json.loads(line))
            peer = Address.parse(wish.peer)
            if wish.body:
                await client.say(peer, wish.body)
            elif wish.path:
                encrypted = settings.encryption is not EncryptionWish.NEVER
                await client.do(SendFile(client.key(peer), wish.path, encrypted))
            else:
                await client.join(peer)
                print("in", peer, flush=True)
    finally:
        await client.close()


def main() -> None:
    """Read the set-up and run."""
    setup = Setup(**json.loads(sys.argv[1]))
    logging.basicConfig(filename=setup.log, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("tui_xmpp").setLevel(logging.DEBUG)
    logging.getLogger("slixmpp").setLevel(logging.WARNING)
    hurry()
    set_clock(setup.skew)
    asyncio.run(run(setup))


if __name__ == "__main__":
    main()
