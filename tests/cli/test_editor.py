"""Writing in one's own editor: the terminal is handed over and taken back."""

import shutil
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.server.terminal import Terminal
from tests.waiting import until
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")

EDITOR = """#!/bin/sh
printf 'EDITING: %s\\n' "$(cat "$1")"
read -r line
printf '\\nand %s\\033]0;x\\007' "$line" >> "$1"
"""


async def test_the_text_goes_to_the_editor_and_comes_back_clean(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    nowhere = AccountSettings(Address.parse("alice@work.example"), host="127.0.0.1", port=9)
    program.set_up(nowhere)
    script = tmp_path / "editor"
    script.write_text(EDITOR)
    script.chmod(0o755)
    environment = program.environment | {"EDITOR": str(script), "TERM": "tmux-256color"}
    with Terminal(program.command("--open", "bob@work.example"), environment, tmp_path / "terminal") as terminal:
        await terminal.until_screen("Message bob@work.example")
        terminal.type("dear Bob")
        terminal.press("C-o")
        shown = await terminal.until_screen("EDITING: dear Bob")
        assert "Message" not in shown
        terminal.type("all the best")
        terminal.press("Enter")
        shown = await terminal.until_screen("and all the best]0;x")
        assert "dear Bob" in shown
        assert "EDITING" not in shown
        terminal.type(", Alice")
        await terminal.until_screen("best]0;x, Alice")
        terminal.press("C-q")
        await until(lambda: terminal.exit_status == 0, what="the program has ended")
