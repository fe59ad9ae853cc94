"""Private groups are encrypted to all who belong to them, there or not; others never (SECURITY 31, 34)."""

from functools import partial
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from tests.core.test_omemo import encrypting, has, kept_by, keys_in, last, own_device, ready
from tests.core.test_rooms import muc
from tests.engines import Client, make_engine
from tests.server.prosody import Prosody, fresh_name
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import SetTyping
from tui_xmpp.model.message import Delivery, Encryption
from tui_xmpp.model.omemo import Security, Trust
from tui_xmpp.xmpp import names
from tui_xmpp.xmpp.connection import XmppConnection
from tui_xmpp.xmpp.forms import submission

pytestmark = pytest.mark.timeout(150)


async def configure(owner: Client, room: Address, **fields: str) -> None:
    """Change a room as its owner, which it tells everybody (XEP-0045 §10.2)."""
    connection = owner.engine._of(owner.account).context.connection
    assert isinstance(connection, XmppConnection)
    query = Element(names.tag(names.ROOM_OWNER, "query"))
    values = {f"muc#roomconfig_{name}": (value,) for name, value in fields.items()}
    query.append(submission("http://jabber.org/protocol/muc#roomconfig", values))
    await connection._requests.set(query, room)


async def private_room(prosody: Prosody, owner: Client, *members: Address) -> Address:
    """A members-only, non-anonymous room with an owner who is in it."""
    room = prosody.room()
    await owner.join(room)
    await configure(owner, room, membersonly="1", whois="anyone")
    for member in members:
        muc(prosody, room, f'set_affiliation(true, "{member}", "member")')
    await owner.until(lambda: owner.engine.room(owner.key(room)).private, "the room is private")
    return room


async def says_in(room: Address, sender: Client, body: str, *receivers: Client) -> None:
    await sender.say(room, body)
    for receiver in (sender, *receivers):
        await receiver.until(partial(has, receiver, room, body), f"{body!r} reaches {receiver.account}")
    await sender.until(lambda: last(sender, room).delivery is Delivery.SENT)


async def test_who_enters_a_private_group_sees_at_once_that_it_is_encrypted(prosody: Prosody) -> None:
    async with encrypting(prosody) as alice, encrypting(prosody) as bob:
        await ready(alice, bob)
        room = await private_room(prosody, alice, bob.account)
        await bob.join(room)
        await bob.until(lambda: bob.engine.security(bob.key(room)).state is Security.ON)
        eve = prosody.add_user(fresh_name())  # who never had a device
        muc(prosody, room, f'set_affiliation(true, "{eve}", "member")')
        omemo = bob.engine._of(bob.account).omemo
        omemo.sealing.room_changed(room)
        await bob.do(SetTyping(bob.key(room), typing=True))
        await bob.until(lambda: omemo.devices.is_heard(eve))
        assert bob.engine.security(bob.key(room)).state is Security.NONE


async def test_a_private_group_of_three_with_one_offline_reads_everything(prosody: Prosody, tmp_path: Path) -> None:
    names = [fresh_name() for _ in range(3)]
    async with encrypting(prosody, names[0]) as alice, encrypting(prosody, names[1]) as bob:
        async with encrypting(prosody, names[2], tmp_path) as carol:
            await ready(alice, bob, carol)
            room = await private_room(prosody, alice, bob.account, carol.account)
            await bob.join(room)
            await carol.join(room)
            await says_in(room, alice, "one", bob, carol)
        await says_in(room, bob, "two", alice)
        assert last(alice, room).encryption is Encryption.OMEMO
        assert last(alice, room).trust is Trust.TRUSTED
        await says_in(room, alice, "three", bob)
        async with encrypting(prosody, names[2], tmp_path) as carol:
            await carol.until(lambda: carol.bodies(room)[-3:] == ["one", "two", "three"], f"{names[2]}", timeout=30)
            assert {message.encryption for message in carol.history(room)} == {Encryption.OMEMO}
            await says_in(room, carol, "four", alice, bob)
        assert not any(f">{text}<" in kept_by(prosody, room) for text in ("one", "two", "three", "four"))
        assert alice.engine.security(alice.key(room)).state is Security.ON


async def test_a_group_with_somebody_who_has_no_device_stays_open_for_them(prosody: Prosody) -> None:
    async with encrypting(prosody) as alice, encrypting(prosody) as bob, make_engine(prosody, fresh_name()) as carol:
        await ready(alice, bob)
        room = await private_room(prosody, alice, bob.account, carol.account)
        await bob.join(room)
        await carol.join(room)
        await says_in(room, alice, "for all", bob, carol)
        assert last(carol, room).encryption is Encryption.NONE


async def test_a_public_room_is_not_encrypted(prosody: Prosody) -> None:
    async with encrypting(prosody) as alice, encrypting(prosody) as bob:
        await ready(alice, bob)
        room = prosody.room()
        await alice.join(room)
        await bob.join(room)
        await says_in(room, alice, "hello world", bob)
        assert last(bob, room).encryption is Encryption.NONE
        assert alice.engine.security(alice.key(room)).state is Security.NONE


@pytest.mark.parametrize("change", [{"membersonly": "0"}, {"whois": "moderators"}])
async def test_a_group_that_is_opened_sends_nothing_more(prosody: Prosody, change: dict[str, str]) -> None:
    """SECURITY 34."""
    async with encrypting(prosody) as alice, encrypting(prosody) as bob:
        await ready(alice, bob)
        room = await private_room(prosody, alice, bob.account)
        await bob.join(room)
        await says_in(room, alice, "among us", bob)
        await configure(alice, room, **change)
        await alice.until(lambda: not alice.engine.room(alice.key(room)).private)
        assert alice.engine.security(alice.key(room)).state is Security.BLOCKED
        await alice.say(room, "the secret")
        await alice.until(lambda: last(alice, room).error)
        assert last(alice, room).delivery is Delivery.PENDING
        assert "the secret" not in bob.bodies(room)


async def test_a_room_of_which_we_know_it_wrongly_is_asked_before_anything_is_held(prosody: Prosody) -> None:
    async with encrypting(prosody) as alice, encrypting(prosody) as bob:
        await ready(alice, bob)
        room = await private_room(prosody, alice, bob.account)
        await bob.join(room)
        await says_in(room, alice, "one", bob)
        bob.engine._of(bob.account).rooms.model(room).private = False
        await says_in(room, bob, "two", alice)
        assert last(alice, room).encryption is Encryption.OMEMO


async def test_a_room_that_becomes_private_while_we_enter_is_encrypted_from_the_first_word_on(prosody: Prosody) -> None:
    """It is asked what it is before, and tells of changes only afterwards."""
    async with encrypting(prosody) as alice, encrypting(prosody) as bob:
        await ready(alice, bob)
        room = prosody.room()
        await alice.join(room)
        muc(prosody, room, f'set_affiliation(true, "{bob.account}", "member")')
        prosody.shell(
            f">prosody.hosts['{room.domain}'].events.add_handler('muc-occupant-pre-join', function (event) "
            f"if event.room.jid == '{room}' then event.room:set_members_only(true) event.room:set_whois('anyone') end "
            "end, 100)"
        )
        await bob.join(room)
        assert bob.engine.room(bob.key(room)).private
        await says_in(room, bob, "first", alice)
        assert last(alice, room).encryption is Encryption.OMEMO


async def test_who_was_banned_gets_nothing_more(prosody: Prosody) -> None:
    async with encrypting(prosody) as alice, encrypting(prosody) as bob, encrypting(prosody) as eve:
        await ready(alice, bob, eve)
        room = await private_room(prosody, alice, bob.account, eve.account)
        await bob.join(room)
        await eve.join(room)
        await says_in(room, alice, "with eve", bob, eve)
        muc(prosody, room, f'set_affiliation(true, "{eve.account}", "outcast")')
        await alice.until(lambda: len(alice.engine.occupants(alice.key(room))) == 2)
        await says_in(room, alice, "without eve", bob)
        assert last(bob, room).encryption is Encryption.OMEMO
        everybody = {own_device(client) for client in (bob, eve)}
        assert keys_in(prosody, room) == [everybody, {own_device(bob)}]
