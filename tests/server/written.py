"""What a program writes to its terminal, taken apart with no mercy: every sequence must be one that is known."""

import re
import unicodedata

_KNOWN = re.compile(
    r"""
      \x1b\[[0-9;]*m                                              # colours and weights
    | \x1b\[[0-9]+;[0-9]+H                                        # where to draw
    | \x1b\[\?(?:7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]  # modes, switched on and off
    | \x1b\[\?(?:2026|2048)\$p                                    # which modes the terminal knows
    | \x1b\[>[0-9]+u | \x1b\[<u                                   # the key protocol
    | \x1b\]22;[a-z-]*\x07                                        # the shape of the mouse pointer
    | \x1b\[2[23];2t | \x1b\]2;(?:(?:\([0-9]+\)[ ])?tui-xmpp)?\x07  # the title, which has nothing from outside
    """,
    re.VERBOSE,
)
"""What Textual and we write, and nothing else. The clipboard and links (OSC 52 and 8) are not among it."""

_NOTIFICATION = re.compile(r"\x1b\]777;notify;([^\x1b\x07;]*);([^\x1b\x07;]*)\x07")
"""Two texts, which are judged like all others."""

_SOUND_JOINER = re.compile("(?<=[^\x00-\u2fff])\ufe0f?\u200d(?=[^\x00-\u21ff])")
"""A zero-width joiner inside an emoji."""

_FLAG_TAGS = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,7}\U000e007f")

_FORBIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
"""Categories that have no business on a screen: controls, invisible formats, private use, line separators."""

_MARKS = re.compile("[^\x00-\u02ff]{7,}")
_MOST_MARKS = 6


def strange(written: bytes) -> list[str]:
    """What should not be among the bytes, each with what stands around it; empty if everything is in order.

    Raises UnicodeDecodeError for bytes that are not UTF-8.
    """
    text = written.decode()
    shown = _NOTIFICATION.sub("\x00\\1\x00\\2\x00", text)
    shown = _KNOWN.sub("\x00", shown)  # no character of a text, so that nothing grows together
    plain = _FLAG_TAGS.sub("", _SOUND_JOINER.sub("", shown))
    found = [
        _around(plain, index)
        for index, character in enumerate(plain)
        if character not in "\x00\r\n" and unicodedata.category(character) in _FORBIDDEN
    ]
    for run in _MARKS.finditer(plain):
        marks = 0
        for index, character in enumerate(run[0], run.start()):
            marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
            if marks == _MOST_MARKS + 1:
                found.append(_around(plain, index))
    return found


def _around(text: str, index: int) -> str:
    return repr(text[max(0, index - 20) : index + 20])
