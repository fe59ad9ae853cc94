"""On which line of a TOML file each setting stands; `tomllib` does not say, and a message without it helps little.

Only asked for when there is something to complain about, and only of text that `tomllib` has accepted.
"""

import re
import tomllib

from tui_xmpp.config_table import KeyPath

_TOKEN = re.compile(
    r"""
    (?P<skip> [ \t\r]+ | \#[^\n]* )
    | (?P<text> \"{3} (?: [^\\] | \\. )*? \"{3,5} | '{3} .*? '{3,5} | \" (?: [^"\\\n] | \\. )* \" | ' [^'\n]* ' )
    | (?P<mark> [\[\]{}=,.\n] )
    | (?P<word> [^ \t\r\n\[\]{}=,.\#"']+ )
    """,
    re.VERBOSE | re.DOTALL,
)


def key_lines(text: str) -> dict[KeyPath, int]:
    """Return the line (from 1) of every table header, key and array element of a valid TOML document."""
    return _Scanner(text).scan()


class _Scanner:
    """Walks the tokens once; the grammar is TOML's, the checks are not (that was `tomllib`'s work)."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, int]] = []
        self._at = 0
        self._lines: dict[KeyPath, int] = {}
        self._last_index: dict[KeyPath, int] = {}
        """Of each array of tables, the position of the table begun last."""
        line = 1
        for match in _TOKEN.finditer(text):
            if match.lastgroup != "skip":
                self._tokens.append((match.group(), line))
            line += match.group().count("\n")

    def scan(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        while self._at < len(self._tokens):
            if self._peek() == "\n":
                self._at += 1
            elif self._peek() == "[":
                table = self._header()
            else:
                self._entry(table)
        return self._lines

    def _peek(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else "\n"

    def _mark(self, path: KeyPath, token: int) -> None:
        self._lines.setdefault(path, self._tokens[token][1])

    def _header(self) -> KeyPath:
        start = self._at
        while self._peek() == "[":
            self._at += 1
        brackets = self._at - start
        names = self._names()
        self._at += brackets
        path: KeyPath = ()
        for depth, name in enumerate(names, start=1):
            path = (*path, name)
            self._mark(path, start)
            if brackets == 2 and depth == len(names):
                self._last_index[path] = self._last_index.get(path, -1) + 1
            if path in self._last_index:
                path = (*path, self._last_index[path])
                self._mark(path, start)
        return path

    def _names(self) -> tuple[str, ...]:
        names: list[str] = []
        while self._peek() not in {"=", "]", "\n"}:
            name = self._peek()
            if name != ".":
                names.append(str(tomllib.loads(f"key = {name}")["key"]) if name[0] in "\"'" else name)
            self._at += 1
        return tuple(names)

    def _entry(self, table: KeyPath) -> None:
        start = self._at
        path = table
        for name in self._names():
            path = (*path, name)
            self._mark(path, start)
        self._at += 1
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        opening = self._peek()
        if opening not in {"[", "{"}:
            while self._peek() not in {"\n", ",", "]", "}"}:
                self._at += 1
            return
        self._at += 1
        index = 0
        while self._at < len(self._tokens) and self._peek() not in {"]", "}"}:
            if self._peek() in {"\n", ","}:
                self._at += 1
            elif opening == "{":
                self._entry(path)
            else:
                self._mark((*path, index), self._at)
                self._value((*path, index))
                index += 1
        self._at += 1
