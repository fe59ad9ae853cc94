"""What somebody finds who gets at the disk of a person who wrote encrypted: no key, no password and no word."""

import json
import os
import re
import signal
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
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
SIZE = 32
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{43}=")
_URLSAFE = str.maketrans("+/", "-_")


def keys(profile: Profile) -> set[bytes]:
    """Every key that OMEMO has stored, as it is and in each way in which programs write keys down."""
    db = connect(profile.program.store, profile.key())
    stored = dict(zip(db.texts("SELECT name FROM omemo_keys"), db.texts("SELECT value FROM omemo_keys"), strict=True))
    db.close()
    assert any(name.endswith("double_ratchet") for name in stored)
    assert "/ikp/key" in stored
    found = {key for value in stored.values() for text in texts(json.loads(value)) if (key := key_in(text))}
    assert len(found) > 400, "private and public halves of two hundred keys"
    return {form for key in found for form in forms(key)}


def forms(key: bytes) -> tuple[bytes, ...]:
    """How a key may stand in a file."""
    text = key.decode("latin-1")
    escaped = (json.dumps(text, ensure_ascii=only)[1:-1].encode() for only in (True, False))
    return (key, b64encode(key), urlsafe_b64encode(key), key.hex().encode(), *escaped)


def texts(value: object) -> Iterator[str]:
    """Every text within a value of JSON, names of fields too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from texts(each)


def key_in(text: str) -> bytes:
    """A key of 32 bytes, which the libraries write as characters of those numbers or in either kind of Base64."""
    if len(text) == SIZE and all(ord(character) < 256 for character in text):
        return text.encode("latin-1")
    return urlsafe_b64decode(text.translate(_URLSAFE)) if _BASE64.fullmatch(text) else b""


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
