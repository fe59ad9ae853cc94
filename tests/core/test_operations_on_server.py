"""What is done with messages, through two people's engines, a second device of one of them, and a real server."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.engines import Client, make_client, make_engine
from tests.server.ejabberd import Ejabberd
from tests.server.prosody import Prosody, fresh_name
from tests.server.servers import Server
from tests.waiting import until
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import CorrectMessage, DeleteMessage, Moderate, React, RetractMessage, SendMessage
from tui_xmpp.model.events import ProblemRaised
from tui_xmpp.model.message import Delivery, Direction, Message, Operation, Reaction

pytestmark = pytest.mark.timeout(120)


@dataclass
class Three:
    """Alice's desk and phone, and Bob; in a chat of two, or in a room in which Alice is a moderator."""

    desk: Client
    phone: Client
    bob: Client
    room: Address | None

    @property
    def alices(self) -> Address:
        """Whom Alice writes to."""
        return self.room or self.bob.account

    @property
    def bobs(self) -> Address:
        """Whom Bob writes to."""
        return self.room or self.desk.account

    def views(self) -> list[list[Message]]:
        """The chat as each of the three has it."""
        chats = ((self.desk, self.alices), (self.phone, self.alices), (self.bob, self.bobs))
        return [list(client.history(peer)) for client, peer in chats]

    async def see(self, what: str, *shown: tuple[object, ...]) -> None:
        """Wait until all three see the same: body, edited, reactions with their counts, quoted text, gone."""
        await until(
            lambda: [[_seen(m) for m in view] for view in self.views()] == [list(shown)] * 3, timeout=20, what=what
        )
        await until(
            lambda: not any(m.waiting for view in self.views() for m in view), timeout=20, what=f"{what}, settled"
        )


def _seen(message: Message) -> tuple[object, ...]:
    reactions = "".join(f"{reaction.emoji}{reaction.count}" for reaction in message.reactions)
    quote = "" if message.reply is None else message.reply.text
    return message.body, message.edited, reactions, quote, message.tombstone is not None


def plain(body: str, *, edited: bool = False, reactions: str = "", quote: str = "") -> tuple[object, ...]:
    return body, edited, reactions, quote, False


GONE = ("", False, "", "", True)


def proves_authors(server: Server) -> bool:
    """Whether its rooms say who is who over a leave (XEP-0421); without, nothing said before is theirs to change."""
    return isinstance(server, Prosody)


async def reads(client: Client, peer: Address, *bodies: str) -> None:
    """Wait until somebody has these texts."""
    await until(lambda: client.bodies(peer) == list(bodies), timeout=30, what=f"{bodies}, not {client.bodies(peer)}")


async def sent(client: Client, peer: Address) -> None:
    """Wait until everything that somebody said and did in a chat has arrived."""

    def arrived() -> bool:
        return all(message.delivery >= Delivery.SENT and not message.waiting for message in client.history(peer))

    await until(arrived, timeout=30, what="arrived")


def _has_reactions(client: Client, peer: Address) -> bool:
    return bool(client.history(peer)[0].reactions)


@pytest.fixture(params=[False, True], ids=["chat", "room"])
async def three(server: Server, request: pytest.FixtureRequest) -> AsyncIterator[Three]:
    name = fresh_name()
    async with AsyncExitStack() as stack:
        desk = await stack.enter_async_context(make_engine(server, name, store="desk"))
        phone = await stack.enter_async_context(make_engine(server, name, store="phone"))
        bob = await stack.enter_async_context(make_engine(server, fresh_name()))
        room = server.room() if request.param else None
        if room is not None:
            for client, nick in ((desk, "Alice"), (phone, "Alice"), (bob, "Bob")):
                await client.join(room, nick)
        yield Three(desk, phone, bob, room)


async def test_each_is_seen_by_all_three(three: Three) -> None:
    desk, bob, alices, bobs = three.desk, three.bob, three.alices, three.bobs
    await desk.say(alices, "who brings bred?")
    await three.see("said", plain("who brings bred?"))
    own, theirs = desk.history(alices)[0], bob.history(bobs)[0]

    await desk.do(CorrectMessage(own.chat, own.id, "who brings bread?"))
    await three.see("corrected", plain("who brings bread?", edited=True))

    await bob.do(SendMessage(theirs.chat, "me", reply_to=theirs.id))
    await three.see("answered", plain("who brings bread?", edited=True), plain("me", quote="who brings bread?"))
    answer = desk.history(alices)[1]
    assert answer.reply is not None
    assert (answer.reply.message_id, answer.reply.own) == (own.id, True)

    await desk.do(React(answer.chat, answer.id, ("👍", "❤")))
    await bob.do(React(theirs.chat, bob.history(bobs)[1].id, ("👍",)))
    quoted = plain("me", quote="who brings bread?", reactions="👍2❤1")
    await three.see("reacted", plain("who brings bread?", edited=True), quoted)

    # The second device of the same account takes the first one's reaction back.
    phones = three.phone.history(alices)[1]
    assert phones.reactions[0].own
    await three.phone.do(React(phones.chat, phones.id, ()))
    await three.see(
        "taken back", plain("who brings bread?", edited=True), plain("me", quote="who brings bread?", reactions="👍1")
    )

    await three.phone.do(RetractMessage(own.chat, three.phone.history(alices)[0].id))
    await three.see("gone", GONE, plain("me", reactions="👍1"))
    assert desk.engine.versions(own.id) == ()


async def test_what_is_done_offline_goes_out_in_order_after_a_restart(server: Server, tmp_path: Path) -> None:
    name = fresh_name()
    alice = server.add_user(name)
    async with make_engine(server, fresh_name()) as bob:
        room = server.room()
        await bob.join(room, "Bob")
        client = make_client(server, name, tmp_path)
        await client.engine.start()
        await client.online()
        await client.join(room, "Alice")
        chats = [(bob.account, alice), *([(room, room)] if proves_authors(server) else [])]
        for peer, theirs in chats:
            await client.say(peer, "helo")
            await reads(bob, theirs, "helo")
            await sent(client, peer)
        await client.close()

        client = make_client(server, name, tmp_path)  # not started: no line
        for peer, _ in chats:
            (own,) = client.history(peer)
            await client.do(CorrectMessage(own.chat, own.id, "hello"))
            await client.do(SendMessage(own.chat, "more", reply_to=own.id))
            await client.do(React(own.chat, own.id, ("👍",)))
            more = client.history(peer)[1]
            await client.do(SendMessage(own.chat, "oops"))
            await client.do(RetractMessage(own.chat, client.history(peer)[2].id))
            await client.do(CorrectMessage(own.chat, more.id, "and more"))
            assert client.bodies(peer) == ["hello", "and more"]
        await client.close()

        client = make_client(server, name, tmp_path)
        try:
            await client.engine.start()
            for _, theirs in chats:
                await reads(bob, theirs, "hello", "and more")
                await until(partial(_has_reactions, bob, theirs), timeout=30)
                first, second = bob.history(theirs)
                assert first.edited
                assert second.reply is not None
                assert second.reply.message_id == first.id
            for peer, _ in chats:
                await sent(client, peer)
        finally:
            await client.close()


async def test_who_was_away_finds_it_all_in_the_archive(server: Server) -> None:
    name = fresh_name()
    alice = server.add_user(name)
    async with make_engine(server, fresh_name()) as bob:
        room = server.room()
        await bob.join(room, "Bob")
        for peer in (alice, room):
            for body in ("one", "two", "three"):
                await bob.say(peer, body)
            await sent(bob, peer)
            one, two, three = bob.history(peer)
            await bob.do(CorrectMessage(one.chat, one.id, "ONE"))
            await bob.do(RetractMessage(two.chat, two.id))
            await bob.do(React(three.chat, three.id, ("🎉",)))
            await bob.do(SendMessage(one.chat, "four", reply_to=one.id))
            await sent(bob, peer)
        async with make_engine(server, name) as client:
            await client.join(room, "Alice")
            if not proves_authors(server):
                await reads(client, room, "one", "two", "three", "ONE", "four")
                assert [m.edited or m.tombstone is not None for m in client.history(room)] == [False] * 5
            for peer in (bob.account, *([room] if proves_authors(server) else [])):
                await reads(client, peer, "ONE", "", "three", "four")
                one, two, three, four = client.history(peer)
                assert (one.edited, two.tombstone is not None) == (True, True)
                assert [(r.emoji, r.count, r.own) for r in three.reactions] == [("🎉", 1, False)]
                assert four.reply is not None
                assert four.reply.message_id == one.id


async def test_where_a_room_has_no_moderation_it_is_not_offered(ejabberd: Ejabberd) -> None:
    async with make_engine(ejabberd, fresh_name()) as alice, make_engine(ejabberd, fresh_name()) as bob:
        room = ejabberd.room()
        await alice.join(room, "Alice")
        await bob.join(room, "Bob")
        await bob.say(room, "spam")
        await alice.until(lambda: alice.bodies(room) == ["spam"])
        (message,) = alice.history(room)
        await alice.until(lambda: Operation.REACT in alice.engine.operations(message), "what can be done is known")
        assert Operation.MODERATE not in alice.engine.operations(message)


async def test_moderators_take_back_what_others_said(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as bob:
        room = prosody.room()
        key = await alice.join(room, "Alice")
        await bob.join(room, "Bob")
        await bob.say(room, "spam")
        await alice.until(lambda: alice.bodies(room) == ["spam"])
        (message,) = alice.history(room)
        await alice.until(lambda: Operation.MODERATE in alice.engine.operations(message), "alice moderates")
        assert Operation.MODERATE not in bob.engine.operations(bob.history(room)[0])
        await alice.do(Moderate(key, message.id, "no spam"))
        for client in (alice, bob):
            await reads(client, room, "")
            tombstone = client.history(room)[0].tombstone
            assert tombstone is not None
            assert (tombstone.moderated, tombstone.by, tombstone.reason) == (True, "Alice", "no spam")


async def test_what_was_deleted_here_stays_away_when_the_archive_brings_it(server: Server, tmp_path: Path) -> None:
    name = fresh_name()
    server.add_user(name)
    async with make_engine(server, fresh_name()) as bob:
        client = make_client(server, name, tmp_path)
        await client.engine.start()
        await client.online()
        for body in ("one", "two", "three"):
            await bob.say(client.account, body)
        await client.until(lambda: client.bodies(bob.account) == ["one", "two", "three"])
        await client.do(DeleteMessage(client.key(bob.account), client.history(bob.account)[1].id))
        await client.close()
        await bob.say(client.account, "four")
        client = make_client(server, name, tmp_path)
        try:
            await client.engine.start()
            await client.until(lambda: client.bodies(bob.account) == ["one", "three", "four"])
        finally:
            await client.close()


async def test_what_nobody_can_get_is_undone_and_told(server: Server) -> None:
    async with make_engine(server, fresh_name()) as alice:
        name = fresh_name()
        nobody = server.add_user(name)
        async with make_engine(server, name) as bob:
            await bob.say(alice.account, "helo")
            await alice.until(lambda: alice.bodies(nobody) == ["helo"])
        (message,) = alice.history(nobody)
        server.remove_user(name)
        await alice.do(React(message.chat, message.id, ("👍",)))
        await alice.until(lambda: alice.told(ProblemRaised))
        await alice.until(lambda: alice.history(nobody)[0].reactions == ())
        assert alice.told(ProblemRaised)[-1].title == "No reaction"


async def test_an_operation_of_another_device_is_shown_as_ours(server: Server) -> None:
    name = fresh_name()
    async with (
        make_engine(server, name, store="desk") as desk,
        make_engine(server, name, store="phone") as phone,
        make_engine(server, fresh_name()) as bob,
    ):
        await bob.say(desk.account, "helo")
        await phone.until(lambda: phone.bodies(bob.account) == ["helo"])
        await desk.until(lambda: desk.bodies(bob.account) == ["helo"])
        (message,) = phone.history(bob.account)
        await phone.do(React(message.chat, message.id, ("👍",)))
        await desk.until(lambda: desk.history(bob.account)[0].reactions == (Reaction("👍", own=True),))
        await bob.until(lambda: bob.history(desk.account)[0].reactions == (Reaction("👍", ("",)),))
        assert bob.history(desk.account)[0].direction is Direction.OUT
