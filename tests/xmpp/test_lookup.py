"""Where a server may be: SRV records from a name server of our own, and the order to try."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import aiodns
import pytest

from tui_xmpp.demo.prosody_config import LOOPBACK
from tui_xmpp.model.account import AccountSettings, TlsMode
from tui_xmpp.model.address import Address
from tui_xmpp.xmpp.lookup import Record, Target, fallback_targets, fixed_targets, in_order, srv_targets

SERVICES = {
    "_xmpp-client._tcp.chat.test": [(10, 5, 5222, "plain.chat.test"), (30, 0, 5222, "last.chat.test")],
    "_xmpps-client._tcp.chat.test": [(20, 0, 443, "direct.chat.test")],
    "_xmpp-client._tcp.none.test": [(0, 0, 0, "")],
}


class NameServer(asyncio.DatagramProtocol):
    """Answers SRV questions from `SERVICES`, all others with NXDOMAIN; silent for silent.test (RFC 1035 §4.1)."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)  # no subclass of it in Python 3.11

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        name, question = self.question(data)
        if name.endswith("silent.test"):
            return
        records = SERVICES.get(name, [])
        flags = 0x8180 if records else 0x8183
        answer = data[:2] + struct.pack(">HHHHH", flags, 1, len(records), 0, 0) + question
        for priority, weight, port, target in records:
            encoded = self.encoded(target)
            answer += b"\xc0\x0c" + struct.pack(">HHIHHHH", 33, 1, 60, 6 + len(encoded), priority, weight, port)
            answer += encoded
        self.transport.sendto(answer, addr)

    @staticmethod
    def question(data: bytes) -> tuple[str, bytes]:
        labels = []
        position = 12
        while length := data[position]:
            labels.append(data[position + 1 : position + 1 + length].decode())
            position += 1 + length
        return ".".join(labels).lower(), data[12 : position + 5]

    @staticmethod
    def encoded(name: str) -> bytes:
        labels = name.split(".") if name else []
        return b"".join(bytes([len(label)]) + label.encode() for label in labels) + b"\0"


@asynccontextmanager
async def resolver() -> AsyncIterator[aiodns.DNSResolver]:
    """A resolver that asks our own name server."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(NameServer, local_addr=(LOOPBACK, 0))
    port = transport.get_extra_info("sockname")[1]
    asking = aiodns.DNSResolver(nameservers=[f"{LOOPBACK}:{port}"], timeout=0.3, tries=1)
    try:
        yield asking
    finally:
        await asking.close()
        transport.close()


PLAIN = Target("plain.chat.test", 5222, direct=False)
LAST = Target("last.chat.test", 5222, direct=False)
DIRECT = Target("direct.chat.test", 443, direct=True)


@pytest.mark.parametrize(
    ("mode", "targets"),
    [(TlsMode.AUTO, [PLAIN, DIRECT, LAST]), (TlsMode.STARTTLS, [PLAIN, LAST]), (TlsMode.DIRECT, [DIRECT])],
)
async def test_both_services_are_merged_by_priority(mode: TlsMode, targets: list[Target]) -> None:
    async with resolver() as asking:
        assert await srv_targets("chat.test", mode, asking) == targets


@pytest.mark.parametrize("domain", ["unknown.test", "none.test", "silent.test"])
async def test_no_record_gives_no_target(domain: str) -> None:
    async with resolver() as asking:
        assert await srv_targets(domain, TlsMode.AUTO, asking) == []


def test_equal_priorities_are_drawn_by_weight() -> None:
    heavy, light, zero = (Target(name, 1, direct=False) for name in ("heavy", "light", "zero"))
    records = [Record(1, 90, heavy), Record(1, 10, light), Record(1, 0, zero)]
    assert in_order(records, lambda _: 0) == [zero, light, heavy]
    assert in_order(records, lambda bound: bound - 1) == [heavy, light, zero]
    first = [in_order(records)[0] for _ in range(500)]
    assert first.count(heavy) > 350


def test_records_are_bounded_and_the_root_is_no_host() -> None:
    many = [Record(0, 0, Target(f"h{number}", 1, direct=False)) for number in range(100)]
    assert len(in_order(many)) == 8
    assert in_order([Record(0, 0, Target("", 0, direct=False))]) == []


@pytest.mark.parametrize(
    ("port", "mode", "targets"),
    [
        (0, TlsMode.AUTO, [(5222, False), (5223, True)]),
        (0, TlsMode.STARTTLS, [(5222, False)]),
        (0, TlsMode.DIRECT, [(5223, True)]),
        (443, TlsMode.AUTO, [(443, True), (443, False)]),
        (5223, TlsMode.AUTO, [(5223, True), (5223, False)]),
        (7000, TlsMode.AUTO, [(7000, False), (7000, True)]),
        (7000, TlsMode.DIRECT, [(7000, True)]),
    ],
)
def test_a_host_that_was_set_is_tried_as_set(port: int, mode: TlsMode, targets: list[tuple[int, bool]]) -> None:
    settings = AccountSettings(Address("chat.test", "x"), host="h", port=port, tls=mode)
    assert [(target.port, target.direct) for target in fixed_targets(settings)] == targets


def test_without_records_the_domain_itself_is_tried() -> None:
    assert fallback_targets("chat.test", TlsMode.AUTO) == [
        Target("chat.test", 5222, direct=False),
        Target("chat.test", 5223, direct=True),
    ]
