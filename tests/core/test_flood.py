"""A burst of room messages: stored in order, told in batches, at a cost that leaves room for the screen."""

import time
from collections.abc import Sequence

import pytest

from tests.engines import Client, make_engine
from tests.server.prosody import Prosody, fresh_name
from tui_xmpp.core.session import Session
from tui_xmpp.model.events import ChatChanged, Event, MessageAdded
from tui_xmpp.model.message_parts import StanzaId
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Route

COUNT = 2000
COST = 0.001
"""Seconds of processor time that one message may cost from the parsed stanza to the event; measured: 0.0002."""


def session(client: Client) -> Session:
    return client.engine._of(client.account)


@pytest.mark.timeout(90)
async def test_a_burst_is_stored_in_order_and_told_in_batches(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice:
        room = prosody.room()
        await alice.join(room, "Alice")
        bob = room.with_resource("Bob")
        burst = [
            MessageReceived(
                Route.LIVE,
                bob,
                bob,
                alice.account,
                MessageType.GROUPCHAT,
                id=f"m{number}",
                body=f"number {number}",
                stanza_ids=(StanzaId(room, f"a{number}"),),
            )
            for number in range(COUNT)
        ]
        batches: list[Sequence[Event]] = []
        alice.engine.subscribe(batches.append)
        begun = time.process_time()
        for message in burst:
            session(alice).receive(message)
        await session(alice).committed()
        await alice.until(lambda: len(alice.told(MessageAdded)) == COUNT)
        cost = (time.process_time() - begun) / COUNT
        assert alice.bodies(room, COUNT) == [f"number {number}" for number in range(COUNT)]
        added = [event.message.body for event in alice.told(MessageAdded)]
        assert added == [f"number {number}" for number in range(COUNT)]
        assert len(batches) < COUNT / 10
        for batch in batches:
            assert sum(isinstance(event, ChatChanged) for event in batch) <= 1
        chat = alice.engine.chat(alice.key(room))
        assert chat is not None
        assert chat.unread == COUNT
        assert cost < COST
