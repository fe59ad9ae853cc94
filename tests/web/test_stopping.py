"""Fetching that is stopped, wherever it is just then: nothing is left, and nothing goes on (SECURITY 23, 35)."""

import asyncio
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.waiting import until
from tests.web.file_server import FileServer, HeadOnly, https, plain
from tests.web.test_fetching import BODY, MOST, NOBODY, is_empty, save
from tui_xmpp.web import part_file
from tui_xmpp.web.fetching import WebFiles


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
