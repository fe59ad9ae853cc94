"""The keys of vi for the composer: modes, motions, operators. Pure: a key and a text in, what is to be done out.

It has what one uses to write a message: counts, `hjkl wbe 0^$ gg G f t`, `x X D C s r ~ J`, `d c y` with motions and
`iw aw`, `p P u`, `i a I A o O`. Enter sends in either mode.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from tui_xmpp.model.frozen import frozen

_OPERATORS = frozenset("dcy")
_INSERTS = frozenset("iaIAoO")
_WORD = re.compile(r"\w+|[^\w\s]+")


class Mode(StrEnum):
    """Whether keys write or command."""

    INSERT = "insert"
    NORMAL = "normal"


@frozen
class Step:
    """What a key does: replace `start` to `end` by `text`, put the cursor to `cursor`, be in `mode`."""

    cursor: int
    mode: Mode = Mode.NORMAL
    start: int = 0
    end: int = 0
    text: str | None = None
    """None: nothing is replaced."""
    kept: str | None = None
    """What was taken out or copied, for `p`."""
    undo: bool = False
    redo: bool = False
    leave: bool = False
    """The cursor goes up out of the text, into the history."""


@dataclass(slots=True)
class Vim:
    """Remembers the mode and the keys of a command that is not complete yet."""

    mode: Mode = Mode.INSERT
    pending: str = ""
    register: str = ""

    @property
    def writes(self) -> bool:
        """Keys write, and do not command."""
        return self.mode is Mode.INSERT

    def write(self) -> None:
        """Write from now on; what was begun is dropped."""
        self.mode, self.pending = Mode.INSERT, ""

    def escape(self, text: str, cursor: int) -> Step:
        """Escape: command from now on; what was begun is dropped."""
        self.pending = ""
        was_writing, self.mode = self.mode is Mode.INSERT, Mode.NORMAL
        back = was_writing and cursor > 0 and text[cursor - 1] != "\n"
        return Step(cursor - 1 if back else cursor)

    def press(self, key: str, text: str, cursor: int) -> Step | None:
        """A key while keys command; None: it belongs to a command that is not complete, or means nothing."""
        self.pending += key
        found = re.fullmatch(r"(?P<count>[1-9]\d*)?(?P<verb>[dcy])?(?P<count2>[1-9]\d*)?(?P<rest>.*)", self.pending)
        if found is None or not found["rest"] or found["rest"] in {"g", "f", "t", "F", "T", "r"}:
            return None
        verb, rest = found["verb"] or "", found["rest"]
        if verb and rest in {"i", "a"}:
            return None
        count = int(found["count"] or 1) * int(found["count2"] or 1)
        self.pending = ""
        step = self._operate(verb, rest, min(count, 9999), text, cursor) if verb else None
        step = step if verb else self._command(rest, min(count, 9999), bool(found["count"]), text, cursor)
        if step is not None:
            self.mode = step.mode
            self.register = self.register if step.kept is None else step.kept
        return step

    def _command(self, key: str, count: int, counted: bool, text: str, cursor: int) -> Step | None:
        here, end = _line(text, cursor)
        if key in _INSERTS:
            return _insert(key, text, cursor)
        match key:
            case "x" | "X" | "s" | "D" | "C" | "S" | "Y":
                return self._operate(*_SHORT[key], count, text, cursor)
            case "k" if here == 0:
                return Step(cursor, leave=True)
            case "p" | "P" if self.register:
                return _put(self.register * count, text, cursor, before=key == "P")
            case "u":
                return Step(cursor, undo=True)
            case "U":
                return Step(cursor, redo=True)
            case "J" if end < len(text):
                return Step(end, start=end, end=_first_word(text, end + 1), text=" ")
            case "~" if cursor < end:
                return Step(min(cursor + 1, end), start=cursor, end=cursor + 1, text=text[cursor].swapcase())
            case "G" if counted:
                return Step(_to_line(text, count - 1))
            case _:
                pass
        if key[0] == "r" and len(key) == 2 and cursor + count <= end:
            return Step(cursor + count - 1, start=cursor, end=cursor + count, text=key[1] * count)
        target = _move(key, count, text, cursor)
        return None if target is None else Step(_on_character(text, target))

    def _operate(self, verb: str, motion: str, count: int, text: str, cursor: int) -> Step | None:
        """An operator with what it is done to."""
        span = _span(verb, motion, count, text, cursor)
        if span is None:
            return None
        start, end = span
        kept = text[start:end].strip("\n") + "\n" if motion == verb else text[start:end]
        if verb == "y":
            return Step(start, kept=kept)
        if verb == "c" and motion == "c" and text[start:end].endswith("\n"):
            end -= 1
        return Step(start, Mode.INSERT if verb == "c" else Mode.NORMAL, start, end, "", kept)


_SHORT = {
    "x": ("d", "l"), "X": ("d", "h"), "s": ("c", "l"), "D": ("d", "$"), "C": ("c", "$"), "S": ("c", "c"),
    "Y": ("y", "y"),
}  # fmt: skip
"""Commands that are an operator with its motion."""


def _line(text: str, at: int) -> tuple[int, int]:
    """Where the line begins, and where its line break is."""
    end = text.find("\n", at)
    return text.rfind("\n", 0, at) + 1, len(text) if end < 0 else end


def _on_character(text: str, at: int) -> int:
    """The cursor stands on a character, not behind the last of a line."""
    start, end = _line(text, min(at, len(text)))
    return max(start, min(at, end - 1))


def _first_word(text: str, at: int) -> int:
    """The first character of the line from here that is no space."""
    _, end = _line(text, at)
    while at < end and text[at] == " ":
        at += 1
    return at


def _to_line(text: str, number: int) -> int:
    at = 0
    for _ in range(number):
        _, end = _line(text, at)
        if end >= len(text):
            break
        at = end + 1
    return at


def _insert(key: str, text: str, cursor: int) -> Step:
    start, end = _line(text, cursor)
    match key:
        case "o":
            return Step(end + 1, Mode.INSERT, end, end, "\n")
        case "O":
            return Step(start, Mode.INSERT, start, start, "\n")
        case _:
            places = {"i": cursor, "a": min(cursor + 1, end), "I": _first_word(text, start), "A": end}
            return Step(places[key], Mode.INSERT)


def _put(register: str, text: str, cursor: int, *, before: bool) -> Step:
    start, end = _line(text, cursor)
    if register.endswith("\n"):
        if before:
            return Step(start, start=start, end=start, text=register)
        return Step(end + 1, start=end, end=end, text="\n" + register.removesuffix("\n"))
    at = cursor if before else min(cursor + 1, end)
    return Step(at + len(register) - 1, start=at, end=at, text=register)


def _move(key: str, count: int, text: str, cursor: int) -> int | None:
    """Where a motion leads; None: it is none, or leads nowhere."""
    start, end = _line(text, cursor)
    match key:
        case "h":
            return max(start, cursor - count)
        case "l" | " ":
            return min(end, cursor + count)
        case "0":
            return start
        case "^":
            return _first_word(text, start)
        case "$":
            return end
        case "gg":
            return 0
        case "G":
            return _line(text, len(text))[0]
        case "j" | "k":
            return _up_or_down(-count if key == "k" else count, text, cursor)
        case "w" | "b" | "e":
            return _by_words(key, count, text, cursor)
        case _:
            return _to_character(key, count, text, cursor) if len(key) == 2 and key[0] in "ftFT" else None


def _up_or_down(lines: int, text: str, cursor: int) -> int:
    start, _ = _line(text, cursor)
    column, at = cursor - start, start
    for _ in range(abs(lines)):
        begin, end = _line(text, at)
        if lines > 0 and end < len(text):
            at = end + 1
        elif lines < 0 and begin > 0:
            at = _line(text, begin - 1)[0]
    return min(at + column, _line(text, at)[1])


def _by_words(key: str, count: int, text: str, cursor: int) -> int:
    words = [(found.start(), found.end() - 1) for found in _WORD.finditer(text)]
    for _ in range(count):
        match key:
            case "w":
                cursor = next((start for start, _ in words if start > cursor), len(text))
            case "b":
                cursor = next((start for start, _ in reversed(words) if start < cursor), 0)
            case _:
                cursor = next((end for _, end in words if end > cursor), max(0, len(text) - 1))
    return cursor


def _to_character(key: str, count: int, text: str, cursor: int) -> int | None:
    start, end = _line(text, cursor)
    step = 1 if key[0] in "ft" else -1
    at = cursor
    for _ in range(count):
        at = text.find(key[1], at + 1, end) if step > 0 else text.rfind(key[1], start, at)
        if at < 0:
            return None
    return at - step if key[0] in "tT" else at


def _span(verb: str, motion: str, count: int, text: str, cursor: int) -> tuple[int, int] | None:
    """What an operator with this motion is done to; whole lines have their line break."""
    start, end = _line(text, cursor)
    if motion == verb:
        last = _line(text, _up_or_down(count - 1, text, start))[1]
        if last < len(text):
            return start, last + 1
        return (start - 1 if verb == "d" and start > 0 else start), last
    if motion in {"iw", "aw"}:
        return _word_span(text, cursor, around=motion == "aw")
    if verb == "c" and motion == "w" and cursor < len(text) and not text[cursor].isspace():
        motion = "e"
    target = _move(motion, count, text, cursor)
    if target is None or motion in {"j", "k", "gg", "G"}:
        return None
    if motion == "w":
        target = min(target, end) if target > end > cursor else target
    inclusive = motion == "e" or motion[0] in "ft"
    low, high = sorted((cursor, target))
    high += inclusive
    return (low, min(high, len(text))) if high > low else None


def _word_span(text: str, cursor: int, *, around: bool) -> tuple[int, int] | None:
    found = next((word for word in _WORD.finditer(text) if word.start() <= cursor < word.end()), None)
    if found is None:
        return None
    end = found.end()
    while around and end < len(text) and text[end] == " ":
        end += 1
    return found.start(), end
