"""Paths as people type, paste and drop them."""

from pathlib import Path

import pytest

from tui_xmpp.ui.typed_paths import common, dropped, going_on, last_part, named, size_of


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Pictures").mkdir()
    for name in ("a b.jpg", "it's.jpg", "Brot%20.jpg", "back\\slash.jpg", ".hidden.jpg"):
        (tmp_path / "Pictures" / name).write_bytes(b"12345")
    return tmp_path


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("~/Pictures/a b.jpg", "a b.jpg"),
        ("Pictures/a b.jpg", "a b.jpg"),
        ("  ~/Pictures/a b.jpg  ", "a b.jpg"),
        ("'{home}/Pictures/a b.jpg'", "a b.jpg"),
        ('"{home}/Pictures/it\'s.jpg"', "it's.jpg"),
        ("{home}/Pictures/a\\ b.jpg", "a b.jpg"),
        ("{home}/Pictures/it's.jpg", "it's.jpg"),
        ("'{home}/Pictures/it'\\''s.jpg'", "it's.jpg"),
        ("file://{home}/Pictures/a%20b.jpg", "a b.jpg"),
        ("file://localhost{home}/Pictures/a%20b.jpg", "a b.jpg"),
        ("{home}/Pictures/Brot%20.jpg", "Brot%20.jpg"),
        ("{home}/Pictures/back\\slash.jpg", "back\\slash.jpg"),
    ],
)
def test_what_protects_a_path_is_taken_off_unless_it_is_part_of_the_name(home: Path, written: str, name: str) -> None:
    path = named(written.format(home=home))
    assert path == str(home / "Pictures" / name)
    assert size_of(path) == 5


@pytest.mark.parametrize(
    "written", ["", "~nobody/x", "/nowhere", "file://elsewhere/etc/hostname", "a\0b", "'unclosed", "x" * 5000]
)
def test_what_is_no_file_is_none(home: Path, written: str) -> None:
    assert size_of(named(written)) is None


def test_a_folder_is_no_file(home: Path) -> None:
    assert size_of(str(home)) is None


@pytest.mark.parametrize("pasted", ["'{0}' ", "{0}", '"{0}"', "file://{1}\n"])
def test_a_file_that_was_dropped_is_told_by_its_path(home: Path, pasted: str) -> None:
    path = home / "Pictures" / "a b.jpg"
    assert dropped(pasted.format(path, str(path).replace(" ", "%20"))) == str(path)


@pytest.mark.parametrize(
    "pasted", ["Pictures/a b.jpg", "/", "/etc", "look: /etc/hostname", "/etc/hostname\n/etc/hosts"]
)
def test_what_is_no_whole_path_of_one_file_was_not_dropped(home: Path, pasted: str) -> None:
    assert dropped(pasted) == ""


def test_a_path_that_is_begun_goes_on_as_the_folder_has_it(home: Path) -> None:
    assert going_on("~/P", 9) == ["~/Pictures/"]
    assert going_on("~/Pictures/", 9) == [
        f"~/Pictures/{name}" for name in ("a b.jpg", "back\\slash.jpg", "Brot%20.jpg", "it's.jpg")
    ]
    assert going_on("~/Pictures/.", 9) == ["~/Pictures/.hidden.jpg"]
    assert going_on("Pict", 9) == ["Pictures/"]
    assert going_on("~/Pictures/", 2) == ["~/Pictures/a b.jpg", "~/Pictures/back\\slash.jpg"]
    assert going_on("/nowhere/x", 9) == going_on("\0", 9) == []


def test_a_name_that_cannot_be_drawn_is_not_offered(home: Path) -> None:
    (home / "Pictures" / "evil\x1b[31m.jpg").touch()
    assert going_on("~/Pictures/e", 9) == []


def test_what_several_have_in_common() -> None:
    assert common(["~/bread.jpg", "~/bread.txt"]) == "~/bread."
    assert common(["~/a"]) == "~/a"
    assert common([]) == ""
    assert [last_part(path) for path in ("~/a/b.jpg", "~/a/", "x")] == ["b.jpg", "a/", "x"]
