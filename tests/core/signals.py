"""Engines without a line, and signals fed to them by hand: what would come over it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.engines import Client, MemoryKeeper
from tui_xmpp.core.clock import now
from tui_xmpp.core.room_model import RoomModel
from tui_xmpp.core.session import Session
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.message import Message
from tui_xmpp.model.message_parts import StanzaId
from tui_xmpp.model.omemo import EncryptionWish
from tui_xmpp.model.room import Affiliation, Role
from tui_xmpp.model.stanzas import MessageReceived, MessageType, OccupantReceived, Route, Signal

OWN = Address.parse("alice@chat.test")
OWN_HERE = Address.parse("alice@chat.test/here")
OWN_THERE = Address.parse("alice@chat.test/there")
BOB = Address.parse("bob@chat.test/desk")
EVE = Address.parse("eve@evil.test/x")
ROOM = Address.parse("kitchen@rooms.chat.test")
CAROL = ROOM.with_resource("Carol")
DAVE = ROOM.with_resource("Dave")
ALICE_THERE = ROOM.with_resource("Alice")

TEXT = MessageReceived(Route.LIVE, BOB, BOB, OWN_HERE, MessageType.CHAT, id="m1", body="helo")
FROM_PHONE = MessageReceived(Route.CARBON_SENT, OWN, OWN_THERE, BOB, MessageType.CHAT, id="p1", body="helo")
IN_ROOM = MessageReceived(
    Route.LIVE,
    CAROL,
    CAROL,
    OWN_HERE,
    MessageType.GROUPCHAT,
    id="m1",
    body="helo",
    stanza_ids=(StanzaId(ROOM, "a1"),),
    occupant_id="carol",
)


@asynccontextmanager
async def alone(path: Path) -> AsyncIterator[Client]:
    """A client that never gets a line."""
    client = Client([AccountSettings(OWN, encryption=EncryptionWish.NEVER)], path / "alice.db", MemoryKeeper())
    try:
        yield client
    finally:
        await client.close()


def session(client: Client) -> Session:
    """The client's only session."""
    return client.engine._of(client.account)


async def feed(client: Client, *signals: Signal) -> None:
    """Let signals come in, and wait until all they lead to is stored and told."""
    for signal in signals:
        session(client).receive(signal)
    await session(client).committed()
    await asyncio.sleep(0)
    await asyncio.sleep(0)


def in_room(client: Client, *, role: Role = Role.PARTICIPANT) -> RoomModel:
    """Be in the room as Alice, with Carol; it gives stanza-ids and occupant-ids, and its moderators moderate."""
    room = session(client).rooms.model(ROOM)
    room.nick = "Alice"
    room.begin_entering()
    for nick, occupant_id, its_role in (("Carol", "carol", Role.PARTICIPANT), ("Alice", "alice", role)):
        presence = OccupantReceived(
            ROOM.with_resource(nick),
            Availability.ONLINE,
            affiliation=Affiliation.MEMBER,
            role=its_role,
            occupant_id=occupant_id,
            status_codes=frozenset({110} if nick == "Alice" else ()),
        )
        room.apply(presence, now())
    room.entered()
    room.subject_known = True
    room.assigns_ids = room.has_occupant_ids = room.has_archive = room.can_moderate = True
    return room


def only(client: Client, peer: Address) -> Message:
    """The only message of a chat."""
    (message,) = client.history(peer)
    return message
