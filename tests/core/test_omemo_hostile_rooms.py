"""What hostile people in a private group do with what others encrypted there (SECURITY 31, 34)."""

from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from tests.core.test_omemo import encrypting, last, ready
from tests.core.test_omemo_hostile import Other, reads, somebody
from tests.core.test_omemo_rooms import private_room
from tests.core.test_rooms import muc
from tests.server.prosody import Prosody, fresh_name
from tui_xmpp.model.address import Address
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.message import Direction, Encryption
from tui_xmpp.model.omemo import OmemoVersion
from tui_xmpp.model.stanzas import MessageReceived, MessageType, OccupantReceived, Outgoing
from tui_xmpp.xmpp.omemo import codec, content

pytestmark = pytest.mark.timeout(120)


async def enter(other: Other, room: Address, nick: str) -> None:
    await other.party.connection.join_room(room, nick, "", history=0)


async def leave(other: Other, room: Address, nick: str) -> None:
    other.party.connection.leave_room(room, nick)
    gone = Availability.OFFLINE
    await other.party.hears(OccupantReceived, lambda one: one.availability is gone and one.sender.resource == nick)


async def repeat(other: Other, room: Address, author: Address) -> Outgoing:
    """Say once more, as one's own and under the same id, what somebody else encrypted."""
    heard = await other.party.hears(MessageReceived, lambda one: one.sealed is not None and one.sender == author)
    assert heard.sealed is not None
    elements = content.envelopes_in(fromstring(heard.sealed.xml))
    envelopes = tuple(each for element in elements if (each := codec.read_envelope(element)) is not None)
    repeated = Outgoing(room, MessageType.GROUPCHAT, heard.id, origin_id=heard.origin_id, envelopes=envelopes)
    other.party.connection.send(repeated)
    return repeated


async def test_what_we_wrote_is_not_ours_when_another_occupant_says_it(prosody: Prosody) -> None:
    """SECURITY 31: not even under our own id; it is nobody's, for it cannot be opened."""
    async with encrypting(prosody) as alice, somebody(prosody) as eve:
        await ready(alice)
        room = await private_room(prosody, alice, eve.address)
        await enter(eve, room, "eve")
        await alice.say(room, "I owe you nothing")
        await repeat(eve, room, room.with_resource(alice.account.local))
        await alice.until(lambda: len(alice.history(room)) == 2)
        ours, theirs = alice.history(room)
        assert (ours.direction, ours.encryption, ours.body) == (Direction.OUT, Encryption.OMEMO, "I owe you nothing")
        assert (theirs.direction, theirs.encryption) == (Direction.IN, Encryption.UNREADABLE)
        assert theirs.nick == "eve"


@pytest.mark.parametrize("version", OmemoVersion)
@pytest.mark.parametrize("nick", ["eve", "bob"])
async def test_what_another_wrote_is_not_theirs_who_say_it_again_even_under_the_same_nickname(
    prosody: Prosody, version: OmemoVersion, nick: str
) -> None:
    """SECURITY 31: whose session it is, the real address of the occupant says, and not the nickname."""
    async with encrypting(prosody) as alice, somebody(prosody) as bob, somebody(prosody) as eve:
        await ready(alice)
        room = await private_room(prosody, alice, bob.address, eve.address)
        await enter(bob, room, "bob")
        await enter(eve, room, "eve")
        said = Outgoing(room, MessageType.GROUPCHAT, "one", "I am bob", origin_id="one")
        bob.party.connection.send(replace(said, envelopes=await bob.seal(alice, said, version)))
        await reads(alice, room, "I am bob")
        if nick == "bob":
            await leave(bob, room, "bob")
            await alice.until(lambda: len(alice.engine.occupants(alice.key(room))) == 2)
            await leave(eve, room, "eve")
            await enter(eve, room, "bob")
        await repeat(eve, room, room.with_resource("bob"))
        own = Outgoing(room, MessageType.GROUPCHAT, "two", "I am eve", origin_id="two")
        eve.party.connection.send(replace(own, envelopes=await eve.seal(alice, own, version)))
        await reads(alice, room, "I am eve")
        assert alice.bodies(room).count("I am bob") == 1
        assert last(alice, room).device == eve.keys.keys.device
        readable = [one for one in alice.history(room) if one.encryption is Encryption.OMEMO]
        assert [one.device for one in readable] == [bob.keys.keys.device, eve.keys.keys.device]


@pytest.mark.parametrize("version", OmemoVersion)
async def test_what_was_written_by_one_who_has_left_is_read_though_another_has_the_nickname_now(
    prosody: Prosody, tmp_path: Path, version: OmemoVersion
) -> None:
    """SECURITY 31: the occupant-id says whose it is when they are gone."""
    name = fresh_name()
    async with somebody(prosody) as bob, somebody(prosody) as eve:
        async with encrypting(prosody, name, tmp_path) as alice:
            await ready(alice)
            room = await private_room(prosody, alice, bob.address, eve.address)
            muc(prosody, room, "set_persistent(true)")
            await enter(bob, room, "bob")
            await alice.until(lambda: len(alice.engine.occupants(alice.key(room))) == 2)
            said = Outgoing(room, MessageType.GROUPCHAT, "one", "farewell", origin_id="one")
            said = replace(said, envelopes=await bob.seal(alice, said, version))
        bob.party.connection.send(said)
        await bob.party.hears(MessageReceived, lambda one: one.id == "one")
        await leave(bob, room, "bob")
        await enter(eve, room, "bob")
        async with encrypting(prosody, name, tmp_path) as alice:
            await reads(alice, room, "farewell")
            message = last(alice, room)
            assert (message.encryption, message.device) == (Encryption.OMEMO, bob.keys.keys.device)
