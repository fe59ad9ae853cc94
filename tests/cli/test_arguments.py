"""The command line: what may be written, and what it means."""

from pathlib import Path

import pytest

from tui_xmpp import __version__
from tui_xmpp.cli.arguments import Demo, Screen, Send, parse
from tui_xmpp.cli.exits import SUMMARY, Exit, NoSuchAccount, NothingToExport, WhichChat, exit_for
from tui_xmpp.errors import (
    CertificateRejected,
    ConfigError,
    ConnectionFailed,
    LoginRefused,
    NotConfirmed,
    RequestFailed,
    RoomRefusal,
    RoomRefused,
    StorageError,
    StreamUnsafe,
    TuiXmppError,
    Unavailable,
)
from tui_xmpp.logs import Detail
from tui_xmpp.model.address import Address

ALICE = Address.parse("alice@example.org")
BOB = Address.parse("bob@example.org")


def test_without_anything_the_screen_is_opened() -> None:
    wish = parse([], {})
    assert isinstance(wish, Screen)
    assert wish.open_at is None
    assert (wish.common.settings, wish.common.data, wish.common.detail) == (None, None, Detail.INFO)


def test_a_chat_to_open_can_be_named() -> None:
    wish = parse(["--open", "Bob@example.org"], {})
    assert isinstance(wish, Screen)
    assert wish.open_at == BOB


@pytest.mark.parametrize("command", [[], ["demo"], ["send", "bob@example.org", "hi"], ["export"]])
@pytest.mark.parametrize("after", [False, True])
def test_files_can_be_named_before_and_after_the_command(command: list[str], *, after: bool) -> None:
    arguments = ["--config", "c", "--data=d", "--debug"]
    wish = parse([*command, *arguments] if after else [*arguments, *command], {})
    assert (wish.common.settings, wish.common.data, wish.common.detail) == (Path("c"), Path("d"), Detail.DEBUG)


def test_the_demonstration_can_be_told_not_to_ask() -> None:
    asking, not_asking = parse(["demo"], {}), parse(["demo", "--yes"], {})
    assert isinstance(asking, Demo)
    assert isinstance(not_asking, Demo)
    assert (asking.yes, not_asking.yes) == (False, True)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [(["hello there"], "hello there"), (["-"], None), ([], None), (["--", "-x"], "-x"), ([""], "")],
)
def test_the_text_to_send_is_an_argument_or_comes_from_standard_input(arguments: list[str], text: str | None) -> None:
    wish = parse(["send", "bob@example.org", *arguments], {})
    assert isinstance(wish, Send)
    assert (wish.recipient, wish.text, wish.account, wish.room, wish.patience) == (BOB, text, None, False, 30)


@pytest.mark.parametrize(
    "arguments",
    [
        ["send", "--account", "alice@example.org", "--room", "--timeout", "2.5", "bob@example.org", "x"],
        ["send", "bob@example.org", "x", "--room", "--timeout", "2.5", "--account", "alice@example.org"],
    ],
)
def test_sending_takes_an_account_a_room_and_a_patience(arguments: list[str]) -> None:
    wish = parse(arguments, {})
    assert isinstance(wish, Send)
    assert (wish.recipient, wish.text, wish.account, wish.room, wish.patience) == (BOB, "x", ALICE, True, 2.5)


@pytest.mark.parametrize(
    ("value", "detail"), [("", Detail.DEBUG), ("stanzas", Detail.STANZAS), ("WARNING", Detail.WARNING)]
)
def test_the_environment_says_how_much_is_logged(value: str, detail: Detail) -> None:
    assert parse(["--debug"], {"TUI_XMPP_LOG": value}).common.detail is detail


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--open", "@b"], "nothing before the @"),
        (["--colour"], "--colour"),
        (["--ope", "b@c"], "--ope"),
        (["send", "--acc", "a@b", "b@c", "x"], "--acc"),
        (["send"], "ADDRESS"),
        (["send", "b@c", "x", "y"], "y"),
        (["send", "b@c/"], "ends in a slash"),
        (["send", "b@c", "--timeout", "0"], "above 0"),
        (["send", "b@c", "--timeout", "soon"], "above 0"),
        (["send", "b@c", "--timeout", "nan"], "above 0"),
        (["sned"], "sned"),
    ],
)
def test_a_mistake_is_said_and_ends_with_two(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(arguments, {})
    assert caught.value.code == Exit.USAGE
    assert words in capsys.readouterr().err


def test_a_wrong_amount_of_logging_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse([], {"TUI_XMPP_LOG": "everything"})
    assert caught.value.code == Exit.USAGE
    assert "TUI_XMPP_LOG can be warning, info, debug, stanzas" in capsys.readouterr().err


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(["--version"], {})
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"tui-xmpp {__version__}\n"


@pytest.mark.parametrize("command", [[], ["send"], ["export"]])
def test_help_names_every_exit_code(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse([*command, "--help"], {})
    assert caught.value.code == 0
    printed = capsys.readouterr().out
    assert set(SUMMARY) == set(Exit)
    for code, line in SUMMARY.items():
        assert f"{code.value:>3}  {line}" in printed


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigError("x"), 3),
        (LoginRefused("x"), 4),
        (ConnectionFailed("x"), 5),
        (CertificateRejected("x"), 5),
        (StreamUnsafe("x"), 5),
        (Unavailable("x"), 5),
        (RequestFailed("x"), 6),
        (RoomRefused("x", refusal=RoomRefusal.BANNED), 6),
        (NotConfirmed("x"), 7),
        (NothingToExport("x"), 8),
        (NoSuchAccount("x"), 3),
        (WhichChat("x"), 2),
        (StorageError("x"), 1),
        (TuiXmppError("x"), 1),
    ],
)
def test_every_kind_of_failure_has_its_exit_code(error: TuiXmppError, code: int) -> None:
    assert exit_for(error) == code


@pytest.mark.parametrize(
    ("words", "linear"),
    [(["--linear"], True), (["--open", "a@b"], False), (["demo", "--linear"], True), (["--linear", "demo"], True)],
)
def test_the_linear_mode_can_be_asked_for_before_and_behind_the_command(words: list[str], linear: bool) -> None:
    wish = parse(words, {})
    assert isinstance(wish, Screen | Demo)
    assert wish.linear is linear
