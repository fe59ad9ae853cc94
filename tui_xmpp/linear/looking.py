"""Questions to the file system that are not waited for without an end: a disk behind a network may never answer."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from tui_xmpp.errors import FileUnreadable
from tui_xmpp.ui import looking

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE = 10.0
"""Seconds after which a line can be entered again, though nothing is known yet."""


async def off_loop(look: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """The answer to a question, asked in a thread. Raises FileUnreadable where there is none for long."""
    try:
        return await asyncio.wait_for(looking.off_loop(look, *arguments, **named), PATIENCE)
    except TimeoutError as late:
        raise FileUnreadable("The disk does not answer.", title="Nothing done") from late
