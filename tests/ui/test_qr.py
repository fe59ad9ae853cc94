"""The code as another's camera sees it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tui_xmpp.model.address import Address
from tui_xmpp.model.fingerprints import uri
from tui_xmpp.ui.qr import qr_lines

SIDE = 4
"""Pixels of a square's side."""


@pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg is not installed")
def test_a_reader_that_others_wrote_reads_the_link(tmp_path: Path) -> None:
    link = uri(Address.parse("mara@home.example"), {1: "ab" * 32, 77: "cd" * 32})
    squares = []
    for line in qr_lines(link):
        squares += [[half in "█▀" for half in line], [half in "█▄" for half in line]]
    pixels = [" ".join("0" if square else "255" for square in row for _ in range(SIDE)) for row in squares]
    rows = [row for row in pixels for _ in range(SIDE)]
    picture = tmp_path / "code.pgm"
    picture.write_text(f"P2 {len(squares[0]) * SIDE} {len(rows)} 255\n" + "\n".join(rows) + "\n")
    read = subprocess.run(
        ["zbarimg", "--nodbus", "-q", "--raw", picture], capture_output=True, text=True, timeout=30, check=True
    )
    assert read.stdout.strip() == link
