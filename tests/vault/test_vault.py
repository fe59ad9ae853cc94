"""Finding, unlocking, beginning and giving up a store; without a keyring."""

from pathlib import Path

import pytest

from tests.vault.builders import OTHER, PASSPHRASE, WORDS, fill, printing, stored, vault
from tui_xmpp import config
from tui_xmpp.errors import ConfigError, StorageError, StoreLocked
from tui_xmpp.model.at_rest import Condition, KeyPlace
from tui_xmpp.redaction import redact
from tui_xmpp.storage.opening import open_store
from tui_xmpp.vault import key_file


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    """A home with a store that a passphrase opens."""
    made = vault(tmp_path)
    made.begin(KeyPlace.PASSPHRASE, PASSPHRASE)
    fill(made)
    return tmp_path


def test_a_new_store_is_begun_with_a_passphrase_and_opened_with_it(tmp_path: Path) -> None:
    new = vault(tmp_path)
    assert new.condition is Condition.NEW
    new.begin(KeyPlace.PASSPHRASE, PASSPHRASE)
    fill(new)
    again = vault(tmp_path)
    assert (again.condition, again.place) == (Condition.LOCKED, KeyPlace.PASSPHRASE)
    with pytest.raises(StoreLocked, match="nobody to ask"):
        again.unlock()
    with pytest.raises(StoreLocked, match="This passphrase does not open"):
        again.unlock(OTHER)
    assert again.key is None
    again.unlock(PASSPHRASE)
    assert stored(again) == [WORDS]


def test_how_a_store_was_begun_is_in_the_settings_and_no_secret_is(tmp_path: Path) -> None:
    vault(tmp_path).begin(KeyPlace.PASSPHRASE, PASSPHRASE)
    text = (tmp_path / "config.toml").read_text()
    assert config.load(tmp_path / "config.toml").storage.key is KeyPlace.PASSPHRASE
    assert PASSPHRASE not in text
    assert {file.stat().st_mode & 0o777 for file in tmp_path.rglob("*") if file.is_file()} == {0o600}


def test_a_command_opens_the_store_without_a_question(tmp_path: Path) -> None:
    command = printing(PASSPHRASE)
    vault(tmp_path).begin(KeyPlace.COMMAND, command=command)
    settings = config.load(tmp_path / "config.toml").storage
    assert (settings.key, settings.key_command) == (KeyPlace.COMMAND, command)
    again = vault(tmp_path, settings.key, settings.key_command)
    again.unlock()
    fill(again)
    assert stored(again) == [WORDS]


def test_a_command_that_prints_something_else_or_fails_leaves_the_passphrase_to_be_typed(tmp_path: Path) -> None:
    vault(tmp_path).begin(KeyPlace.COMMAND, command=printing(PASSPHRASE))
    for command, words in (
        (printing(OTHER), "What the command prints does not open"),
        (("/does/not/exist",), "The passphrase command “exist” cannot be run"),
        ((), "the settings name none"),
    ):
        again = vault(tmp_path, KeyPlace.COMMAND, command)
        with pytest.raises(StoreLocked, match=words):
            again.unlock()
        again.unlock(PASSPHRASE)
        assert again.key is not None


def test_no_encryption_is_a_choice_that_is_remembered(tmp_path: Path) -> None:
    new = vault(tmp_path)
    new.begin(KeyPlace.NONE)
    fill(new)
    assert (new.key, new.condition) == (None, Condition.PLAIN)
    assert config.load(tmp_path / "config.toml").storage.key is KeyPlace.NONE
    assert not key_file.path_for(new.store).exists()
    new.unlock()
    assert stored(new) == [WORDS]


def test_a_short_passphrase_is_refused_and_nothing_is_decided(tmp_path: Path) -> None:
    new = vault(tmp_path)
    with pytest.raises(StorageError, match="at least 8 characters"):
        new.begin(KeyPlace.PASSPHRASE, "1234567")
    assert new.condition is Condition.NEW
    assert list(tmp_path.iterdir()) == []


def test_settings_that_cannot_be_written_stop_only_who_needs_them(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("nonsense = 1")
    with pytest.raises(ConfigError):
        vault(tmp_path).begin(KeyPlace.COMMAND, command=printing(PASSPHRASE))
    assert vault(tmp_path).condition is Condition.NEW
    vault(tmp_path).begin(KeyPlace.PASSPHRASE, PASSPHRASE)
    assert vault(tmp_path).condition is Condition.LOCKED


def test_two_starts_at_once_do_not_take_each_others_key(tmp_path: Path) -> None:
    first, second = vault(tmp_path), vault(tmp_path)
    first.begin(KeyPlace.PASSPHRASE, PASSPHRASE)
    with pytest.raises(StorageError, match="a store already"):
        second.begin(KeyPlace.PASSPHRASE, OTHER)
    again = vault(tmp_path)
    again.unlock(PASSPHRASE)
    assert again.key == first.key


def test_a_lost_key_ends_in_a_new_store_and_the_old_one_kept(locked: Path) -> None:
    lost = vault(locked)
    aside = lost.start_fresh()
    assert aside.name.startswith("chat.db.locked-2")
    assert lost.condition is Condition.NEW
    lost.begin(KeyPlace.PASSPHRASE, OTHER)
    fill(lost)
    names = sorted(file.name for file in aside.parent.iterdir())
    assert names == sorted(
        ["chat.db", "chat.db.key", "chat.db.lock", "chat.db.readers", aside.name, f"{aside.name}.key"]
    )
    # The passphrase turns up.
    for old, name in ((aside, "chat.db"), (key_file.path_for(aside), "chat.db.key")):
        old.replace(aside.with_name(name))
    again = vault(locked)
    again.unlock(PASSPHRASE)
    assert stored(again) == [WORDS]


def test_a_store_that_can_be_opened_is_not_put_aside_as_lost(tmp_path: Path) -> None:
    plain = vault(tmp_path)
    fill(plain)
    with pytest.raises(StorageError, match="not locked"):
        plain.start_fresh()
    assert stored(plain) == [WORDS]


@pytest.mark.parametrize("content", [None, "nonsense"])
def test_without_a_key_file_the_store_is_locked_and_never_damaged(locked: Path, content: str | None) -> None:
    file = key_file.path_for(vault(locked).store)
    kept = file.read_bytes()
    if content is None:
        file.unlink()
        assert vault(locked).condition is Condition.LOST
    else:
        file.write_text(content)
    lost = vault(locked)
    with pytest.raises(StoreLocked, match=r"is not there|is damaged"):
        lost.unlock(PASSPHRASE)
    with pytest.raises(StoreLocked):
        open_store(lost.store)
    file.write_bytes(kept)
    lost.unlock(PASSPHRASE)
    assert stored(lost) == [WORDS]


def test_the_key_file_of_another_store_opens_nothing_and_condemns_nothing(locked: Path, tmp_path: Path) -> None:
    other = vault(tmp_path / "other")
    other.begin(KeyPlace.PASSPHRASE, PASSPHRASE)
    here = vault(locked)
    key_file.path_for(other.store).replace(key_file.path_for(here.store))
    with pytest.raises(StoreLocked, match="does not belong"):
        here.unlock(PASSPHRASE)
    assert here.key is None


def test_a_damaged_encrypted_store_still_takes_its_key_and_is_begun_anew_with_it(locked: Path) -> None:
    damaged = vault(locked)
    damaged.store.write_bytes(b"This is not a database, but a letter. " * 200)
    damaged.unlock(PASSPHRASE)
    db, moved_aside = open_store(damaged.store, damaged.key)
    db.close()
    assert moved_aside is not None
    again = vault(locked)
    again.unlock(PASSPHRASE)
    assert stored(again) == []


def test_key_and_passphrase_never_reach_a_log(locked: Path) -> None:
    opened = vault(locked)
    opened.unlock(PASSPHRASE)
    assert opened.key is not None
    assert redact(f"PRAGMA key = {opened.key.sql} from {PASSPHRASE}").count("[redacted]") == 2
