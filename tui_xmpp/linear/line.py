"""The one line at the bottom that is written by a person, and the lines above it that are not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

Complete = Callable[[str], Sequence[str]]
"""Everything that a text before the cursor may become."""


@dataclass(slots=True)
class Hooks:
    """What a line asks of whoever uses it, and what it tells them."""

    touched: Callable[[str], None] = lambda _text: None
    """A key was pressed, and this is what is written now."""
    complete: Complete = lambda _text: ()


class Line(Protocol):
    """Asks a person for a line while others come in; what is typed is never torn by them."""

    hooks: Hooks

    @property
    def text(self) -> str:
        """What is written and not yet entered."""

    def say(self, *lines: str) -> None:
        """Write lines above the one that is being written; they are clean already."""

    async def ask(self, prompt: str, *, text: str = "", secret: bool = False) -> str:
        """Have a line written, beginning with `text`; a secret one is not shown.

        Raises EOFError at the end of all input and KeyboardInterrupt for Ctrl+C.
        """

    def set_prompt(self, prompt: str) -> None:
        """Show another prompt before what is being written."""

    def close(self) -> None:
        """Leave the terminal as it was."""
