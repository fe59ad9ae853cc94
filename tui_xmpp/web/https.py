"""One request over HTTPS: TLS that is always verified, nothing said of us, and never into a network of our own.

No cookies, no referrer, no name of the program, no proxy from the environment, no redirect that is followed by
itself; a connection is made for one request and ends with it. aiohttp takes half a second to import: only
`web.loading` imports this module, off the loop.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from tui_xmpp.errors import TransferFailed, TuiXmppError
from tui_xmpp.model.files import Trust
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.text import clean_line
from tui_xmpp.web.reach import Reach, reach_of
from tui_xmpp.xmpp.tls import client_context, tls_failure

_log = logging.getLogger(__name__)

_CONNECT_TIMEOUT = 15.0
SILENCE = 30.0
"""Seconds in which something must come or go out."""
_CHUNK = 256 * 1024


class _NotThere(OSError):
    """The address is one that the request may not go to."""


class Gate:
    """Lets a request connect to some addresses only; asked with the very address that is about to be called.

    A name that is looked up a second time and then means another address (DNS rebinding) gains nothing by that.
    """

    def __init__(self, allowed: frozenset[Reach], reach: Callable[[str], Reach] = reach_of) -> None:
        self._allowed = allowed
        self._reach = reach
        self.refused = False
        """An address was one that may not be called."""
        self.passed: Reach | None = None
        """What kind of network was called last."""

    def socket(self, info: tuple[int, int, int, str, tuple[str | int, ...]]) -> socket.socket:
        """A socket for an address that `getaddrinfo` gave. Raises OSError for one that may not be called."""
        family, kind, protocol, _, address = info
        reach = self._reach(str(address[0]))
        if reach not in self._allowed:
            self.refused = True
            raise _NotThere("not an address to call")
        self.passed = reach
        return socket.socket(family, kind, protocol)


@frozen
class Answer:
    """What a server answered to a request; its body can be read once."""

    status: int
    headers: Mapping[str, str]
    _content: aiohttp.StreamReader

    @property
    def length(self) -> int | None:
        """How many bytes it says that it sends; None: it does not say, or it is no number."""
        text = self.headers.get("Content-Length", "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None

    async def chunks(self, most: int) -> AsyncGenerator[bytes, None]:
        """The body as it comes. Raises TransferFailed when more than `most` bytes have come, whatever was said."""
        received = 0
        async for chunk in self._content.iter_chunked(_CHUNK):
            received += len(chunk)
            if received > most:
                raise TransferFailed("It is larger than its server said, or than may be taken. Nothing of it was kept.")
            yield chunk


class Https:
    """Makes requests; `resolver` and `reach` say what names and addresses mean, other than usual in tests only."""

    def __init__(
        self, *, resolver: Callable[[], AbstractResolver] | None = None, reach: Callable[[str], Reach] = reach_of
    ) -> None:
        # What the system says of names, as for the chat itself; aiohttp's own choice would not ask all that it asks.
        self._resolver: Callable[[], AbstractResolver] = resolver or aiohttp.ThreadedResolver
        self._reach = reach
        self._contexts: dict[Path | None, ssl.SSLContext] = {}

    def gate(self, host: str, trust: Trust) -> Gate:
        """What a request to a host may call: the public network, and whatever network our own server is in.

        A host that is its own only because it says so may be in the network in which it was reached itself.
        """
        allowed = {Reach.PUBLIC}
        if trust.vouches(host):
            allowed |= set(Reach)
        elif trust.owns(host) and trust.peer:
            allowed.add(self._reach(trust.peer))
        return Gate(frozenset(allowed - {Reach.NOWHERE}), self._reach)

    def gate_behind(self, first: Gate, host: str, trust: Trust) -> Gate:
        """What may be called where a first request was sent on to, `host` being the one it went to itself.

        From our own server that is the network that it is in, too, and from all others the public one only.
        """
        also = {first.passed} if first.passed is not None and trust.owns(host) else frozenset[Reach]()
        return Gate(frozenset({Reach.PUBLIC}) | also, self._reach)

    @asynccontextmanager
    async def request(
        self,
        method: str,
        url: str,
        trust: Trust,
        *,
        headers: Mapping[str, str] | None = None,
        data: AsyncIterable[bytes] | bytes | None = None,
        gate: Gate | None = None,
        silence: float | None = SILENCE,
    ) -> AsyncIterator[Answer]:
        """Ask once; no redirect is followed, and any status is an answer. Raises TransferFailed in plain words.

        `silence` is for how many seconds nothing may come; None: for ever. A `data` stream needs its length among
        the `headers`, or else goes out in chunks.
        """
        target = https_url(url)
        host = target.host or ""
        gate = gate or self.gate(host, trust)
        own_authority = trust.ca_file if trust.owns(host) else None
        connector = aiohttp.TCPConnector(
            ssl=await self._context(own_authority),
            resolver=self._resolver(),
            use_dns_cache=False,
            force_close=True,
            socket_factory=gate.socket,
        )
        timeout = aiohttp.ClientTimeout(total=None, connect=SILENCE, sock_connect=_CONNECT_TIMEOUT, sock_read=silence)
        session = aiohttp.ClientSession(
            connector=connector,
            timeout=timeout,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            read_bufsize=_CHUNK,
            headers={"Accept": "*/*", "Accept-Encoding": "identity"},
            skip_auto_headers=("User-Agent",),
        )
        async with session:
            try:
                async with await _answer(session, method, target, headers, data) as response:
                    yield Answer(response.status, response.headers, response.content)
            except (aiohttp.ClientError, TimeoutError) as error:
                shown = clean_line(host, limit=200)
                raise _in_words(error, shown, gate, own_authority=own_authority is not None) from None

    async def _context(self, authority: Path | None) -> ssl.SSLContext:
        """One that trusts a file in place of the system's authorities, or those; made off the loop."""
        if authority not in self._contexts:
            self._contexts[authority] = await asyncio.to_thread(client_context, authority, direct=False)
        return self._contexts[authority]


async def _answer(
    session: aiohttp.ClientSession,
    method: str,
    target: URL,
    headers: Mapping[str, str] | None,
    data: AsyncIterable[bytes] | bytes | None,
) -> aiohttp.ClientResponse:
    """The head of what comes back. Raises TransferFailed for a host that no server can have."""
    try:
        return await session.request(method, target, headers=headers, data=data, allow_redirects=False)
    except UnicodeError:  # by the system's resolver, for a part of the name that is empty or too long
        raise TransferFailed(f"There can be no server called {clean_line(target.host or '', limit=200)}.") from None


def https_url(url: str) -> URL:
    """The address to ask for: https only, without a name, a password or the part that servers never see."""
    try:
        target = URL(url).with_fragment(None)
        if target.scheme.lower() != "https" or not target.host:
            raise TransferFailed("It does not lie at an https address, so anybody on the way could read or change it.")
        return target.with_user(None)
    except ValueError as error:
        raise TransferFailed("Its link is not a whole address.") from error


def _in_words(error: Exception, host: str, gate: Gate, *, own_authority: bool) -> TuiXmppError:
    """What went wrong, for people. The error itself is left out: it may hold the whole address."""
    _log.info("%s: %s", host, type(error).__name__)
    if gate.refused and isinstance(error, OSError):
        return TransferFailed(f"{host} leads into a network that is not public, where no file should come from.")
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return tls_failure(error.certificate_error, host, own_authority=own_authority)
        case aiohttp.ClientSSLError():
            return TransferFailed(f"{host} does not speak TLS there, or only an outdated version of it.")
        case aiohttp.ClientConnectorDNSError():
            return TransferFailed(f"There is no server called {host}, or this computer is not online.")
        case TimeoutError():
            return TransferFailed(f"{host} does not answer any more.")
        case aiohttp.ClientConnectorError():
            return TransferFailed(f"{host} cannot be reached.")
        case aiohttp.ClientPayloadError():
            return TransferFailed("The connection ended in the middle of the file.")
        case aiohttp.ClientConnectionError():
            return TransferFailed(f"{host} ended the connection.")
        case _:
            return TransferFailed(f"{host} answers something that is not HTTP.")
