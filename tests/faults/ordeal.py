"""Two people with three devices, two chats, many faults: the whole of it, from the first word to the verdict."""

import asyncio
import itertools
import logging
import math
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from tests.faults.faults import FAULTS, Fault, Place, Server, crash
from tests.faults.person import Person, said
from tests.faults.screen import scrolled_through
from tests.faults.verdict import verdict
from tests.server.cutter import Cutter
from tests.waiting import until
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.omemo import EncryptionWish

log = logging.getLogger(__name__)

PACE = 0.03
"""Mean seconds between two messages."""

QUIET = 60.0
"""Seconds after the last fault within which everything has to be where it belongs."""

SKEWS = (0, 0, 0.7, -0.7, 40, -40)
"""Seconds that people's clocks are fast."""

LOOK_EVERY = 0.2
"""Seconds between two looks into the stores."""


class Home(Server, Protocol):
    """A server with accounts and rooms."""

    rooms: str

    @property
    def port(self) -> int:
        """For STARTTLS."""

    def add_user(self, name: str, password: str = "secret") -> Address:
        """Make an account."""

    def settings(self, name: str, *, port: int | None = None) -> AccountSettings:
        """How it signs in; `port` for a proxy in front of the server."""


Archived = Callable[[Address], Sequence[str]]
"""The stanzas in the archive of an account, in the server's own storage."""


@dataclass(frozen=True, slots=True)
class Ordeal:
    """How much of it: messages of each person in each chat, faults among them, and what chance they come from."""

    messages: int
    faults: int
    seed: int
    kinds: Sequence[Fault] = FAULTS
    encrypted: bool = False
    """In the chat of two alone, and nothing goes out in clear."""
    archived: Archived | None = None
    """What the server's own storage has for somebody; None: it is never killed, and has to have everything."""

    def plan(self, chance: random.Random) -> list[Fault]:
        """The faults in order: every kind once before one comes again."""
        plan: list[Fault] = []
        while len(plan) < self.faults:
            plan += chance.sample(self.kinds, len(self.kinds))
        return plan[: self.faults]


async def suffer(home: Home, directory: Path, ordeal: Ordeal) -> None:
    """Live through an ordeal. Raises AssertionError with what was lost, doubled or out of order."""
    async with _people(home, directory, ordeal) as people:
        conversation = _Conversation(
            people, Address(home.rooms, "kitchen"), in_room=not ordeal.encrypted, archived=ordeal.archived
        )
        conversation.type_up_to(math.inf)
        for person in people:
            await person.start()
            if conversation.in_room:
                await person.join(conversation.room)
        if ordeal.encrypted:
            for person in people:
                await until(person.has_device, timeout=30, what=f"the device of {person.name} is known")
        talk = asyncio.create_task(conversation.talk(ordeal.messages, random.Random(-ordeal.seed)))
        try:
            await _strike(conversation, home, ordeal, talk)
            await talk
        finally:
            talk.cancel()
        # A kill that came when all was said may have taken the last words along: then they are typed again.
        await conversation.talk(ordeal.messages, random.Random(ordeal.seed))
        await conversation.settle(ordeal.messages)
        # Nothing may come twice or change its place by starting anew, which looks into the archives once more.
        for person in people:
            await person.quit()
            await person.start()
        await conversation.talk(ordeal.messages + 1, random.Random(ordeal.seed))
        await conversation.settle(ordeal.messages + 1)
        for person in people:
            await person.quit()
        assert len(conversation.gone) <= ordeal.plan(random.Random(ordeal.seed)).count(crash), conversation.gone
        complaints = conversation.complaints(ordeal.messages + 1)
        complaints += await conversation.complaints_of_the_screen(ordeal.messages + 1)
        assert not complaints, "\n".join(complaints)


@dataclass(slots=True)
class _Conversation:
    people: tuple[Person, ...]
    """The first two are struck by faults; the third is another device of the first, on a quiet line."""
    room: Address
    in_room: bool = True
    may_type: asyncio.Event = field(default_factory=asyncio.Event)
    archived: Archived | None = None
    gone: set[tuple[str, int]] = field(default_factory=set)
    """What the server was killed over between its two archives: author and number, in the chat of two."""
    limit: float = math.inf
    """Messages typed at which everybody waits for the next fault, so that none comes when all is said."""

    def chats(self, person: Person) -> tuple[Address, ...]:
        one, other = self.people[:2]
        address = (one if person is other else other).address
        return (address, self.room) if self.in_room else (address,)

    @property
    def typed(self) -> int:
        return sum(sum(person.typed.values()) for person in self.people)

    async def talk(self, count: int, chance: random.Random) -> None:
        """Everybody types numbers up to a count, in both chats by turns; those lost by a kill are typed again."""
        while unsaid := [(p, chat) for p in self.people for chat in self.chats(p) if p.typed.get(chat, 0) < count]:
            person, chat = chance.choice(unsaid)
            await person.say(chat)
            await asyncio.sleep(chance.expovariate(1 / PACE))
            if self.typed >= self.limit:
                self.may_type.clear()
            await self.may_type.wait()

    def type_up_to(self, limit: float) -> None:
        """Let everybody type until there are so many messages."""
        self.limit = limit
        self.may_type.set()

    async def settle(self, count: int) -> None:
        """Wait until every message is everywhere, or for so long that it will not come."""

        async def is_complete() -> bool:
            await asyncio.sleep(LOOK_EVERY)
            return await asyncio.to_thread(self._is_complete, count)

        try:
            await until(is_complete, timeout=QUIET, what="everything has arrived")
        except AssertionError as error:
            await asyncio.to_thread(self._ask_the_server, count)
            if not self._is_complete(count):
                raise AssertionError("\n".join(self.complaints(count))) from error

    def _is_complete(self, count: int) -> bool:
        return not any(
            self._missing(person, chat, author, count) or person.unsent(chat)
            for person in self.people
            for chat in self.chats(person)
            for author in self.people
        )

    def _missing(self, person: Person, chat: Address, author: Person, count: int) -> set[int]:
        return set(range(count)) - set(person.numbers(chat, author.name)) - self._gone(chat, author)

    def _gone(self, chat: Address, author: Person) -> set[int]:
        return set() if chat == self.room else {number for name, number in self.gone if name == author.name}

    def _ask_the_server(self, count: int) -> None:
        """Find what the server has for its author alone: nobody else can ever have it (`test_server_loss`)."""
        if self.archived is None:
            return
        for author in self.people:
            chat = self.chats(author)[0]
            recipient = next(person for person in self.people if person.address == chat)
            for number in self._missing(recipient, author.address, author, count):
                text = f">{author.name} {number}<"
                sent, received = (any(text in one for one in self.archived(who)) for who in (author.address, chat))
                if sent and not received:
                    log.warning("the server has lost %r", text)
                    self.gone.add((author.name, number))

    def complaints(self, count: int) -> list[str]:
        """What is wrong in somebody's view of somebody's messages in a chat."""
        complaints: list[str] = []
        for person in self.people:
            for chat in self.chats(person):
                for author in self.people:
                    wrong = verdict(person.numbers(chat, author.name), count, self._gone(chat, author))
                    if wrong:
                        complaints.append(f"{person.name} has in {chat} of {author.name}: {wrong}")
                if unsent := person.unsent(chat):
                    complaints.append(f"{person.name} in {chat}: {len(unsent)} not sent: {unsent[:3]}")
        return complaints

    async def complaints_of_the_screen(self, count: int) -> list[str]:
        """The same of what is seen by scrolling, when nobody's client runs any more."""
        complaints: list[str] = []
        for person in self.people:
            for chat in self.chats(person):
                seen = await scrolled_through(person, chat)
                for author in self.people:
                    wrong = verdict(said(author.name, seen), count, self._gone(chat, author))
                    if wrong:
                        complaints.append(f"{person.name} sees in {chat} of {author.name}: {wrong}")
        return complaints


@asynccontextmanager
async def _people(home: Home, directory: Path, ordeal: Ordeal) -> AsyncIterator[tuple[Person, ...]]:
    clocks = random.Random(ordeal.seed + 1)
    async with Cutter(home.port) as first, Cutter(home.port) as second, Cutter(home.port) as quiet:
        wish = EncryptionWish.ALWAYS if ordeal.encrypted else EncryptionWish.NEVER
        juno, theo = (
            Person(
                replace(home.settings(home.add_user(name).local, port=line.port), encryption=wish),
                line,
                directory,
                clocks.choice(SKEWS),
            )
            for name, line in (("juno", first), ("theo", second))
        )
        phone = Person(home.settings("juno", port=quiet.port), quiet, directory, device="phone")
        # What was encrypted before a device was known cannot be opened by it.
        people = (juno, theo) if ordeal.encrypted else (juno, theo, phone)
        log.info("seed %d, clocks: %s", ordeal.seed, [juno.skew, theo.skew])
        try:
            yield people
        finally:
            for person in people:
                await person.kill()


async def _strike(conversation: _Conversation, server: Server, ordeal: Ordeal, talk: "asyncio.Task[None]") -> None:
    """One fault after the other, each at a random moment of the talk."""
    chance = random.Random(ordeal.seed)
    plan = ordeal.plan(chance)
    chats = sum(len(conversation.chats(person)) for person in conversation.people)
    due = [chats * ordeal.messages * (number + chance.random()) / len(plan) for number in range(len(plan))]
    for fault, (now, next_) in zip(plan, itertools.pairwise([*due, math.inf]), strict=True):

        def is_due(now: float = now) -> bool:
            return talk.done() or conversation.typed >= now

        await until(is_due, timeout=120, what=f"{now:.0f} messages typed")
        conversation.type_up_to(next_)
        person = chance.choice(conversation.people[:2])
        log.info("after %d messages: %s, %s", conversation.typed, fault.__name__, person.name)
        await fault(Place(person, server, chance))
        # A kill takes words along that were counted: those that are typed again must not wait for the next fault.
        conversation.type_up_to(next_)
