"""Parts pasted text from keys in what a terminal sends; nothing inside a paste may ever act as a key.

Textual looks for key sequences inside a paste, too, and takes one that it does not know for keys that were pressed:
a text with an escape character in it could press Enter, or anything else (SECURITY 21).
"""

from collections.abc import Iterator

from tui_xmpp.model.frozen import frozen

_BEGIN, _END = "\x1b[200~", "\x1b[201~"
_SURE = 3
"""Characters of the beginning that no key begins with alone: Esc is one, and Alt+[ two."""


@frozen
class Pasted:
    """A whole paste (bracketed, as in xterm), without its marks."""

    text: str


class PasteSplitter:
    """Takes what was read, in pieces of any size, and gives back keys as text, and pastes."""

    def __init__(self) -> None:
        self._held = ""
        """What may be the beginning of a mark."""
        self._pasted: list[str] | None = None
        """The paste so far; None outside one."""

    @property
    def waits(self) -> bool:
        """Whether `give_up_waiting` would give something back."""
        return self._pasted is None and 0 < len(self._held) < _SURE

    def feed(self, text: str) -> Iterator[str | Pasted]:
        """Go on with what was read next."""
        rest = self._held + text
        self._held = ""
        while rest:
            mark = _BEGIN if self._pasted is None else _END
            before, found, after = rest.partition(mark)
            if not found:
                held = _beginning(rest, mark)
                before, self._held = rest[: len(rest) - held], rest[len(rest) - held :]
            if self._pasted is not None:
                self._pasted.append(before)
            elif before:
                yield before
            if found and self._pasted is not None:
                yield Pasted("".join(self._pasted))
                self._pasted = None
            elif found:
                self._pasted = []
            rest = after

    def give_up_waiting(self) -> str:
        """Nothing more came for a while: what could have been the beginning of a paste was a key."""
        if not self.waits:
            return ""
        held, self._held = self._held, ""
        return held


def _beginning(text: str, mark: str) -> int:
    """How many characters at the end of the text are the beginning of the mark."""
    return next((size for size in range(len(mark) - 1, 0, -1) if text.endswith(mark[:size])), 0)
