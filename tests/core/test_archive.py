"""The archive: the newest page first, gaps closed, older pages when somebody scrolls there."""

from pathlib import Path

import pytest

from tests.core.signals import session
from tests.core.test_rooms import lua_room
from tests.engines import make_client, make_engine
from tests.server.prosody import Prosody, fresh_name
from tui_xmpp.core import catch_up
from tui_xmpp.errors import RoomRefused
from tui_xmpp.model.commands import Connect, Disconnect, LoadOlder, MarkRead
from tui_xmpp.model.events import HistoryExtended, MessageAdded
from tui_xmpp.model.history import Top
from tui_xmpp.model.message import Delivery, Direction

pytestmark = pytest.mark.timeout(120)


def numbers(*among: int) -> list[str]:
    return [f"{number}" for number in range(*among)]


async def test_a_new_client_has_the_newest_messages_and_fetches_older_ones_when_asked(prosody: Prosody) -> None:
    name = fresh_name()
    async with make_engine(prosody, name) as desk, make_engine(prosody, fresh_name()) as bob:
        whole = numbers(200)
        for number in whole[:100]:
            await bob.say(desk.account, number)
        await desk.until(lambda: len(desk.bodies(bob.account)) == 100, timeout=30)
        for number in whole[100:]:
            await desk.say(bob.account, number)
        await desk.until(lambda: all(m.delivery is Delivery.SENT for m in desk.history(bob.account)), timeout=30)
        assert desk.bodies(bob.account) == whole
        async with make_engine(prosody, name, store="phone") as phone:
            await phone.until(lambda: len(phone.bodies(bob.account)) == 150)
            assert phone.bodies(bob.account) == whole[50:]
            key = phone.key(bob.account)
            assert not phone.engine.archive_begins_here(key)
            assert not any(event.live for event in phone.told(MessageAdded))
            assert phone.engine.chats()[0].unread == 0
            await phone.until(lambda: len(phone.told(MessageAdded)) == 150)
            await phone.do(LoadOlder(key))
            await phone.until(lambda: phone.bodies(bob.account) == whole)
            await phone.until(lambda: phone.told(HistoryExtended)[-1] == HistoryExtended(key, 50))
            await phone.do(LoadOlder(key))
            assert phone.engine.archive_begins_here(key)
            await phone.until(lambda: phone.told(HistoryExtended)[-1] == HistoryExtended(key, 0))
            assert len(phone.told(MessageAdded)) == 150
            directions = {message.direction for message in phone.history(bob.account)}
            assert directions == {Direction.IN, Direction.OUT}


async def test_what_was_said_in_between_is_filled_in_in_its_place(prosody: Prosody) -> None:
    name = fresh_name()
    async with (
        make_engine(prosody, name) as desk,
        make_engine(prosody, name, store="phone") as phone,
        make_engine(prosody, fresh_name()) as bob,
    ):
        for number in numbers(5):
            await bob.say(desk.account, number)
        await phone.until(lambda: phone.bodies(bob.account) == numbers(5))
        await phone.do(MarkRead(phone.key(bob.account)))
        await phone.do(Disconnect(phone.account))
        for number in numbers(5, 130):
            await bob.say(desk.account, number)
        await desk.until(lambda: len(desk.bodies(bob.account)) == 130, timeout=30)
        await phone.do(Connect(phone.account))
        await phone.online()
        await bob.say(desk.account, "130")
        await phone.until(lambda: len(phone.bodies(bob.account)) == 131)
        assert phone.bodies(bob.account) == numbers(131)
        assert phone.engine.chats()[0].unread == 126
        first = phone.engine.first_unread(phone.key(bob.account))
        assert first == phone.history(bob.account)[5].id


async def test_an_interrupted_catching_up_goes_on_at_the_next_start(
    prosody: Prosody, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = fresh_name()
    async with make_engine(prosody, name) as desk, make_engine(prosody, fresh_name()) as bob:
        await bob.say(desk.account, "0")
        phone = make_client(prosody, name, tmp_path)
        await phone.engine.start()
        await phone.until(lambda: phone.bodies(bob.account) == ["0"])
        await phone.close()
        for number in numbers(1, 180):
            await bob.say(desk.account, number)
        await desk.until(lambda: len(desk.bodies(bob.account)) == 180, timeout=30)
        # One page is fetched, then the program ends.
        monkeypatch.setattr(catch_up, "DEEPEST", 1)
        phone = make_client(prosody, name, tmp_path)
        await phone.engine.start()
        await phone.until(lambda: len(phone.bodies(bob.account)) >= 51)
        await phone.close()
        monkeypatch.undo()
        phone = make_client(prosody, name, tmp_path)
        await phone.engine.start()
        await phone.until(lambda: len(phone.bodies(bob.account)) == 180)
        assert phone.bodies(bob.account) == numbers(180)
        await phone.close()


async def test_a_room_is_caught_up_with_what_was_said_while_we_were_out(prosody: Prosody, tmp_path: Path) -> None:
    name, room = fresh_name(), prosody.room()
    prosody.add_user(name)
    async with make_engine(prosody, fresh_name()) as bob:
        await bob.join(room, "Bob")
        alice = make_client(prosody, name, tmp_path)
        await alice.engine.start()
        await alice.online()
        await alice.join(room, "Alice")
        await alice.say(room, "0")
        await bob.until(lambda: bob.bodies(room) == ["0"])
        await alice.until(lambda: alice.history(room)[0].delivery is Delivery.SENT)
        await alice.close()
        for number in numbers(1, 120):
            await bob.say(room, number)
        await bob.until(lambda: all(m.delivery is Delivery.SENT for m in bob.history(room)), timeout=30)
        alice = make_client(prosody, name, tmp_path)
        await alice.engine.start()
        await alice.until(lambda: len(alice.bodies(room)) == 120)
        assert alice.bodies(room) == numbers(120)
        assert [m.direction for m in alice.history(room)[:2]] == [Direction.OUT, Direction.IN]
        chat = alice.engine.chat(alice.key(room))
        assert chat is not None
        assert chat.unread == 119
        await alice.close()


@pytest.mark.parametrize(("archiving", "top"), [("true", Top.BEGINS), ("false", Top.NO_ARCHIVE)])
async def test_a_room_that_we_are_not_in_is_asked_whether_it_has_an_archive(
    prosody: Prosody, archiving: str, top: Top
) -> None:
    room = prosody.room()
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as bob:
        await bob.join(room, "Alice")
        prosody.shell(f'> rawset({lua_room(prosody, room)}._data, "archiving", {archiving})')
        with pytest.raises(RoomRefused):
            await alice.join(room, "Alice")
        key = alice.key(room)
        session(alice).rooms.model(room).informed = False
        assert alice.engine.top(key) is Top.MORE
        await alice.do(LoadOlder(key))
        assert alice.engine.top(key) is top
        await alice.until(lambda: HistoryExtended(key, 0) in alice.told(HistoryExtended))
