"""Escape sequences for terminals, tmux and screen."""

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_xmpp.model.notifying import Channel
from tui_xmpp.ui.notify.sequences import has_title, known_channel, notification, through, title, withdrawal

CHANNELS = (Channel.OSC9, Channel.OSC99, Channel.OSC777, Channel.BELL)
FRAMES = {
    Channel.OSC9: r"\x1b\]9;[^\x00-\x1f\x7f-\x9f]*\x07",
    Channel.OSC99: r"(\x1b\]99;[a-z0-9=:-]*;[A-Za-z0-9+/=]*\x1b\\){2}",
    Channel.OSC777: r"\x1b\]777;notify;[^\x00-\x1f\x7f-\x9f;]*;[^\x00-\x1f\x7f-\x9f;]*\x07",
    Channel.BELL: r"\x07",
}


@pytest.mark.parametrize(
    ("environment", "channel"),
    [
        ({"TERM": "xterm-kitty"}, Channel.OSC99),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, Channel.OSC9),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, Channel.OSC777),
        ({"TERM": "xterm-ghostty"}, Channel.OSC777),
        ({"TERM": "foot-extra"}, Channel.OSC777),
        ({"TERM": "rxvt-unicode-256color"}, Channel.OSC777),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "tmux", "KITTY_WINDOW_ID": "1"}, Channel.OSC99),
        ({"TERM": "screen", "LC_TERMINAL": "iTerm2"}, Channel.OSC9),
        ({"TERM": "xterm-256color"}, Channel.BELL),
        ({"TERM": "linux"}, Channel.BELL),
        ({}, Channel.BELL),
    ],
)
def test_the_terminal_is_known_by_its_environment(environment: dict[str, str], channel: Channel) -> None:
    assert known_channel(environment) is channel


def test_each_terminal_gets_its_own_sequence() -> None:
    assert notification(Channel.OSC9, "Mara", "hi", 1) == "\x1b]9;Mara: hi\x07"
    assert notification(Channel.OSC777, "Mara; Ltd", "a;b", 1) == "\x1b]777;notify;Mara, Ltd;a,b\x07"
    first, second, _ = notification(Channel.OSC99, "Mara", "hi", 7).split("\x1b\\")
    assert first == f"\x1b]99;i=tui-xmpp-7:e=1:d=0:p=title;{base64.b64encode(b'Mara').decode()}"
    assert second == f"\x1b]99;i=tui-xmpp-7:e=1:p=body;{base64.b64encode(b'hi').decode()}"
    assert notification(Channel.BELL, "Mara", "hi", 1) == "\x07"
    assert notification(Channel.NONE, "Mara", "hi", 1) == ""
    assert withdrawal(Channel.OSC99, 7) == "\x1b]99;i=tui-xmpp-7:p=close;\x1b\\"
    assert withdrawal(Channel.OSC9, 7) == ""


def test_a_name_that_is_a_number_gives_the_terminal_no_other_command() -> None:
    assert notification(Channel.OSC9, "4;1;50", "hi", 1) == "\x1b]9; 4;1;50: hi\x07"


@given(st.text(), st.text(), st.sampled_from(CHANNELS))
def test_no_text_gets_out_of_its_sequence(name: str, text: str, channel: Channel) -> None:
    assert re.fullmatch(FRAMES[channel], notification(channel, name, text, 1))


@given(st.text())
def test_no_text_gets_out_of_the_title(text: str) -> None:
    assert re.fullmatch(r"\x1b\]2;[^\x00-\x1f\x7f-\x9f]*\x07", title(text))


def test_tmux_passes_a_sequence_on_with_its_escapes_doubled() -> None:
    sequence = notification(Channel.OSC99, "Mara", "hi", 1)
    passed = through(sequence, {"TMUX": "/tmp/tmux,1,0"})
    assert passed.startswith("\x1bPtmux;\x1b\x1b]99;")
    assert passed.endswith("\x1b\x1b\\\x1b\\")
    inside = passed.removeprefix("\x1bPtmux;").removesuffix("\x1b\\")
    assert inside.replace("\x1b\x1b", "\x1b") == sequence


def test_screen_passes_a_sequence_on_in_short_strings_without_an_end_inside() -> None:
    sequence = notification(Channel.OSC99, "Mära " * 10, "hi 🥐 " * 30, 1)
    passed = through(sequence, {"STY": "1.pts"})
    parts = re.findall(r"\x1bP(.*?)\x1b\\", passed, re.DOTALL)
    assert "".join(f"\x1bP{part}\x1b\\" for part in parts) == passed
    assert all(len(part.encode()) < 256 for part in parts)
    assert "".join(parts) == sequence.replace("\x1b\\", "\x07")


@pytest.mark.parametrize("environment", [{"TMUX": "x"}, {"STY": "x"}, {}])
def test_the_bell_needs_no_help(environment: dict[str, str]) -> None:
    assert through("\x07", environment) == "\x07"
    assert through("", environment) == ""


@pytest.mark.parametrize(
    ("terminal", "has"), [("xterm-256color", True), ("screen", True), ("linux", False), ("", False)]
)
def test_a_console_without_a_title_is_sent_none(terminal: str, has: bool) -> None:
    assert has_title({"TERM": terminal}) is has
