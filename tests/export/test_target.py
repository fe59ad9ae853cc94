"""Files: whole or not there, for their owner only, never over another."""

from pathlib import Path

import pytest

from tui_xmpp.export.target import CannotWrite, private_folder, writing


def put(path: Path, text: str, *, force: bool = False) -> None:
    with writing(path, force=force) as stream:
        stream.write(text)


def test_a_file_is_for_its_owner_only(tmp_path: Path) -> None:
    put(tmp_path / "chat.md", "Grüße\n")
    assert (tmp_path / "chat.md").read_bytes() == "Grüße\n".encode()
    assert (tmp_path / "chat.md").stat().st_mode & 0o777 == 0o600
    assert private_folder(tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_what_is_there_stays_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "chat.md"
    path.write_text("old")
    with pytest.raises(CannotWrite, match=r"is there already\. --force replaces it"):
        put(path, "new")
    assert path.read_text() == "old"
    put(path, "new", force=True)
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_came_there_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "chat.md"
    with pytest.raises(CannotWrite, match="File exists"), writing(path) as stream:  # noqa: PT012 (what is inside is tested)
        stream.write("new")
        path.write_text("another's")
    assert path.read_text() == "another's"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("force", [False, True])
def test_a_link_is_never_followed(tmp_path: Path, *, force: bool) -> None:
    (tmp_path / "precious").write_text("old")
    for name, goal in (("link", "precious"), ("dangling", "nowhere")):
        (tmp_path / name).symlink_to(tmp_path / goal)
        with pytest.raises(CannotWrite, match="no plain file"):
            put(tmp_path / name, "new", force=force)
    assert (tmp_path / "precious").read_text() == "old"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("force", [False, True])
def test_a_directory_is_never_replaced(tmp_path: Path, *, force: bool) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(CannotWrite, match="no plain file"):
        put(tmp_path / "there", "new", force=force)


def test_an_error_leaves_nothing_behind(tmp_path: Path) -> None:
    for path in (tmp_path / "new", tmp_path / "old"):
        path.with_name("old").write_text("old")
        with pytest.raises(KeyboardInterrupt), writing(path, force=True) as stream:  # noqa: PT012 (what is inside is tested)
            stream.write("half")
            raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == [tmp_path / "old"]
    assert (tmp_path / "old").read_text() == "old"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("missing/chat.md", "missing/chat.md cannot be written: No such file or directory."),
        ("file/chat.md", "Not a directory."),
    ],
)
def test_a_place_that_does_not_do_is_said(tmp_path: Path, path: str, words: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotWrite) as caught:
        put(tmp_path / path, "new")
    assert caught.value.message.endswith(words)


def test_a_file_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotWrite, match="is a file; several chats need a directory"):
        private_folder(tmp_path / "file")


def test_a_full_disk_is_said() -> None:
    with pytest.raises(CannotWrite, match="The disk is full: /dev/full could not be written"):
        put(Path("/dev/full"), "new")


def test_a_device_is_written_to_and_stays() -> None:
    put(Path("/dev/null"), "new", force=True)
    assert Path("/dev/null").is_char_device()
