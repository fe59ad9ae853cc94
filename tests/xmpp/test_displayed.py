"""What one device has read is known to the other, and to nobody else, on a real server."""

import asyncio
from xml.etree.ElementTree import Element, SubElement

import pytest

from tests.server.fixtures import ProsodyFactory
from tests.server.prosody import Prosody, fresh_name
from tests.xmpp.party import Party
from tests.xmpp.test_bookmarks import access_model
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.model.message_parts import StanzaId
from tui_xmpp.model.stanzas import DisplayedChanged, DisplayedMark
from tui_xmpp.xmpp import names
from tui_xmpp.xmpp.forms import submission


def mark(peer: Address, by: Address, id_: str) -> DisplayedMark:
    return DisplayedMark(peer, StanzaId(by, id_))


async def test_a_mark_is_told_to_the_other_device_and_kept_for_those_that_come_later(prosody: Prosody) -> None:
    account, bob, room = prosody.add_user(fresh_name()), prosody.add_user(fresh_name()), prosody.room()
    async with Party.at(prosody, account) as desk, Party.at(prosody, account) as phone:
        assert await desk.connection.displayed_marks() == ()
        first, in_room = mark(bob, account, "s1"), mark(room, room, "s<2>")
        await desk.connection.publish_displayed(first)
        assert await phone.hears(DisplayedChanged) == DisplayedChanged((first,))
        await phone.connection.publish_displayed(in_room)
        await desk.hears(DisplayedChanged, lambda change: change.marks == (in_room,))
        later = mark(bob, account, "s3")
        await desk.connection.publish_displayed(later)
        await phone.hears(DisplayedChanged, lambda change: change.marks == (later,))
    async with Party.at(prosody, account) as tablet:
        assert set(await tablet.connection.displayed_marks()) == {later, in_room}


async def test_two_devices_that_set_the_first_marks_at_once_both_succeed(prosody: Prosody) -> None:
    account = prosody.add_user(fresh_name())
    peers = [Address.parse(f"friend{number}@{prosody.domain}") for number in range(6)]
    async with Party.at(prosody, account) as desk, Party.at(prosody, account) as phone:
        async with asyncio.TaskGroup() as group:
            for number, peer in enumerate(peers):
                device = (desk, phone)[number % 2]
                group.create_task(device.connection.publish_displayed(mark(peer, account, "s1")))
        assert {one.peer for one in await desk.connection.displayed_marks()} == set(peers)


async def test_the_marks_are_readable_by_us_alone(prosody: Prosody) -> None:
    alice, bob = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    async with Party.at(prosody, alice) as a, Party.at(prosody, bob) as b:
        await a.connection.publish_displayed(mark(bob, alice, "s1"))
        assert await access_model(a, names.DISPLAYED) == ("whitelist",)
        payload = Element(names.tag(names.PUBSUB, "pubsub"))
        SubElement(payload, names.tag(names.PUBSUB, "items"), {"node": names.DISPLAYED})
        with pytest.raises(RequestFailed):
            await b.connection._requests.get(payload, alice)


async def test_a_node_that_others_could_read_is_closed_before_a_mark_is_set(prosody: Prosody) -> None:
    account = prosody.add_user(fresh_name())
    async with Party.at(prosody, account) as alice:
        create = Element(names.tag(names.PUBSUB, "pubsub"))
        SubElement(create, names.tag(names.PUBSUB, "create"), {"node": names.DISPLAYED})
        SubElement(create, names.tag(names.PUBSUB, "configure")).append(
            submission(names.PUBSUB_NODE_CONFIG, {"pubsub#access_model": ("open",)})
        )
        await alice.connection._requests.set(create)
        assert await access_model(alice, names.DISPLAYED) == ("open",)
        await alice.connection.publish_displayed(mark(account, account, "s1"))
        assert await access_model(alice, names.DISPLAYED) == ("whitelist",)


async def test_a_node_that_another_device_has_deleted_meanwhile_is_made_anew_as_closed_as_before(
    prosody: Prosody,
) -> None:
    account = prosody.add_user(fresh_name())
    peers = [Address.parse(f"friend{number}@{prosody.domain}") for number in range(3)]
    async with Party.at(prosody, account) as desk, Party.at(prosody, account) as phone:
        await desk.connection.publish_displayed(mark(peers[0], account, "s1"))
        delete = Element(names.tag(names.PUBSUB_OWNER, "pubsub"))
        SubElement(delete, names.tag(names.PUBSUB_OWNER, "delete"), {"node": names.DISPLAYED})
        await phone.connection._requests.set(delete)
        for peer in peers[1:]:
            await desk.connection.publish_displayed(mark(peer, account, "s1"))
        assert await access_model(desk, names.DISPLAYED) == ("whitelist",)
        assert {one.peer for one in await desk.connection.displayed_marks()} == set(peers[1:])


async def test_a_node_with_other_settings_is_set_right_before_a_mark_is_set(prosody: Prosody) -> None:
    account = prosody.add_user(fresh_name())
    async with Party.at(prosody, account) as alice:
        create = Element(names.tag(names.PUBSUB, "pubsub"))
        SubElement(create, names.tag(names.PUBSUB, "create"), {"node": names.DISPLAYED})
        SubElement(create, names.tag(names.PUBSUB, "configure")).append(
            submission(names.PUBSUB_NODE_CONFIG, {"pubsub#access_model": ("whitelist",), "pubsub#max_items": ("1",)})
        )
        await alice.connection._requests.set(create)
        peers = [Address.parse(f"friend{number}@{prosody.domain}") for number in range(3)]
        for peer in peers:
            await alice.connection.publish_displayed(mark(peer, account, "s1"))
        assert {one.peer for one in await alice.connection.displayed_marks()} == set(peers)


async def test_a_server_without_nodes_keeps_no_marks_and_says_so_when_one_is_set(
    prosody_factory: ProsodyFactory,
) -> None:
    server = prosody_factory()
    for module in ("bookmarks", "pep"):
        server.shell(f'module:unload("{module}", "{server.domain}")')
    account = server.add_user("alice")
    async with Party.at(server, account) as alice:
        assert await alice.connection.displayed_marks() == ()
        with pytest.raises(RequestFailed):
            await alice.connection.publish_displayed(mark(account, account, "s1"))
