"""What somebody finds who gets at the disk of a person who wrote encrypted: no key, no password and no word."""

import json
import os
import re
import signal
import sys
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.core.test_omemo import encrypting, has, ready
from tests.engines import Client
from tests.journeys.test_at_rest import Profile, died
from tests.server.prosody import Prosody, fresh_name
from tests.server.terminal import Terminal
from tests.vault.builders import PASSPHRASE
from tests.waiting import until
from tui_xmpp.model.address import Address
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


WRITTEN = {
    "in the editor": "Paprika thoughts",
    "from the shell": "Umbrellas tomorrow",
    "misspelled in the composer": "marmelaide",
    "found": "cupboards",
    "left in the editor": "Unfinished symphonies",
}
EDITOR = """#!/bin/sh
printf 'EDITING: %s\\n' "$(cat "$1")"
read -r line
printf '%s' "$line" > "$1"
read -r line
"""
CRASHING = """
import sys
from tui_xmpp.__main__ import main
from tui_xmpp.ui.conversation import Conversation

def take(self, news):
    for text in [event.message.body for event in news.added]:
        raise RuntimeError("something that nobody has foreseen")

Conversation.take = take
sys.exit(main(sys.argv[1:]))
"""


class Sitting:
    """A person at the program, whose home, temporary files and working directory are looked through afterwards."""

    def __init__(self, prosody: Prosody, directory: Path) -> None:
        self.own = prosody.add_user(fresh_name("alice"), PASSWORD)
        self.profile = Profile(Program(directory / "home"))
        self.profile.set_up(prosody.settings(self.own.local), directory / "password")
        (directory / "password").write_text(f"#!/bin/sh\necho {PASSWORD}\n")
        (directory / "editor").write_text(EDITOR)
        (directory / "editor").chmod(0o755)
        self.temporary, self.memory, self.terminal = (directory / name for name in ("tmp", "memory", "terminal"))
        self.temporary.mkdir()
        self.memory.mkdir(mode=0o700)
        self.environment = self.profile.program.environment | {
            "TUI_XMPP_LOG": "stanzas",
            "TMPDIR": str(self.temporary),
            "XDG_RUNTIME_DIR": str(self.memory),
            "EDITOR": str(directory / "editor"),
        }

    def at(self, words: list[str]) -> Terminal:
        """The program on a terminal where whoever crashes would leave all of its memory in a file."""
        command = ["sh", "-c", 'ulimit -S -c unlimited; exec "$@"', "sh", *words]
        return Terminal(command, self.environment, self.terminal, columns=110, rows=30)

    async def unlock(self, terminal: Terminal) -> None:
        await terminal.until_screen("Locked")
        terminal.type(PASSPHRASE)
        terminal.press("Enter")
        await terminal.until_screen(f"● {self.own}")

    def found(self) -> set[tuple[str, bytes]]:
        """Which trace is in which file: keys as they are, words whatever their case."""
        texts = [SAID, HEARD, *WRITTEN.values()]
        words = {word for text in texts for word in re.findall(r"\w{7,}", text.lower())}
        traces = {each.encode() for each in (PASSWORD, PASSPHRASE, *words)}
        secret = keys(self.profile)
        places = (self.profile.program.home, self.temporary, self.terminal)
        files = [path for place in places for path in place.rglob("*") if path.is_file()]
        found = set()
        for path in files:
            content = path.read_bytes()
            found |= {(path.name, key) for key in secret if key in content}
            found |= {(path.name, trace) for trace in traces if trace in content.lower()}
        assert not [path for path in files if path.name.startswith("core")]
        return found


@pytest.mark.timeout(150)
async def test_whatever_one_does_with_texts_nothing_of_them_is_left_after_an_abort(
    prosody: Prosody, tmp_path: Path
) -> None:
    """Written in an editor, sent from the shell, copied, looked for, misspelled; a draft in the editor."""
    sitting = Sitting(prosody, tmp_path)
    program, own = sitting.profile.program, sitting.own
    async with encrypting(prosody, directory=tmp_path) as bob:
        await ready(bob)
        with sitting.at(program.command("--open", str(bob.account))) as terminal:
            await sitting.unlock(terminal)
            terminal.press("C-o")
            await terminal.until_screen("EDITING:")
            terminal.type(WRITTEN["in the editor"])
            terminal.press("Enter", "Enter")
            await terminal.until_screen(f"│ {WRITTEN['in the editor']}")
            terminal.press("Enter")
            await bob.until(lambda: has(bob, own, WRITTEN["in the editor"]), terminal.screen(), timeout=30)
            assert (await program.run("send", str(bob.account), WRITTEN["from the shell"])).code == 0
            await bob.say(own, SAID)
            await terminal.until_screen(SAID)
            terminal.press("Up", "y")
            await terminal.until_screen("Copied")
            terminal.press("Escape")
            await terminal.until_screen("↑ select message")
            terminal.press("C-f")
            await terminal.until_screen("Find")
            terminal.type(WRITTEN["found"])
            await until(lambda: terminal.screen().count(WRITTEN["found"]) > 1, what="it is found")
            terminal.press("Escape")
            await until(lambda: "Go there" not in terminal.screen(), what="the search is closed")
            terminal.type(WRITTEN["misspelled in the composer"])
            await terminal.until_screen(WRITTEN["misspelled in the composer"])
            terminal.press("C-o")
            await terminal.until_screen("EDITING:")
            terminal.type(WRITTEN["left in the editor"])
            terminal.press("Enter")
            await until(lambda: drafts(sitting.memory) == [WRITTEN["left in the editor"]], what="the editor has saved")
            os.kill(terminal.pid, signal.SIGABRT)
            await died(terminal)
    assert sitting.found() == set()
    assert list(sitting.temporary.rglob("*")) == []


async def knows_device(client: Client, owner: Address) -> bool:
    await client.engine.learn_devices(client.account, owner)
    return bool(client.engine.devices(client.account, owner))


def drafts(memory: Path) -> list[str]:
    return [path.read_text() for path in memory.rglob("message.txt")]


@pytest.mark.timeout(150)
async def test_a_crash_leaves_no_text_that_the_program_was_just_showing(prosody: Prosody, tmp_path: Path) -> None:
    sitting = Sitting(prosody, tmp_path)
    async with encrypting(prosody, directory=tmp_path) as bob:
        await ready(bob)
        words = [sys.executable, "-c", CRASHING, "--open", str(bob.account)]
        with sitting.at(words) as terminal:
            await sitting.unlock(terminal)
            await until(partial(knows_device, bob, sitting.own), what="the device is known", timeout=30)
            await bob.say(sitting.own, HEARD)
            await died(terminal)
            assert HEARD not in terminal.screen()
    assert "something that nobody has foreseen" in sitting.profile.program.log
    assert sitting.found() == set()
