"""Escape sequences by which a terminal is asked to notify. Pure: text in, bytes for the terminal out.

Every text is cleaned here once more, whatever was done before: a control character in it would end the sequence, and
what follows would be the terminal's to obey (SECURITY 21).
"""

import base64
import re
from collections.abc import Iterator, Mapping

from tui_xmpp.model.notifying import Channel
from tui_xmpp.model.text import clean_line

ESC = "\x1b"
BEL = "\x07"
ST = f"{ESC}\\"

_777 = ("foot", "rxvt", "wezterm", "ghostty", "xterm-ghostty", "contour")
"""Beginnings of $TERM or $TERM_PROGRAM of terminals with OSC 777."""
_9 = ("iterm", "warp", "mintty")

_SCREEN_PART = 60
"""Characters, of four bytes at most, in one string that screen passes through; it takes 256 bytes."""


def known_channel(environment: Mapping[str, str]) -> Channel:
    """The best sequence of the terminal that we seem to be in; the bell, which every terminal has, if none is known.

    Inside tmux or screen `TERM` and `TERM_PROGRAM` are theirs; what the terminal itself has left behind still counts.
    """
    terminal = environment.get("TERM", "").lower()
    program = environment.get("TERM_PROGRAM", "").lower()
    if terminal.startswith("xterm-kitty") or "KITTY_WINDOW_ID" in environment:
        return Channel.OSC99
    if terminal.startswith(_777) or program.startswith(_777):
        return Channel.OSC777
    if any(name in environment for name in ("WEZTERM_PANE", "GHOSTTY_RESOURCES_DIR")):
        return Channel.OSC777
    if program.startswith(_9) or "ITERM_SESSION_ID" in environment:
        return Channel.OSC9
    if environment.get("LC_TERMINAL", "").lower().startswith(_9):
        return Channel.OSC9
    return Channel.BELL


def notification(channel: Channel, title: str, text: str, number: int) -> str:
    """The sequence that shows one notification; `number` tells it from others. Empty: this way has no sequence."""
    title, text = clean_line(title), clean_line(text)
    match channel:
        case Channel.OSC9:
            # A number and a semicolon would be a command of ConEmu's instead, which others have taken over.
            return f"{ESC}]9;{re.sub(r'^(?=[0-9])', ' ', f'{title}: {text}')}{BEL}"
        case Channel.OSC99:
            head = f"{ESC}]99;i=tui-xmpp-{number}:e=1"
            return f"{head}:d=0:p=title;{_base64(title)}{ST}{head}:p=body;{_base64(text)}{ST}"
        case Channel.OSC777:
            return f"{ESC}]777;notify;{title.replace(';', ',')};{text.replace(';', ',')}{BEL}"
        case Channel.BELL:
            return BEL
        case _:
            return ""


def withdrawal(channel: Channel, number: int) -> str:
    """The sequence that takes a notification off the screen; empty where there is none."""
    return f"{ESC}]99;i=tui-xmpp-{number}:p=close;{ST}" if channel is Channel.OSC99 else ""


def through(sequence: str, environment: Mapping[str, str]) -> str:
    """The same for the terminal outside, where tmux (with its option allow-passthrough) or screen stand between."""
    if not sequence or sequence == BEL:
        return sequence
    if environment.get("TMUX"):
        return f"{ESC}Ptmux;{sequence.replace(ESC, ESC * 2)}{ST}"
    if environment.get("STY"):
        # Screen ends a string at the first ST, also at one inside, and takes few bytes of one at a time.
        return "".join(f"{ESC}P{part}{ST}" for part in _parts(sequence.replace(ST, BEL)))
    return sequence


def _parts(sequence: str) -> Iterator[str]:
    for start in range(0, len(sequence), _SCREEN_PART):
        yield sequence[start : start + _SCREEN_PART]


def has_title(environment: Mapping[str, str]) -> bool:
    """Whether the terminal has a title; the Linux console would print some of what is meant for it."""
    return environment.get("TERM", "") not in {"linux", "dumb", ""}


SAVE_TITLE = f"{ESC}[22;2t"
"""Puts the title on the terminal's stack (XTWINOPS)."""
RESTORE_TITLE = f"{ESC}[23;2t"


def title(text: str) -> str:
    """The sequence that sets the title of the window (OSC 2)."""
    return f"{ESC}]2;{clean_line(text)}{BEL}"


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
