"""One person at a real server: a connection and everything that it told."""

from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

from tests.server.prosody import Prosody
from tests.waiting import until
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Outgoing, Signal, StreamOpened
from tui_xmpp.xmpp.build import fresh_id
from tui_xmpp.xmpp.connection import XmppConnection

S = TypeVar("S")


class Party:
    """An async context manager: signed in, and available unless told otherwise; it keeps all signals in order."""

    def __init__(self, settings: AccountSettings, *, available: bool = True, password: str = "secret") -> None:
        self.signals: list[Signal] = []
        self.connection = XmppConnection(settings, self)
        self.opened: StreamOpened | None = None
        self._available = available
        self._password = password

    @classmethod
    def at(cls, server: Prosody, account: Address, *, available: bool = True) -> Self:
        """Somebody with an account on a server."""
        return cls(server.settings(account.local), available=available)

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.connection.close()

    def receive(self, signal: Signal) -> None:
        """Keep one signal."""
        self.signals.append(signal)

    async def committed(self) -> None:
        """Nothing is stored here."""

    async def connect(self) -> StreamOpened:
        """Sign in or resume; on a new session the contact list is asked for and presence sent."""
        self.opened = await self.connection.connect(self._password)
        if self._available and not self.opened.resumed:
            await self.connection.roster()
            self.connection.send_presence(Availability.ONLINE, "")
        return self.opened

    @property
    def address(self) -> Address:
        """The full address."""
        assert self.opened is not None
        return self.opened.own

    def say(self, recipient: Address, body: str, type_: MessageType = MessageType.CHAT) -> str:
        """Send a text; return its id."""
        id_ = fresh_id()
        self.connection.send(Outgoing(recipient, type_, id_, body=body, origin_id=id_))
        return id_

    def heard(self, kind: type[S], matches: Callable[[S], bool] = lambda _: True) -> list[S]:
        """Return all signals of a kind that came so far."""
        return [signal for signal in self.signals if isinstance(signal, kind) and matches(signal)]

    async def hears(self, kind: type[S], matches: Callable[[S], bool] = lambda _: True, *, what: str = "") -> S:
        """Wait for a signal and return the first such."""
        await until(lambda: self.heard(kind, matches), what=what or f"a {kind.__name__}")
        return self.heard(kind, matches)[0]

    async def reads(self, body: str) -> MessageReceived:
        """Wait for a message with this text."""
        return await self.hears(MessageReceived, lambda message: message.body == body, what=f"the message {body!r}")
