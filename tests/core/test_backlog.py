"""After a time away there is one summary of what was said, over all chats and rooms."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.engines import Client, MemoryKeeper, make_client, make_engine
from tests.server.prosody import Prosody, fresh_name
from tui_xmpp.core import backlog
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.commands import MarkRead
from tui_xmpp.model.events import CaughtUp, MessageAdded
from tui_xmpp.model.message import Direction
from tui_xmpp.storage.values import NewMessage

pytestmark = pytest.mark.timeout(90)

OWN, BOB = Address.parse("alice@chat.test"), Address.parse("bob@chat.test")


async def begun(server: Prosody, name: str, directory: Path) -> Client:
    client = make_client(server, name, directory)
    await client.engine.start()
    await client.online()
    return client


async def test_one_summary_tells_what_was_missed_and_nothing_of_it_is_live(prosody: Prosody, tmp_path: Path) -> None:
    name, room = fresh_name(), prosody.room()
    prosody.add_user(name)
    async with (
        make_engine(prosody, fresh_name()) as bob,
        make_engine(prosody, fresh_name()) as carol,
        make_engine(prosody, name, store="desk") as desk,
    ):
        await bob.join(room, "Bob")
        alice = await begun(prosody, name, tmp_path)
        await alice.join(room, "Alice")
        await bob.say(room, "before")
        await alice.until(lambda: alice.bodies(room) == ["before"])
        await alice.close()
        for number in range(60):
            await bob.say(room, "Alice, are you there?" if number % 20 == 0 else f"{number}")
        for number in range(3):
            await carol.say(alice.account, f"{number}")
            await bob.say(alice.account, f"{number}")
        # Of two chats, one was read on another device meanwhile.
        await desk.until(lambda: len(desk.bodies(bob.account)) == 3)
        await desk.do(MarkRead(desk.key(bob.account)))
        await desk.until(lambda: desk.store.reading.untold(desk.account) == ())
        alice = await begun(prosody, name, tmp_path)
        await alice.until(lambda: alice.told(CaughtUp))
        assert alice.told(CaughtUp) == [CaughtUp(unread=63, chats=2, mentions=3)]
        assert not any(event.live for event in alice.told(MessageAdded))
        assert len(alice.told(MessageAdded)) == 66
        await alice.close()


async def test_the_summary_waits_for_what_is_still_to_come_but_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "PAUSE", 0.01)
    client = Client([AccountSettings(OWN)], tmp_path / "alice.db", MemoryKeeper())
    looks: list[bool] = []

    def is_busy() -> bool:
        looks.append(True)
        return len(looks) < 5

    gathering = backlog.Backlog(client.store, client.engine._hub, is_busy)
    new = NewMessage(ChatKey(OWN, BOB), ChatKind.CONTACT, Direction.IN, BOB, "hello", 1)
    stored = await client.store.write(lambda writes: writes.add_message(new))
    gathering.add(stored.message)
    await client.until(lambda: client.told(CaughtUp) == [CaughtUp(1, 1, 0)])
    assert len(looks) == 5
    monkeypatch.setattr(backlog, "LONGEST", 0)
    looks.clear()
    gathering.add(stored.message)
    await client.until(lambda: len(client.told(CaughtUp)) == 2)
    assert len(looks) == 1
    await client.close()


async def test_what_is_said_now_does_not_count_as_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "PAUSE", 0.01)
    client = Client([AccountSettings(OWN)], tmp_path / "alice.db", MemoryKeeper())
    busy = [True]
    gathering = backlog.Backlog(client.store, client.engine._hub, lambda: busy[0])
    new = NewMessage(ChatKey(OWN, BOB), ChatKind.CONTACT, Direction.IN, BOB, "old", 1, counts_unread=False)
    seen = await client.store.write(lambda writes: writes.add_message(new))
    gathering.add(seen.message)
    await client.store.write(lambda writes: writes.add_message(replace(new, body="now", time=2, counts_unread=True)))
    chat = client.store.chats.get(ChatKey(OWN, BOB))
    assert chat is not None
    assert chat.unread == 1
    busy[0] = False
    await client.until(lambda: gathering._timer is None)
    assert client.told(CaughtUp) == []
    await client.close()


async def test_a_first_visit_and_what_is_said_now_make_no_summary(
    prosody: Prosody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "PAUSE", 0.01)
    name = fresh_name()
    async with make_engine(prosody, name) as desk, make_engine(prosody, fresh_name()) as bob:
        for number in range(5):
            await bob.say(desk.account, f"{number}")
            await desk.say(bob.account, f"{number}")
        await desk.until(lambda: len(desk.bodies(bob.account)) == 10)
        async with make_engine(prosody, name, store="phone") as phone:
            await phone.until(lambda: len(phone.bodies(bob.account)) == 10)
            await bob.say(desk.account, "now")
            await phone.until(lambda: [event.live for event in phone.told(MessageAdded)][-1:] == [True])
            await phone.until(lambda: not phone.engine._is_busy())
            assert phone.told(CaughtUp) == []


async def test_who_reads_while_it_comes_is_told_nothing(prosody: Prosody, tmp_path: Path) -> None:
    name = fresh_name()
    prosody.add_user(name)
    async with make_engine(prosody, fresh_name()) as bob:
        alice = await begun(prosody, name, tmp_path)
        await bob.say(alice.account, "0")
        await alice.until(lambda: len(alice.bodies(bob.account)) == 1)
        await alice.close()
        await bob.say(alice.account, "1")
        alice = await begun(prosody, name, tmp_path)
        await alice.until(lambda: len(alice.bodies(bob.account)) == 2)
        await alice.do(MarkRead(alice.key(bob.account)))
        await alice.until(lambda: alice.engine._backlog._timer is None and not alice.engine._backlog._messages)
        assert alice.told(CaughtUp) == []
        await alice.close()
