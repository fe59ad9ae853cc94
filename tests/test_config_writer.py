"""Writing accounts into the settings file: what a person wrote there stays as it was."""

from pathlib import Path

import pytest

from tui_xmpp import config
from tui_xmpp.config_writer import remove_account, save_account
from tui_xmpp.errors import ConfigError
from tui_xmpp.model.account import AccountSettings, TlsMode
from tui_xmpp.model.address import Address

ALICE = AccountSettings(Address.parse("alice@example.org"))
BOB = AccountSettings(Address.parse("bob@example.org"))

BY_HAND = """# my settings

[[accounts]]
address = "Alice@example.org"   # at home
enabled = true      # for now
tls    =   "auto"

[ui]
theme = 'nord'  # calm
"""


def full(directory: Path) -> AccountSettings:
    authority = directory / "ca.pem"
    authority.touch()
    return AccountSettings(
        address=ALICE.address,
        password_command=("pass", "a b"),
        host="127.0.0.1",
        port=5223,
        tls=TlsMode.DIRECT,
        ca_file=authority,
        nickname="Alice “A”",
        enabled=False,
    )


def test_a_first_account_makes_the_file_and_its_directory_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.toml"
    save_account(path, ALICE)
    assert path.read_text() == '[[accounts]]\naddress = "alice@example.org"\n'
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_every_setting_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    account = full(tmp_path)
    save_account(path, account)
    assert config.load(path).accounts == (account,)
    save_account(path, ALICE)
    assert config.load(path).accounts == (ALICE,)
    assert path.read_text() == '[[accounts]]\naddress = "alice@example.org"\n'


def test_saving_what_is_there_already_changes_no_byte(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(BY_HAND)
    save_account(path, ALICE)
    assert path.read_text() == BY_HAND


def test_a_change_leaves_comments_and_formatting_alone(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(BY_HAND)
    save_account(path, AccountSettings(ALICE.address, enabled=False, nickname="Al"))
    expected = BY_HAND.replace("enabled = true ", "enabled = false ")
    assert path.read_text() == expected.replace('"auto"\n', '"auto"\nnickname = "Al"\n')
    assert config.load(path).accounts == (AccountSettings(ALICE.address, enabled=False, nickname="Al"),)


def test_a_second_account_is_added_after_the_first(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(BY_HAND)
    save_account(path, BOB)
    text = path.read_text()
    assert [account.address for account in config.load(path).accounts] == [ALICE.address, BOB.address]
    for line in BY_HAND.splitlines():
        assert line in text.splitlines()


@pytest.mark.parametrize(
    "text",
    ['accounts = [{ address = "bob@example.org" }, # b\n]\n', "accounts = []\n", "[ui]\ntheme = 'x'\n", "# nothing\n"],
)
def test_an_account_is_added_in_whatever_shape_the_file_has(text: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    before = config.load(path).accounts
    save_account(path, ALICE)
    assert config.load(path).accounts == (*before, ALICE)
    remove_account(path, ALICE.address)
    assert config.load(path).accounts == before


def test_removing_an_account_leaves_the_others_and_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(BY_HAND)
    save_account(path, BOB)
    remove_account(path, ALICE.address)
    settings = config.load(path)
    assert settings.accounts == (BOB,)
    assert settings.ui.theme == "nord"
    remove_account(path, BOB.address)
    assert config.load(path).accounts == ()
    assert "# calm" in path.read_text()


def test_removing_an_unknown_account_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    remove_account(path, ALICE.address)
    assert not path.exists()


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "tui-xmpp.toml"
    real.parent.mkdir()
    real.write_text(BY_HAND)
    link = tmp_path / "config.toml"
    link.symlink_to(real)
    save_account(link, BOB)
    assert link.is_symlink()
    assert "bob@example.org" in real.read_text()
    assert real.stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_read_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[[accounts]\n")
    with pytest.raises(ConfigError):
        save_account(path, ALICE)
    assert path.read_text() == "[[accounts]\n"


def test_an_account_that_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(BY_HAND)
    with pytest.raises(ConfigError, match="there is no file"):
        save_account(path, AccountSettings(BOB.address, ca_file=tmp_path / "gone.pem"))
    assert path.read_text() == BY_HAND
    assert list(tmp_path.iterdir()) == [path]


def test_a_directory_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="cannot be"):
        save_account(tmp_path / "file" / "config.toml", ALICE)
