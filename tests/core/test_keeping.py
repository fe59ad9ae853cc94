"""For how long messages are kept, and that what is gone does not come back from a real archive."""

import asyncio
import time
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from tests.engines import Client, MemoryKeeper, make_client, make_engine
from tests.server.prosody import Prosody, fresh_name
from tui_xmpp.core import keeping
from tui_xmpp.core.clock import now
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.commands import CloseChat, CorrectMessage, DeleteHistory, LoadOlder, SetRetention
from tui_xmpp.model.events import HistoryExtended
from tui_xmpp.model.history import Top
from tui_xmpp.model.message import Direction
from tui_xmpp.model.search import parse
from tui_xmpp.storage.values import NewMessage
from tui_xmpp.storage.writes import Writes

pytestmark = pytest.mark.timeout(90)

DAY = keeping.DAY
OWN = Address.parse("alice@chat.test")
BOB = Address.parse("bob@chat.test")
EVE = Address.parse("eve@chat.test")


def said(peer: Address, body: str, days_ago: int) -> NewMessage:
    """What somebody wrote so many days ago."""
    return NewMessage(
        ChatKey(OWN, peer), ChatKind.CONTACT, Direction.IN, peer, body, now() - days_ago * DAY, stanza_id=body
    )


async def made(directory: Path, *messages: NewMessage, keep_days: int = 0) -> Client:
    """A client without a line that has read some messages."""
    client = Client([AccountSettings(OWN)], directory / "alice.db", MemoryKeeper())
    client.engine._keeping.default = keep_days
    for message in messages:
        await client.store.write(lambda writes, message=message: writes.add_message(message))  # type: ignore[misc]  # of a default
    for key in {message.key for message in messages}:
        await client.store.write(lambda writes, key=key: writes.mark_read(key))  # type: ignore[misc]  # of a default
    return client


def has_newest(client: Client, peer: Address, body: str) -> bool:
    return client.bodies(peer)[-1:] == [body]


def is_idle(client: Client) -> bool:
    return not client.engine._is_busy()


def forget_spans(account: Address, writes: Writes) -> None:
    writes.forget_spans(account, account)


async def test_what_is_older_than_the_settings_say_goes_soon_after_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "FIRST_RUN", 0)
    old = [said(BOB, f"old {number}", 60) for number in range(25)]
    client = await made(tmp_path, *old, said(BOB, "new", 2), keep_days=30)
    await client.engine.start()
    await client.until(lambda: client.bodies(BOB) == ["new"])
    await client.until(lambda: HistoryExtended(client.key(BOB), 0) in client.told(HistoryExtended))
    assert client.engine.top(client.key(BOB)) is Top.NOT_KEPT
    assert client.engine.search(parse("old", today=date(2026, 1, 1)), 9).hits == ()
    await client.close()


async def test_it_goes_on_while_the_program_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "FIRST_RUN", 0)
    monkeypatch.setattr(keeping, "PAUSE", 0.01)
    client = await made(tmp_path, said(BOB, "one", 5), said(BOB, "two", 2), keep_days=30)
    await client.engine.start()
    client.engine._keeping.default = 4
    await client.until(lambda: client.bodies(BOB) == ["two"])
    await client.close()


async def test_a_chat_may_have_a_time_of_its_own(tmp_path: Path) -> None:
    client = await made(tmp_path, said(BOB, "b", 60), said(EVE, "e", 60), said(EVE, "new", 1), keep_days=30)
    await client.do(SetRetention(client.key(BOB), 0))
    await client.engine._keeping.run()
    assert (client.bodies(BOB), client.bodies(EVE)) == (["b"], ["new"])
    assert (client.engine.retention(client.key(BOB)), client.engine.retention(client.key(EVE))) == (0, None)
    await client.do(SetRetention(client.key(BOB), 7))
    assert client.bodies(BOB) == []
    assert client.engine.retention(client.key(BOB)) == 7
    await client.close()


@pytest.mark.parametrize("days", [-1, 36_501])
async def test_an_absurd_time_is_refused(tmp_path: Path, days: int) -> None:
    client = await made(tmp_path, said(BOB, "b", 60))
    with pytest.raises(RequestFailed, match="for ever"):
        await client.do(SetRetention(client.key(BOB), days))
    assert client.bodies(BOB) == ["b"]
    await client.close()


async def test_others_can_write_while_a_long_history_is_deleted(tmp_path: Path) -> None:
    client = await made(tmp_path, *(said(BOB, f"{number}", 1) for number in range(400)))
    waits: list[float] = []

    async def write() -> None:
        while client.bodies(BOB, 1):
            begun = time.monotonic()
            await client.store.write(lambda writes: writes.set_draft(client.key(EVE), "x"))
            waits.append(time.monotonic() - begun)

    await asyncio.gather(client.do(DeleteHistory(client.key(BOB))), write())
    assert client.bodies(BOB) == []
    assert len(waits) > 20, "others were not let in between"
    await client.close()


async def test_a_deleted_history_does_not_come_back_and_what_is_new_does(prosody: Prosody, tmp_path: Path) -> None:
    name = fresh_name()
    prosody.add_user(name)
    async with make_engine(prosody, fresh_name()) as bob:
        alice = make_client(prosody, name, tmp_path)
        await alice.engine.start()
        await alice.online()
        key = alice.key(bob.account)
        for number in range(30):
            await bob.say(alice.account, f"{number}")
            await alice.say(bob.account, f"answer {number}")
        await alice.until(lambda: len(alice.bodies(bob.account)) == 60)
        await bob.until(lambda: len(bob.bodies(alice.account)) == 60)
        await alice.do(DeleteHistory(key))
        assert alice.bodies(bob.account) == []
        assert alice.engine.top(key) is Top.DELETED
        await alice.do(LoadOlder(key))
        await alice.close()
        await bob.say(alice.account, "new")
        # The newest page has all of it, and once more when the archive's ids have to be learned anew.
        for _ in range(2):
            alice = make_client(prosody, name, tmp_path)
            await alice.engine.start()
            await alice.online()
            await bob.say(alice.account, "live")
            await alice.until(partial(has_newest, alice, bob.account, "live"))
            await alice.until(partial(is_idle, alice))
            assert set(alice.bodies(bob.account)) == {"new", "live"}
            assert alice.engine.top(key) is Top.DELETED
            await alice.store.write(partial(forget_spans, alice.account))
            await alice.close()


async def test_a_correction_of_what_was_deleted_says_something_new(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as bob, make_engine(prosody, fresh_name()) as alice:
        await bob.say(alice.account, "at four")
        await alice.until(lambda: alice.bodies(bob.account) == ["at four"])
        await alice.do(DeleteHistory(alice.key(bob.account)))
        await bob.do(CorrectMessage(bob.key(alice.account), bob.history(alice.account)[0].id, "at five"))
        await alice.until(lambda: alice.bodies(bob.account) == ["at five"])


async def test_what_is_not_kept_is_not_fetched_by_scrolling_and_is_when_it_is_wanted_again(
    prosody: Prosody, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = fresh_name()
    async with make_engine(prosody, name) as desk, make_engine(prosody, fresh_name()) as bob:
        for number in range(20):
            await bob.say(desk.account, f"{number}")
        key = desk.key(bob.account)
        await desk.until(lambda: len(desk.bodies(bob.account)) == 20)
        await desk.store.write(lambda writes: writes.mark_read(key))
        # Ten days pass.
        monkeypatch.setattr(keeping, "now", lambda: now() + 10 * DAY)
        await desk.do(SetRetention(key, 7))
        assert desk.bodies(bob.account) == []
        await desk.do(LoadOlder(key))
        assert desk.bodies(bob.account) == []
        assert desk.engine.top(key) is Top.NOT_KEPT
        await desk.do(SetRetention(key, 365))
        assert desk.engine.top(key) is Top.MORE
        await desk.do(LoadOlder(key))
        await desk.until(lambda: len(desk.bodies(bob.account)) == 20)
        await desk.until(lambda: desk.engine.top(key) in {Top.BEGINS, Top.MORE})
        assert desk.bodies(bob.account) == [f"{number}" for number in range(20)]


async def test_scrolling_stops_where_older_messages_are_not_kept(
    prosody: Prosody, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = fresh_name()
    async with make_engine(prosody, name) as desk, make_engine(prosody, fresh_name()) as bob:
        for number in range(30):
            await bob.say(desk.account, f"{number}")
        await desk.until(lambda: len(desk.bodies(bob.account)) == 30)
        # The archive's stamps are whole seconds.
        boundary = (now() // 1_000_000 + 1) * 1_000_000
        await desk.until(lambda: now() >= boundary)
        for number in range(30, 200):
            await bob.say(desk.account, f"{number}")
        await desk.until(lambda: len(desk.bodies(bob.account)) == 200, timeout=30)
        async with make_engine(prosody, name, store="phone") as phone:
            key = phone.key(bob.account)
            await phone.until(lambda: len(phone.bodies(bob.account)) == 150)
            monkeypatch.setattr(keeping.Keeping, "oldest", lambda _self, _key: boundary)
            await phone.do(LoadOlder(key))
            await phone.until(lambda: phone.engine.top(key) is Top.NOT_KEPT)
            assert phone.bodies(bob.account) == [f"{number}" for number in range(30, 200)]


async def test_a_closed_chat_stays_closed_when_the_archive_is_read_again(prosody: Prosody, tmp_path: Path) -> None:
    name = fresh_name()
    prosody.add_user(name)
    async with make_engine(prosody, fresh_name()) as bob:
        for _ in range(2):
            alice = make_client(prosody, name, tmp_path)
            await alice.engine.start()
            await alice.online()
            if not alice.bodies(bob.account):
                await bob.say(alice.account, "hello")
                await alice.until(alice.engine.chats)
                await alice.do(CloseChat(alice.key(bob.account)))
            await alice.until(partial(is_idle, alice))
            assert alice.engine.chats() == ()
            await alice.close()
