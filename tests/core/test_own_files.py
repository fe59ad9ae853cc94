"""Files of ours: what they are when they are chosen, and their bytes when they go out."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tui_xmpp.core.own_files import check_unchanged, ending_of, kind_of, look, opened, pasted
from tui_xmpp.errors import FileUnreadable
from tui_xmpp.model.sending import Secrecy
from tui_xmpp.storage.uploads import StoredFile

CHANGED = "was changed after it was chosen"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "dough.bin"
    path.write_bytes(bytes(range(256)) * 2000)
    return path


def chosen(path: Path) -> StoredFile:
    return look(str(path), Secrecy.AS_CHAT)


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def shrink(path: Path) -> None:
    os.truncate(path, 200_000)


def touch(path: Path) -> None:
    os.utime(path, ns=(1, 1))


def replaced(path: Path) -> None:
    path.unlink()
    path.write_bytes(b"x" * 512_000)


async def rest_of(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


def open_files() -> set[str]:
    """What this process has open."""
    return {os.path.realpath(each) for each in Path("/proc/self/fd").iterdir()}


async def test_the_bytes_come_whole_and_in_order(path: Path) -> None:
    async with opened(chosen(path)) as pieces:
        found = [piece async for piece in pieces]
    assert b"".join(found) == bytes(range(256)) * 2000
    assert len(found) > 1


@pytest.mark.parametrize("change", [grow, shrink, touch, replaced])
def test_a_file_that_is_another_now_is_noticed_before_it_goes_out(path: Path, change: object) -> None:
    file = chosen(path)
    assert callable(change)
    change(path)
    with pytest.raises(FileUnreadable, match=CHANGED):
        check_unchanged(file)


def piped(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def made_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.timeout(10)
@pytest.mark.parametrize("change", [grow, shrink, touch, replaced, piped, made_a_folder])
async def test_what_has_become_another_after_it_was_looked_at_is_not_read(path: Path, change: object) -> None:
    file = chosen(path)
    assert callable(change)
    change(path)
    with pytest.raises(FileUnreadable):
        async with opened(file):
            raise AssertionError(path)
    assert str(path) not in open_files()


@pytest.mark.parametrize("change", [grow, shrink, touch])
async def test_one_that_changes_while_it_goes_out_does_not_end_well(path: Path, change: object) -> None:
    assert callable(change)
    async with opened(chosen(path)) as pieces:
        await anext(pieces)
        change(path)
        with pytest.raises(FileUnreadable, match=CHANGED):
            await rest_of(pieces)


async def test_who_lets_go_of_a_file_in_the_middle_leaves_nothing_open(path: Path) -> None:
    async with opened(chosen(path)) as pieces:
        await anext(pieces)
        assert str(path) in open_files()
    assert str(path) not in open_files()


@pytest.mark.parametrize(
    ("name", "why"), [("none", "There is no file"), ("dough.bin/x", "There is no file"), (".", "is not a file")]
)
def test_what_cannot_be_read_says_why(path: Path, name: str, why: str) -> None:
    with pytest.raises(FileUnreadable, match=why):
        look(str(path.parent / name), Secrecy.AS_CHAT)


def test_nobody_waits_for_ever_for_what_is_no_file(path: Path) -> None:
    os.mkfifo(path.parent / "pipe")
    with pytest.raises(FileUnreadable, match="is not a file"):
        look(str(path.parent / "pipe"), Secrecy.AS_CHAT)


def test_a_name_is_cleaned(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31m\u202eb\n.txt"
    path.write_bytes(b"x")
    assert chosen(path).name == "a[31mb .txt"


@pytest.mark.parametrize(
    ("name", "kind", "ending"),
    [
        ("a.jpg", "image/jpeg", ".jpg"),
        ("A.JPG", "image/jpeg", ".jpg"),
        ("a.tar.gz", "application/octet-stream", ".gz"),
        ("a", "application/octet-stream", ""),
        ("a.secret plan", "application/octet-stream", ""),
        ("a.wordsthatarelong", "application/octet-stream", ""),
        ("a.ключ", "application/octet-stream", ""),
        ("paste.txt", "text/plain", ".txt"),
    ],
)
def test_of_an_encrypted_file_nothing_is_told_but_a_usual_ending(name: str, kind: str, ending: str) -> None:
    assert kind_of(name) == kind
    assert ending_of(name) == ending


def test_a_paste_that_is_empty_is_no_file() -> None:
    with pytest.raises(FileUnreadable, match="empty"):
        pasted("paste.txt", "", Secrecy.AS_CHAT)
