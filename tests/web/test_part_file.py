"""Saving: a name only at the end, never one that is taken, and nothing left behind (SECURITY 23)."""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

import pytest

from tui_xmpp.errors import TransferFailed
from tui_xmpp.web.part_file import PartFile, in_words


@pytest.fixture(params=[True, False], ids=["unnamed", "hidden"])
def unnamed(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def save(folder: Path, name: str, data: bytes, *, unnamed: bool) -> Path:
    part = PartFile(folder, unnamed=unnamed)
    try:
        part.begin(len(data))
        part.write(data)
        return part.keep(name)
    finally:
        part.close()


def test_a_file_has_no_name_of_its_own_before_it_is_kept(tmp_path: Path, unnamed: bool) -> None:
    part = PartFile(tmp_path, unnamed=unnamed)
    part.begin(5)
    part.write(b"hello")
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == []
    assert len(list(tmp_path.iterdir())) == (0 if unnamed else 1)
    part.keep("a.txt")
    part.close()
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_bytes() == b"hello"


def test_what_is_not_kept_leaves_nothing(tmp_path: Path, unnamed: bool) -> None:
    part = PartFile(tmp_path, unnamed=unnamed)
    part.begin(5)
    part.write(b"hello")
    part.close()
    assert list(tmp_path.iterdir()) == []


def test_it_is_for_its_owner_only(tmp_path: Path, unnamed: bool) -> None:
    before = os.umask(0)
    try:
        place = save(tmp_path, "a.txt", b"x", unnamed=unnamed)
    finally:
        os.umask(before)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_nothing_is_overwritten_not_even_what_a_link_points_to(tmp_path: Path, unnamed: bool) -> None:
    (tmp_path / "a.tar.gz").write_text("mine")
    (tmp_path / "a.tar (2).gz").symlink_to(tmp_path / "nowhere")
    assert save(tmp_path, "a.tar.gz", b"theirs", unnamed=unnamed).name == "a.tar (3).gz"
    assert (tmp_path / "a.tar.gz").read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()
    assert save(tmp_path, "bare", b"1", unnamed=unnamed).name == "bare"
    assert save(tmp_path, "bare", b"2", unnamed=unnamed).name == "bare (2)"


def test_a_file_system_without_second_names_is_served_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "a.txt").write_text("mine")
    assert save(tmp_path, "a.txt", b"theirs", unnamed=False).name == "a (2).txt"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a (2).txt", "a.txt"]
    assert (tmp_path / "a (2).txt").read_bytes() == b"theirs"


def test_nothing_is_done_any_more_once_it_is_let_go_of(tmp_path: Path, unnamed: bool) -> None:
    part = PartFile(tmp_path, unnamed=unnamed)
    part.close()
    for late in (lambda: part.begin(1), lambda: part.write(b"x"), lambda: part.keep("a.txt"), part.close):
        with suppress(TransferFailed):
            late()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_or_has_no_room_says_so(tmp_path: Path) -> None:
    with pytest.raises(TransferFailed, match="no room"):
        PartFile(tmp_path).begin(2**62)
    part = PartFile(Path("/dev/shm"))
    part.begin(None)
    assert part._file is not None
    os.close(part._file)
    part._file = os.open("/dev/full", os.O_WRONLY)
    with pytest.raises(TransferFailed, match="no room"):
        part.write(b"x" * 10)
    part.close()


def test_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "none", tmp_path / "file"):
        with pytest.raises(TransferFailed, match="There is no folder"):
            PartFile(folder).begin(1)


def test_a_folder_where_one_may_not_write_says_so() -> None:
    words = in_words(PermissionError(errno.EACCES, "Permission denied"), Path("/etc/\x1b[31mx"))
    assert words.message == "You may not write in /etc/[31mx."
