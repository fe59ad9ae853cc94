"""The terminal's clipboard: sequences, and a real tmux in between."""

import base64
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui_xmpp.ui.clipboard import hand_to_tmux, sequence

TEXT = "who brings bread? 🥐\n\x1b]52;c;ZXZpbA==\x07"


def carried(osc: str) -> str:
    """The text that a sequence carries."""
    assert osc.startswith("\x1b]52;c;")
    assert osc.endswith("\x07")
    return base64.b64decode(osc.removeprefix("\x1b]52;c;").removesuffix("\x07")).decode()


def test_a_text_is_carried_whole_and_can_end_no_sequence() -> None:
    assert carried(sequence(TEXT, {})) == TEXT
    assert sequence(TEXT, {}).count("\x1b") == sequence(TEXT, {}).count("\x07") == 1


def test_in_tmux_the_sequence_is_written_for_it_and_through_it() -> None:
    inside = sequence(TEXT, {"TMUX": "/tmp/x,1,0"})
    osc, _, rest = inside.partition("\x07")
    assert carried(osc + "\x07") == TEXT
    assert rest == f"\x1bPtmux;\x1b{osc}\x07\x1b\\"


def test_in_screen_it_goes_through_in_parts() -> None:
    parts = sequence(TEXT, {"STY": "1.pts"}).split("\x1bP")[1:]
    assert carried("".join(part.removesuffix("\x1b\\") for part in parts)) == TEXT


@pytest.fixture
def tmux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A server of our own, with one session, in which we seem to be."""
    socket = tmp_path / "s"
    subprocess.run(["tmux", "-S", socket, "-f", "/dev/null", "new-session", "-d", "cat"], check=True)
    monkeypatch.setenv("TMUX", f"{socket},1,0")
    yield socket
    subprocess.run(["tmux", "-S", socket, "kill-server"], check=True)


def test_tmux_takes_the_text_into_its_buffer(tmux: Path) -> None:
    assert hand_to_tmux(TEXT)
    shown = subprocess.run(["tmux", "-S", tmux, "show-buffer"], capture_output=True, check=True).stdout
    assert shown.decode() == TEXT


def test_without_tmux_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    assert not hand_to_tmux(TEXT)
