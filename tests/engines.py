"""Engines for tests: the whole client below the screen, on a real server and a real store."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from tests.server.servers import Server
from tests.waiting import until
from tui_xmpp.core.engine import Engine
from tui_xmpp.core.ports import NetworkLoader, WebLoader
from tui_xmpp.model.account import AccountSettings, AccountStatus
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.commands import AddContact, AnswerRequest, Command, JoinRoom, SendMessage
from tui_xmpp.model.contact import Subscription
from tui_xmpp.model.events import Event
from tui_xmpp.model.message import Message
from tui_xmpp.model.omemo import EncryptionWish
from tui_xmpp.model.room import RoomStatus
from tui_xmpp.storage.store import Store
from tui_xmpp.web.loading import load_web
from tui_xmpp.xmpp.loading import load_network

E = TypeVar("E")


@dataclass
class MemoryKeeper:
    """Keeps accounts and passwords for one test."""

    passwords: dict[Address, str] = field(default_factory=dict)
    saved: dict[Address, AccountSettings] = field(default_factory=dict)

    def password(self, settings: AccountSettings) -> str | None:
        """The password, if there is one."""
        return self.passwords.get(settings.address)

    def save(self, settings: AccountSettings, password: str, *, remember: bool) -> str:
        """Keep an account, and its password if wanted."""
        self.saved[settings.address] = settings
        if remember:
            self.passwords[settings.address] = password
        return "The password is in the test's memory."

    def remove(self, account: Address) -> None:
        """Forget an account."""
        self.saved.pop(account, None)
        self.passwords.pop(account, None)


class Client:
    """An engine with everything that it has told, and the waiting for it."""

    def __init__(
        self,
        settings: Sequence[AccountSettings],
        path: Path,
        keeper: MemoryKeeper,
        loader: NetworkLoader = load_network,
        web: WebLoader = load_web,
    ) -> None:
        self.path = path
        self.keeper = keeper
        self.store = Store.open(path)
        self.engine = Engine(
            self.store, settings, loader, keeper, load_web=web, downloads=lambda: path.parent / "Downloads"
        )
        self.events: list[Event] = []
        self.engine.subscribe(self.events.extend)
        self._first = settings[0].address if settings else None

    @property
    def account(self) -> Address:
        """The first account."""
        assert self._first is not None
        return self._first

    def key(self, peer: Address) -> ChatKey:
        """The first account's chat with an address."""
        return ChatKey(self.account, peer)

    async def do(self, command: Command) -> None:
        """Wish for something."""
        await self.engine.do(command)

    async def say(self, peer: Address, body: str) -> None:
        """Send a message."""
        await self.engine.do(SendMessage(self.key(peer), body))

    def history(self, peer: Address, limit: int = 1000) -> tuple[Message, ...]:
        """The newest messages of a chat."""
        return self.engine.newest(self.key(peer), limit)

    def bodies(self, peer: Address, limit: int = 1000) -> list[str]:
        """The newest texts of a chat."""
        return [message.body for message in self.history(peer, limit)]

    def told(self, kind: type[E]) -> list[E]:
        """All events of one class so far."""
        return [event for event in self.events if isinstance(event, kind)]

    def status(self, account: Address | None = None) -> AccountStatus:
        """Where an account stands."""
        wanted = account or self.account
        return next(state.status for state in self.engine.accounts() if state.address == wanted)

    async def online(self) -> None:
        """Wait until every account is online and has told its presence."""
        accounts = [state.address for state in self.engine.accounts()]
        await until(
            lambda: all(self.status(account) is AccountStatus.ONLINE for account in accounts),
            timeout=20,
            what=f"online: {self.engine.accounts()}",
        )

    async def until(
        self,
        predicate: Callable[[], object | Awaitable[object]],
        what: str = "",
        timeout: float = 15,  # noqa: ASYNC109 - as in `until`
    ) -> None:
        """Wait for a condition."""
        await until(predicate, timeout=timeout, what=what)

    async def join(self, room: Address, nick: str = "", password: str = "") -> ChatKey:
        """Enter a room."""
        await self.engine.do(JoinRoom(self.account, room, nick, password))
        await self.until(lambda: self.engine.room(self.key(room)).status is RoomStatus.JOINED)
        return self.key(room)

    async def close(self) -> None:
        """Leave, and close the store."""
        await self.engine.close()


def make_client(
    server: Server,
    name: str,
    directory: Path,
    *,
    port: int | None = None,
    keeper: MemoryKeeper | None = None,
    store: str = "",
    encryption: EncryptionWish = EncryptionWish.NEVER,
) -> Client:
    """An engine for an existing account (password `secret`), not started; `store` names its database."""
    settings = replace(server.settings(name, port=port), encryption=encryption)
    keeper = keeper or MemoryKeeper()
    keeper.passwords.setdefault(settings.address, "secret")
    return Client([settings], directory / f"{store or name}.db", keeper)


@asynccontextmanager
async def make_engine(
    server: Server,
    name: str,
    directory: Path | None = None,
    *,
    port: int | None = None,
    store: str = "",
    encryption: EncryptionWish = EncryptionWish.NEVER,
) -> AsyncIterator[Client]:
    """A client that is online, on an account that is made if it is not there; closed at the end.

    It writes in clear unless it is told otherwise, so that a second client of an account can read what the first wrote.
    """
    if not server.has_user(name):
        server.add_user(name)
    with tempfile.TemporaryDirectory(prefix="tui-xmpp-test-", ignore_cleanup_errors=True) as temporary:
        client = make_client(server, name, directory or Path(temporary), port=port, store=store, encryption=encryption)
        try:
            await client.engine.start()
            await client.online()
            yield client
        finally:
            await client.close()


async def befriend(one: Client, other: Client) -> None:
    """Make two clients see each other's presence."""
    await one.do(AddContact(one.account, other.account))
    await other.until(lambda: other.engine.requests(), "the request arrives")
    await other.do(AnswerRequest(other.engine.requests()[-1].id, accept=True))

    def both() -> bool:
        first = one.engine.contact(one.account, other.account)
        second = other.engine.contact(other.account, one.account)
        wanted = Subscription.BOTH
        return first is not None and second is not None and first.subscription is second.subscription is wanted

    await until(both, timeout=15, what="both see each other")


def with_port(settings: AccountSettings, port: int) -> AccountSettings:
    """The same account through another port."""
    return replace(settings, port=port)


async def gather_closing(*clients: Client) -> None:
    """Close several clients at once."""
    await asyncio.gather(*(client.close() for client in clients))
