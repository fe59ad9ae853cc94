"""Names of files that come from others (SECURITY 23)."""

import pytest

from tui_xmpp.model.file_names import may_act, name_of, safe_name


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("https://a.example/x/photo.jpg", "photo.jpg"),
        ("https://a.example/my%20plan.pdf?x=1#y", "my plan.pdf"),
        ("aesgcm://a.example/f.png#00", "f.png"),
        ("https://a.example/..%2F..%2F.bashrc", "bashrc"),
        ("https://a.example/../../.bashrc", "bashrc"),
        ("https://a.example/..%5C..%5Cautorun.inf", "autorun.inf"),
        ("https://a.example/a%E2%80%AEgpj.exe", "agpj.exe"),
        ("https://a.example/a%00b%0Ac%1B%5B31m.txt", "ab c[31m.txt"),
        ("https://a.example/%2E%2E", "file"),
        ("https://a.example/", "file"),
        ("https://[::1/x", "file"),
        ("https://a.example/-rf", "_-rf"),
        ("https://a.example/~root", "_~root"),
        ("https://a.example/con.txt", "_con.txt"),
        ("https://a.example/a%3Ab%3Fc%2A.txt", "a_b_c_.txt"),
        ("https://a.example/x.txt.%20.", "x.txt"),
        ("https://a.example/%D0%BF%D1%80%D0%B8.png", "при.png"),
    ],
)
def test_a_name_cannot_leave_its_folder_nor_hide(link: str, name: str) -> None:
    assert name_of(link) == name


@pytest.mark.parametrize("letter", ["x", "ж", "🥐"])
def test_a_long_name_is_cut_and_keeps_its_ending(letter: str) -> None:
    name = safe_name(f"{letter * 600}.tar.xz")
    assert len(name.encode()) <= 180
    assert name.startswith(letter * 20)
    assert name.endswith(".xz")


@pytest.mark.parametrize(
    ("name", "head", "mode", "program"),
    [
        ("photo.jpg", b"\xff\xd8\xff", 0o600, False),
        ("notes.txt", b"hello", 0o600, False),
        ("setup.EXE", b"", 0o600, True),
        ("setup.exe.", b"", 0o600, True),
        ("holiday.jpg.desktop", b"", 0o600, True),
        ("page.html", b"", 0o600, True),
        ("photo.jpg", b"#!/bin/sh\n", 0o600, True),
        ("photo.jpg", b"\x7fELF\x02", 0o600, True),
        ("photo.jpg", b"# hi\n[Desktop Entry]\nExec=x", 0o600, True),
        ("notes.txt", b"<!doctype html><HTML>", 0o600, True),
        ("photo.jpg", b"", 0o700, True),
        ("exe", b"", 0o600, True),
        ("drawing.svg", b"", 0o600, True),
        ("app.flatpak", b"", 0o600, True),
        ("start.jnlp", b"", 0o600, True),
        ("notes.txt", b"\xef\xbb\xbf \n<!DOCTYPE html><b>", 0o600, True),
        ("notes.txt", b"look:\n<SCRIPT>", 0o600, True),
        ("notes.txt", b"<?xml version='1.0'?><x/>", 0o600, True),
    ],
)
def test_what_does_something_when_it_is_opened_is_told_apart(name: str, head: bytes, mode: int, program: bool) -> None:
    assert may_act(name, head, mode) is program
