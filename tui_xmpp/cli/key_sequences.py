"""Keys that some terminals send in a way that Textual takes for other keys, said in a way that it knows."""

import re
from typing import Final

_SHIFTED: Final = {
    "25": "1;2P", "26": "1;2Q", "28": "13;2~", "29": "1;2S",
    "31": "15;2~", "32": "17;2~", "33": "18;2~", "34": "19;2~",
}  # fmt: skip
"""Shift and F1 to F8 on the console of Linux; Textual would take them for characters with these numbers."""

_ENTER, _BACKSPACE = 13, 127

_ODD = re.compile("\x1b\\[(2[5689]|3[1234])~|\x1b([\r\x7f])|\x1b\x1b\\[([ABCD])|\x1b\x1bO([ABCD])")


def as_textual_knows(typed: str) -> str:
    """The same keys: Alt and Enter, Alt and an arrow (as rxvt and PuTTY send them), Shift and function keys."""
    return _ODD.sub(_known, typed) if "\x1b" in typed else typed


def _known(odd: re.Match[str]) -> str:
    shifted, control, *arrows = odd.groups()
    if shifted:
        return f"\x1b[{_SHIFTED[shifted]}"
    if control:
        return f"\x1b[{_ENTER if control == chr(_ENTER) else _BACKSPACE};3u"
    return f"\x1b[1;3{next(filter(None, arrows))}"
