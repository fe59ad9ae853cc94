"""What somebody finds who gets at the disk of a person who wrote encrypted: no key, no password and no word."""

import json
import os
import re
import signal
from base64 import b64decode
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.core.test_omemo import encrypting, has, ready
from tests.journeys.test_at_rest import Profile, died
from tests.server.prosody import Prosody, fresh_name
from tests.server.terminal import Terminal
from tests.vault.builders import PASSPHRASE
from tui_xmpp.storage.database import connect

PASSWORD = "correct-horse-9417"
SAID = "Marmalade cupboards answer to sesame"
HEARD = "Lighthouses blink thirteen times"
_SECRET = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}")
"""What a key of 32 bytes looks like in the libraries' JSON."""


def keys(profile: Profile) -> set[bytes]:
    """Every key that OMEMO has stored, as it is and as it is written down."""
    db = connect(profile.program.store, profile.key())
    values = db.texts("SELECT value FROM omemo_keys")
    names = db.texts("SELECT name FROM omemo_keys")
    db.close()
    assert any(name.endswith("double_ratchet") for name in names)
    assert "/ikp/key" in names
    written = {found for value in values for found in _SECRET.findall(json.dumps(json.loads(value)))}
    public = {found for name in names for found in _SECRET.findall(name)}
    assert len(written) > 200
    return {each.encode() for each in written - public} | {b64decode(each + "==")[:32] for each in written - public}


@pytest.mark.timeout(150)
async def test_after_an_encrypted_conversation_and_a_kill_no_key_is_in_any_file(
    prosody: Prosody, tmp_path: Path
) -> None:
    own = prosody.add_user(fresh_name("alice"), PASSWORD)
    profile = Profile(Program(tmp_path / "home"))
    profile.set_up(prosody.settings(own.local), tmp_path / "password")
    (tmp_path / "password").write_text(f"#!/bin/sh\necho {PASSWORD}\n")
    environment = profile.program.environment | {"TUI_XMPP_LOG": "stanzas"}
    async with encrypting(prosody, directory=tmp_path) as bob:
        await ready(bob)
        command = profile.program.command("--open", str(bob.account))
        with Terminal(command, environment, tmp_path / "terminal", columns=110, rows=30) as terminal:
            await terminal.until_screen("Locked")
            terminal.type(PASSPHRASE)
            terminal.press("Enter")
            await terminal.until_screen(f"● {own}")
            terminal.type(SAID)
            terminal.press("Enter")
            await bob.until(lambda: has(bob, own, SAID), terminal.screen(), timeout=30)
            await bob.say(own, HEARD)
            await terminal.until_screen(HEARD)
            os.kill(terminal.pid, signal.SIGKILL)
            await died(terminal)
    files = profile.files()
    assert any(name.endswith("-wal") for name in files)
    traces = keys(profile) | {each.encode() for each in (PASSWORD, PASSPHRASE, SAID, HEARD)}
    found = {(Path(name).name, trace) for name, content in files.items() for trace in traces if trace in content}
    assert found == set()
