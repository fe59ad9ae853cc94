"""One TCP connection as an XML stream: bytes, TLS, the guard, and elements in order, never more than a moment at once.

Until `deliver_to` is called the elements are taken one by one with `next`, so that signing in reads as a straight
line and nothing that comes early can reach those who handle messages. Afterwards each goes to the sink at once.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from typing import ClassVar, cast
from xml.etree.ElementTree import Element
from xml.sax.saxutils import quoteattr

from tui_xmpp.errors import ConnectionFailed, NetworkError, StreamUnsafe
from tui_xmpp.xmpp.guard import EARLY_LIMIT, STREAMS, Guard
from tui_xmpp.xmpp.names import CLIENT
from tui_xmpp.xmpp.stream_errors import STREAM_ERROR, stream_error

FOOTER = "</stream:stream>"
_SLICE = 8 * 1024
"""Bytes parsed at a time: about a millisecond."""
_BUDGET = 0.008
"""Seconds of parsing and handling before the loop gets its turn."""
_BACKLOG = 64 * 1024
"""Bytes not yet parsed at which reading pauses."""
_HANDSHAKE_TIMEOUT = 10.0
_CLOSED = "The server closed the connection."


class Wire(asyncio.Protocol):
    """The protocol object of one connection; lives as long as that."""

    rests_until: ClassVar[float] = 0.0
    """Loop time until which no line delivers anything, since the loop has something more urgent to do."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._guard = Guard()
        self._pending: deque[bytes] = deque()
        self._backlog = 0
        self._ready: deque[Element] = deque()
        self._sink: Callable[[Element], None] | None = None
        self._on_closed: Callable[[], None] | None = None
        self._wake = asyncio.Event()
        self._scheduled = False
        self._paused = False
        self._lost = False
        self.closed = asyncio.Event()
        """Set when the connection is gone and everything that had come in is delivered."""
        self.error: NetworkError | None = None
        """Why it ended, if it was not by an orderly close."""
        self.heard = self._loop.time()
        """Loop time at which the last bytes came in."""
        self.read = 0
        """Bytes that have been read of what came in."""

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:  # noqa: D102 (asyncio's)
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:  # noqa: D102 (asyncio's)
        if self.error is not None:
            return
        self.heard = self._loop.time()
        self._pending.append(data)
        self._backlog += len(data)
        if self._scheduled:
            self._throttle()
        else:
            self._pump()

    def connection_lost(self, exception: Exception | None) -> None:  # noqa: D102 (asyncio's)
        self._lost = True
        if exception is not None and self.error is None:
            self.error = ConnectionFailed("The connection was lost.")
        if not self._scheduled:
            self._pump()

    # Reading

    @property
    def ended(self) -> bool:
        """The server has closed its stream, or the connection is gone."""
        return self._lost or self._guard.ended

    @property
    def ended_by_server(self) -> bool:
        """The server has closed its stream in the proper way."""
        return self._guard.ended

    async def open_stream(self, domain: str) -> dict[str, str]:
        """Begin a stream, anew after TLS and after signing in; returns the attributes of the server's header.

        Raises StreamUnsafe if something was sent that belongs to neither stream, ConnectionFailed at the end.
        """
        self._refuse_leftovers()
        self._guard = Guard(self._guard.limit)
        self.write(
            f"<?xml version='1.0'?><stream:stream to={quoteattr(domain)} version='1.0' xml:lang='en' "
            f"xmlns='{CLIENT}' xmlns:stream='{STREAMS}'>"
        )
        while self._guard.header is None:
            self._raise_if_over()
            await self._woken()
        return self._guard.header

    async def next(self) -> Element:
        """The next top-level element. Raises what a stream error means, or why the connection ended."""
        while not self._ready:
            self._raise_if_over()
            await self._woken()
        xml = self._ready.popleft()
        self._pump_soon()
        if xml.tag == STREAM_ERROR:
            raise stream_error(xml)
        return xml

    def deliver_to(self, sink: Callable[[Element], None], on_closed: Callable[[], None]) -> None:
        """Hand every further element to `sink`, which must not raise; `on_closed` comes once, after the last."""
        self._sink, self._on_closed = sink, on_closed
        self._pump_soon()

    def set_limit(self, limit: int) -> None:
        """Change how large an element may be."""
        self._guard.limit = limit

    # Writing

    def write(self, text: str) -> None:
        """Send text; without effect when the connection is gone."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(text.encode())

    async def start_tls(self, context: ssl.SSLContext, server_name: str) -> None:
        """Encrypt. Raises ssl.SSLError or OSError as the handshake does, StreamUnsafe for data slipped in before."""
        self._refuse_leftovers()
        if self._transport is None or self._lost:
            raise ConnectionFailed(_CLOSED)
        transport = await self._loop.start_tls(
            self._transport,
            self,
            context,
            server_hostname=server_name,
            ssl_handshake_timeout=_HANDSHAKE_TIMEOUT,
        )
        if transport is None:
            raise ConnectionFailed(_CLOSED)
        self._transport = transport
        self._guard = Guard(EARLY_LIMIT)

    @property
    def tls(self) -> ssl.SSLObject | None:
        """The encryption that the connection has now."""
        if self._transport is None:
            return None
        found: ssl.SSLObject | None = self._transport.get_extra_info("ssl_object")
        return found

    @property
    def peer(self) -> str:
        """The network address of the other end; empty: there is none."""
        name = self._transport.get_extra_info("peername") if self._transport is not None else None
        return str(name[0]) if name else ""

    async def close(self, timeout: float) -> None:  # noqa: ASYNC109 - it never raises, it goes on to the next step
        """End the stream politely, then the connection; takes `timeout` seconds at most."""
        if self._sink is None:
            self._sink = _discard
        if not self._lost:
            self.write(FOOTER)
            self._pump_soon()
            try:
                async with asyncio.timeout(timeout):
                    while not self.ended:
                        await self._woken()
            except TimeoutError:
                pass
        self.abort()

    def abort(self, error: NetworkError | None = None) -> None:
        """End the connection at once and forget what has not been delivered."""
        if self.error is None:
            self.error = error
        self._forget()
        if self._transport is None:
            self._lost = True
            self._finish()
        else:
            self._transport.abort()

    # Within

    def _pump(self) -> None:
        """Parse and deliver for at most `_BUDGET`, then let the loop have its turn."""
        rest = Wire.rests_until - self._loop.time()
        if rest > 0 and self._sink is not None:
            self._scheduled = True
            self._loop.call_later(rest, self._pump)
            return
        self._scheduled = False
        deadline = self._loop.time() + _BUDGET
        while True:
            if self._ready:
                if self._sink is None:
                    break
                self._sink(self._ready.popleft())
            elif self._pending:
                self._parse_slice()
            else:
                break
            if self._loop.time() > deadline:
                self._pump_soon()
                break
        self._wake.set()
        self._throttle()
        if (self._lost or self._guard.ended) and not self._pending and (not self._ready or self._sink is None):
            self._over()

    def _parse_slice(self) -> None:
        data = self._pending.popleft()
        part, rest = data[:_SLICE], data[_SLICE:]
        if rest:
            self._pending.appendleft(rest)
        self._backlog -= len(part)
        self.read += len(part)
        try:
            self._ready.extend(self._guard.feed(part))
        except StreamUnsafe as error:
            self.abort(error)

    def _pump_soon(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._pump)

    def _throttle(self) -> None:
        if self._transport is None or self._lost:
            return
        if not self._paused and self._backlog > _BACKLOG:
            self._paused = True
            self._transport.pause_reading()
        elif self._paused and self._backlog == 0:
            self._paused = False
            self._transport.resume_reading()

    async def _woken(self) -> None:
        self._wake.clear()
        await self._wake.wait()

    def _over(self) -> None:
        """Everything that came has been read, and no more will come."""
        if self._lost:
            self._finish()
        elif self._sink is not None and self._transport is not None:
            self.write(FOOTER)
            self._transport.abort()

    def _finish(self) -> None:
        self.closed.set()
        self._wake.set()
        callback, self._on_closed = self._on_closed, None
        if callback is not None:
            callback()

    def _forget(self) -> None:
        self._pending.clear()
        self._ready.clear()
        self._backlog = 0

    def _raise_if_over(self) -> None:
        if self.error is not None:
            raise self.error
        if self.ended and not self._pending:
            raise ConnectionFailed(_CLOSED)

    def _refuse_leftovers(self) -> None:
        if self._ready or any(piece.strip() for piece in self._pending):
            self.abort(StreamUnsafe("Data was slipped into the connection before it was safe."))
            self._raise_if_over()
        self._forget()


def _discard(_: Element) -> None:
    """Take what comes after we have said good-bye."""
