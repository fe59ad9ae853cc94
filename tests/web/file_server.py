"""A web server of the tests' own that says exactly what a test wants, byte by byte, and keeps what it was asked."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from tests.server.authority import Kind, TestAuthority
from tui_xmpp.web.https import Https
from tui_xmpp.web.reach import Reach, reach_of

PUBLIC, PRIVATE = "127.0.0.1", "127.0.0.2"
"""Both on this computer; the tests take the first for one that everybody can reach."""


class HeadOnly:
    """Sends what is before the body, which is how an honest server answers HEAD."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    def write(self, data: bytes) -> None:
        """Send the head that is in it."""
        self._writer.write(data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")

    async def drain(self) -> None:
        """Wait until it is sent."""
        await self._writer.drain()


Handler = Callable[[asyncio.StreamWriter | HeadOnly], Awaitable[None]]


def plain(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> Handler:
    """An answer with its length, which may be a lie."""
    said = len(body) if length is None else length

    async def answer(writer: asyncio.StreamWriter | HeadOnly) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {said}", *headers, "Connection: close", "", ""]
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()

    return answer


def redirect(location: str) -> Handler:
    """Sends one on."""
    return plain(b"", f"Location: {location}", status="302 Found")


@dataclass
class FileServer:
    """What lies where, and the requests that came, each with its head."""

    domain: str
    port: int = 0
    files: dict[str, Handler] = field(default_factory=dict)
    heads: list[str] = field(default_factory=list)

    def url(self, path: str, scheme: str = "https") -> str:
        """Where a file is."""
        return f"{scheme}://{self.domain}:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.heads.append(head)
            method, path, _ = head.split(" ", 2)
            answer = self.files.get(path, plain(b"", status="404 Not Found"))
            await answer(HeadOnly(writer) if method == "HEAD" else writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def file_server(
    authority: TestAuthority, domain: str = "files.test", host: str = PUBLIC, kind: Kind = Kind.GOOD
) -> AsyncIterator[FileServer]:
    """Run one."""
    certificate = authority.issue(kind, domain)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)
    running = FileServer(domain)
    server = await asyncio.start_server(running.serve, host, 0, ssl=context)
    running.port = server.sockets[0].getsockname()[1]
    async with server:
        yield running


class Names(AbstractResolver):
    """Says where names are; others are looked up."""

    def __init__(self, places: dict[str, str]) -> None:
        self._places = places
        self._usual = ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        """The address of a name."""
        return await self._usual.resolve(self._places.get(host, host), port)

    async def close(self) -> None:
        """Nothing to let go of."""


def seen_from_outside(address: str) -> Reach:
    """What kind of network an address is in, where one of this computer's stands for the public one."""
    return Reach.PUBLIC if address == PUBLIC else reach_of(address)


def https(**places: str) -> Https:
    """What makes requests in the tests; names are those of the servers, with `_` for the dots."""
    names = {"files.test": PUBLIC, "other.test": PUBLIC, "inside.test": PRIVATE, "home.test": PRIVATE}
    names |= {name.replace("_", "."): place for name, place in places.items()}
    return Https(resolver=lambda: Names(names), reach=seen_from_outside)
