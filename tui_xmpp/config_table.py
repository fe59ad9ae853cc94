"""One table of the settings file, whose values are asked for by name and kind; what does not fit says on which line."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path

from tui_xmpp.errors import ConfigError
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.text import clean_line

KeyPath = tuple[str | int, ...]
"""The way to a value: names of tables and keys, and positions (from 0) in arrays."""


@frozen
class Source:
    """The text of a settings file and where it came from, which is what a message needs."""

    path: Path
    text: str = field(repr=False)

    def table(self) -> "Table":
        """The whole file as a table. Raises ConfigError where it is not TOML."""
        try:
            return Table(self, (), tomllib.loads(self.text))
        except tomllib.TOMLDecodeError as error:
            what, line = _syntax_error(str(error), self.text)
            raise ConfigError(f"this cannot be understood: {what}.", path=self.path, line=line) from error

    def error(self, key: KeyPath, message: str) -> ConfigError:
        """A complaint about the value of `key`, with its line or that of the table it is missing from."""
        from tui_xmpp.config_lines import key_lines

        lines = key_lines(self.text)
        line = next((lines[key[:depth]] for depth in range(len(key), 0, -1) if key[:depth] in lines), None)
        return ConfigError(message, path=self.path, line=line)


class Table:
    """A table with questions that either give a value of the right kind or raise ConfigError."""

    def __init__(self, source: Source, path: KeyPath, values: Mapping[str, object]) -> None:
        self.source = source
        self._path = path
        self._values = values

    def __contains__(self, key: str) -> bool:
        return key in self._values

    @property
    def names(self) -> tuple[str, ...]:
        """The keys that are set."""
        return tuple(self._values)

    def error(self, key: str, message: str) -> ConfigError:
        """A complaint about one key of this table."""
        return self.source.error((*self._path, key), message)

    def only(self, *known: str) -> None:
        """Refuse every other key, with a guess at what was meant."""
        for key in self._values:
            if key not in known:
                import difflib

                guess = difflib.get_close_matches(key, known, n=1)
                hint = f"did you mean “{guess[0]}”?" if guess else f"here can be: {', '.join(known)}."
                raise self.error(key, f"“{clean_line(key, limit=80)}” is not a setting; {hint}")

    def text(self, key: str) -> str:
        """A text that is not empty; empty only when the key is not set."""
        if key not in self._values:
            return ""
        value = self._values[key]
        if not isinstance(value, str):
            raise self._wrong_kind(key, "text in quotes", value)
        if not value.strip():
            raise self.error(key, f"“{key}” is empty; take the line out if it is not wanted.")
        return value

    def texts(self, key: str, *, example: str) -> tuple[str, ...]:
        """A list of texts, of which the first is not empty; empty only when the key is not set."""
        if key not in self._values:
            return ()
        value = self._values[key]
        if not isinstance(value, list):
            raise self.error(key, f"“{key}” must be a list of texts, such as {example}, not {_kind(value)}.")
        texts = [item for item in value if isinstance(item, str)]
        if len(texts) != len(value):
            wrong = next(index for index, item in enumerate(value) if not isinstance(item, str))
            message = f"“{key}” must have nothing but texts in quotes, such as {example}."
            raise self.source.error((*self._path, key, wrong), message)
        if not texts or not texts[0].strip():
            raise self.error(key, f"“{key}” is empty; write for example {example}.")
        return tuple(texts)

    def whole(self, key: str, *, low: int, high: int) -> int:
        """A whole number within bounds; 0 when the key is not set."""
        if key not in self._values:
            return 0
        value = self._values[key]
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong_kind(key, "a whole number", value)
        if not low <= value <= high:
            raise self.error(key, f"“{key}” must be from {low} to {high}, not {value}.")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """Yes or no."""
        value = self._values.get(key, default)
        if not isinstance(value, bool):
            raise self._wrong_kind(key, "true or false", value)
        return value

    def choice(self, key: str, choices: Sequence[str], *, default: str) -> str:
        """One of a few words."""
        value = self.text(key) or default
        if value not in choices:
            shown = clean_line(value, limit=80)
            raise self.error(key, f"“{key}” can be {', '.join(choices)}, but not “{shown}”.")
        return value

    def table(self, key: str) -> "Table":
        """A table below this one; an empty one when it is not there."""
        value = self._values.get(key, {})
        if not isinstance(value, dict):
            raise self._wrong_kind(key, f"a table, begun by [{'.'.join(map(str, (*self._path, key)))}]", value)
        return Table(self.source, (*self._path, key), value)

    def tables(self, key: str) -> tuple["Table", ...]:
        """An array of tables below this one; empty when there is none."""
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(key, f"“{key}” must be tables, each begun by [[{key}]].")
        return tuple(Table(self.source, (*self._path, key, index), item) for index, item in enumerate(value))

    def _wrong_kind(self, key: str, wanted: str, value: object) -> ConfigError:
        return self.error(key, f"“{key}” must be {wanted}, not {_kind(value)}.")


def _kind(value: object) -> str:
    """What a TOML value is, in people's words."""
    match value:
        case bool():
            return "true or false"
        case str():
            return "text"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or time"


def _syntax_error(message: str, text: str) -> tuple[str, int]:
    """Split what `tomllib` says into the complaint and the line."""
    found = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    line = int(found[1]) if found and found[1] else max(1, len(text.splitlines()))
    what = message[: found.start()] if found else message
    return what[:1].lower() + what[1:], line
