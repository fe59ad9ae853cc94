"""Fetching and saving files, from honest servers and from others (SECURITY 23, 24, 35)."""

import asyncio
import gzip
import logging
import os
import shutil
import stat
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import ModuleType

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.server.authority import BAD_KINDS, Kind, TestAuthority
from tests.waiting import until
from tests.web.file_server import PRIVATE, FileServer, HeadOnly, file_server, https, plain, redirect
from tui_xmpp.errors import CertificateRejected, FileTampered, TransferFailed, TuiXmppError
from tui_xmpp.model.files import Trust
from tui_xmpp.web import part_file
from tui_xmpp.web.fetching import WebFiles
from tui_xmpp.web.https import Https
from tui_xmpp.web.sealed_file import FileKey, new_key

BODY = bytes(range(256)) * 2000
MOST = 10**6
NOBODY = Trust("home.test")


def is_empty(folder: Path) -> bool:
    return not list(folder.iterdir())


def kept(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.iterdir()]


async def save(link: str, folder: Path, *, most: int = MOST, trust: Trust = NOBODY, web: Https | None = None) -> Path:
    return await WebFiles(web or https()).save(
        link, trust, folder / "file.bin", most=most, tell=lambda _received, _size: None
    )


async def refused(link: str, folder: Path, *, trust: Trust = NOBODY, web: Https | None = None) -> TuiXmppError:
    """What is said where nothing may be saved; nothing is left, either."""
    with pytest.raises(TuiXmppError) as caught:
        await save(link, folder, trust=trust, web=web)
    assert is_empty(folder)
    return caught.value


def sealed(server: FileServer, path: str, body: bytes = BODY) -> tuple[str, FileKey]:
    """Put an encrypted file onto a server; its link, and its key."""
    key = new_key()
    server.files[path] = plain(AESGCM(key.key).encrypt(key.iv, body, None))
    return f"{server.url(path, 'aesgcm')}#{key.fragment}", key


# What honest servers do
async def test_a_file_is_saved_as_it_is_and_for_its_owner_only(server: FileServer, tmp_path: Path) -> None:
    server.files["/a/file.bin"] = plain(BODY)
    heard: list[tuple[int, int | None]] = []
    web = WebFiles(https())
    assert await web.size_of(server.url("/a/file.bin"), NOBODY) == len(BODY)
    place = await web.save(
        server.url("/a/file.bin"),
        NOBODY,
        tmp_path / "file.bin",
        most=MOST,
        tell=lambda received, size: heard.append((received, size)),
    )
    assert place.read_bytes() == BODY
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert heard[0] == (0, len(BODY))
    assert heard[-1] == (len(BODY), len(BODY))


async def test_an_encrypted_file_is_decrypted_and_its_size_is_that_of_the_file(
    server: FileServer, tmp_path: Path
) -> None:
    link, _ = sealed(server, "/f")
    assert await WebFiles(https()).size_of(link, NOBODY) == len(BODY)
    assert (await save(link, tmp_path, most=len(BODY))).read_bytes() == BODY


async def test_a_server_that_does_not_tell_the_size_is_served_too(server: FileServer, tmp_path: Path) -> None:
    async def chunked(writer: asyncio.StreamWriter | HeadOnly) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n")

    server.files["/f"] = chunked
    assert await WebFiles(https()).size_of(server.url("/f"), NOBODY) is None
    assert (await save(server.url("/f"), tmp_path)).read_bytes() == b"abcdefg"


async def test_redirects_are_followed_a_few_times(server: FileServer, authority: TestAuthority, tmp_path: Path) -> None:
    async with file_server(authority, "other.test") as other:
        other.files["/there"] = plain(BODY)
        server.files["/1"] = redirect("/2")
        server.files["/2"] = redirect(other.url("/there"))
        server.files["/round"] = redirect("/round")
        assert (await save(server.url("/1"), tmp_path)).read_bytes() == BODY
        (tmp_path / "file.bin").unlink()
        assert "on and on" in (await refused(server.url("/round"), tmp_path)).message
        assert len(server.heads) == 2 + 5


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("404 Not Found", "not there any more"),
        ("410 Gone", "not there any more"),
        ("403 Forbidden", "does not give it out"),
        ("503 Unavailable", "in trouble"),
        ("206 Partial Content", "something else"),
    ],
)
async def test_what_is_no_file_is_told_in_plain_words(
    server: FileServer, tmp_path: Path, status: str, words: str
) -> None:
    server.files["/f"] = plain(b"<html>", status=status)
    assert words in (await refused(server.url("/f"), tmp_path)).message


async def test_a_cancelled_file_leaves_nothing(server: FileServer, tmp_path: Path) -> None:
    async def slow(writer: asyncio.StreamWriter | HeadOnly) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc")
        await writer.drain()
        await asyncio.Event().wait()

    server.files["/f"] = slow
    received: list[int] = []
    work = asyncio.ensure_future(
        WebFiles(https()).save(
            server.url("/f"), NOBODY, tmp_path / "f", most=MOST, tell=lambda number, _size: received.append(number)
        )
    )
    await until(lambda: 3 in received)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert is_empty(tmp_path)


@pytest.mark.parametrize("named", [False, True], ids=["unnamed", "hidden"])
@pytest.mark.parametrize(("where", "name"), [(shutil, "disk_usage"), (os, "fsync")], ids=["begin", "end"])
async def test_a_file_that_is_cancelled_while_a_thread_works_on_it_leaves_nothing_and_names_no_other(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: ModuleType, name: str, named: bool
) -> None:
    at_work, go = threading.Event(), threading.Event()
    real: Callable[[object], object] = getattr(where, name)

    def slow(what: object) -> object:
        at_work.set()
        go.wait()
        return real(what)

    folder, other = tmp_path / "folder", tmp_path / "other"
    folder.mkdir()
    other.touch()
    if named:
        monkeypatch.setattr(part_file, "_OPEN_FILES", tmp_path / "none")
    monkeypatch.setattr(where, name, slow)
    server.files["/f"] = plain(BODY)
    work = asyncio.ensure_future(save(server.url("/f"), folder))
    await until(at_work.is_set)
    work.cancel()
    await asyncio.wait((work,), timeout=0.2)
    opened = [os.open(other, os.O_RDONLY) for _ in range(99)]  # one of them takes the number, where it is free already
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await work
    await asyncio.get_running_loop().shutdown_default_executor()  # every thread has ended
    for descriptor in opened:
        os.close(descriptor)
    assert is_empty(folder)
    assert other.stat().st_nlink == 1


# What is told of us
async def test_a_request_says_nothing_of_who_asks_and_nothing_of_the_key(
    server: FileServer, authority: TestAuthority, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    link, key = sealed(server, "/f")
    cookie = "Set-Cookie: id=1; Path=/"
    server.files["/first"] = plain(b"", f"Location: {server.url('/f')}", cookie, status="302 Found")
    await save(link.replace("/f#", "/first#").replace("://", "://me:word@"), tmp_path)
    fields = {line.partition(":")[0].lower() for head in server.heads for line in head.split("\r\n")[1:] if line}
    assert fields == {"host", "accept", "accept-encoding", "connection"}
    said = "".join(server.heads) + caplog.text
    assert key.key.hex() not in said
    assert key.iv.hex() not in said
    server.files["/f"] = plain(b"x" * 40)
    (tmp_path / "file.bin").unlink()
    error = await refused(link, tmp_path)
    assert key.key.hex()[:8] not in f"{error!r} {error.__cause__!r} {error.__context__!r} {caplog.text}"


@pytest.mark.parametrize("kind", BAD_KINDS)
async def test_a_certificate_that_is_not_valid_ends_it(
    authority: TestAuthority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca_file))
    async with file_server(authority, kind=kind) as server:
        server.files["/f"] = plain(BODY)
        assert isinstance(await refused(server.url("/f"), tmp_path), CertificateRejected)
        assert server.heads == []


async def test_an_authority_of_ones_own_counts_at_ones_own_server_only(
    authority: TestAuthority, tmp_path: Path
) -> None:
    trust = Trust("home.test", ca_file=authority.ca_file)
    async with (
        file_server(authority, "home.test", PRIVATE) as own,
        file_server(authority) as other,
    ):
        own.files["/f"] = other.files["/f"] = plain(BODY)
        assert (await save(own.url("/f"), tmp_path, trust=trust)).read_bytes() == BODY
        (tmp_path / "file.bin").unlink()
        assert isinstance(await refused(other.url("/f"), tmp_path, trust=trust), CertificateRejected)


# Where a link may lead
@pytest.mark.parametrize("scheme", ["http", "ftp", "file", "xmpp"])
async def test_only_https_is_asked(server: FileServer, tmp_path: Path, scheme: str) -> None:
    assert "https" in (await refused(server.url("/f", scheme), tmp_path)).message
    assert server.heads == []


async def test_an_encrypted_file_is_never_fetched_over_plain_http(server: FileServer, tmp_path: Path) -> None:
    link, _ = sealed(server, "/f")
    server.files["/r"] = redirect(server.url("/f", "http"))
    assert "https" in (await refused(link.replace("/f#", "/r#"), tmp_path)).message


async def test_a_link_into_a_network_that_is_not_public_is_refused(authority: TestAuthority, tmp_path: Path) -> None:
    async with file_server(authority, "inside.test", PRIVATE) as inside:
        for link in (inside.url("/f"), f"https://{PRIVATE}:{inside.port}/f", f"https://[::ffff:7f00:2]:{inside.port}/"):
            assert "not public" in (await refused(link, tmp_path)).message
        assert inside.heads == []


@pytest.mark.parametrize(
    "place",
    ["https://127.0.0.2/", "https://169.254.169.254/latest/meta-data", "https://10.0.0.1/", "https://[::1]/",
     "https://[::ffff:169.254.169.254]/", "https://0.0.0.0/", "https://2130706434/", "https://0x7f.2/",
     "https://inside.test/", "http://files.test/f", "file:///etc/passwd", "//[", "aesgcm://files.test/f"],
)  # fmt: skip
async def test_no_redirect_leads_into_a_private_network_or_away_from_https(
    server: FileServer, tmp_path: Path, place: str
) -> None:
    server.files["/f"] = redirect(place)
    await refused(server.url("/f"), tmp_path)
    assert len(server.heads) == 1


async def test_our_own_server_may_be_at_home_but_leads_nowhere_else(authority: TestAuthority, tmp_path: Path) -> None:
    trust = Trust("home.test", ca_file=authority.ca_file)
    async with file_server(authority, "home.test", PRIVATE) as own:
        own.files["/cloud"] = redirect("https://169.254.169.254/latest")
        own.files["/house"] = redirect("https://192.168.1.1/")
        own.files["/moved"] = redirect("/f")
        own.files["/f"] = plain(BODY)
        for path in ("/cloud", "/house"):
            assert "not public" in (await refused(own.url(path), tmp_path, trust=trust)).message
        assert (await save(own.url("/moved"), tmp_path, trust=trust)).read_bytes() == BODY


@pytest.mark.parametrize(("peer", "opens"), [("", False), ("1.1.1.1", False), ("10.0.0.9", False), (PRIVATE, True)])
async def test_a_host_that_our_server_names_may_only_be_where_that_server_is_itself(
    authority: TestAuthority, tmp_path: Path, peer: str, opens: bool
) -> None:
    """So no server leads into the house of those who use it, by naming what is there as its own (SECURITY 24)."""
    trust = Trust("home.test", named=frozenset({"inside.test"}), peer=peer, ca_file=authority.ca_file)
    async with file_server(authority, "inside.test", PRIVATE) as inside:
        inside.files["/f"] = plain(BODY)
        if opens:
            assert (await save(inside.url("/f"), tmp_path, trust=trust)).read_bytes() == BODY
        else:
            assert "not public" in (await refused(inside.url("/f"), tmp_path, trust=trust)).message
            assert inside.heads == []


async def test_somebody_elses_server_does_not_lead_into_our_own(
    server: FileServer, authority: TestAuthority, tmp_path: Path
) -> None:
    trust = Trust("home.test", ca_file=authority.ca_file)
    async with file_server(authority, "home.test", PRIVATE) as own:
        own.files["/f"] = plain(BODY)
        server.files["/f"] = redirect(own.url("/f"))
        assert "not public" in (await refused(server.url("/f"), tmp_path, trust=trust)).message
        assert own.heads == []


async def test_a_name_that_changes_its_meaning_gains_nothing(server: FileServer, tmp_path: Path) -> None:
    """The first answer leads outside, the one that is called leads inside (DNS rebinding)."""
    server.files["/f"] = redirect(server.url("/g"))
    web = https(files_test=PRIVATE)
    assert "not public" in (await refused(server.url("/f"), tmp_path, web=web)).message


@pytest.mark.parametrize("host", ["a..test", f"{'a' * 64}.test", "."])
async def test_a_host_that_no_server_can_have_is_told_in_plain_words(tmp_path: Path, host: str) -> None:
    with pytest.raises(TransferFailed):
        await WebFiles(Https()).size_of(f"https://{host}/photo.jpg", NOBODY)
    await refused(f"aesgcm://{host}/photo.jpg#{new_key().fragment}", tmp_path, web=Https())


# What may come
async def test_a_file_that_is_larger_than_agreed_is_not_taken(server: FileServer, tmp_path: Path) -> None:
    server.files["/f"] = plain(b"x" * (MOST + 1))
    assert "larger" in (await refused(server.url("/f"), tmp_path)).message


async def test_a_body_without_an_end_is_left_when_it_is_too_long(server: FileServer, tmp_path: Path) -> None:
    sent = 0

    async def endless(writer: asyncio.StreamWriter | HeadOnly) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
            await writer.drain()
            sent += 0x10000

    server.files["/f"] = endless
    assert "larger" in (await refused(server.url("/f"), tmp_path)).message
    assert sent < MOST * 20


@pytest.mark.parametrize("length", [len(BODY) + 1, MOST])
async def test_a_file_that_ends_before_its_length_is_not_kept(server: FileServer, tmp_path: Path, length: int) -> None:
    server.files["/f"] = plain(BODY, length=length)
    assert "ended" in (await refused(server.url("/f"), tmp_path)).message


async def test_a_length_that_is_too_small_gives_no_more_than_it_says(server: FileServer, tmp_path: Path) -> None:
    server.files["/f"] = plain(BODY, length=10)
    with suppress(TransferFailed):  # where the rest comes in one piece with it, it is no answer at all
        await save(server.url("/f"), tmp_path)
    assert kept(tmp_path) in ([], [BODY[:10]])


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
async def test_a_packed_body_is_never_unpacked(server: FileServer, tmp_path: Path, coding: str) -> None:
    server.files["/f"] = plain(gzip.compress(bytes(10**7)), f"Content-Encoding: {coding}")
    assert "packs it" in (await refused(server.url("/f"), tmp_path)).message


@pytest.mark.parametrize(
    "answer", [b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", b"", b"\0" * 99]
)
async def test_what_is_not_http_is_refused(server: FileServer, tmp_path: Path, answer: bytes) -> None:
    async def say(writer: asyncio.StreamWriter | HeadOnly) -> None:
        writer.write(answer)

    server.files["/f"] = say
    assert isinstance(await refused(server.url("/f"), tmp_path), TransferFailed)


# Encrypted files
@pytest.mark.parametrize("at", [0, 1000, -17, -16, -1])
async def test_an_encrypted_file_that_was_changed_never_gets_a_name(
    server: FileServer, tmp_path: Path, at: int
) -> None:
    link, key = sealed(server, "/f")
    body = bytearray(AESGCM(key.key).encrypt(key.iv, BODY, None))
    body[at] ^= 1
    server.files["/f"] = plain(bytes(body))
    error = await refused(link, tmp_path)
    assert isinstance(error, FileTampered)
    assert "changed" in error.title


@pytest.mark.parametrize("length", [0, 15, 16, 1000, len(BODY), len(BODY) + 15])
async def test_an_encrypted_file_that_was_cut_never_gets_a_name(
    server: FileServer, tmp_path: Path, length: int
) -> None:
    link, key = sealed(server, "/f")
    server.files["/f"] = plain(AESGCM(key.key).encrypt(key.iv, BODY, None)[:length])
    assert isinstance(await refused(link, tmp_path), FileTampered)


async def test_nothing_is_left_either_where_a_file_needs_a_name_from_the_begin(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(part_file, "_OPEN_FILES", tmp_path / "none")
    link, _ = sealed(server, "/f")
    await refused(f"{link[:-2]}{'00' if link[-2:] != '00' else '11'}", tmp_path)
    assert (await save(link, tmp_path)).read_bytes() == BODY
    assert kept(tmp_path) == [BODY]


async def test_a_file_for_another_key_is_refused(server: FileServer, tmp_path: Path) -> None:
    link, _ = sealed(server, "/f")
    assert isinstance(await refused(f"{link.partition('#')[0]}#{new_key().fragment}", tmp_path), FileTampered)
    assert "no key" in (await refused(link.partition("#")[0], tmp_path)).message
    assert len(server.heads) == 1


# Disks
async def test_a_folder_that_is_not_there_is_said(server: FileServer, tmp_path: Path) -> None:
    server.files["/f"] = plain(BODY)
    with pytest.raises(TransferFailed, match="There is no folder"):
        await save(server.url("/f"), tmp_path / "none")
