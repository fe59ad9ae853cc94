"""Encrypting, changing what opens the store, and decrypting; without a keyring."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.vault.builders import OTHER, PASSPHRASE, WORDS, fill, printing, stored, vault
from tui_xmpp.errors import StorageError, StoreLocked
from tui_xmpp.model.at_rest import Condition, KeyPlace
from tui_xmpp.storage import conversion
from tui_xmpp.storage.store import Store
from tui_xmpp.vault import key_file, wrapping
from tui_xmpp.vault.changing import Locksmith

CHEAP = 2
"""What a passphrase costs here; its price is tested in `test_wrapping`."""


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrapping, "COST", CHEAP)


@pytest.fixture
def plain(tmp_path: Path) -> Locksmith:
    made = vault(tmp_path)
    fill(made)
    return made


@pytest.fixture
def locked(plain: Locksmith) -> Locksmith:
    plain.encrypt(KeyPlace.PASSPHRASE, PASSPHRASE)
    return plain


def test_a_store_that_is_there_is_encrypted_with_all_that_is_in_it(tmp_path: Path, plain: Locksmith) -> None:
    plain.encrypt(KeyPlace.PASSPHRASE, PASSPHRASE)
    assert b"marmalade" not in plain.store.read_bytes()
    again = vault(tmp_path)
    assert (again.condition, again.place) == (Condition.LOCKED, KeyPlace.PASSPHRASE)
    again.unlock(PASSPHRASE)
    assert stored(again) == [WORDS]
    with pytest.raises(StorageError, match="encrypted already"):
        again.encrypt(KeyPlace.PASSPHRASE, PASSPHRASE)


def test_another_passphrase_takes_the_place_of_the_first_and_the_store_stays(tmp_path: Path, locked: Locksmith) -> None:
    content = locked.store.read_bytes()
    locked.change(KeyPlace.PASSPHRASE, OTHER)
    assert locked.store.read_bytes() == content
    again = vault(tmp_path)
    with pytest.raises(StoreLocked):
        again.unlock(PASSPHRASE)
    again.unlock(OTHER)
    again.change(KeyPlace.COMMAND, command=printing(PASSPHRASE))
    last = vault(tmp_path, KeyPlace.COMMAND, printing(PASSPHRASE))
    last.unlock()
    assert stored(last) == [WORDS]


def test_who_has_not_unlocked_the_store_changes_nothing(tmp_path: Path, locked: Locksmith) -> None:
    other = vault(tmp_path)
    kept = key_file.path_for(other.store).read_bytes()
    with pytest.raises(StoreLocked, match="unlocked first"):
        other.change(KeyPlace.PASSPHRASE, OTHER)
    with pytest.raises(StoreLocked, match="unlocked first"):
        other.decrypt()
    assert key_file.path_for(other.store).read_bytes() == kept
    assert other.condition is Condition.LOCKED


def test_decrypted_it_needs_no_key_and_has_no_key_file(tmp_path: Path, locked: Locksmith) -> None:
    locked.decrypt()
    again = vault(tmp_path)
    assert again.condition is Condition.PLAIN
    assert stored(again) == [WORDS]
    assert not key_file.path_for(again.store).exists()


def test_nothing_is_changed_while_the_program_is_open(plain: Locksmith) -> None:
    store = Store.open(plain.store)
    with pytest.raises(StorageError, match="already running"):
        plain.encrypt(KeyPlace.PASSPHRASE, PASSPHRASE)
    store.close_now()
    assert plain.condition is Condition.PLAIN
    assert not key_file.path_for(plain.store).exists()
    plain.encrypt(KeyPlace.PASSPHRASE, PASSPHRASE)
    store = Store.open(plain.store, plain.key)
    with pytest.raises(StorageError, match="already running"):
        plain.change(KeyPlace.PASSPHRASE, OTHER)
    with pytest.raises(StorageError, match="already running"):
        plain.decrypt()
    store.close_now()
    assert stored(plain) == [WORDS]


def test_an_encryption_that_fails_leaves_no_key_behind(plain: Locksmith, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StorageError("The disk is full: nothing more can be stored.")

    monkeypatch.setattr(conversion, "convert", full)
    with pytest.raises(StorageError, match="full"):
        plain.encrypt(KeyPlace.PASSPHRASE, PASSPHRASE)
    monkeypatch.undo()
    assert not key_file.path_for(plain.store).exists()
    assert stored(plain) == [WORDS]


DOING = """
import os, signal, sys, traceback
from pathlib import Path
from tests.vault.builders import OTHER, PASSPHRASE, vault
from tui_xmpp.model.at_rest import KeyPlace
from tui_xmpp.vault import wrapping
import cryptography.hazmat.primitives.keywrap, tui_xmpp.config_writer

def do(home, act, last):
    locksmith = vault(Path(home))
    locksmith.unlock(PASSPHRASE)
    seen = 0

    def watch(event, args):
        nonlocal seen
        if event in ("open", "os.rename", "os.remove") and home in str(args[0]):
            seen += 1
            if seen == last:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    match act:
        case "encrypt":
            locksmith.encrypt(KeyPlace.PASSPHRASE, PASSPHRASE)
        case "change":
            locksmith.change(KeyPlace.PASSPHRASE, OTHER)
        case "decrypt":
            locksmith.decrypt()

wrapping.COST = int(sys.argv[1])
for line in sys.stdin:
    act, last, home = line.rstrip("\\n").split(" ", 2)
    process = os.fork()
    if process == 0:
        try:
            do(home, act, int(last))
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)
"""
"""Does what a line says in a process of its own, that dies at a touch, and says how that ended."""


@pytest.fixture
def doing() -> Iterator[Callable[[str, int, Path], int]]:
    """Does something to a vault that dies at so manieth touch of a file; returns the exit code."""
    command = [sys.executable, "-c", DOING, f"{CHEAP}"]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def do(act: str, last: int, home: Path) -> int:
            assert process.stdin is not None
            assert process.stdout is not None
            print(act, last, home, file=process.stdin, flush=True)
            return int(process.stdout.readline())

        yield do


@pytest.mark.parametrize("act", ["encrypt", "change", "decrypt"])
def test_killed_at_any_touch_of_a_file_the_store_can_be_opened_as_before_or_as_wanted(
    tmp_path: Path, act: str, doing: Callable[[str, int, Path], int]
) -> None:
    begun = vault(tmp_path / "begun")
    fill(begun)
    if act != "encrypt":
        begun.encrypt(KeyPlace.PASSPHRASE, PASSPHRASE)
    for die_at in count(1):
        home = tmp_path / f"{die_at}"
        shutil.copytree(tmp_path / "begun", home)
        code = doing(act, die_at, home)
        again = vault(home)
        for passphrase in (PASSPHRASE, OTHER):
            if again.key is None and again.condition is Condition.LOCKED:
                try:
                    again.unlock(passphrase)
                except StoreLocked:
                    continue
        assert stored(again) == [WORDS]
        if code == 0:
            break
        assert code == -signal.SIGKILL
        # What was left over keeps nobody from doing it now.
        if act == "encrypt" and again.condition is Condition.PLAIN:
            again.encrypt(KeyPlace.PASSPHRASE, OTHER)
            assert stored(again) == [WORDS]
            assert not [file.name for file in (home / "data").iterdir() if "draft" in file.name]
    assert die_at > 4
