"""What a server sends back as undelivered though it has been delivered.

Prosody answers for a session that is given up what that session has not acknowledged: with an error to the sender, if
another session of the account is there and this one has not asked the archive for anything. Both hold in the moment
after a device has come online, and the message is in the archive and on the other device all the same.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.engines import Client, make_engine
from tests.server.cutter import Cutter
from tests.server.fixtures import ProsodyFactory
from tests.server.prosody import Prosody
from tests.xmpp.party import Party
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import RetryMessage
from tui_xmpp.model.message import Delivery, Message
from tui_xmpp.model.stanzas import MessageReceived

HELD = 1
"""Seconds for which the server holds a lost stream."""

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def prosody(prosody_factory: ProsodyFactory) -> Prosody:
    return prosody_factory(settings=f"smacks_hibernation_time = {HELD}")


@asynccontextmanager
async def phone_and_bob(prosody: Prosody) -> AsyncIterator[tuple[Client, Client]]:
    """Alice's other device, and who writes to her."""
    async with make_engine(prosody, "alice", store="phone") as phone, make_engine(prosody, "bob") as bob:
        yield phone, bob


def newest(client: Client, peer: Address) -> Message:
    return client.history(peer)[-1]


async def test_a_message_that_came_back_can_be_sent_again_and_comes_once(prosody: Prosody) -> None:
    async with phone_and_bob(prosody) as (phone, bob), Cutter(prosody.port) as cutter:
        # Below the engine nobody asks the archive for anything.
        async with Party(prosody.settings("alice", port=cutter.port)) as desk:
            await bob.say(phone.account, "one")
            await desk.hears(MessageReceived)
            cutter.freeze()
            await bob.say(phone.account, "two")
            await phone.until(lambda: phone.bodies(bob.account) == ["one", "two"])
            cutter.refuse()
            cutter.cut()
            await bob.until(lambda: newest(bob, phone.account).delivery is Delivery.FAILED)
        assert newest(bob, phone.account).error == "The recipient is not available now."
        await bob.do(RetryMessage(bob.key(phone.account), newest(bob, phone.account).id))
        await bob.until(lambda: newest(bob, phone.account).delivery is Delivery.SENT)
        await bob.say(phone.account, "three")
        await phone.until(lambda: "three" in phone.bodies(bob.account))
        assert phone.bodies(bob.account) == ["one", "two", "three"]
