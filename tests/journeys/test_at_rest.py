"""What somebody finds who gets at the disk: a real session, killed, and every byte that it has left behind."""

import os
import re
import signal
from pathlib import Path

import pytest
from slixmpp import JID

from tests.cli.program import Program
from tests.server.plain_client import PlainClient, signed_in
from tests.server.prosody import Prosody, fresh_name
from tests.server.terminal import Terminal
from tests.vault.builders import PASSPHRASE
from tests.waiting import until
from tui_xmpp.config import StorageSettings
from tui_xmpp.config_writer import save_account, save_storage
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.at_rest import KeyPlace
from tui_xmpp.storage.cipher import Key
from tui_xmpp.storage.store import Store
from tui_xmpp.vault.changing import Locksmith

PASSWORD = "secret"
SAID = {
    "sent": "Sesame unbolts the cupboard with the marmalade",
    "received": "Thirteen lighthouses blink over the harbour",
    "mistaken": "Bring the crimson umbrella tomorow",
    "corrected": "Bring the crimson umbrella tomorrow",
    "subject of a search": "lighthouses",
    "left in the composer": "Unfinished thoughts about paprika",
}


class Profile:
    """Settings, store and log of one person, below a home."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.storage = StorageSettings(KeyPlace.PASSPHRASE)

    def set_up(self, account: AccountSettings, script: Path) -> None:
        """The password comes from a script elsewhere, the store is opened by a passphrase."""
        script.write_text(f"#!/bin/sh\necho {PASSWORD}\n")
        script.chmod(0o700)
        save_account(
            self.program.settings,
            AccountSettings(
                account.address,
                password_command=(str(script),),
                host=account.host,
                port=account.port,
                tls=account.tls,
                ca_file=account.ca_file,
            ),
        )
        save_storage(self.program.settings, self.storage)
        self.vault().begin(KeyPlace.PASSPHRASE, PASSPHRASE)

    def vault(self) -> Locksmith:
        return Locksmith(self.program.store, self.program.settings, self.storage)

    def key(self) -> Key:
        vault = self.vault()
        vault.unlock(PASSPHRASE)
        assert vault.key is not None
        return vault.key

    def bodies(self) -> set[str]:
        """Everything that is stored of what was said, also what was corrected later, and drafts."""
        store = Store.open(self.program.store, self.key(), exclusive=False)
        chats = store.chats.all_open()
        found = {chat.draft for chat in chats}
        for chat in chats:
            for message in store.messages.newest(chat.key, 99):
                found.add(message.body)
                found.update(version.body for version in store.messages.versions(message.id))
        store.close_now()
        return found

    def files(self) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in self.program.home.rglob("*") if path.is_file()}


def traces(key: Key) -> dict[str, bytes]:
    """Each word and secret that must not be found, in small letters."""
    words = {word for text in SAID.values() for word in re.findall(r"\w{5,}", text.lower())}
    secrets = {"passphrase": PASSPHRASE, "key": key.secret.hex(), "beginning of the key": key.secret.hex()[:16]}
    return {word: word.encode() for word in words} | {what: text.encode() for what, text in secrets.items()}


async def chat(terminal: Terminal, friend: PlainClient, own: str) -> None:
    """Say, hear, correct, search, and leave something unfinished."""
    terminal.type(SAID["sent"])
    terminal.press("Enter")
    await friend.message(lambda message: message["body"] == SAID["sent"])
    friend.send_message(JID(own), SAID["received"], mtype="chat")
    await terminal.until_screen(SAID["received"])
    correct = "<replace xmlns='urn:xmpp:message-correct:0' id='first'/>"
    friend.send_raw(f"<message type='chat' id='first' to='{own}'><body>{SAID['mistaken']}</body></message>")
    await terminal.until_screen(SAID["mistaken"])
    friend.send_raw(f"<message type='chat' id='new' to='{own}'><body>{SAID['corrected']}</body>{correct}</message>")
    await terminal.until_screen(SAID["corrected"])
    terminal.press("C-f")
    await terminal.until_screen("Find")
    terminal.type(SAID["subject of a search"])
    await until(lambda: terminal.screen().count(SAID["subject of a search"]) > 1, what="it is found")
    terminal.press("Escape")
    terminal.type(SAID["left in the composer"])
    await terminal.until_screen(SAID["left in the composer"])


async def died(terminal: Terminal) -> None:
    await until(lambda: terminal.exit_status is not None, what="it is dead")


@pytest.mark.timeout(120)
@pytest.mark.parametrize("detail", ["debug", "stanzas"])
async def test_after_a_session_and_its_death_no_word_key_or_password_is_on_the_disk(
    prosody: Prosody, tmp_path: Path, detail: str
) -> None:
    name, other = fresh_name("alice"), fresh_name("friend")
    own, friend = prosody.add_user(name), prosody.add_user(other)
    profile = Profile(Program(tmp_path / "home"))
    profile.set_up(prosody.settings(name), tmp_path / "password")
    environment = profile.program.environment | {"TUI_XMPP_LOG": detail}
    command = profile.program.command("--open", str(friend))
    async with signed_in(str(friend), port=prosody.port, ca_file=prosody.ca_file) as client:
        for first in (True, False):
            with Terminal(command, environment, tmp_path / f"terminal{first}", columns=110, rows=30) as terminal:
                await terminal.until_screen("Locked")
                terminal.type(PASSPHRASE)
                terminal.press("Enter")
                await terminal.until_screen(f"● {own}")
                if first:
                    await chat(terminal, client, str(own))
                else:
                    await terminal.until_screen(SAID["corrected"])
                os.kill(terminal.pid, signal.SIGKILL)
                await died(terminal)
    files, key = profile.files(), profile.key()
    assert {SAID[what] for what in ("sent", "received", "mistaken", "corrected")} <= profile.bodies()
    assert {Path(name).name for name in files} >= {
        "chat.db",
        "chat.db-wal",
        "chat.db.key",
        "config.toml",
        "tui-xmpp.log",
    }
    found = {
        (Path(name).name, what)
        for name, content in files.items()
        for what, trace in traces(key).items()
        if trace in content.lower()
    }
    assert found == set()
    assert not [name for name, content in files.items() if key.secret in content]
    log = files[next(name for name in files if name.endswith(".log"))]
    assert PASSWORD.encode() not in log
    assert PASSWORD.encode() not in files[str(profile.program.settings)]
    modes = {path: path.stat().st_mode & 0o077 for path in profile.program.home.rglob("*tui-xmpp*/**/*")}
    assert set(modes.values()) == {0}
