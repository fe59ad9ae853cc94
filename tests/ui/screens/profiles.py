"""Engines over filled stores, offline: what a person finds before there is a line."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.engines import Client, MemoryKeeper
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.message import Direction
from tui_xmpp.model.stanzas import RosterItem
from tui_xmpp.storage.store import Store
from tui_xmpp.storage.values import NewMessage
from tui_xmpp.storage.writes import Writes

HOME = Address.parse("alice@home.example")
WORK = Address.parse("alice@work.example")
MINUTE = 60_000_000
"""µs."""
START = 1_700_000_000_000_000
"""µs since the epoch at which these stores' histories begin."""


@asynccontextmanager
async def offline(
    directory: Path, *accounts: Address, fill: Callable[[Writes], object] | None = None
) -> AsyncIterator[Client]:
    """An engine that is not started, on a store filled by `fill`."""
    path = directory / "chat.db"
    store = Store.open(path)

    def furnish(writes: Writes) -> None:
        for account in accounts:
            writes.ensure_account(account)
        if fill is not None:
            fill(writes)

    await store.write(furnish)
    await store.close()
    client = Client([AccountSettings(account) for account in accounts], path, MemoryKeeper())
    try:
        yield client
    finally:
        await client.close()


def contact(writes: Writes, address: str, name: str = "", *groups: str, account: Address = HOME) -> None:
    """Put somebody into the contact list."""
    writes.upsert_contact(account, RosterItem(Address.parse(address), name=name, groups=groups))


def chat(
    writes: Writes,
    peer: str,
    minute: int,
    *,
    kind: ChatKind = ChatKind.CONTACT,
    unread: int = 0,
    mention: bool = False,
    account: Address = HOME,
) -> ChatKey:
    """Open a chat with some messages, the last `unread` of them not read."""
    key = ChatKey(account, Address.parse(peer))
    writes.ensure_chat(key, kind, open=True, now=START + minute * MINUTE)
    for number in range(unread + 1):
        if number == 1:
            writes.mark_read(key)
        sender = key.peer.with_resource("Juno") if kind is ChatKind.ROOM else key.peer
        writes.add_message(
            NewMessage(
                key,
                kind,
                Direction.IN,
                sender,
                f"message {number}",
                START + minute * MINUTE + number,
                mentions_us=mention and number == unread,
                stanza_id=f"{peer}-{number}",
            )
        )
    if not unread:
        writes.mark_read(key)
    return key
