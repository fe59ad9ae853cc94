"""The proxy that spoils lines does each of its mischiefs and no other."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.server.cutter import Cutter
from tests.waiting import until


@pytest.fixture
async def echo() -> AsyncIterator[Cutter]:
    """A cutter in front of a server that sends back what it gets."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(1000):
                writer.write(data)
        except ConnectionError:
            pass
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with Cutter(server.sockets[0].getsockname()[1]) as cutter:
        yield cutter
    server.close()


async def test_bytes_pass_in_both_directions_and_the_end_does_too(echo: Cutter) -> None:
    reader, writer = await asyncio.open_connection(echo.host, echo.port)
    writer.write(b"hello")
    assert await reader.readexactly(5) == b"hello"
    writer.write_eof()
    assert await reader.read() == b""
    writer.close()


async def test_a_cut_line_is_reset(echo: Cutter) -> None:
    reader, writer = await asyncio.open_connection(echo.host, echo.port)
    await until(lambda: echo.lines)
    echo.cut()
    with pytest.raises(ConnectionResetError):
        await reader.read()
    writer.close()
    await until(lambda: not echo.lines)


async def test_a_half_closed_line_ends_for_the_client_alone(echo: Cutter) -> None:
    reader, writer = await asyncio.open_connection(echo.host, echo.port)
    await until(lambda: echo.lines)
    echo.half_close()
    assert await reader.read() == b""
    assert echo.lines == 1
    writer.close()


async def test_a_frozen_line_holds_everything_back_until_it_thaws(echo: Cutter) -> None:
    reader, writer = await asyncio.open_connection(echo.host, echo.port)
    await until(lambda: echo.lines)
    echo.freeze()
    writer.write(b"hello")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await reader.read(5)
    echo.thaw()
    assert await reader.readexactly(5) == b"hello"
    writer.close()


async def test_a_refused_connection_is_reset_and_later_ones_may_pass(echo: Cutter) -> None:
    echo.refuse()
    reader, writer = await asyncio.open_connection(echo.host, echo.port)
    with pytest.raises(ConnectionResetError):
        await reader.read()
    writer.close()
    echo.accept()
    reader, writer = await asyncio.open_connection(echo.host, echo.port)
    writer.write(b"hello")
    assert await reader.readexactly(5) == b"hello"
    writer.close()
