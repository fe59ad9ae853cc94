"""Our symbols in ASCII, for consoles whose fonts or encodings do not have them.

It is done to what is about to be drawn, so nothing that draws has to know of it; every symbol keeps its width.
"""

import unicodedata
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

SYMBOLS = {
    "●": "*", "○": "o", "◐": "-", "◔": "=", "⊖": "x", "◌": ":", "✓": "v", "✗": "x", "✔": "V", "✎": "/", "…": ".",
    "🔒": "e2", "🔑": "ky", "⚠": "!", "⏸": "=", "▤": "#",
    "▸": ">", "▾": "v", "‹": "<", "›": ">", "·": ".", "↑": "^", "↓": "v", "←": "<", "→": ">", "↳": ">", "▌": "|",
    "“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "−": "-", "•": "*", "×": "x",
}  # fmt: skip
"""What the program draws itself. `e2`: encrypted from end to end."""

_HORIZONTAL = frozenset("─━╌╍┄┅┈┉═╴╶╸╺▁▂▃▄▅▆▇▀▔")
_VERTICAL = frozenset("│┃╎╏┆┇┊┋║╵╷╹╻▉▊▋▍▎▏▐▕")


class Ascii(LineFilter):
    """Turns our symbols into ASCII; with an `encoding`, also whatever it has no bytes for."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__()
        self.encoding = encoding

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 (Textual's)
        """The same segments with other characters."""
        return [
            segment
            if segment.text.isascii()
            else Segment(in_ascii(segment.text, self.encoding), segment.style, segment.control)
            for segment in segments
        ]


@lru_cache(maxsize=4096)
def in_ascii(text: str, encoding: str = "utf-8") -> str:
    """A text with our symbols in ASCII, and with what `encoding` does not have as its nearest letters or `?`."""
    return "".join(
        character if character.isascii() else _symbol(character) or _encodable(character, encoding)
        for character in text
    )


def _symbol(character: str) -> str:
    if character in _HORIZONTAL:
        return "-"
    if character in _VERTICAL:
        return "|"
    if "\u2500" <= character <= "\u257f":
        return "+"
    return "#" if "\u2580" <= character <= "\u259f" and character != "▌" else SYMBOLS.get(character, "")


def _encodable(character: str, encoding: str) -> str:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        letters = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
        width = cell_len(character)
        return letters if len(letters) == width else "?" * width
    return character
