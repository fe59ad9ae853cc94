"""A room in which everybody talks at once."""

import time
from xml.etree.ElementTree import fromstring

from tests.server.prosody import Prosody, fresh_name
from tests.waiting import until
from tests.xmpp.party import Party
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.stanzas import MessageReceived, MessageType

MESSAGE = (
    "<message xmlns='jabber:client' from='kitchen@rooms.chat.test/User{who}' to='alice@chat.test/desk' "
    "type='groupchat' id='m{number}'><body>Hello, this is number {number}.\nAnd more.</body>"
    "<origin-id xmlns='urn:xmpp:sid:0' id='m{number}'/>"
    "<stanza-id xmlns='urn:xmpp:sid:0' by='kitchen@rooms.chat.test' id='s{number}'/>"
    "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='o{who}'/><markable xmlns='urn:xmpp:chat-markers:0'/></message>"
)
BUDGET = 150e-6
"""Seconds of processor time for each message, from the parsed XML to the core."""


async def test_each_of_5000_messages_costs_little() -> None:
    party = Party(AccountSettings(Address.parse("alice@chat.test")))
    stanzas = [fromstring(MESSAGE.format(who=number % 200, number=number)) for number in range(5000)]
    start = time.process_time()
    for stanza in stanzas:
        party.connection._client.deliver(stanza)
    cost = (time.process_time() - start) / len(stanzas)
    assert len(party.signals) == 5000
    assert cost < BUDGET, f"{cost * 1e6:.0f} µs"


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
