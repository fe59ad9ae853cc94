"""The settings file: what it may say, and what is answered where it says something else."""

from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_xmpp import config
from tui_xmpp.config_lines import key_lines
from tui_xmpp.errors import ConfigError
from tui_xmpp.model.account import AccountSettings, TlsMode
from tui_xmpp.model.address import Address
from tui_xmpp.model.notifying import Channel, NotificationSettings, Notify, QuietHours, Told
from tui_xmpp.model.omemo import EncryptionWish

ALICE = Address.parse("alice@example.org")


def test_a_file_that_does_not_exist_gives_the_defaults(tmp_path: Path) -> None:
    settings = config.load(tmp_path / "config.toml")
    assert settings.accounts == ()
    assert settings.ui == config.UiSettings()


def test_every_documented_setting_is_read(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch()
    path = tmp_path / "config.toml"
    path.write_text(
        f"""
        [[accounts]]
        address = "Alice@Example.org"
        password_command = ["pass", "xmpp"]
        host = "127.0.0.1"
        port = 5222
        tls = "direct"
        ca_file = "{tmp_path}/ca.pem"
        nickname = "Alice"
        enabled = false

        [[accounts]]
        address = "bob@example.org"

        [ui]
        theme = "nord"
        density = "compact"
        symbols = "ascii"
        [ui.keys]
        "chat.close" = "ctrl+w,f8"
        """
    )
    settings = config.load(path)
    assert settings.accounts == (
        AccountSettings(
            address=ALICE,
            password_command=("pass", "xmpp"),
            host="127.0.0.1",
            port=5222,
            tls=TlsMode.DIRECT,
            ca_file=tmp_path / "ca.pem",
            nickname="Alice",
            enabled=False,
        ),
        AccountSettings(address=Address.parse("bob@example.org")),
    )
    assert (settings.ui.theme, settings.ui.density, settings.ui.symbols) == ("nord", "compact", "ascii")
    assert dict(settings.ui.keys) == {"chat.close": "ctrl+w,f8"}


def test_the_folder_for_files_may_begin_at_home_or_beside_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/alice")
    for text, folder in (("~/In", Path("/home/alice/In")), ("in", tmp_path / "in"), ("/in", Path("/in"))):
        assert config.parse(f'[files]\nfolder = "{text}"', tmp_path / "config.toml").files.folder == folder
    assert config.parse("", tmp_path / "config.toml").files.folder is None


def test_notifications_are_read() -> None:
    text = """
        [notifications]
        channel = "osc99"
        content = "sender"
        channels = "none"
        quiet_hours = "22:00 - 7:30"
        pause = 30
    """
    told = config.parse(text, Path("config.toml")).notifications
    assert told == NotificationSettings(
        Channel.OSC99, Told.SENDER, channels=Notify.NONE, quiet_hours=QuietHours(time(22), time(7, 30)), pause=30
    )
    assert config.parse("", Path("config.toml")).notifications == NotificationSettings()


def test_an_authority_is_found_beside_the_settings_file(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch()
    settings = config.parse('[[accounts]]\naddress = "a@b.c"\nca_file = "ca.pem"\n', tmp_path / "config.toml")
    assert settings.accounts[0].ca_file == tmp_path / "ca.pem"


def test_an_account_is_found_by_its_address_with_or_without_a_resource() -> None:
    settings = config.parse('[[accounts]]\naddress = "alice@example.org"\n', Path("config.toml"))
    assert settings.account(Address.parse("ALICE@example.org/phone")) is settings.accounts[0]
    assert settings.account(Address.parse("bob@example.org")) is None


ACCOUNT = '[[accounts]]\naddress = "alice@example.org"\n'


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("x =", 1, "cannot be understood"),
        ('[ui]\ntheme = "a\n', 2, "cannot be understood"),
        ("[ui", 1, "cannot be understood"),
        ("a = 1\n\n\na = 2", 4, "cannot be understood"),
        (
            'colour = "red"',
            1,
            "here can be: accounts, storage, ui, notifications, history, files, encryption.",
        ),
        ('[ui]\ndensity = "thin"', 2, "“density” can be cosy, compact, but not “thin”"),
        ('[ui]\npreset = "ed"', 2, "“preset” can be default, vim, but not “ed”"),
        ('[ui]\nsymbols = "runes"', 2, "“symbols” can be unicode, ascii, but not “runes”"),
        ('[notifications]\nchanel = "bell"', 2, "did you mean “channel”?"),
        ('[notifications]\nchannel = "smoke"', 2, "“channel” can be auto, desktop, osc9, osc99, osc777, bell, none"),
        ('[notifications]\ncontacts = "mentions"', 2, "“contacts” can be all, none"),
        ('[notifications]\nquiet_hours = "22"', 2, "must be two times of day, such as “22:00-07:30”, not “22”"),
        ('[notifications]\nquiet_hours = "22:00-24:30"', 2, "must be two times of day"),
        ('[notifications]\nquiet_hours = "22:00-22:00"', 2, "begin and end at the same time"),
        ("[notifications]\npause = 0", 2, "“pause” must be from 1 to 3600"),
        ("[notifications]\ntitle = 1", 2, "“title” must be true or false"),
        ("[[account]]", 1, "did you mean “accounts”?"),
        (ACCOUNT + '\nadress = "x"', 4, "did you mean “address”?"),
        ("[[accounts]]\nenabled = true", 1, "needs its “address”"),
        (ACCOUNT + "[[accounts]]\nenabled = true", 3, "needs its “address”"),
        ('[[accounts]]\naddress = "example.org"', 2, "not an account's address"),
        ('[[accounts]]\naddress = "a@b/c"', 2, "not an account's address"),
        ('[[accounts]]\naddress = "@b"', 2, "nothing before the @"),
        ("[[accounts]]\naddress = 5", 2, "must be text in quotes, not a number"),
        ('[[accounts]]\naddress = ""', 2, "is empty"),
        (ACCOUNT + ACCOUNT, 4, "the account alice@example.org is here twice"),
        (ACCOUNT + '[[accounts]]\naddress = "ALICE@EXAMPLE.ORG"', 4, "is here twice"),
        (ACCOUNT + 'port = "5222"', 3, "must be a whole number, not text"),
        (ACCOUNT + 'host = "h"\nport = 0', 4, "from 1 to 65535, not 0"),
        (ACCOUNT + 'host = "h"\nport = 65536', 4, "from 1 to 65535"),
        (ACCOUNT + 'host = "h"\nport = true', 4, "not true or false"),
        (ACCOUNT + 'host = "h"\nport = 1.5', 4, "a whole number"),
        (ACCOUNT + "port = 5222", 3, "together with “host”"),
        (ACCOUNT + 'host = "xmpp://h"', 3, "the name or the IP address"),
        (ACCOUNT + 'host = "h 5222"', 3, "the name or the IP address"),
        (ACCOUNT + "host = 1979-05-27", 3, "not a date or time"),
        (ACCOUNT + 'tls = "none"', 3, "can be auto, starttls, direct, but not “none”"),
        (ACCOUNT + "tls = false", 3, "must be text in quotes"),
        (ACCOUNT + 'enabled = "yes"', 3, "must be true or false, not text"),
        (ACCOUNT + "enabled = 1", 3, "must be true or false, not a number"),
        (ACCOUNT + 'password_command = "pass xmpp"', 3, 'such as ["pass", "xmpp"], not text'),
        (ACCOUNT + "password_command = []", 3, "is empty"),
        (ACCOUNT + 'password_command = [" "]', 3, "is empty"),
        (ACCOUNT + 'password_command = [\n  "a",\n  5,\n]', 5, "nothing but texts in quotes"),
        (ACCOUNT + 'ca_file = "/does/not/exist.pem"', 3, "there is no file “/does/not/exist.pem”"),
        (ACCOUNT + 'ca_file = "a\\u0000b"', 3, "there is no file"),
        (ACCOUNT + 'ca_file = "~nobody-here/ca.pem"', 3, "there is no file"),
        (ACCOUNT + 'nickname = " Alice"', 3, "spaces"),
        (ACCOUNT + 'nickname = "A\\u202elice"', 3, "invisible characters"),
        ("accounts = 5", 1, "begun by [[accounts]]"),
        ("\n[accounts]\naddress = 5", 2, "begun by [[accounts]]"),
        ("[history]\nkeep = 5", 2, "did you mean “keep_days”?"),
        ('[history]\nkeep_days = "week"', 2, "a whole number, not text"),
        ("[history]\n\nkeep_days = -1", 3, "must be from 0 to 36500, not -1"),
        ("[history]\nkeep_days = 36501", 2, "from 0 to 36500"),
        ('[files]\nfolder = ""', 2, "is empty"),
        ('[files]\nfolder = "~nobody-here/x"', 2, "there is no folder"),
        ("[files]\nplace = 1", 2, "here can be: folder"),
        ("history = 30", 1, "begun by [history], not a number"),
        ("ui = 5", 1, "begun by [ui], not a number"),
        ("[ui]\nkeys = []", 2, "begun by [ui.keys], not a list"),
        ("[ui]\ntheme = {}", 2, "not a table"),
        ('[ui]\n[ui.keys]\n"chat.close" = ["a"]', 3, "text in quotes, not a list"),
        ('accounts = [\n  { address = "a@b" },\n  { address = "c" },\n]', 3, "not an account's address"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, line: int, words: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        config.load(path)
    assert caught.value.line == line
    assert caught.value.message.startswith(f"{path}, line {line}: ")
    assert words in caught.value.message


@pytest.mark.parametrize("key", ["password", "passwd", "pass"])
def test_a_password_in_the_file_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(ConfigError, match="a password does not belong in this file") as caught:
        config.parse(f'{ACCOUNT}{key} = "tru5tno1"', Path("config.toml"))
    assert caught.value.line == 3
    assert "tru5tno1" not in caught.value.message


def test_text_that_is_not_utf8_is_said_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b'[ui]\ntheme = "caf\xe9"\n')
    with pytest.raises(ConfigError, match="line 2: this is not UTF-8"):
        config.load(path)


def test_a_directory_in_place_of_the_file_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(tmp_path)


def test_escapes_in_a_wrong_value_never_reach_the_terminal() -> None:
    with pytest.raises(ConfigError) as caught:
        config.parse('"\\u001b[31mred" = 1', Path("config.toml"))
    assert "\x1b" not in caught.value.message


EVERY_SHAPE = '''# comment
[[accounts]]
address = "a#b" # [x]
list = ["a",
   "b", # ]
   3]
[accounts.x]
y.z = 1.5
[[accounts]]
long = """
 x = 3
"quoted" \\""" "" """""
'q k' = 2
inline = { a = 1, b = [ {c=2}, {c=3} ] }
[ui."keys x"]
raw = \'\'\'
it''s\'\'\'
day = 1979-05-27 07:32:00.5
n=[]
o={}
p=[[1,2],[3]]
last = 4'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("accounts", 0), 2),
        (("accounts", 0, "list"), 4),
        (("accounts", 0, "list", 2), 6),
        (("accounts", 0, "x", "y"), 8),
        (("accounts", 0, "x", "y", "z"), 8),
        (("accounts", 1), 9),
        (("accounts", 1, "q k"), 13),
        (("accounts", 1, "inline", "b", 1, "c"), 14),
        (("ui",), 15),
        (("ui", "keys x", "raw"), 16),
        (("ui", "keys x", "day"), 18),
        (("ui", "keys x", "p", 1, 0), 21),
        (("ui", "keys x", "last"), 22),
    ],
)
def test_the_line_of_a_key_is_found_in_every_shape_of_toml(key: tuple[str | int, ...], line: int) -> None:
    assert key_lines(EVERY_SHAPE)[key] == line


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_characters="\x7f\r"), min_size=1, max_size=8),
            st.one_of(st.integers(), st.text(max_size=8), st.lists(st.text(max_size=4), max_size=3)),
            st.integers(0, 3),
        ),
        unique_by=lambda entry: entry[0],
        max_size=8,
    )
)
def test_every_key_of_a_generated_file_is_found_on_its_line(entries: list[tuple[str, object, int]]) -> None:
    import tomlkit

    text, expected = "", {}
    for key, value, blank in entries:
        text += "\n" * blank
        expected[(key,)] = text.count("\n") + 1
        text += tomlkit.dumps({key: value})
    found = key_lines(text)
    assert {path: line for path, line in found.items() if len(path) == 1} == expected


def test_encryption_is_set_for_all_accounts_and_for_each(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        'encryption = "always"\n[[accounts]]\naddress = "alice@example.org"\n'
        '[[accounts]]\naddress = "bob@example.org"\nencryption = "never"\n'
    )
    settings = config.load(path)
    assert [account.encryption for account in settings.accounts] == [EncryptionWish.ALWAYS, EncryptionWish.NEVER]
    path.write_text('encryption = "sometimes"\n')
    with pytest.raises(ConfigError, match="when possible"):
        config.load(path)
