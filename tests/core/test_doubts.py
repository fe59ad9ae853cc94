"""What was under way when a stream was lost: sent again only if it did not arrive, and nothing waits for it in vain."""

import pytest

from tests.engines import Client, make_engine
from tests.server.cutter import Cutter
from tests.server.fixtures import ProsodyFactory
from tests.server.prosody import Prosody
from tui_xmpp.model.account import AccountStatus
from tui_xmpp.model.address import Address
from tui_xmpp.model.message import Delivery

pytestmark = pytest.mark.timeout(90)


@pytest.fixture
def stored(prosody_factory: ProsodyFactory) -> Prosody:
    """A server that keeps what it has over a restart."""
    return prosody_factory(storage="internal", settings="muc_room_default_persistent = true")


def is_sent(client: Client, peer: Address) -> bool:
    return all(message.delivery not in {Delivery.PENDING, Delivery.FAILED} for message in client.history(peer))


@pytest.mark.parametrize("in_room", [False, True], ids=["chat", "room"])
async def test_what_was_typed_later_goes_out_when_the_archive_shows_that_what_came_before_has_arrived(
    stored: Prosody, in_room: bool
) -> None:
    async with (
        Cutter(stored.port) as cutter,
        make_engine(stored, "bob") as bob,
        make_engine(stored, "alice", port=cutter.port) as alice,
    ):
        room = stored.room()
        await alice.join(room, "Alice")
        await bob.join(room, "Bob")
        mine, theirs = (room, room) if in_room else (bob.account, alice.account)
        cutter.freeze(up=False)
        await alice.say(mine, "arrived")
        await bob.until(lambda: bob.bodies(theirs) == ["arrived"])
        cutter.refuse()
        cutter.cut()
        cutter.thaw()
        await alice.until(lambda: alice.status() is AccountStatus.WAITING)
        await alice.say(mine, "typed later")
        stored.kill()
        stored.start()
        cutter.accept()
        await bob.until(lambda: bob.bodies(theirs) == ["arrived", "typed later"], timeout=30)
        await alice.until(lambda: is_sent(alice, mine))
        assert alice.bodies(mine) == ["arrived", "typed later"]
