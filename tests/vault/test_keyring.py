"""The store's key in a real keyring."""

import sys
from pathlib import Path

import pytest

from tests import keyring_session

PRELUDE = """
import sys
from pathlib import Path
from tests.vault.builders import OTHER, PASSPHRASE, WORDS, fill, printing, stored, vault
from tui_xmpp.errors import *
from tui_xmpp.model.at_rest import Condition, KeyPlace
from tui_xmpp.vault import key_file, secret_service
home = Path({home!r})
"""


def in_session(home: Path, code: str) -> list[str]:
    program = home / "program.py"
    program.write_text(PRELUDE.format(home=str(home)) + code)
    done = keyring_session.run(home, [sys.executable, str(program)])
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_new_store_is_encrypted_without_a_question_where_there_is_a_keyring(tmp_path: Path) -> None:
    code = (
        "new = vault(home); new.begin(KeyPlace.KEYRING); fill(new)\n"
        "again = vault(home); print(again.condition, again.place); again.unlock(); print(stored(again) == [WORDS])\n"
        "print(again.key.secret.hex() in repr(again.key), 'keyring' in sys.modules, (home / 'config.toml').exists())\n"
        "print(again.key.secret.hex())\n"
    )
    *said, key = in_session(tmp_path, code)
    assert said == ["locked keyring", "True", "False True False"]
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    for secret in (key.encode(), bytes.fromhex(key), b"marmalade"):
        assert not any(secret in content for content in files)


def test_the_key_is_read_without_loading_the_keyring_package(tmp_path: Path) -> None:
    begin = "new = vault(home); new.begin(KeyPlace.KEYRING); fill(new)\n"
    read = "again = vault(home); again.unlock(); print(stored(again) == [WORDS], 'keyring' in sys.modules)\n"
    assert in_session(tmp_path, begin) == []
    assert in_session(tmp_path, read) == ["True False"]


@pytest.mark.parametrize("variable", ["PYTHON_KEYRING_BACKEND", "config"])
def test_who_has_chosen_another_keyring_is_asked_there(tmp_path: Path, variable: str) -> None:
    chosen = "keyring.backends.SecretService.Keyring"
    if variable == "config":
        folder = tmp_path / ".config" / "python_keyring"
        folder.mkdir(parents=True)
        (folder / "keyringrc.cfg").write_text(f"[backend]\ndefault-keyring={chosen}\n")
        code = ""
    else:
        code = f"import os; os.environ[{variable!r}] = {chosen!r}\n"
    code += (
        "new = vault(home); new.begin(KeyPlace.KEYRING)\n"
        "entry = new.key_file().entry\n"
        "print(secret_service.read('tui-xmpp', entry), new.keyring.read(entry) == new.key)\n"
    )
    assert in_session(tmp_path, code) == ["None True"]


def test_the_key_moves_between_keyring_and_passphrase_and_is_left_in_one_place_only(tmp_path: Path) -> None:
    code = (
        "it = vault(home); fill(it); it.encrypt(KeyPlace.KEYRING); first = it.key_file().entry\n"
        "it.change(KeyPlace.PASSPHRASE, PASSPHRASE); print(it.keyring.read(first), it.place)\n"
        "it = vault(home); it.unlock(PASSPHRASE); it.change(KeyPlace.KEYRING); print(it.place)\n"
        "it = vault(home); it.unlock(); print(stored(it) == [WORDS]); last = it.key_file().entry\n"
        "it.decrypt(); print(it.keyring.read(last), it.condition, stored(it) == [WORDS])\n"
    )
    assert in_session(tmp_path, code) == ["None passphrase", "keyring", "True", "None plain True"]


def test_a_key_that_is_gone_or_another_locks_the_store_and_condemns_nothing(tmp_path: Path) -> None:
    code = (
        "it = vault(home); it.begin(KeyPlace.KEYRING); fill(it); entry = it.key_file().entry; key = it.key\n"
        "from tui_xmpp.password_keyring import Keyring; import threading; keyring = Keyring(threading.Event())\n"
        "for secret in (None, '00' * 32, 'nonsense'):\n"
        "    keyring.delete(entry) if secret is None else keyring.write(entry, secret)\n"
        "    try: vault(home).unlock(); print('open')\n"
        "    except StoreLocked as error: print(error.message)\n"
        "keyring.write(entry, key.secret.hex()); it = vault(home); it.unlock(); print(stored(it) == [WORDS])\n"
    )
    gone, other, nonsense, back = in_session(tmp_path, code)
    assert "was not found in the keyring" in gone
    assert "does not belong to the store" in other
    assert "was not found in the keyring" in nonsense
    assert back == "True"


def test_a_fresh_start_keeps_the_old_key_for_the_old_store(tmp_path: Path) -> None:
    code = (
        "it = vault(home); it.begin(KeyPlace.KEYRING); fill(it); first = it.key_file().entry\n"
        "aside = it.start_fresh(); it.begin(KeyPlace.KEYRING); print(first != it.key_file().entry)\n"
        "old = it.keyring.read(first); print(old.fits(aside), it.key.fits(aside))\n"
    )
    assert in_session(tmp_path, code) == ["True", "True False"]
