"""The contact list in memory is what the server said last, in whatever moment it said it."""

import asyncio
import threading
from functools import partial
from pathlib import Path

import pytest

from tests.core.scripted_archive import BOB, Archive, Reader, ScriptedLine
from tests.engines import Client, make_engine
from tests.server.prosody import Prosody, fresh_name
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import AddContact
from tui_xmpp.model.contact import Subscription
from tui_xmpp.model.stanzas import RosterItem, RosterPushed
from tui_xmpp.storage.writes import Writes


async def test_what_is_pushed_while_the_list_is_being_stored_is_not_undone_by_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, disk = Reader(Archive(), tmp_path / "alice.db"), threading.Event()
    loop = asyncio.get_running_loop()

    def wait(_writes: Writes) -> None:
        disk.wait(10)

    def push(line: ScriptedLine) -> None:
        line.receiver.receive(RosterPushed(RosterItem(BOB, subscription=Subscription.BOTH)))
        # Stored at the end of this turn of the loop, together with the list.
        loop.call_soon(loop.call_soon, disk.set)

    async def roster(line: ScriptedLine) -> tuple[RosterItem, ...]:
        reader.client.store.write_soon(wait)
        loop.call_soon(push, line)
        return (RosterItem(BOB, subscription=Subscription.NONE),)

    monkeypatch.setattr(ScriptedLine, "roster", roster)
    try:
        await reader.start()
        await reader.idle()
        contact = reader.client.engine.contact(reader.client.account, BOB)
        assert contact is not None
        assert contact.subscription is Subscription.BOTH
        assert reader.client.store.contacts.all(reader.client.account) == (contact,)
    finally:
        await reader.close()


async def test_who_asks_and_is_asked_by_us_after_that_needs_no_further_answer(prosody: Prosody) -> None:
    """So it is as well where both ask at once, and each hears of the other before the own server has noted it."""
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as bob:
        await bob.do(AddContact(bob.account, alice.account))
        await alice.until(lambda: [request.sender for request in alice.engine.requests()] == [bob.account])
        await alice.do(AddContact(alice.account, bob.account))
        for client, other in ((alice, bob), (bob, alice)):
            await client.until(partial(sees_and_is_seen, client, other.account))
            await client.until(partial(nobody_asks, client))


def sees_and_is_seen(client: Client, person: Address) -> bool:
    contact = client.engine.contact(client.account, person)
    return contact is not None and contact.subscription is Subscription.BOTH


def nobody_asks(client: Client) -> bool:
    return not client.engine.requests()
