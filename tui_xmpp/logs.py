"""The log: one rotating file for its owner only, in which secrets have gaps; the only place that traces go to.

Nothing is logged to stderr, where it would be painted over the screen. What libraries say below INFO is kept out, since
slixmpp's DEBUG is the stream itself; `Detail.STANZAS` lets that in, redacted.
"""

import logging
import os
import sys
import threading
import time
from contextlib import suppress
from enum import StrEnum
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from tui_xmpp.model.text import clean
from tui_xmpp.paths import private_directory
from tui_xmpp.redaction import redact

VARIABLE = "TUI_XMPP_LOG"
"""Environment variable that says how much is logged (a `Detail`)."""

LIMIT = 1_000_000
"""Bytes of the file before it is put aside."""
OLD_FILES = 3
"""How many files put aside are kept, as `tui-xmpp.log.1` and so on."""

_log = logging.getLogger(__name__)


class Detail(StrEnum):
    """How much is logged, from little to much."""

    WARNING = "warning"
    INFO = "info"
    DEBUG = "debug"
    STANZAS = "stanzas"
    """Also every stanza, without what people wrote."""


_LEVELS: dict[Detail, dict[str, int]] = {
    Detail.WARNING: {"": logging.WARNING, "tui_xmpp": logging.WARNING, "slixmpp": logging.WARNING},
    Detail.INFO: {"": logging.WARNING, "tui_xmpp": logging.INFO, "slixmpp": logging.WARNING},
    Detail.DEBUG: {"": logging.INFO, "tui_xmpp": logging.DEBUG, "slixmpp": logging.INFO},
    Detail.STANZAS: {"": logging.INFO, "tui_xmpp": logging.DEBUG, "slixmpp": logging.DEBUG},
}
"""Levels by logger; everything else inherits the root's, so that no library ever logs DEBUG (omemo's holds keys)."""


def start(path: Path, detail: Detail = Detail.INFO) -> None:
    """Log to this file from now on, warnings and uncaught errors too. Raises OSError when it cannot be written."""
    private_directory(path.parent)
    handler = PrivateFile(path)
    handler.setFormatter(RedactingFormatter())
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    for name, level in _LEVELS[detail].items():
        logging.getLogger(name).setLevel(level)
    logging.raiseExceptions = False
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable


def stop() -> None:
    """Write out and close the file; what comes later is not logged."""
    root = logging.getLogger()
    for handler in root.handlers[:]:
        root.removeHandler(handler)
        handler.close()
    root.addHandler(logging.NullHandler())


class RedactingFormatter(logging.Formatter):
    """One line for a record, in UTC; further lines are indented, so that no text can pose as a record of its own."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__("%(asctime)s.%(msecs)03dZ %(levelname)-8s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """The text to write: cleaned of what could steer a terminal, and of secrets."""
        return clean(redact(super().format(record))).replace("\n", "\n    ")


class PrivateFile(RotatingFileHandler):
    """A rotating file with mode 0600, which two processes (the screen and a `send`) may write at once."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=LIMIT, backupCount=OLD_FILES, encoding="utf-8")

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.fchmod(descriptor, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace")

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, into the new file if the other process has put ours aside."""
        with suppress(OSError):
            if self.stream and not os.path.samestat(os.fstat(self.stream.fileno()), Path(self.baseFilename).stat()):
                self.stream.close()
                self.stream = self._open()
        super().emit(record)


def crash_message(path: Path) -> str:
    """What a person is told after a crash; the trace is in the log."""
    return f"tui-xmpp has stopped because of an error in the program; what happened is in {path}"


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _log.critical("Uncaught error", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        name = args.thread.name if args.thread is not None else "?"
        _log.error("Uncaught error in thread %s", name, exc_info=args.exc_value)


def _unraisable(args: "sys.UnraisableHookArgs") -> None:
    if args.exc_value is not None:
        _log.error("Error that could not be raised: %s", args.err_msg or "", exc_info=args.exc_value)
