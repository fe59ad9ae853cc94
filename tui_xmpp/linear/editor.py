"""The line where a terminal can do more than print: edited as in a shell, with what was entered before."""

import contextlib
import os
import sys
import termios
from collections.abc import Iterable

from prompt_toolkit import PromptSession
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.shortcuts import CompleteStyle

from tui_xmpp.linear.line import Hooks
from tui_xmpp.linear.writing import Writing
from tui_xmpp.model.text import clean


class _Completions(Completer):
    """What may be meant, listed below as a shell does it; a menu would be drawn over and over."""

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:  # noqa: ARG002 (theirs)
        """All that the text before the cursor may become."""
        before = document.text_before_cursor
        for offer in self._hooks.complete(before):
            yield Completion(offer, start_position=-len(before), display=offer.rsplit(" ", 1)[-1] or offer)


class Editor(Writing):
    """Implements `line.Line` by prompt_toolkit."""

    def __init__(self) -> None:
        super().__init__()
        self.hooks = Hooks()
        self._prompt = ""
        self._asking: PromptSession[str] | None = None
        """What asks for a secret now."""
        # It never asks where the cursor is: some terminals do not answer, and then wait for a key that is not typed.
        output = Vt100_Output.from_pty(
            sys.stdout,
            term=os.environ.get("TERM"),
            default_color_depth=ColorDepth.DEPTH_1_BIT,
            enable_bell=False,
        )
        output.enable_cpr = False
        self._session: PromptSession[str] = PromptSession(
            output=output,
            completer=_Completions(self.hooks),
            complete_while_typing=False,
            complete_style=CompleteStyle.READLINE_LIKE,
            reserve_space_for_menu=0,
            key_bindings=_keys(),
            enable_suspend=True,
            enable_open_in_editor=False,
            mouse_support=False,
        )
        self._session.default_buffer.on_text_changed += self._changed
        # What is typed while a command is done waits for the next line, and is shown there and nowhere else.
        self._terminal = sys.stdin.fileno()
        self._before = termios.tcgetattr(self._terminal)
        silent = termios.tcgetattr(self._terminal)
        silent[3] &= ~(termios.ECHO | termios.ICANON)
        termios.tcsetattr(self._terminal, termios.TCSADRAIN, silent)

    @property
    def text(self) -> str:
        """What is written and not yet entered."""
        return self._session.default_buffer.text if self._session.app.is_running else ""

    async def ask(self, prompt: str, *, text: str = "", secret: bool = False) -> str:
        """Have a line written."""
        self.flush()
        self._prompt = prompt
        if not secret:
            return await self._session.prompt_async(lambda: self._prompt, default=text, handle_sigint=False)
        # A session of its own, whose history knows no secrets.
        asking: PromptSession[str] = PromptSession(output=self._session.output, reserve_space_for_menu=0)
        self._asking = asking
        try:
            return await asking.prompt_async(prompt, is_password=True, handle_sigint=False)
        finally:
            self._asking = None

    def set_prompt(self, prompt: str) -> None:
        """Show another prompt before what is being written."""
        if self._session.app.is_running and prompt != self._prompt:
            self._prompt = prompt
            self._session.app.invalidate()

    def close(self) -> None:
        """End the line that is being written, if there is one, and give the terminal back."""
        self.flush()
        for session in (self._session, self._asking):
            if session is not None and session.app.is_running:
                session.app.exit(exception=EOFError())
        with contextlib.suppress(termios.error, OSError):  # it may be gone
            termios.tcsetattr(self._terminal, termios.TCSADRAIN, self._before)

    def write(self, text: str) -> None:
        """Write above the line."""
        session = self._asking or self._session
        if not session.app.is_running:
            self.put(text)
            return
        # Not by `run_in_terminal`: that lets the terminal echo and edit by itself meanwhile, and a key or a paste that
        # falls into that moment is torn.
        session.app.renderer.erase()
        self.put(text)
        session.app.invalidate()

    def _changed(self, buffer: Buffer) -> None:
        self.hooks.touched(buffer.text)


def _keys() -> KeyBindings:
    """Alt+Enter begins a new line of the same message; what is pasted is cleaned, for it comes from outside, too."""
    keys = KeyBindings()

    @keys.add(Keys.BracketedPaste)
    def paste(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text(clean(event.data))

    @keys.add("escape", "enter")
    def newline(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return keys
