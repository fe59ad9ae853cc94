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
    """,
    re.VERBOSE,
)
"""What Textual writes, and nothing else. The clipboard and links (OSC 52 and 8) are not among it."""

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
    shown = _KNOWN.sub("\x00", text)  # no character of a text, so that nothing grows together
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
