"""A guest of the demonstration: a plain client on the account that the program would use."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.server.plain_client import PlainClient, signed_in
from tui_xmpp.demo import Demonstration
from tui_xmpp.model.account import AccountSettings

QUICK = 0.02
"""A pace for tests: fifty times faster than for people."""


@asynccontextmanager
async def visiting(account: AccountSettings, password: str, *plugins: str) -> AsyncIterator[PlainClient]:
    """The guest, online."""
    assert account.ca_file is not None
    async with signed_in(
        str(account.address),
        password=password,
        port=account.port,
        ca_file=account.ca_file,
        plugins=plugins,
        direct=True,
    ) as client:
        yield client


@asynccontextmanager
async def performance(*plugins: str, pace: float = QUICK) -> AsyncIterator[PlainClient]:
    """The whole demonstration with the guest in it."""
    demonstration = Demonstration(pace=pace)
    try:
        account, password = demonstration.start()
        async with visiting(account, password, *plugins) as client:
            await demonstration.raise_curtain()
            yield client
        await demonstration.close()
    finally:
        demonstration.cleanup()
