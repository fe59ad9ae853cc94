"""A room in which everybody talks at once."""

from tests.server.prosody import Prosody, fresh_name
from tests.waiting import until
from tests.xmpp.party import Party
from tui_xmpp.model.stanzas import MessageReceived, MessageType


async def test_a_flood_arrives_whole_and_in_order(prosody: Prosody) -> None:
    alice, bob = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    room = prosody.room()
    async with Party.at(prosody, alice) as a, Party.at(prosody, bob) as b:
        await a.connection.join_room(room, "Alice", "", history=0)
        await b.connection.join_room(room, "Bob", "", history=0)
        for number in range(500):
            a.say(room, str(number), MessageType.GROUPCHAT)
        await until(lambda: b.signals and getattr(b.signals[-1], "body", "") == "499", timeout=30, what="the flood")
        bodies = [message.body for message in b.heard(MessageReceived) if message.body is not None]
        assert bodies == [str(number) for number in range(500)]
