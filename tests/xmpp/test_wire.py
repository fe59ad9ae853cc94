"""One connection, driven over a pair of sockets."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from xml.etree.ElementTree import Element, fromstring

import pytest

from tests.server.hostile import HEADER, mechanisms
from tests.waiting import until
from tui_xmpp.errors import ConnectionFailed, StreamUnsafe
from tui_xmpp.model.address import Address
from tui_xmpp.xmpp.guard import STANZA_LIMIT
from tui_xmpp.xmpp.login import sign_in
from tui_xmpp.xmpp.network import XmppNetwork
from tui_xmpp.xmpp.wire import Wire

MESSAGE = "<message><body>{}</body></message>"


@asynccontextmanager
async def opened() -> AsyncIterator[tuple[Wire, socket.socket]]:
    """A wire whose stream has begun, and the server's end of it."""
    ours, theirs = socket.socketpair()
    with theirs:
        _, wire = await asyncio.get_running_loop().create_connection(Wire, sock=ours)
        theirs.sendall(HEADER.encode())
        await wire.open_stream("chat.test")
        wire.set_limit(STANZA_LIMIT)
        yield wire, theirs
        wire.abort()
        await wire.closed.wait()


def slow(got: list[str | None]) -> Callable[[Element], None]:
    """A sink that takes 0.15 ms for each message."""

    def take(xml: Element) -> None:
        got.append(xml.findtext("{jabber:client}body"))
        until_then = time.thread_time() + 0.00015
        while time.thread_time() < until_then:
            pass

    return take


async def test_a_long_read_is_handled_in_turns() -> None:
    """A flood of 1 MB whose handling takes 300 ms must leave the loop its turns, and must pause reading."""
    bodies = [f"{number:0500}" for number in range(2000)]
    data = "".join(MESSAGE.format(body) for body in bodies).encode()
    got: list[str | None] = []
    longest = 0.0
    paused = False

    async with opened() as (wire, theirs):
        theirs.setblocking(False)
        sending = asyncio.create_task(asyncio.get_running_loop().sock_sendall(theirs, data))
        wire.deliver_to(slow(got), lambda: None)
        while len(got) < 2000:
            before = time.thread_time()
            await asyncio.sleep(0)
            longest = max(longest, time.thread_time() - before)
            assert wire._transport is not None
            paused = paused or not wire._transport.is_reading()
        await sending
    assert got == bodies
    assert longest < 0.03
    assert paused


async def test_while_it_rests_everything_waits_where_it_is() -> None:
    got: list[tuple[float, str | None]] = []
    loop = asyncio.get_running_loop()
    async with opened() as (wire, theirs):
        wire.deliver_to(lambda xml: got.append((loop.time(), xml.findtext("{jabber:client}body"))), lambda: None)
        XmppNetwork().rest(0.3)
        awake = Wire.rests_until
        theirs.sendall("".join(MESSAGE.format(number) for number in range(1000)).encode())
        await until(lambda: len(got) == 1000)
    assert [body for _, body in got] == list(map(str, range(1000)))
    assert got[0][0] >= awake - time.get_clock_info("monotonic").resolution


async def test_while_it_rests_it_reads_no_more_than_it_may_keep() -> None:
    async with opened() as (wire, theirs):
        theirs.setblocking(False)
        got: list[Element] = []
        wire.deliver_to(got.append, lambda: None)
        XmppNetwork().rest(0.5)
        data = MESSAGE.format("x" * 500).encode() * 2000
        sending = asyncio.create_task(asyncio.get_running_loop().sock_sendall(theirs, data))
        transport = wire._transport
        assert transport is not None
        await until(lambda: not transport.is_reading())
        assert not got
        await until(lambda: len(got) == 2000)
        await sending


async def test_everything_that_came_before_the_end_is_delivered_first() -> None:
    order: list[str | None] = []
    async with opened() as (wire, theirs):
        theirs.sendall("".join(MESSAGE.format(number) for number in range(1000)).encode())
        theirs.close()
        wire.deliver_to(slow(order), lambda: order.append("end"))
        await until(lambda: "end" in order)
    assert order == [*map(str, range(1000)), "end"]


async def test_the_end_is_told_once_even_when_it_came_before_anybody_listened() -> None:
    order: list[str] = []
    async with opened() as (wire, theirs):
        theirs.close()
        await wire.closed.wait()
        wire.deliver_to(lambda _: order.append("element"), lambda: order.append("end"))
        await until(lambda: order)
        wire.abort()
        await asyncio.sleep(0)
    assert order == ["end"]


async def test_elements_wait_until_they_are_asked_for() -> None:
    async with opened() as (wire, theirs):
        theirs.sendall((MESSAGE.format(1) + MESSAGE.format(2)).encode())
        for number in "12":
            assert (await wire.next()).findtext("{jabber:client}body") == number
        theirs.close()
        with pytest.raises(ConnectionFailed):
            await wire.next()


async def test_a_new_stream_does_not_begin_with_leftovers_of_the_old() -> None:
    async with opened() as (wire, theirs):
        theirs.sendall((MESSAGE.format(1) + MESSAGE.format(2)).encode())
        await wire.next()
        with pytest.raises(StreamUnsafe):
            await wire.open_stream("chat.test")


async def test_no_password_goes_through_an_open_line() -> None:
    features = fromstring(f"<features>{mechanisms('PLAIN', 'SCRAM-SHA-1')}</features>")
    async with opened() as (wire, theirs):
        with pytest.raises(StreamUnsafe):
            await sign_in(wire, features, Address("chat.test", "me"), "secret", scram_only=False)
        assert b"<auth" not in theirs.recv(65536)


async def test_closing_does_not_wait_for_a_dead_server() -> None:
    async with opened() as (wire, _):
        async with asyncio.timeout(1):
            await wire.close(0.1)
            await wire.closed.wait()
