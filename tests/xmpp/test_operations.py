"""Operations on messages through a real server: told live, copied to our other devices, kept in the archives."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from tests.server.prosody import Prosody, fresh_name
from tests.xmpp.party import Party
from tui_xmpp.model.address import Address
from tui_xmpp.model.archive import ArchiveQuery
from tui_xmpp.model.message_parts import Fallback, Reactions, ReplyTo, Retraction
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Outgoing, Route
from tui_xmpp.xmpp import build, names

REPLY = "urn:xmpp:reply:0"
KINDS = ["react", "unreact", "retract", "reply", "correct"]


@pytest.fixture
async def devices(prosody: Prosody) -> AsyncIterator[tuple[Party, Party, Party]]:
    """Alice's desk and phone, and Bob."""
    alice, bob = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    async with AsyncExitStack() as stack:
        parties = [await stack.enter_async_context(Party.at(prosody, one)) for one in (alice, alice, bob)]
        yield parties[0], parties[1], parties[2]


def operations(recipient: Address, type_: MessageType, original: str) -> list[Outgoing]:
    """One message of each operation, whose ids are `KINDS`; the reply names the recipient as the author."""
    return [
        Outgoing(recipient, type_, "react", origin_id="react", reactions=Reactions(original, ("👍", "🏳️‍🌈"))),
        Outgoing(recipient, type_, "unreact", origin_id="unreact", reactions=Reactions(original)),
        Outgoing(recipient, type_, "retract", origin_id="retract", retracts=original),
        Outgoing(
            recipient,
            type_,
            "reply",
            body="> hi\nyes",
            origin_id="reply",
            reply_to=ReplyTo(original, recipient),
            fallbacks=(Fallback(REPLY, 0, 5),),
        ),
        Outgoing(recipient, type_, "correct", body="well", origin_id="correct", replaces="reply"),
    ]


def check(heard: list[MessageReceived], original: str, author: Address) -> None:
    """All operations are there, in order, each saying what it said when it was sent."""
    told = {message.id: message for message in heard}
    assert list(told) == KINDS
    assert told["react"].reactions == Reactions(original, ("👍", "🏳️‍🌈"))
    assert told["unreact"].reactions == Reactions(original)
    assert (told["react"].body, told["react"].origin_id) == (None, "react")
    assert told["retract"].retraction == Retraction(original)
    assert (told["retract"].body, told["retract"].fallbacks) == (build.RETRACTION_TEXT, (Fallback(names.RETRACTION),))
    assert (told["reply"].reply_to, told["reply"].fallbacks) == (ReplyTo(original, author), (Fallback(REPLY, 0, 5),))
    assert (told["correct"].replaces, told["correct"].body) == ("reply", "well")


async def test_a_contact_our_other_device_and_both_archives_get_every_operation(
    devices: tuple[Party, Party, Party],
) -> None:
    desk, phone, bob = devices
    original = desk.say(bob.address.bare, "hi")
    await bob.reads("hi")
    for outgoing in operations(bob.address.bare, MessageType.CHAT, original):
        desk.connection.send(outgoing)
    for party, route in ((bob, Route.LIVE), (phone, Route.CARBON_SENT)):
        await party.reads("well")
        heard = party.heard(MessageReceived, lambda message: message.body != "hi")
        assert {message.route for message in heard} == {route}
        check(heard, original, bob.address.bare)
    for party in (desk, bob):
        page = await party.connection.archive_page(ArchiveQuery(before=""))
        check(list(page.messages[1:]), original, bob.address.bare)


async def test_an_operation_of_the_contact_is_copied_to_our_other_device(devices: tuple[Party, Party, Party]) -> None:
    desk, phone, bob = devices
    original = desk.say(bob.address.bare, "hi")
    await bob.reads("hi")
    bob.connection.send(Outgoing(desk.address, MessageType.CHAT, "r", reactions=Reactions(original, ("👍",))))
    for party in (desk, phone):
        heard = await party.hears(MessageReceived, lambda message: message.reactions is not None)
        assert (heard.reactions, heard.sender) == (Reactions(original, ("👍",)), bob.address)


async def test_a_room_and_its_archive_pass_every_operation_on(
    prosody: Prosody, devices: tuple[Party, Party, Party]
) -> None:
    alice, _, bob = devices
    room = prosody.room()
    await alice.connection.join_room(room, "Alice", "", history=0)
    await bob.connection.join_room(room, "Bob", "", history=0)
    alice.say(room, "hi", MessageType.GROUPCHAT)
    (stanza_id,) = (await bob.reads("hi")).stanza_ids
    for outgoing in operations(room, MessageType.GROUPCHAT, stanza_id.id):
        alice.connection.send(outgoing)
    for party in (alice, bob):
        await party.reads("well")
        heard = party.heard(MessageReceived, lambda message: message.subject is None and message.body != "hi")
        assert {message.sender for message in heard} == {room.with_resource("Alice")}
        check(heard, stanza_id.id, room)
    page = await bob.connection.archive_page(ArchiveQuery(archive=room, before=""))
    check([message for message in page.messages if message.subject is None][1:], stanza_id.id, room)


async def test_a_bounced_operation_is_an_error_and_no_operation(prosody: Prosody) -> None:
    async with Party.at(prosody, prosody.add_user(fresh_name())) as alice:
        nobody = Address.parse(f"{fresh_name()}@{prosody.domain}")
        for outgoing in operations(nobody, MessageType.CHAT, "m1"):
            alice.connection.send(outgoing)
        await alice.hears(MessageReceived, lambda message: message.id == "correct")
        for message in alice.heard(MessageReceived):
            assert (message.type, message.error_condition) == (MessageType.ERROR, "service-unavailable")
            assert (message.reactions, message.retraction, message.reply_to, message.replaces) == (None, None, None, "")
