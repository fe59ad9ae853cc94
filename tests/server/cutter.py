"""A TCP proxy in front of a server that does to the line what networks do to lines."""

import asyncio
import contextlib
import socket
import struct
from types import TracebackType
from typing import Self

from tui_xmpp.demo.prosody_config import LOOPBACK

_CHUNK = 65536


class Cutter:
    """Passes bytes between clients and the server at `host:target_port`, until told otherwise.

    An async context manager; `port` is where clients connect.
    """

    host = LOOPBACK

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self.port = 0
        self.accepted = 0
        """How many connections have come in."""
        self._server: asyncio.Server | None = None
        self._accepting = True
        self._allowance: int | None = None
        """How many more bytes go to the server before nothing does."""
        self._up, self._down = asyncio.Event(), asyncio.Event()
        self.thaw()
        self._lines: dict[asyncio.Task[None], tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = {}

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, self.host, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.thaw()
        self.cut()
        await asyncio.gather(*self._lines, return_exceptions=True)

    @property
    def lines(self) -> int:
        """Connections that are open now."""
        return len(self._lines)

    def cut(self) -> None:
        """Reset every connection on both sides."""
        for task, ends in list(self._lines.items()):
            for end in ends:
                _reset(end)
            task.cancel()

    def half_close(self) -> None:
        """Send the clients an end of file and go on reading from them, as a server's FIN would."""
        for client, _ in self._lines.values():
            with contextlib.suppress(OSError):
                _socket_of(client).shutdown(socket.SHUT_WR)

    def freeze(self, *, up: bool = True, down: bool = True) -> None:
        """Let nothing through to the server (`up`), to the clients (`down`); connections are still accepted."""
        if up:
            self._up.clear()
        if down:
            self._down.clear()

    def freeze_after(self, count: int) -> None:
        """Let nothing more through to the server when so many bytes, about, have come there."""
        self._allowance = count

    def thaw(self) -> None:
        """Let everything through that was held back."""
        self._allowance = None
        self._up.set()
        self._down.set()

    def refuse(self) -> None:
        """Reset each new connection as soon as it comes."""
        self._accepting = False

    def accept(self) -> None:
        """Take new connections again."""
        self._accepting = True

    async def _serve(self, client_reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        self.accepted += 1
        if not self._accepting:
            _reset(client)
            return
        try:
            server_reader, server = await asyncio.open_connection(self.host, self.target_port)
        except OSError:
            _reset(client)
            return
        task = asyncio.current_task()
        assert task is not None
        self._lines[task] = (client, server)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pass(client_reader, server, self._up))
                group.create_task(self._pass(server_reader, client, self._down))
        except* (OSError, asyncio.CancelledError):
            pass
        finally:
            del self._lines[task]
            for end in (client, server):
                end.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, flowing: asyncio.Event) -> None:
        while data := await reader.read(_CHUNK):
            if flowing is self._up and self._allowance is not None:
                self._allowance -= len(data)
                if self._allowance < 0:
                    self._up.clear()
            await flowing.wait()
            writer.write(data)
            await writer.drain()
        with contextlib.suppress(OSError):
            writer.write_eof()


def _socket_of(writer: asyncio.StreamWriter) -> socket.socket:
    connection: socket.socket = writer.get_extra_info("socket")
    return connection


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with a reset (RST) in place of an orderly end."""
    with contextlib.suppress(OSError):
        _socket_of(writer).setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
