"""A plain slixmpp client: the other side of a conversation, independent of the project's own network layer."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar
from xml.etree.ElementTree import Element

from slixmpp import ClientXMPP
from slixmpp.stanza import Message, Presence
from slixmpp.xmlstream import StanzaBase
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

from tests.waiting import until
from tui_xmpp.demo.prosody_config import LOOPBACK

_LOGIN_TIMEOUT = 15.0
_Stanza = TypeVar("_Stanza", Message, Presence)


class LoginFailed(Exception):
    """The server refused, or nothing came in time."""


class PlainClient(ClientXMPP):
    """Signs in and keeps what it receives in `messages` and `presences`, in order.

    Raw: messages without a body are there too. It accepts no subscription by itself.
    """

    def __init__(
        self, address: str, password: str, ca_file: Path, plugins: Iterable[str], *, direct: bool = False
    ) -> None:
        super().__init__(address, password, ssl_context=ssl.create_default_context(cafile=str(ca_file)))
        self.enable_direct_tls = direct
        self.enable_starttls = not direct
        self.auto_authorize = None
        self.auto_subscribe = False
        self.messages: list[Message] = []
        self.presences: list[Presence] = []
        for plugin in plugins:
            self.register_plugin(plugin)
        for name in ("message", "presence"):
            matcher = MatchXPath(f"{{{self.default_ns}}}{name}")
            self.register_handler(Callback(f"Keep every {name}", matcher, self._keep))

    async def message(self, matches: Callable[[Message], object], *, within: float = 10, what: str = "") -> Message:
        """Wait for a message, received already or not, for which `matches` holds."""
        return await _first(self.messages, matches, within, what or "a message")

    async def presence(self, matches: Callable[[Presence], object], *, within: float = 10, what: str = "") -> Presence:
        """Wait for a presence, received already or not, for which `matches` holds."""
        return await _first(self.presences, matches, within, what or "a presence")

    def _keep(self, stanza: StanzaBase) -> None:
        if isinstance(stanza, Message):
            self.messages.append(stanza)
        elif isinstance(stanza, Presence):
            self.presences.append(stanza)


def has_child(stanza: Message | Presence, name: str) -> bool:
    """Whether the stanza holds, at any depth, an element of this name: `{namespace}local`."""
    xml: Element = stanza.xml
    return xml.find(f".//{name}") is not None


@asynccontextmanager
async def signed_in(
    address: str,
    *,
    port: int,
    ca_file: Path,
    password: str = "secret",
    plugins: Iterable[str] = (),
    presence: bool = True,
    direct: bool = False,
) -> AsyncIterator[PlainClient]:
    """A client that is online inside the block; `direct` says that `port` speaks TLS at once. Raises LoginFailed."""
    client = PlainClient(address, password, ca_file, plugins, direct=direct)
    outcome: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def settle(result: str) -> Callable[[object], None]:
        return lambda _: None if outcome.done() else outcome.set_result(result)

    client.add_event_handler("session_start", settle(""))
    client.add_event_handler("failed_all_auth", settle("the password was refused"))
    client.add_event_handler("connection_failed", settle("the server was not reached"))
    client.add_event_handler("ssl_invalid_chain", settle("the certificate is not valid"))
    client.connect(LOOPBACK, port)
    try:
        async with asyncio.timeout(_LOGIN_TIMEOUT):
            problem = await outcome
        if problem:
            raise LoginFailed(problem)
        if presence:
            await client.get_roster()
            client.send_presence()
        yield client
    finally:
        client.cancel_connection_attempt()
        await client.disconnect(wait=1.0)
        filters = client._run_out_filters
        if filters is not None:
            filters.cancel()
            await asyncio.gather(filters, return_exceptions=True)


async def _first(kept: list[_Stanza], matches: Callable[[_Stanza], object], within: float, what: str) -> _Stanza:
    found: list[_Stanza] = []

    def look() -> bool:
        found.extend(stanza for stanza in kept if matches(stanza))
        return bool(found)

    await until(look, timeout=within, what=what)
    return found[0]
