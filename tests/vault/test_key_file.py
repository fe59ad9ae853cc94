"""The file beside the store that says what opens it."""

from pathlib import Path

import pytest

from tests.vault.builders import PASSPHRASE
from tui_xmpp.errors import StorageError, StoreLocked
from tui_xmpp.model.at_rest import KeyPlace
from tui_xmpp.vault import key_file
from tui_xmpp.vault.key_file import KeyFile
from tui_xmpp.vault.wrapping import wrap


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "data" / "chat.db"


def test_what_is_saved_is_read_again_and_is_for_its_owner_only(store: Path) -> None:
    assert key_file.load(store) is None
    for kept in (
        KeyFile(KeyPlace.KEYRING, entry="store-0123456789abcdef"),
        KeyFile(KeyPlace.PASSPHRASE, wrapped=wrap(bytes(32), PASSPHRASE)),
        KeyFile(KeyPlace.COMMAND, wrapped=wrap(bytes(32), PASSPHRASE)),
    ):
        key_file.save(store, kept)
        assert key_file.load(store) == kept
        assert [file.name for file in store.parent.iterdir()] == ["chat.db.key"]
        assert key_file.path_for(store).stat().st_mode & 0o777 == 0o600
    key_file.remove(store)
    key_file.remove(store)
    assert key_file.load(store) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "version = 2\nplace = 'keyring'\nentry = 'x'",
        "version = 1\nplace = 'keyring'",
        "version = 1\nplace = 'keyring'\nentry = 5",
        "version = 1\nplace = 'none'",
        "version = 1\nplace = 'elsewhere'\nentry = 'x'",
        "version = 1\nplace = 5",
        "version = 1\nplace = 'passphrase'\nwrapped = 'zz'\nsalt = ''\ncost = 65536\nblock = 8\nparallel = 1",
        "version = 1\nplace = 'passphrase'\nwrapped = ''\nsalt = ''\ncost = 'x'\nblock = 8\nparallel = 1",
        "version = 1\nplace = 'passphrase'\nwrapped = ''\nsalt = ''\ncost = 3\nblock = 8\nparallel = 1",
        "\xff not TOML",
    ],
)
def test_a_key_file_that_cannot_be_understood_locks_the_store(store: Path, text: str) -> None:
    store.parent.mkdir()
    key_file.path_for(store).write_bytes(text.encode("latin-1"))
    with pytest.raises(StoreLocked, match="is damaged, or of a newer version"):
        key_file.load(store)


def test_where_it_cannot_be_written_it_says_so(store: Path, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be written"):
        key_file.save(store, KeyFile(KeyPlace.KEYRING, entry="x"))
