"""The benchmark of what a person feels runs from end to end; how fast is for a quiet machine to say."""

import shutil

import pytest

from tests.bench import surface


@pytest.mark.timeout(240)
@pytest.mark.skipif(shutil.which("prosody") is None, reason="Prosody is not installed")
def test_everything_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    few = ["--contacts", "20", "--messages", "2000", "--keys", "4", "--flood", "50", "--people", "20", "--idle", "1"]
    found = surface.main([*few, "--only", "tui-xmpp", "--rate", "50"])["tui-xmpp"]

    assert set(found) == {
        "key to echo", "page up to the page", "scroll, CPU for a frame", "go-to to the dialog",
        "switch to another chat", "key to echo in the room", "key to echo, 50 messages/s", "50 messages at once",
        "longest pause in them", "memory, room of 20", "idle, of a core", "page up in the room, first output",
        "page up or down in it, CPU", "switch between two rooms",
    }  # fmt: skip
    assert "tui-xmpp" in capsys.readouterr().out
