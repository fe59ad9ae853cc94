"""Private groups with profanity in them.

It gives its list of devices to everybody, and on Prosody 0.12 its keys only to contacts who see its presence: it asks
the server's domain whether nodes can be opened, and Prosody answers that at the account. So whoever shares nothing but
a room with it has no keys to encrypt to it with.
"""

from pathlib import Path

import pytest

from tests.core.test_omemo import encrypting, has, keys_in, last, own_device, ready
from tests.core.test_omemo_profanity import befriend, begin, make_account, reads, start_omemo
from tests.core.test_omemo_rooms import private_room
from tests.server.profanity import Profanity, is_installed
from tests.server.prosody import Prosody, fresh_name
from tui_xmpp.model.address import Address
from tui_xmpp.model.events import ProblemRaised
from tui_xmpp.model.message import Delivery

pytestmark = [pytest.mark.skipif(not is_installed(), reason="profanity is not installed"), pytest.mark.timeout(180)]


async def enter(profanity: Profanity, room: Address) -> None:
    """Have profanity enter a room and encrypt there."""
    profanity.type(f"/join {room}")
    await profanity.until_screen("You have joined the room")
    await start_omemo(profanity)


async def test_a_private_group_of_three_reads_everything_whoever_of_them_is_away(
    prosody: Prosody, tmp_path: Path
) -> None:
    other, name = await make_account(prosody), fresh_name()
    with Profanity(tmp_path / "profanity") as profanity:
        await begin(profanity, prosody, other)
        async with encrypting(prosody) as alice:
            async with encrypting(prosody, name, tmp_path) as bob:
                await befriend(alice, profanity, other)
                await befriend(bob, profanity, other)
                await ready(alice, bob)
                room = await private_room(prosody, alice, other, bob.account)
                await bob.join(room)
                await enter(profanity, room)
                await alice.say(room, "from alice 1")
                await profanity.until_screen("from alice 1", within=20)
                profanity.type("from theirs 1")
                for client in (alice, bob):
                    await reads(client, room, "from alice 1", "from theirs 1")
            profanity.type("from theirs 2")
            await reads(alice, room, "from theirs 2")
            await alice.say(room, "from alice 2")
            await profanity.until_screen("from alice 2", within=20)
            async with encrypting(prosody, name, tmp_path) as bob:
                await reads(bob, room, "from theirs 2", "from alice 2")
                profanity.stop()
                await alice.say(room, "from alice 3")
                await reads(bob, room, "from alice 3")
                await bob.say(room, "from bob 3")
                await reads(alice, room, "from bob 3")
                await profanity.again(other)
                await enter(profanity, room)
                await profanity.until_screen("from alice 3", within=20)
                await profanity.until_screen("from bob 3")
                profanity.type("from theirs 4")
                for client in (alice, bob):
                    await reads(client, room, "from theirs 4")
                assert all(len(keys) >= 2 for keys in keys_in(prosody, room))


async def test_who_gives_strangers_no_keys_is_left_out_and_named_and_sees_that_something_was_said(
    prosody: Prosody, tmp_path: Path
) -> None:
    other = await make_account(prosody)
    with Profanity(tmp_path / "profanity") as profanity:
        await begin(profanity, prosody, other)
        async with encrypting(prosody) as alice, encrypting(prosody) as bob:
            await ready(alice, bob)
            room = await private_room(prosody, alice, other, bob.account)
            await bob.join(room)
            profanity.type(f"/join {room}")
            await alice.until(lambda: len(alice.engine.occupants(alice.key(room))) == 3)
            await alice.say(room, "for those who can")
            await reads(bob, room, "for those who can")
            assert keys_in(prosody, room) == [{own_device(bob)}]
            told = [problem.text for problem in alice.told(ProblemRaised)]
            assert told == [f"{other} cannot read this."]
            await profanity.until_screen("This message is encrypted with OMEMO")
            await alice.until(lambda: has(alice, room, "for those who can"))
            assert last(alice, room).delivery is Delivery.SENT
