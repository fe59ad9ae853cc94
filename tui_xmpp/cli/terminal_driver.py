"""Textual's driver with what it lacks: pastes that are only text, older terminals' keys, an end when one has gone."""

import codecs
import logging
import os
import selectors
import signal
from threading import Event
from typing import IO

from textual import constants, events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from tui_xmpp.cli.first_picture import FirstPicture
from tui_xmpp.cli.key_sequences import as_textual_knows
from tui_xmpp.cli.pastes import Pasted, PasteSplitter

_SIZE = 4096
_TURN = 0.1
"""Seconds between two looks at whether to end."""

_OTHER_SCREEN = "\x1b[?1049h"
"""Empties the other screen, on which the first picture is."""
_LONGEST = 2.0
"""Seconds for which what is drawn is held at most."""

_log = logging.getLogger(__name__)


class TerminalDriver(LinuxDriver):
    """Reads keys and pastes, and writes what is drawn."""

    def __init__(
        self,
        app: App[object],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._file = _Lasting(self._file)  # type: ignore[assignment,arg-type]  # all that is needed
        picture = getattr(app, "picture", None)
        self._picture = picture if isinstance(picture, FirstPicture) and picture.is_shown else None
        self._held: list[str] | None = None
        """What was drawn while the first picture is still to be seen; None: nothing is held back."""
        self._drawn = Event()
        """Keys can be taken: there is somebody on the screen to have them."""

    # Beside the first picture
    def start_application_mode(self) -> None:
        """Take the terminal; a picture that is on it stays until all of the screen is drawn."""
        if self._picture is None:
            self._drawn.set()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._picture is not None:
            self.attrs_before = self._picture.hand_over()
            self._picture, self._held = None, []
            self._loop.call_later(_LONGEST, self.let_go)

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        self.let_go()
        super().stop_application_mode()

    def let_go(self) -> None:
        """Draw what was held back, and take the keys that were typed meanwhile."""
        if self._held is not None:
            held, self._held = self._held, None
            self.write("".join(held))
            self._drawn.set()

    def write(self, data: str) -> None:
        """Write, or hold what is drawn in parts until all of it is there."""
        if self._held is not None:
            self._held.append(data)
        elif self._picture is None or data != _OTHER_SCREEN:
            super().write(data)

    # Keys

    def run_input_thread(self) -> None:
        """Read until the screen ends or the terminal has gone."""
        while not (self._drawn.wait(_TURN) or self.exit_event.is_set()):
            pass
        keys = XTermParser(self._debug)
        splitter = PasteSplitter()
        decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(constants.ESCAPE_DELAY if splitter.waits else _TURN):
                    read = self._read()
                    if not read:
                        _tell_that_it_has_gone()
                        break
                    for part in splitter.feed(decode(read)):
                        self._take(keys, part)
                elif splitter.waits:
                    self._take(keys, splitter.give_up_waiting())
                    keys._timeout_time = 0.0  # noqa: SLF001 - it would wait as long once more
                for event in keys.tick():
                    self.process_message(event)

    def _take(self, keys: XTermParser, part: str | Pasted) -> None:
        if isinstance(part, Pasted):
            self.process_message(events.Paste(part.text.replace("\x00", "")))
            return
        for event in keys.feed(as_textual_knows(part)):
            self.process_message(event)

    def _read(self) -> bytes:
        """What is there; nothing when nothing will ever come again."""
        try:
            return os.read(self.fileno, _SIZE)
        except OSError as error:
            _log.info("the terminal cannot be read: %s", error)
            return b""


class _Lasting:
    """A terminal to write to that may go: what is written then is dropped, as somebody else ends the program.

    Textual's writer would end with an error, and the screen wait for it without end.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._gone = False

    def fileno(self) -> int:
        """Number of the file."""
        return self._file.fileno()

    def write(self, text: str) -> None:
        """Write, if there is still somebody to see it."""
        if not self._gone:
            try:
                self._file.write(text)
            except OSError as error:
                self._drop(error)

    def flush(self) -> None:
        """Write what is buffered, if there is still somebody to see it."""
        if not self._gone:
            try:
                self._file.flush()
            except OSError as error:
                self._drop(error)

    def _drop(self, error: OSError) -> None:
        self._gone = True
        _log.info("the terminal cannot be written to: %s", error)


def _tell_that_it_has_gone() -> None:
    """Do what the kernel does to those whose controlling terminal hangs up; it spares who has none."""
    os.kill(os.getpid(), signal.SIGHUP)
