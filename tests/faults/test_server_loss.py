"""What a server alone can lose, proved by what the server itself has kept.

Prosody writes a message into the sender's archive, then into the recipient's, then passes it on, and acknowledges it
last. Killed between the two archives, it has the message for the sender and never for the recipient. The sender had no
acknowledgement, asks its archive after the restart, and finds there what it sent: no client can tell this from a
message whose acknowledgement was lost with the line, which is everyday, and sending it again would double that one for
everybody who does not compare ids. So what a client owes people is to call it sent and never delivered.
"""

from pathlib import Path

import pytest

from tests.core.test_omemo import ready
from tests.engines import Client, befriend, make_engine
from tests.faults.test_faults import PROSODY
from tests.server.fixtures import ProsodyFactory
from tests.server.prosody import Prosody, fresh_name
from tui_xmpp.model.account import AccountStatus
from tui_xmpp.model.address import Address
from tui_xmpp.model.message import Delivery, Encryption, Message
from tui_xmpp.model.omemo import EncryptionWish

BEFORE = "pre-message/bare", 1000.0
"""Event and priority of a handler that runs when a message was read, and nothing was done with it."""
BETWEEN = "pre-message/bare", -1000.0
"""When the sender's archive has it, and nobody else has heard of it."""
AFTER = "message/bare", -0.5
"""When both archives have it, and it was not passed on."""


def die_at_next_message(prosody: Prosody, event: str, priority: float) -> None:
    """Kill -9 of the server, by itself, as soon as somebody says something."""
    prosody.shell(
        f">prosody.hosts['{prosody.domain}'].events.add_handler('{event}', function (event) "
        "if event.stanza:get_child('body') then require 'util.signal'.kill(require 'util.pposix'.getpid(), 9) end "
        f"end, {priority})"
    )


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("storage", "moment", "arrives"),
    [("internal", BEFORE, True), ("internal", BETWEEN, False), ("sql", BETWEEN, False), ("sql", AFTER, True)],
)
async def test_only_a_message_that_the_server_has_for_its_sender_alone_is_lost_and_never_called_delivered(
    prosody_factory: ProsodyFactory, tmp_path: Path, storage: str, moment: tuple[str, float], arrives: bool
) -> None:
    prosody = prosody_factory(storage=storage, settings=PROSODY)
    names, wish = (fresh_name(), fresh_name()), EncryptionWish.WHEN_POSSIBLE
    async with (
        make_engine(prosody, names[0], tmp_path, encryption=wish) as alice,
        make_engine(prosody, names[1], tmp_path, encryption=wish) as bob,
    ):
        await befriend(alice, bob)
        await ready(alice, bob)
        await says(alice, bob, "first")
        die_at_next_message(prosody, *moment)
        await alice.say(bob.account, "second")
        await alice.until(lambda: alice.status() is not AccountStatus.ONLINE, "the server is dead")
        prosody.kill()
        prosody.start()
        await alice.until(lambda: sent(alice, bob.account, "second").delivery >= Delivery.SENT, timeout=60)
        await bob.online()
        await says(alice, bob, "third")
        lost = sent(alice, bob.account, "second")
        assert has(prosody, alice.account, lost.origin_id)
        assert has(prosody, bob.account, lost.origin_id) is arrives
        assert bob.bodies(alice.account) == ["first", *(["second"] if arrives else []), "third"]
        assert arrives or lost.delivery is Delivery.SENT
        assert {message.encryption for message in alice.history(bob.account)} == {Encryption.OMEMO}


def has(prosody: Prosody, owner: Address, name: str) -> bool:
    """Whether the server's own storage has a message in somebody's archive."""
    return any(name in stanza for stanza in prosody.archived(owner))


def sent(client: Client, peer: Address, body: str) -> Message:
    return next(message for message in client.history(peer) if message.body == body)


async def says(sender: Client, receiver: Client, body: str) -> None:
    await sender.say(receiver.account, body)
    await receiver.until(lambda: body in receiver.bodies(sender.account), timeout=60)
    await sender.until(lambda: sent(sender, receiver.account, body).delivery is Delivery.DELIVERED)
