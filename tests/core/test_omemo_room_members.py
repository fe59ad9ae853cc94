"""Who belongs to a private group changes while people talk in it: who reads what is decided message by message."""

from functools import partial
from pathlib import Path

import pytest

from tests.core.signals import session
from tests.core.test_omemo import encrypting, has, keys_in, last, own_device, ready
from tests.core.test_omemo_rooms import private_room, says_in
from tests.core.test_rooms import muc
from tests.engines import Client, make_engine
from tests.server.prosody import Prosody, fresh_name
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import LeaveRoom, SetTrust
from tui_xmpp.model.events import ProblemRaised
from tui_xmpp.model.message import Delivery, Direction, Encryption
from tui_xmpp.model.omemo import Trust

pytestmark = pytest.mark.timeout(150)


async def standing_is(prosody: Prosody, room: Address, person: Client, standing: str, *, told: Client) -> None:
    """Make somebody a member or none, and wait until one who has written there before was told by the room."""
    members = session(told).omemo.sealing._members
    assert room in members
    muc(prosody, room, f'set_affiliation(true, "{person.account}", "{standing}")')
    await told.until(lambda: not members[room][0], f"the room tells that {person.account} is {standing}")


@pytest.mark.parametrize("standing", ["none", "outcast"])
async def test_who_becomes_a_member_without_being_there_reads_from_then_on_and_until_they_are_put_out(
    prosody: Prosody, standing: str
) -> None:
    """SECURITY 34: the room tells of people who are not in it, and nobody waits for them to come or go."""
    async with encrypting(prosody) as alice, encrypting(prosody) as bob, encrypting(prosody) as carol:
        await ready(alice, bob, carol)
        room = await private_room(prosody, alice, bob.account)
        await bob.join(room)
        await says_in(room, alice, "before", bob)
        await standing_is(prosody, room, carol, "member", told=alice)
        await says_in(room, alice, "with carol", bob)
        await standing_is(prosody, room, carol, standing, told=alice)
        await says_in(room, alice, "without carol", bob)
        both = {own_device(bob), own_device(carol)}
        assert keys_in(prosody, room) == [{own_device(bob)}, both, {own_device(bob)}]


async def test_the_devices_of_a_member_who_is_away_can_be_looked_at_also_after_a_restart(
    prosody: Prosody, tmp_path: Path
) -> None:
    name = fresh_name()
    async with encrypting(prosody) as bob, encrypting(prosody) as carol:
        async with encrypting(prosody, name, tmp_path) as alice:
            await ready(alice, bob, carol)
            room = await private_room(prosody, alice, bob.account, carol.account)
            muc(prosody, room, "set_persistent(true)")
            await bob.join(room)
            await says_in(room, alice, "begun", bob)
        async with encrypting(prosody, name, tmp_path) as alice:
            await alice.join(room)
            await alice.until(lambda: alice.engine.room(alice.key(room)).private)
            assert set(await alice.engine.learn_people(alice.key(room))) == {bob.account, carol.account}
            await bob.do(LeaveRoom(bob.key(room)))
            await alice.until(lambda: len(alice.engine.occupants(alice.key(room))) == 1)
            assert set(alice.engine.people(alice.key(room))) == {bob.account, carol.account}
            await alice.engine.learn_devices(alice.account, carol.account)
            (device,) = alice.engine.devices(alice.account, carol.account)
            await alice.do(SetTrust(alice.account, carol.account, device.id, Trust.DISTRUSTED))
            await alice.say(room, "not for carol")
            await alice.until(lambda: last(alice, room).delivery is Delivery.SENT)
            assert keys_in(prosody, room)[-1] == {own_device(bob)}


async def test_a_new_member_who_comes_reads_what_was_written_for_them(prosody: Prosody) -> None:
    async with encrypting(prosody) as alice, encrypting(prosody) as bob, encrypting(prosody) as carol:
        await ready(alice, bob, carol)
        room = await private_room(prosody, alice, bob.account)
        await bob.join(room)
        await says_in(room, alice, "before", bob)
        await standing_is(prosody, room, carol, "member", told=alice)
        await says_in(room, alice, "for carol too", bob)
        await carol.join(room)
        await carol.until(partial(has, carol, room, "for carol too"), "what was written for carol")
        await says_in(room, carol, "thanks", alice, bob)
        await says_in(room, bob, "welcome", alice, carol)
        found = {message.body: message.encryption for message in carol.history(room)}
        assert [found[body] for body in ("for carol too", "thanks", "welcome")] == [Encryption.OMEMO] * 3
        assert "before" not in found
        (closed,) = (body for body, encryption in found.items() if encryption is Encryption.UNREADABLE)
        assert "this device" in closed


async def test_a_new_member_without_devices_is_left_out_and_named_once_and_nothing_goes_out_in_clear(
    prosody: Prosody,
) -> None:
    async with encrypting(prosody) as alice, encrypting(prosody) as bob, make_engine(prosody, fresh_name()) as carol:
        await ready(alice, bob)
        room = await private_room(prosody, alice, bob.account)
        await bob.join(room)
        await says_in(room, alice, "before", bob)
        await standing_is(prosody, room, carol, "member", told=alice)
        await carol.join(room)
        await says_in(room, alice, "one", bob)
        await says_in(room, alice, "two", bob)
        assert [problem.text for problem in alice.told(ProblemRaised)] == [f"{carol.account} cannot read this."]
        await carol.until(lambda: carol.history(room))
        assert not {"one", "two"} & set(carol.bodies(room))
        assert {message.encryption for message in carol.history(room)} == {Encryption.UNREADABLE}
        assert keys_in(prosody, room) == [{own_device(bob)}] * 3


async def test_our_second_device_reads_what_the_first_one_writes_in_a_group(prosody: Prosody) -> None:
    name = fresh_name()
    async with (
        encrypting(prosody, name) as alice,
        encrypting(prosody) as bob,
        encrypting(prosody, name, store="tablet") as tablet,
    ):
        await ready(alice, bob, tablet)
        room = await private_room(prosody, alice, bob.account)
        await bob.join(room)
        await tablet.join(room)
        await says_in(room, alice, "from the first", bob, tablet)
        await says_in(room, tablet, "from the second", bob, alice)
        for client in (alice, tablet):
            assert [message.direction for message in client.history(room)] == [Direction.OUT, Direction.OUT]
            assert {message.encryption for message in client.history(room)} == {Encryption.OMEMO}
        assert last(bob, room).device == own_device(tablet)
