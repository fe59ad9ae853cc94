"""The contact list in memory is what the server said last, in whatever moment it said it."""

import asyncio
import threading
from pathlib import Path

import pytest

from tests.core.scripted_archive import BOB, Archive, Reader, ScriptedLine
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
