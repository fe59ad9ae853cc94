"""Putting files where a server has made a place for them, against a server that answers as a test wants."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest

from tests.server.authority import Kind, TestAuthority
from tests.waiting import until
from tests.web.file_server import PUBLIC, https
from tui_xmpp.errors import CertificateRejected, FileUnreadable, TransferFailed, UploadRefused
from tui_xmpp.model.files import Trust
from tui_xmpp.model.sending import TAG, Slot
from tui_xmpp.web import putting
from tui_xmpp.web.fetching import WebFiles
from tui_xmpp.web.sealed_file import decrypt, key_in

BODY = bytes(range(256)) * 1000


@dataclass
class Taker:
    """Takes what is put and says whether it is content."""

    port: int = 0
    status: str = "201 Created"
    stops_after: int | None = None
    """It reads no further, and says nothing."""
    over: asyncio.Event = field(default_factory=asyncio.Event)
    open: int = 0
    heads: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def slot(self, scheme: str = "https", **headers: str) -> Slot:
        """A place there."""
        url = f"{scheme}://files.test:{self.port}/1/a%20b.jpg"
        return Slot(url, url, tuple(headers.items()))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one file."""
        self.open += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.heads.append(head)
            length = re.search(r"content-length: (\d+)", head.lower())
            assert length is not None
            if self.stops_after is not None:
                await reader.readexactly(self.stops_after)
                await self.over.wait()
            self.bodies.append(await reader.readexactly(int(length[1])))
            writer.write(f"HTTP/1.1 {self.status}\r\nContent-Length: 0\r\n\r\n".encode())
            await writer.drain()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        self.open -= 1


@asynccontextmanager
async def taking(authority: TestAuthority, kind: Kind = Kind.GOOD) -> AsyncIterator[Taker]:
    certificate = authority.issue(kind, "files.test")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)
    taker = Taker()
    server = await asyncio.start_server(taker.serve, PUBLIC, 0, ssl=context)
    taker.port = server.sockets[0].getsockname()[1]
    async with server:
        yield taker
        taker.over.set()
        await until(lambda: not taker.open)


@pytest.fixture
async def taker(authority: TestAuthority) -> AsyncIterator[Taker]:
    async with taking(authority) as running:
        yield running


async def pieces(body: bytes = BODY) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 50_000):
        yield body[start : start + 50_000]


async def put(
    authority: TestAuthority,
    slot: Slot,
    body: AsyncIterator[bytes] | None = None,
    *,
    encrypted: bool = False,
    told: list[int] | None = None,
) -> str:
    trust = Trust("chat.test", named=frozenset({"files.test"}), ca_file=authority.ca_file)
    tell = (told if told is not None else list[int]()).append
    source = pieces() if body is None else body
    kind = "application/octet-stream" if encrypted else "image/jpeg"
    return await WebFiles(https()).put(slot, source, len(BODY), trust, kind=kind, encrypted=encrypted, tell=tell)


async def test_a_file_goes_out_as_it_is_with_what_the_server_wanted_along(
    authority: TestAuthority, taker: Taker
) -> None:
    told: list[int] = []
    link = await put(authority, taker.slot(Authorization="Bearer x"), told=told)
    assert link == taker.slot().get
    assert taker.bodies == [BODY]
    (head,) = taker.heads
    assert head.startswith("PUT /1/a%20b.jpg HTTP/1.1\r\n")
    assert "Authorization: Bearer x\r\n" in head
    assert "Content-Type: image/jpeg\r\n" in head
    assert not re.search(r"user-agent|referer|transfer-encoding", head, re.IGNORECASE)
    assert (told[0], told[-1], told == sorted(told)) == (50_000, len(BODY), True)


async def test_a_file_that_is_too_large_to_encrypt_does_not_go_out(
    authority: TestAuthority, taker: Taker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(putting, "MOST", len(BODY) - 1)
    with pytest.raises(UploadRefused, match="larger than one can encrypt"):
        await put(authority, taker.slot(), encrypted=True)
    assert taker.heads == []
    await put(authority, taker.slot())


async def test_no_two_encrypted_files_share_a_key_and_only_the_link_has_it(
    authority: TestAuthority, taker: Taker
) -> None:
    """SECURITY 35."""
    links = [await put(authority, taker.slot(), encrypted=True) for _ in range(3)]
    keys = [key_in(link.partition("#")[2]) for link in links]
    assert all(link.startswith(f"aesgcm://files.test:{taker.port}/1/a%20b.jpg#") for link in links)
    assert len({key.key for key in keys}) == len({key.iv for key in keys}) == 3
    assert {len(key.iv) for key in keys} == {12}
    for key, body in zip(keys, taker.bodies, strict=True):
        assert len(body) == len(BODY) + TAG
        assert BODY[:64] not in body
        assert b"".join([piece async for piece in decrypt(pieces(body), key)]) == BODY
    assert not any("#" in head for head in taker.heads)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("413 Payload Too Large", "too large"),
        ("403 Forbidden", "did not accept the permission"),
        ("401 Unauthorized", "did not accept the permission"),
        ("507 Insufficient Storage", "no room left"),
        ("409 Conflict", "did not take the file (it answered 409)"),
        ("302 Found", "did not take the file (it answered 302)"),
    ],
)
async def test_what_the_server_does_not_take_is_told_in_plain_words(
    authority: TestAuthority, taker: Taker, status: str, words: str
) -> None:
    taker.status = status
    with pytest.raises(UploadRefused) as caught:
        await put(authority, taker.slot())
    assert words in caught.value.message
    assert caught.value.again is None


@pytest.mark.parametrize("status", ["500 Internal Server Error", "502 Bad Gateway", "503 Unavailable", "429 Slow down"])
async def test_where_the_server_is_in_trouble_another_try_is_worth_it(
    authority: TestAuthority, taker: Taker, status: str
) -> None:
    taker.status = status
    with pytest.raises(TransferFailed, match="in trouble"):
        await put(authority, taker.slot())


async def test_a_server_that_takes_nothing_more_is_given_up(
    authority: TestAuthority, taker: Taker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(putting, "SILENCE", 0.3)
    monkeypatch.setattr(putting, "_LAST_WORD", 0.3)
    taker.stops_after = 10
    with pytest.raises(TransferFailed, match="takes nothing more"):
        await put(authority, taker.slot())


async def test_why_the_file_could_not_be_read_is_what_is_told(authority: TestAuthority, taker: Taker) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield BODY[:1000]
        raise FileUnreadable("The file was changed.")

    with pytest.raises(FileUnreadable, match="was changed"):
        await put(authority, taker.slot(), broken(), encrypted=True)
    assert taker.bodies == []


async def test_nothing_goes_to_a_server_that_cannot_prove_its_name(authority: TestAuthority) -> None:
    async with taking(authority, Kind.WRONG_NAME) as taker:
        with pytest.raises(CertificateRejected, match="another name"):
            await put(authority, taker.slot())
        assert taker.heads == []


async def test_nothing_goes_out_without_tls(authority: TestAuthority, taker: Taker) -> None:
    with pytest.raises(TransferFailed, match="https"):
        await put(authority, taker.slot("http"))
    assert taker.heads == []
