"""A message that its sender has sent again, not knowing that it had arrived, is there once."""

import pytest

from tests.engines import Client, make_engine
from tests.server.prosody import Prosody, fresh_name
from tui_xmpp.model.address import Address
from tui_xmpp.model.stanzas import MessageType, Outgoing

pytestmark = pytest.mark.timeout(90)

FIRST, SECOND, THIRD = (f"0b74022a-7c39-4cba-82e9-0571ec293f{number}" for number in range(10, 13))


def send(client: Client, recipient: Address, body: str, name: str) -> None:
    """Write a stanza past the outbox, which would not send it twice."""
    kind = MessageType.GROUPCHAT if recipient.domain.startswith("rooms.") else MessageType.CHAT
    line = client.engine._of(client.account).context.line()
    line.send(Outgoing(recipient, kind, name, body=body, origin_id=name))


@pytest.mark.parametrize("in_room", [False, True], ids=["chat", "room"])
async def test_live_and_in_the_archive(prosody: Prosody, in_room: bool) -> None:
    name, room = fresh_name(), prosody.room()
    alice = prosody.add_user(name)
    async with make_engine(prosody, fresh_name()) as bob:
        await bob.join(room, "Bob")
        theirs, mine = (room, room) if in_room else (alice, bob.account)
        for body, origin in (("one", FIRST), ("two", SECOND), ("one", FIRST), ("two", SECOND), ("three", THIRD)):
            send(bob, theirs, body, origin)
        async with make_engine(prosody, name) as client:
            await client.join(room, "Alice")
            await client.until(lambda: client.bodies(mine)[-1:] == ["three"])
            send(bob, theirs, "three", THIRD)
            send(bob, theirs, "two", SECOND)
            await bob.say(theirs, "four")
            await client.until(lambda: client.bodies(mine)[-1:] == ["four"])
            assert client.bodies(mine) == ["one", "two", "three", "four"]


@pytest.mark.parametrize("name", ["1", ""], ids=["a number", "none"])
async def test_an_id_that_anybody_may_give_twice_says_nothing(prosody: Prosody, name: str) -> None:
    async with make_engine(prosody, fresh_name()) as bob, make_engine(prosody, fresh_name()) as alice:
        for _ in range(2):
            send(bob, alice.account, "hello", name)
        await alice.until(lambda: alice.bodies(bob.account) == ["hello", "hello"])


async def test_another_text_under_the_same_id_is_another_message(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as bob, make_engine(prosody, fresh_name()) as alice:
        send(bob, alice.account, "yes", FIRST)
        send(bob, alice.account, "no", FIRST)
        await alice.until(lambda: alice.bodies(bob.account) == ["yes", "no"])
