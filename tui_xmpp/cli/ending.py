"""How every front end ends, however that comes: signals that mean it, and a terminal that is gone."""

import asyncio
import os
import signal
import sys

from tui_xmpp.errors import TuiXmppError

SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
"""Signals that mean "leave"; while a front end is up Ctrl+C is a key, so SIGINT is somebody else's wish too."""

GRACE = 5.0
"""Seconds for the screen to go; a terminal that hangs shall not keep the store open."""


def need_terminal() -> None:
    """Raise TuiXmppError where there is nobody to see the screen; Textual draws on stderr and reads stdin."""
    if not all(stream is not None and stream.isatty() for stream in (sys.__stdin__, sys.__stderr__)):
        raise TuiXmppError("The screen needs a terminal; “tui-xmpp send” does not.", title="No terminal")


def hand_back(loop: asyncio.AbstractEventLoop) -> None:
    """Let the signals do again what they do to any program."""
    for each in SIGNALS:
        loop.remove_signal_handler(each)


def let_go_of_closed_terminal() -> None:
    """What could not be written to a terminal that is gone is dropped; else Python ends with a status of its own."""
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            try:
                stream.flush()
            except OSError:
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, stream.fileno())
                os.close(nowhere)
