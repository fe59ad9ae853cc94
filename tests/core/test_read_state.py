"""Read here is read everywhere: two devices of one account, and another person, on a real server."""

from pathlib import Path

import pytest

from tests.engines import Client, befriend, make_engine
from tests.server.fixtures import ProsodyFactory
from tests.server.prosody import Prosody, fresh_name
from tests.server.servers import Server
from tui_xmpp.core import engine, reading
from tui_xmpp.core.judge import Judged
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import Connect, Disconnect, MarkRead, MarkUnread
from tui_xmpp.model.contact import Subscription
from tui_xmpp.model.events import ProblemRaised
from tui_xmpp.model.message import Delivery
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Outgoing

pytestmark = pytest.mark.timeout(90)


def unread(client: Client, peer: Address) -> int:
    chat = client.engine.chat(client.key(peer))
    return -1 if chat is None else chat.unread


def subscription(client: Client, person: Address) -> Subscription | None:
    contact = client.engine.contact(client.account, person)
    return None if contact is None else contact.subscription


async def read(client: Client, peer: Address, expected: int) -> None:
    """Read a chat when so many messages are unread."""
    await client.until(lambda: unread(client, peer) == expected)
    await client.do(MarkRead(client.key(peer)))


async def test_a_strangers_message_read_on_one_device_is_read_on_the_other(server: Server) -> None:
    name = fresh_name()
    async with (
        make_engine(server, name) as desk,
        make_engine(server, name, store="phone") as phone,
        make_engine(server, fresh_name()) as eve,
    ):
        for text in ("one", "two"):
            await eve.say(desk.account, text)
        await desk.until(lambda: unread(desk, eve.account) == 2)
        await read(phone, eve.account, 2)
        await desk.until(lambda: unread(desk, eve.account) == 0)
        # The stranger has learned nothing.
        await phone.say(eve.account, "who is that?")
        await eve.until(lambda: eve.bodies(desk.account)[-1:] == ["who is that?"])
        assert {m.delivery for m in eve.history(desk.account)[:2]} == {Delivery.SENT}


async def test_a_room_read_on_one_device_is_read_on_the_other(server: Server) -> None:
    name, room = fresh_name(), server.room()
    async with (
        make_engine(server, fresh_name()) as bob,
        make_engine(server, name) as desk,
        make_engine(server, name, store="phone") as phone,
    ):
        for client, nick in ((bob, "Bob"), (desk, "Alice"), (phone, "Alice2")):
            await client.join(room, nick)
        for text in ("one", "two", "three"):
            await bob.say(room, text)
        await desk.until(lambda: unread(desk, room) == 3)
        await read(phone, room, 3)
        await desk.until(lambda: unread(desk, room) == 0)
        await bob.say(room, "four")
        await desk.until(lambda: unread(desk, room) == 1)


async def test_what_was_read_elsewhere_while_this_device_was_off_is_read_as_it_comes(
    server: Server, tmp_path: Path
) -> None:
    name = fresh_name()
    async with make_engine(server, fresh_name()) as bob, make_engine(server, name, store="desk") as desk:
        async with make_engine(server, name, tmp_path) as phone:
            await bob.say(desk.account, "0")
            await phone.until(lambda: unread(phone, bob.account) == 1)
        for number in range(1, 60):
            await bob.say(desk.account, f"{number}")
        await read(desk, bob.account, 60)
        # The mark is on the server before what is said next.
        await desk.until(lambda: desk.store.reading.untold(desk.account) == ())
        await bob.say(desk.account, "60")
        await desk.until(lambda: unread(desk, bob.account) == 1)
        async with make_engine(server, name, tmp_path) as phone:
            await phone.until(lambda: len(phone.bodies(bob.account)) == 61)
            await phone.until(lambda: unread(phone, bob.account) == 1)
            assert phone.engine.first_unread(phone.key(bob.account)) == phone.history(bob.account)[-1].id


async def test_what_was_read_without_a_line_is_told_when_there_is_one_also_after_a_restart(
    server: Server, tmp_path: Path
) -> None:
    name = fresh_name()
    async with make_engine(server, fresh_name()) as bob, make_engine(server, name, store="desk") as desk:
        async with make_engine(server, name, tmp_path) as phone:
            await befriend(desk, bob)
            await bob.say(desk.account, "one")
            await phone.until(lambda: unread(phone, bob.account) == 1)
            await desk.until(lambda: unread(desk, bob.account) == 1)
            await phone.do(Disconnect(phone.account))
            await phone.do(MarkRead(phone.key(bob.account)))
        await bob.until(lambda: bob.history(desk.account)[0].delivery is Delivery.DELIVERED)
        assert unread(desk, bob.account) == 1
        async with make_engine(server, name, tmp_path) as phone:
            await desk.until(lambda: unread(desk, bob.account) == 0)
            await bob.until(lambda: bob.history(desk.account)[0].delivery is Delivery.DISPLAYED)
            assert phone.store.reading.markers(phone.account) == ()
            await phone.until(lambda: phone.store.reading.untold(phone.account) == ())


async def test_who_quits_right_after_reading_has_told_it(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody waits for a slow server for longer than a second; on a busy machine this one is.
    monkeypatch.setattr(reading, "GOODBYE", 20)
    monkeypatch.setattr(engine, "GOODBYE", 30)
    name = fresh_name()
    async with make_engine(server, fresh_name()) as eve, make_engine(server, name, store="desk") as desk:
        async with make_engine(server, name, tmp_path) as phone:
            await eve.say(desk.account, "one")
            await desk.until(lambda: unread(desk, eve.account) == 1)
            await read(phone, eve.account, 1)
        await desk.until(lambda: unread(desk, eve.account) == 0)


async def test_a_message_that_came_before_a_restart_is_marked_when_it_is_read(server: Server, tmp_path: Path) -> None:
    name = fresh_name()
    async with make_engine(server, fresh_name()) as bob:
        async with make_engine(server, name, tmp_path) as alice:
            await befriend(alice, bob)
            await bob.say(alice.account, "live")
            await alice.until(lambda: unread(alice, bob.account) == 1)
        await bob.say(alice.account, "from the archive")
        async with make_engine(server, name, tmp_path) as alice:
            await read(alice, bob.account, 2)
            await bob.until(lambda: {m.delivery for m in bob.history(alice.account)} == {Delivery.DISPLAYED})


async def test_what_a_person_marked_as_unread_stays_so_through_a_new_stream(server: Server) -> None:
    async with make_engine(server, fresh_name()) as bob, make_engine(server, fresh_name()) as alice:
        for text in ("one", "two", "three"):
            await bob.say(alice.account, text)
        key = alice.key(bob.account)
        await read(alice, bob.account, 3)
        await alice.until(lambda: alice.store.reading.untold(alice.account) == ())
        await alice.do(MarkUnread(key, alice.history(bob.account)[1].id))
        assert unread(alice, bob.account) == 2
        await alice.do(Disconnect(alice.account))
        await alice.do(Connect(alice.account))
        await alice.online()
        await bob.say(alice.account, "four")
        await alice.until(lambda: unread(alice, bob.account) == 3)
        assert alice.engine.first_unread(key) == alice.history(bob.account)[1].id


NO_PEP = 'modules_disabled = { "s2s"; "pep"; "bookmarks"; "vcard4"; "vcard_legacy" }'


async def test_without_personal_nodes_our_devices_still_learn_it_from_the_markers_that_others_get(
    prosody_factory: ProsodyFactory,
) -> None:
    server = prosody_factory(settings=NO_PEP)
    async with (
        make_engine(server, "alice", store="desk") as desk,
        make_engine(server, "alice", store="phone") as phone,
        make_engine(server, "bob") as bob,
        make_engine(server, "eve") as eve,
    ):
        await befriend(desk, bob)
        # Whoever reads before it is known here that the writer may know of us tells nobody, and not later either.
        await phone.until(lambda: subscription(phone, bob.account) is Subscription.BOTH)
        for client in (bob, eve):
            await client.say(desk.account, "one")
            await desk.until(lambda client=client: unread(desk, client.account) == 1)  # type: ignore[misc]  # of a default
            await read(phone, client.account, 1)
        await desk.until(lambda: unread(desk, bob.account) == 0)
        await bob.until(lambda: bob.history(desk.account)[0].delivery is Delivery.DISPLAYED)
        # A stranger gets no marker, so nothing carries the news; nobody is bothered with it either.
        await eve.say(desk.account, "two")
        await desk.until(lambda: unread(desk, eve.account) == 2)
        assert phone.store.reading.untold(phone.account), "kept for a server that can"
        for client in (desk, phone):
            assert not client.told(ProblemRaised)


def configure(prosody: Prosody, room: Address, lua: str) -> None:
    """Change a room from inside the server."""
    prosody.shell(f'>local room = prosody.hosts["{prosody.rooms}"].modules.muc.get_room_from_jid("{room}"); {lua}')


async def test_a_private_group_of_people_who_see_us_learns_what_we_have_read_and_no_other_room(
    prosody: Prosody,
) -> None:
    room = prosody.room()
    async with (
        make_engine(prosody, fresh_name()) as bob,
        make_engine(prosody, fresh_name()) as alice,
        make_engine(prosody, fresh_name()) as carol,
    ):
        await befriend(alice, bob)
        await bob.join(room, "Bob")
        members = "; ".join(f'room:set_affiliation(true, "{client.account}", "member")' for client in (alice, carol))
        configure(prosody, room, f'room:set_members_only(true); room:set_whois("anyone"); {members}')
        heard: list[MessageReceived] = []
        session = bob.engine._of(bob.account)

        def hear(judged: Judged) -> bool:
            heard.append(judged.message)
            return False

        session.inbox.steps = (("what is heard", hear), *session.inbox.steps)
        await alice.join(room, "Alice")

        async def say(text: str) -> str:
            """Bob says something and wants to know who reads it; Alice reads it. Returns the id in the archive."""
            session.context.line().send(Outgoing(room, MessageType.GROUPCHAT, text, body=text, markable=True))
            await alice.until(lambda: alice.bodies(room)[-1:] == [text])
            message = alice.history(room)[-1]
            await alice.do(MarkRead(alice.key(room)))
            return alice.store.messages.archive_id(message.id, room, alice.account)

        def marked() -> list[str]:
            return [message.displayed for message in heard if message.displayed]

        first = await say("among friends")
        await bob.until(lambda: marked() == [first])
        await carol.join(room, "Carol")
        await alice.until(lambda: len(alice.engine.occupants(alice.key(room))) == 3)
        await say("with somebody who is none")
        # What Alice says next comes after whatever she would have told before.
        await alice.say(room, "hm")
        await bob.until(lambda: bob.bodies(room)[-1:] == ["hm"])
        assert marked() == [first]
