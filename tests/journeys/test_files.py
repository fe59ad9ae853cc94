"""A file from another client to the disk, in the real program, a real terminal and on a real server."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from slixmpp import JID

from tests.cli.program import Program
from tests.core.test_files_on_server import BODY, names_in, put
from tests.server.plain_client import signed_in
from tests.server.prosody import Prosody, fresh_name
from tests.server.terminal import Terminal
from tui_xmpp.web.sealed_file import new_key


@pytest.mark.timeout(120)
async def test_an_encrypted_file_is_saved_and_one_that_was_changed_is_not(prosody: Prosody, tmp_path: Path) -> None:
    alice, mara = fresh_name("alice"), fresh_name("mara")
    program = Program(tmp_path / "home")
    program.set_up(prosody.settings(alice))
    address, sender = prosody.add_user(alice), prosody.add_user(mara)
    environment = program.environment | {"TERM": "tmux-256color"}
    command = program.command("--open", str(sender))
    async with signed_in(str(sender), port=prosody.port, ca_file=prosody.ca_file, plugins=("xep_0363",)) as other:
        key = new_key()
        url = await put(other, prosody, "plan.pdf", AESGCM(key.key).encrypt(key.iv, BODY, None))
        link = url.replace("https:", "aesgcm:")
        with Terminal(command, environment, tmp_path / "terminal", columns=120, rows=40) as terminal:
            await terminal.until_screen(f"● {address}", within=30)
            other.send_message(mto=JID(str(address)), mbody=f"{link}#{key.fragment}", mtype="chat")
            await terminal.until_screen("▤ plan.pdf")
            terminal.press("Up", "s")
            await terminal.until_screen("Size: 1.0 MB")
            terminal.press("Enter")
            await terminal.until_screen("Saved as ~/Downloads/plan.pdf")

            wrong = f"{key.fragment[:-2]}{'00' if key.fragment[-2:] != '00' else '11'}"
            other.send_message(mto=JID(str(address)), mbody=f"{link.replace('plan', 'other')}#{wrong}", mtype="chat")
            await terminal.until_screen("▤ other.pdf")
            terminal.press("Down", "s")
            await terminal.until_screen("Size: 1.0 MB")
            terminal.press("Enter")
            await terminal.until_screen("The file was changed on its way")
            terminal.press("C-q")
    downloads = program.home / "Downloads"
    assert names_in(downloads) == ["plan.pdf"]
    assert (downloads / "plan.pdf").read_bytes() == BODY
    assert key.fragment[24:40] not in program.log
