"""However messages and what is done with them come, the store ends the same as in the plain order.

A world of two chats is made at random: a contact and a room, in which others, our phone and this engine write, answer,
correct, take back, react and moderate. In the plain order each thing comes live, once. In the other order streams
break, so that things are missed; they come from offline storage, by carbons, once more on a resumed stream, and from
archives that are read backwards in small pages, which may have tombstones in place of what was taken back.
"""

import asyncio
import itertools
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.core.line import ack
from tests.core.signals import BOB, OWN, ROOM, alone, feed, in_room, session
from tests.core.timeline import Happening, What, Who, World, WorldLine
from tests.engines import Client
from tui_xmpp.core import catch_up, composing, ids, judge, outbox, own_operations, pages, sync
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.commands import CorrectMessage, React, RetractMessage, SendMessage
from tui_xmpp.model.message import Direction, Message
from tui_xmpp.model.search import parse
from tui_xmpp.model.stanzas import MessageReceived, Outgoing, Route

SERVER = Address("chat.test")
PEERS = (BOB.bare, ROOM)
MOST = 20


@dataclass(frozen=True)
class Coming:
    """How one thing reaches the engine, and what happens after it."""

    live: bool = True
    """Else it is missed, and comes later."""
    by_carbon: bool = False
    from_storage: bool = False
    """When a stream begins with it, what was missed in the chat comes from offline storage first."""
    again: int = 0
    """So many of the last things come once more."""
    reads: tuple[Address, ...] = ()
    """Archives that are caught up with then."""
    scrolls: tuple[Address, ...] = ()
    """Chats that somebody scrolls back in then."""


PLAIN = Coming()


# What happens


def _world(chance: Random, length: int) -> tuple[Happening, ...]:
    """Things that happen; a shorter world of the same chance is the beginning of a longer one."""
    happenings = [Happening(0, False, Who.BOB, What.TEXT), Happening(1, True, Who.BOB, What.TEXT)]
    gone: set[int] = set()
    places = chance.choice([(False, True), (False,), (True,)])
    for number in range(2, length):
        in_room = chance.choice(places)
        who = chance.choice(list(Who) if in_room else [Who.HERE, Who.PHONE, Who.BOB])
        what = chance.choice([What.TEXT, What.REACTIONS, *What])
        one = _fitting(Happening(number, in_room, who, what), happenings, gone, chance)
        if one.what in {What.RETRACTION, What.MODERATION} and one.target is not None:
            gone.add(one.target)
        happenings.append(one)
    return tuple(happenings)


def _fitting(one: Happening, before: Sequence[Happening], gone: set[int], chance: Random) -> Happening:
    """It, about something that is there; else a text."""
    texts = [other for other in before if other.in_room == one.in_room and other.what in {What.TEXT, What.REPLY}]
    ours = {Who.HERE, Who.PHONE}
    own = [other for other in texts if other.who is one.who or {other.who, one.who} <= ours]
    about = {
        What.REPLY: texts,
        What.REACTIONS: texts,
        What.CORRECTION: own,
        What.RETRACTION: own,
        What.MODERATION: texts if one.in_room and one.who not in ours else [],
        What.FORGERY: [other for other in texts if other not in own] if one.who is not Who.HERE else [],
    }.get(one.what, [])
    if one.who is Who.HERE:  # a person does things with what is shown
        about = [other for other in about if other.number not in gone and (other.who is one.who or other.number < 2)]
    if not about:
        return replace(one, what=What.TEXT)
    # Most often about what was said a moment ago, now and then about something older.
    return replace(one, target=chance.choice(about[-3:] if chance.random() < 0.7 else about).number)


def _comings(chance: Random, length: int) -> list[Coming]:
    """By turns things come live and are missed, each for a while."""
    found = [PLAIN, PLAIN]  # so that what comes later is news, and counts as unread
    live = chance.random() < 0.5
    while len(found) < length:
        found += [_coming(chance, live=live) for _ in range(chance.randint(1, 6))]
        live = not live
    return found[:length]


def _coming(chance: Random, *, live: bool) -> Coming:
    return Coming(
        live=live,
        by_carbon=chance.random() < 0.3,
        from_storage=chance.random() < 0.3,
        again=chance.choice([0, 0, 0, 1, 2, 5]),
        reads=chance.choice([(), (), (), (), (), (OWN,), (ROOM,), (OWN, ROOM)]),
        scrolls=chance.choice([(), (), (), (), (BOB.bare,), (ROOM,)]),
    )


# How it comes


class Run:
    """One engine through one world."""

    def __init__(self, client: Client, world: World, patch: pytest.MonkeyPatch) -> None:
        self.client = client
        self.world = world
        self.line = WorldLine(world)
        session(client).context.connection = self.line  # type: ignore[assignment]  # as much of one as is used here
        session(client).context.has_archive = session(client).context.assigns_ids = True
        in_room(client)
        self._in_stream: list[MessageReceived] = []
        self._missed: list[Happening] = []
        self._now = 0
        names = itertools.count()
        for module in (judge, outbox, own_operations, sync, catch_up):
            patch.setattr(module, "now", lambda: self._now)
        for module in (composing, own_operations, ids):
            patch.setattr(module, "fresh_id", lambda: f"h{next(names)}")
        patch.setattr(pages, "PAGE", WorldLine.PAGE)

    async def live(self, happening: Happening, coming: Coming) -> None:
        """Let one thing happen, and reach the engine in its way."""
        self._now = happening.time
        sent = await self._do(happening) if happening.who is Who.HERE else None
        message = self.world.happen(happening, sent)
        if sent is not None:
            self._missed.clear()  # what is stored for us comes before we can write
        if sent is not None and not happening.in_room:
            if coming.live:
                ack(self.client, self.line)
        elif not coming.live and not (sent is not None and happening.what in {What.TEXT, What.REPLY}):
            self._missed.append(happening)
            self._begin_stream()
        else:
            await self._receive(message, coming, happening)
        await feed(self.client)
        if coming.again:
            await feed(self.client, *self._in_stream[-coming.again :])
        for archive in coming.reads:
            await self._catch_up(archive)
        for peer in coming.scrolls:
            await self._older(peer)

    async def _receive(self, message: MessageReceived, coming: Coming, happening: Happening) -> None:
        if coming.from_storage:
            await self._from_storage()
        self._missed.clear()
        if coming.by_carbon and message.route is Route.LIVE and not happening.in_room:
            message = replace(message, route=Route.CARBON_RECEIVED, outer_sender=OWN)
        self._in_stream.append(message)
        await feed(self.client, message)

    def _begin_stream(self) -> None:
        """The stream before is lost for good, and there is another one."""
        one = session(self.client)
        one.sync.stream_gone()
        one.outbox.stream_gone()
        self._in_stream.clear()

    async def _from_storage(self) -> None:
        """What the server kept for us: what others wrote while no device was there, with a stamp."""
        for missed in self._missed:
            if not missed.in_room and missed.who is Who.BOB:
                message = replace(self.world.said[missed.number], delay=missed.time, delay_by=SERVER)
                self._in_stream.append(message)
                await feed(self.client, message)

    async def _do(self, happening: Happening) -> Outgoing:
        """Do it with the engine; what it writes then."""
        peer = ROOM if happening.in_room else BOB.bare
        key, number = self.client.key(peer), happening.target
        target = None if number is None else self._stored(peer, self.world.said[number].id)
        count = len(self.line.sent)
        match happening.what, target:
            case What.CORRECTION, int():
                await self.client.do(CorrectMessage(key, target, happening.text))
            case What.RETRACTION, int():
                await self.client.do(RetractMessage(key, target))
            case What.REACTIONS, int():
                await self.client.do(React(key, target, happening.emojis))
            case _:
                await self.client.do(SendMessage(key, happening.text, target))
        if len(self.line.sent) == count:  # what was done before may have arrived or not: the archive is asked
            await self._catch_up(happening.archive)
        (sent,) = self.line.sent[count:]
        return sent

    def _stored(self, peer: Address, name: str) -> int:
        return self.client.store.messages.find_by_stanza_id(self.client.key(peer), name)[-1].id

    async def _catch_up(self, archive: Address) -> None:
        one = session(self.client)
        reached = await one.sync.catch_up(archive, is_extended=True)
        await one._resolve_doubts(one.rooms.model(ROOM) if archive == ROOM else None, reached)
        await feed(self.client)

    async def _older(self, peer: Address) -> None:
        key = self.client.key(peer)
        await session(self.client).sync.older(key, ChatKind.ROOM if peer == ROOM else ChatKind.CONTACT)
        await feed(self.client)

    async def end(self) -> None:
        """Read what is missing from the archives."""
        self._begin_stream()
        for archive in (OWN, ROOM):
            await self._catch_up(archive)
        for peer in PEERS:
            while not self.client.engine.archive_begins_here(self.client.key(peer)):
                await self._older(peer)


def _message(client: Client, message: Message) -> object:
    """All that can be seen of a message, without local numbers and clocks."""
    quote = message.reply
    original = None if quote is None or quote.message_id is None else client.store.messages.get(quote.message_id)
    tombstone = message.tombstone
    return {
        "id": message.stanza_id,
        "sender": (str(message.sender), message.nick, message.occupant_id, message.direction.value),
        "body": message.body,
        "whole": client.engine.whole_text(message.id) if message.direction is Direction.IN else "",
        "versions": [version.body for version in client.engine.versions(message.id)],
        "reactions": [(one.emoji, one.nicks, one.own) for one in message.reactions],
        "quote": None if quote is None else (quote.nick, quote.own, quote.text, original and original.stanza_id),
        "tombstone": None if tombstone is None else (tombstone.moderated, tombstone.by, tombstone.reason),
        "mention": message.mentions_us,
        "waiting": message.waiting,
        "delivery": message.delivery.name,
    }


def _normal_form(client: Client, happenings: Sequence[Happening]) -> dict[str, object]:
    """What a store has come to."""
    found: dict[str, object] = {}
    for peer in PEERS:
        chat = client.engine.chat(client.key(peer))
        assert chat is not None
        preview = chat.preview
        found[f"{peer}"] = [_message(client, message) for message in client.history(peer)]
        found[f"{peer} row"] = preview and (preview.text, preview.sender, preview.own, preview.delivery.name)
        if not any(one.who is Who.HERE and one.in_room == (peer == ROOM) for one in happenings):
            # Who answers here has read what was there then, which is another thing in each order.
            found[f"{peer} unread"] = (chat.unread, chat.mentions)
    for happening in happenings:
        query = parse(f"word{happening.number}", today=date(2026, 1, 1))
        hits = client.store.search.find(query, 99).hits
        found[f"word{happening.number}"] = sorted(hit.message.stanza_id for hit in hits)
    found["under way"] = client.store.outgoing.all(OWN)
    return found


async def _end(happenings: Sequence[Happening], comings: Sequence[Coming], *, tombstones: bool) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as directory, pytest.MonkeyPatch.context() as patch:
        async with alone(Path(directory)) as client:
            run = Run(client, World(happenings, tombstones), patch)
            for happening, coming in zip(happenings, comings, strict=False):
                await run.live(happening, coming)
            await run.end()
            return _normal_form(client, happenings)


async def _check(seed: int, length: int, *, tombstones: bool) -> None:
    happenings = _world(Random(seed), length)
    plain = await _end(happenings, [PLAIN] * length, tombstones=False)
    other = await _end(happenings, _comings(Random(seed + 1), length), tombstones=tombstones)
    assert not {what: (other[what], plain[what]) for what in plain if other[what] != plain[what]}


# A seed makes worlds more unlike each other than drawing each thing would; a world that fails is cut shorter.
_ANY = {"seed": st.integers(0, 2**48), "length": st.integers(3, MOST), "tombstones": st.booleans()}


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(**_ANY)
# Somebody scrolls into a gap over which the first that came live was no message, and the stream is gone since.
@example(seed=725, length=16, tombstones=False)
def test_the_store_ends_the_same_as_in_the_plain_order(seed: int, length: int, tombstones: bool) -> None:
    asyncio.run(_check(seed, length, tombstones=tombstones))


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(**_ANY)
def test_the_store_ends_the_same_in_very_many_orders(seed: int, length: int, tombstones: bool) -> None:
    asyncio.run(_check(seed, length, tombstones=tombstones))
