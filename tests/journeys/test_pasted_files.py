"""A long text that is pasted, taken for a file while there is no line, and never written down in clear."""

import os
import signal
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.core.test_omemo import encrypting, ready
from tests.engines import with_port
from tests.journeys.test_at_rest import Profile, died
from tests.server.cutter import Cutter
from tests.server.prosody import Prosody, fresh_name
from tests.server.terminal import Terminal
from tests.vault.builders import PASSPHRASE
from tui_xmpp.model.files import SaveFile

WORDS = [f"Marmalade cupboard {number} answers to sesame" for number in range(60)]


@pytest.mark.timeout(180)
async def test_what_was_pasted_is_in_no_file_until_it_has_arrived_once(prosody: Prosody, tmp_path: Path) -> None:
    own = prosody.add_user(fresh_name("alice"))
    profile = Profile(Program(tmp_path / "home"))
    async with Cutter(prosody.port) as line, encrypting(prosody, directory=tmp_path) as bob:
        await ready(bob)
        profile.set_up(with_port(prosody.settings(own.local), line.port), tmp_path / "password")
        (tmp_path / "password").write_text("#!/bin/sh\necho secret\n")
        command = profile.program.command("--open", str(bob.account))
        environment = profile.program.environment
        with Terminal(command, environment, tmp_path / "terminal", columns=110, rows=30) as terminal:
            await unlock(terminal)
            await terminal.until_screen(f"● {own}")
            await terminal.until_screen("encrypted")
            terminal.type("first")
            terminal.press("Enter")
            await bob.until(lambda: bob.bodies(own) == ["first"], terminal.screen(), timeout=30)
            line.refuse()
            line.cut()
            await terminal.until_screen("reconnecting")
            terminal.type("\x1b[200~" + "\r".join(WORDS) + "\x1b[201~")
            await terminal.until_screen("F10 sends it as a file")
            terminal.press("F10")
            await terminal.until_screen("waits for the line")
            os.kill(terminal.pid, signal.SIGKILL)
            await died(terminal)
        files = profile.files()
        assert any(name.endswith("-wal") for name in files)
        assert [name for name, content in files.items() if b"Marmalade" in content or b"sesame" in content] == []
        line.accept()
        with Terminal(command, environment, tmp_path / "again", columns=110, rows=30) as terminal:
            await unlock(terminal)
            await bob.until(lambda: len(bob.bodies(own)) == 2, terminal.screen(), timeout=40)
            got = bob.history(own)[-1]
            assert got.body.startswith("aesgcm://")
            place = tmp_path / "saved.txt"
            await bob.do(SaveFile(got.chat, got.id, got.body, place, most=100_000))
            assert place.read_text() == "\n".join(WORDS)
            terminal.press("C-q")
            await died(terminal)
        assert len(bob.bodies(own)) == 2
        assert [name for name, content in profile.files().items() if b"Marmalade" in content] == []


async def unlock(terminal: Terminal) -> None:
    await terminal.until_screen("Locked")
    terminal.type(PASSPHRASE)
    terminal.press("Enter")
