"""Moderators take messages back: on a real room, which speaks the first version, and by tables for the present one.

What Debian's `mod_muc_moderation` (prosody-modules of 2023) lacks, so that nothing may count on it: it knows only
version 0.2 of XEP-0425; it says who moderated by nickname alone, without the occupant-id; and in its tombstones the
occupant-id of the author is gone too. The test on the real room holds it to that, so that a better one is noticed.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from xml.etree.ElementTree import Element, tostring

import pytest

from tests.server.prosody import Prosody, fresh_name
from tests.waiting import until
from tests.xmpp.party import Party
from tests.xmpp.wire import ROOM, RecordingLine, stanza
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.archive import ArchiveQuery
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Route
from tui_xmpp.xmpp import names
from tui_xmpp.xmpp.iq import Requests
from tui_xmpp.xmpp.moderation import moderate

INFO = "http://jabber.org/protocol/disco#info"


@pytest.fixture
async def two(prosody: Prosody) -> AsyncIterator[tuple[Party, Party]]:
    async with AsyncExitStack() as stack:
        parties = [await stack.enter_async_context(Party.at(prosody, prosody.add_user(fresh_name()))) for _ in range(2)]
        yield parties[0], parties[1]


async def test_everybody_hears_who_took_a_message_back_and_why_and_the_archive_has_a_tombstone(
    prosody: Prosody, two: tuple[Party, Party]
) -> None:
    alice, bob = two
    room = prosody.room()
    await alice.connection.join_room(room, "Alice", "", history=0)
    await bob.connection.join_room(room, "Bob", "", history=0)
    info = await alice.connection.room_info(room)
    assert info.can_moderate
    assert names.MODERATION not in info.features
    bob.say(room, "buy this", MessageType.GROUPCHAT)
    (stanza_id,) = (await alice.reads("buy this")).stanza_ids
    await alice.connection.moderate(room, stanza_id.id, "Spam & <more>")
    for party in (alice, bob):
        told = await party.hears(MessageReceived, lambda message: message.retraction is not None)
        assert told.retraction is not None
        assert (told.type, told.sender, told.body) == (MessageType.GROUPCHAT, room, None)
        assert (told.retraction.of, told.retraction.moderated) == (stanza_id.id, True)
        assert (told.retraction.by, told.retraction.reason) == (room.with_resource("Alice"), "Spam & <more>")
        assert told.retraction.by_occupant_id == ""
        assert [one.by for one in told.stanza_ids] == [room]
    page = await bob.connection.archive_page(ArchiveQuery(archive=room, before=""))
    (grave,) = (message for message in page.messages if message.tombstone is not None)
    assert grave.tombstone is not None
    assert (grave.archive_id, grave.body, grave.sender) == (stanza_id.id, None, room.with_resource("Bob"))
    assert (grave.tombstone.moderated, grave.tombstone.by) == (True, room.with_resource("Alice"))
    assert (grave.tombstone.reason, grave.tombstone.stamp is not None) == ("Spam & <more>", True)
    assert (grave.occupant_id, grave.tombstone.by_occupant_id) == ("", "")
    assert [message.retraction for message in page.messages if message.retraction] == [told.retraction]


async def test_whoever_enters_later_is_told_the_tombstone_in_place_of_the_text(
    prosody: Prosody, two: tuple[Party, Party]
) -> None:
    alice, bob = two
    room = prosody.room()
    await alice.connection.join_room(room, "Alice", "", history=0)
    alice.say(room, "buy this", MessageType.GROUPCHAT)
    (stanza_id,) = (await alice.reads("buy this")).stanza_ids
    await alice.connection.moderate(room, stanza_id.id, "")
    await bob.connection.join_room(room, "Bob", "", history=20)
    grave = await bob.hears(MessageReceived, lambda message: message.tombstone is not None)
    assert (grave.route, grave.sender, grave.stanza_ids) == (Route.LIVE, room.with_resource("Alice"), (stanza_id,))
    await bob.hears(MessageReceived, lambda message: message.subject is not None)
    assert [one.body for one in bob.heard(MessageReceived)] == [None] * 3


async def test_whoever_is_no_moderator_is_refused(prosody: Prosody, two: tuple[Party, Party]) -> None:
    alice, bob = two
    room = prosody.room()
    await alice.connection.join_room(room, "Alice", "", history=0)
    await bob.connection.join_room(room, "Bob", "", history=0)
    alice.say(room, "rules", MessageType.GROUPCHAT)
    (stanza_id,) = (await bob.reads("rules")).stanza_ids
    with pytest.raises(RequestFailed) as caught:
        await bob.connection.moderate(room, stanza_id.id, "")
    assert caught.value.condition == "forbidden"


async def test_a_message_that_the_archive_does_not_have_is_said_to_be_missing(
    prosody: Prosody, two: tuple[Party, Party]
) -> None:
    alice, _ = two
    room = prosody.room()
    await alice.connection.join_room(room, "Alice", "", history=0)
    with pytest.raises(RequestFailed, match="does not have that message") as caught:
        await alice.connection.moderate(room, "no-such-id", "")
    assert caught.value.condition == "item-not-found"


async def asked(features: tuple[str, ...], reason: str = "") -> Element:
    """The request that goes to a room which announces these features; the room grants it."""
    line = RecordingLine()
    requests = Requests(line, 5)
    work = asyncio.create_task(moderate(requests, ROOM, "s1", reason))
    await until(lambda: len(line.sent) == 1 or work.done(), what="the question")
    found = "".join(f"<feature var='{feature}'/>" for feature in features)
    key = line.sent[0].get("id")
    requests.take(stanza(f"<iq type='result' from='{ROOM}' id='{key}'><query xmlns='{INFO}'>{found}</query></iq>"))
    await until(lambda: len(line.sent) == 2 or work.done(), what="the request")
    if len(line.sent) == 2:
        requests.take(stanza(f"<iq type='result' from='{ROOM}' id='{line.sent[1].get('id')}'/>"))
    await work
    return line.sent[1][0]


@pytest.mark.parametrize("features", [(names.MODERATION,), (names.MODERATION_FIRST, names.MODERATION)])
async def test_a_room_of_today_is_asked_in_the_present_version(features: tuple[str, ...]) -> None:
    assert tostring(await asked(features, "Spam")) == tostring(
        stanza(
            f"<x><moderate xmlns='{names.MODERATION}' id='s1'><retract xmlns='{names.RETRACTION}'/>"
            "<reason>Spam</reason></moderate></x>"
        )[0]
    )


async def test_no_reason_is_no_element() -> None:
    for feature in (names.MODERATION, names.MODERATION_FIRST):
        assert b"reason" not in tostring(await asked((feature,)))


async def test_a_room_that_announces_neither_version_is_not_asked() -> None:
    with pytest.raises(RequestFailed, match="cannot take messages back"):
        await asked(("http://jabber.org/protocol/muc", "urn:xmpp:message-moderate:7"))
