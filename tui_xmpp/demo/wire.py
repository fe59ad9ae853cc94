"""The little XMPP that a member of the cast needs: TLS from the first byte, one login, stanzas in and out (RFC 6120).

Not slixmpp: a client of slixmpp's costs the event loop 100 ms to create and 20 ms for each login, and six of them would
be felt in the screen they are meant to show off. The server is our own child, on loopback, and its certificate is
verified, so that PLAIN is enough.
"""

import asyncio
import base64
import contextlib
import ssl
from collections import deque
from collections.abc import AsyncIterator
from xml.etree.ElementTree import Element, XMLPullParser, tostring

from tui_xmpp.demo.elements import CLIENT, element
from tui_xmpp.errors import ConnectionFailed
from tui_xmpp.model.frozen import frozen

_CHUNK = 65536
_TIMEOUT = 10.0
_CLOSING_TIMEOUT = 1.0
_SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
_BIND = "urn:ietf:params:xml:ns:xmpp-bind"


@frozen
class Endpoint:
    """Where the server is, and whom its certificate must come from."""

    host: str
    port: int
    domain: str
    context: ssl.SSLContext


class Wire:
    """One stream, signed in. Stanzas are elements with names of Clark's: `{jabber:client}message`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._parser: XMLPullParser[Element] = XMLPullParser(("start", "end"))
        self._root: Element | None = None
        self._depth = 0
        self._ready: deque[Element] = deque()
        self.address = ""
        """The full address that the server gave us."""

    @classmethod
    async def open(cls, endpoint: Endpoint, local: str, password: str, resource: str) -> "Wire":
        """Sign in. Raises ConnectionFailed."""
        try:
            async with asyncio.timeout(_TIMEOUT):
                reader, writer = await asyncio.open_connection(
                    endpoint.host, endpoint.port, ssl=endpoint.context, server_hostname=endpoint.domain
                )
                wire = cls(reader, writer)
                try:
                    await wire._sign_in(endpoint.domain, local, password, resource)
                except BaseException:  # also when cancelled: nobody else knows of the connection
                    writer.transport.abort()
                    raise
        except (OSError, TimeoutError) as error:
            raise ConnectionFailed(f"{local} could not join the demonstration: {error}") from error
        return wire

    def send(self, stanza: Element) -> None:
        """Write one stanza; silently nothing once the stream has ended."""
        if not self._writer.is_closing():
            self._writer.write(tostring(stanza))

    async def stanzas(self) -> AsyncIterator[Element]:
        """Every stanza, until the stream ends for whatever reason."""
        with contextlib.suppress(ConnectionFailed, OSError):
            while True:
                yield await self._next()

    async def close(self) -> None:
        """End the stream."""
        if not self._writer.is_closing():
            self._writer.write(b"</stream:stream>")
        self._writer.close()
        try:
            async with asyncio.timeout(_CLOSING_TIMEOUT):
                await self._writer.wait_closed()
        except (OSError, TimeoutError):
            self._writer.transport.abort()

    async def _sign_in(self, domain: str, local: str, password: str, resource: str) -> None:
        await self._open_stream(domain)
        credentials = base64.b64encode(f"\0{local}\0{password}".encode()).decode()
        self.send(element("auth", _SASL, text=credentials, mechanism="PLAIN"))
        if (await self._next()).tag != f"{{{_SASL}}}success":
            raise ConnectionFailed(f"{local} was not let in.")
        await self._open_stream(domain)
        bind = element("bind", _BIND, element("resource", text=resource))
        self.send(element("iq", CLIENT, bind, type="set", id="bind"))
        bound = (await self._next()).findtext(f".//{{{_BIND}}}jid")
        if bound is None:
            raise ConnectionFailed(f"{local} was given no address.")
        self.address = bound

    async def _open_stream(self, domain: str) -> None:
        self._parser = XMLPullParser(("start", "end"))
        self._root, self._depth = None, 0
        self._ready.clear()
        header = (
            f"<?xml version='1.0'?><stream:stream to='{domain}' version='1.0' xml:lang='en' "
            f"xmlns='{CLIENT}' xmlns:stream='http://etherx.jabber.org/streams'>"
        )
        self._writer.write(header.encode())
        await self._next()  # the features, which we know

    async def _next(self) -> Element:
        while not self._ready:
            data = await self._reader.read(_CHUNK)
            if not data:  # after `</stream:stream>` the server closes the connection as well
                raise ConnectionFailed("The stream has ended.")
            self._parser.feed(data)
            for event in self._parser.read_events():
                self._take(event[0], event[-1])
        return self._ready.popleft()

    def _take(self, kind: str, item: object) -> None:
        if not isinstance(item, Element):
            return
        if kind == "start":
            self._depth += 1
            if self._root is None:
                self._root = item
            return
        self._depth -= 1
        if self._depth == 1 and self._root is not None:
            self._root.remove(item)  # else the stream would be kept for ever
            self._ready.append(item)
