"""The line where nothing but printing can be relied on (TERM=dumb, a pipe, a shell inside an editor).

No escape sequence is ever written. The line is edited at its end, as a teletype does it; what comes in while a person
types begins a new line, and what they have typed is said once more below it.
"""

import asyncio
import codecs
import contextlib
import os
import sys
import termios
from collections import deque

from tui_xmpp.linear.line import Hooks
from tui_xmpp.linear.writing import Writing

_RUBBED_OUT = "\b \b"
_SHORT = 20
"""Most characters that are rubbed out one by one; it may not go beyond the beginning of a row."""
_INTERRUPT, _END, _AGAIN, _KILL, _KILL_WORD, _ESCAPE = "\x03", "\x04", "\x12", "\x15", "\x17", "\x1b"


class PlainLine(Writing):
    """Implements `line.Line` on standard input and output."""

    def __init__(self) -> None:
        super().__init__()
        self.hooks = Hooks()
        self._source = sys.stdin.fileno()
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._typed: deque[str] = deque()
        """Characters that came before anybody asked for them."""
        self._ended = False
        self._asked: asyncio.Future[str] | None = None
        self._prompt = ""
        self._width = 0
        """Of the prompt as it was shown last; what is written over it hides it."""
        self._text = ""
        self._secret = False
        self._sequence = ""
        """An escape sequence of a key that means nothing here."""
        self._before = termios.tcgetattr(self._source) if os.isatty(self._source) else None
        # Where echo is off already, another program shows what is typed: an editor with a shell in it.
        self._echoes = self._before is not None and bool(self._before[3] & termios.ECHO)
        if self._before is not None:
            mode = termios.tcgetattr(self._source)
            mode[3] &= ~(termios.ICANON | termios.ECHO | termios.ISIG)
            termios.tcsetattr(self._source, termios.TCSADRAIN, mode)
        asyncio.get_running_loop().add_reader(self._source, self._read)

    @property
    def text(self) -> str:
        """What is written and not yet entered."""
        return "" if self._secret else self._text

    async def ask(self, prompt: str, *, text: str = "", secret: bool = False) -> str:
        """Have a line written."""
        self.flush()
        self._prompt, self._text, self._secret = prompt, text, secret
        self._asked = asyncio.get_running_loop().create_future()
        self._show()
        self._take()
        try:
            return await self._asked
        finally:
            self._asked, self._text, self._secret = None, "", False

    def set_prompt(self, prompt: str) -> None:
        """Say another prompt, and what was typed."""
        if self._asked is None or self._asked.done() or prompt == self._prompt:
            return
        self._prompt = prompt
        if self.has_more:
            self.flush()
        else:
            self.put("\n")
            self._show()

    def close(self) -> None:
        """Give the terminal back."""
        self.flush()
        asyncio.get_running_loop().remove_reader(self._source)
        if self._before is not None:
            with contextlib.suppress(termios.error, OSError):  # it may be gone
                termios.tcsetattr(self._source, termios.TCSADRAIN, self._before)
        if self._asked is not None and not self._asked.done():
            self._asked.set_exception(EOFError())

    def write(self, text: str) -> None:
        """Write whole lines; then the prompt and what was typed are there again."""
        if self._asked is None or self._asked.done():
            self.put(text)
        elif self.text or self._secret:
            self.put(f"\n{text}")
            self._show()
        else:
            first, rest = text.split("\n", 1)
            self.put(f"\r{first.ljust(self._width)}\n{rest}")
            self._show()

    def _show(self) -> None:
        self._width = len(self._prompt)
        self.put(self._prompt + ("" if self._secret else self._text))

    # Keys
    def _read(self) -> None:
        try:
            data = os.read(self._source, 65536)
        except OSError:
            data = b""
        if not data:
            self._ended = True
            asyncio.get_running_loop().remove_reader(self._source)
        self._typed.extend(self._decode(data, final=not data))
        self._take()

    def _take(self) -> None:
        """Take what was typed, up to the end of one line."""
        asked = self._asked
        while asked is not None and not asked.done() and self._typed:
            self._key(self._typed.popleft(), asked)
        if asked is not None and not asked.done() and self._ended:
            asked.set_exception(EOFError())

    def _key(self, key: str, asked: asyncio.Future[str]) -> None:
        if self._sequence or key == _ESCAPE:
            self._skip(key)
            return
        match key:
            case "\n" | "\r":
                self._echo("\n")
                asked.set_result(self._text)
                return
            case "\x7f" | "\b":
                self._rub_out(1)
            case _ if key == _KILL:
                self._rub_out(len(self._text))
            case _ if key == _KILL_WORD:
                self._rub_out(len(self._text) - (self._text.rstrip().rfind(" ") + 1))
            case _ if key == _AGAIN:
                self._echo("\n")
                self._show()
            case _ if key == _INTERRUPT:
                self._echo("\n")
                asked.set_exception(KeyboardInterrupt())
                return
            case _ if key == _END:
                if not self._text:
                    asked.set_exception(EOFError())
                return
            case _ if key.isprintable():
                self._text += key
                self._echo(key)
        self.hooks.touched(self.text)

    def _skip(self, key: str) -> None:
        """Swallow an escape sequence: arrows and the like have no meaning on a line that is edited at its end."""
        self._sequence += key
        second = self._sequence[1:2]
        is_open = not second or (second == "[" and (len(self._sequence) == 2 or not "@" <= key <= "~"))
        is_open = is_open or self._sequence == f"{_ESCAPE}O"
        if not is_open:
            self._sequence = ""

    def _rub_out(self, count: int) -> None:
        """Take characters away; where one is not one cell wide, the line is said anew."""
        gone = self._text[len(self._text) - count :]
        self._text = self._text[: len(self._text) - count]
        if gone.isascii() and len(gone) <= _SHORT:
            self._echo(_RUBBED_OUT * len(gone))
        elif gone:
            self._echo("\n")
            if self._echoes:
                self._show()

    def _echo(self, text: str) -> None:
        """Show what was typed, where nobody else does; of a secret only that its line has ended."""
        if self._echoes and (not self._secret or text == "\n"):
            self.put(text)
