"""What tests of our own operations share: saying something, starting again, and what a room or a refusal sends back."""

from dataclasses import replace

from tests.core.line import QuietLine, ack
from tests.core.signals import (
    ALICE_THERE,
    BOB,
    OWN,
    ROOM,
    feed,
)
from tests.engines import Client, MemoryKeeper
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import SendMessage
from tui_xmpp.model.message import Message
from tui_xmpp.model.message_parts import StanzaId
from tui_xmpp.model.omemo import EncryptionWish
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Outgoing, Route

PEER = BOB.bare
REPLY = "urn:xmpp:reply:0"


async def say(client: Client, line: QuietLine, body: str = "helo", peer: Address = PEER) -> Message:
    """An own message that the server has."""
    await client.do(SendMessage(client.key(peer), body))
    ack(client, line)
    await feed(client)
    line.sent.clear()
    return client.history(peer)[-1]


async def restarted(client: Client) -> Client:
    """The client after a quit and a start."""
    await client.close()
    return Client([AccountSettings(OWN, encryption=EncryptionWish.NEVER)], client.path, MemoryKeeper())


def reflection(outgoing: Outgoing, archive_id: str = "", **changes: object) -> MessageReceived:
    """A stanza of ours as the room tells it to everybody."""
    message = MessageReceived(
        Route.LIVE,
        ALICE_THERE,
        ALICE_THERE,
        OWN,
        MessageType.GROUPCHAT,
        id=outgoing.id,
        body=outgoing.body,
        origin_id=outgoing.origin_id,
        stanza_ids=(StanzaId(ROOM, archive_id),) if archive_id else (),
        replaces=outgoing.replaces,
        reactions=outgoing.reactions,
        reply_to=outgoing.reply_to,
        fallbacks=outgoing.fallbacks,
        occupant_id="alice",
    )
    return replace(message, **changes)  # type: ignore[arg-type]  # any field may be changed


def error(outgoing: Outgoing, condition: str = "forbidden") -> MessageReceived:
    """What the other side answers who does not want it."""
    return MessageReceived(
        Route.LIVE, BOB, BOB, OWN, MessageType.ERROR, id=outgoing.id, error="No thanks.", error_condition=condition
    )
