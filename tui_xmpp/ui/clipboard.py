"""The clipboard of the terminal: OSC 52, and what tmux and screen need for it to get through."""

import base64
import logging
import os
import shutil
import subprocess
from collections.abc import Mapping

from tui_xmpp.ui.notify.sequences import through

log = logging.getLogger(__name__)

_PATIENCE = 2.0
"""Seconds that tmux may take."""


def sequence(text: str, environment: Mapping[str, str] = os.environ) -> str:
    """What the terminal is to obey so that the text is in its clipboard."""
    osc = f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\x07"
    wrapped = through(osc, environment)
    # Depending on its options tmux listens to the sequence itself, or only hands a wrapped one on; both do no harm.
    return osc + wrapped if environment.get("TMUX") else wrapped


def hand_to_tmux(text: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Have tmux keep the text and give it to the terminal, which it does by default; blocks, for a thread.

    False where there is no tmux around us, or one that is older than 3.2.
    """
    program = shutil.which("tmux") if environment.get("TMUX") else None
    if program is None:
        return False
    try:
        done = subprocess.run(
            (program, "load-buffer", "-w", "-"),
            input=text.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.info("tmux did not take the text: %s", error)
        return False
    return done.returncode == 0
