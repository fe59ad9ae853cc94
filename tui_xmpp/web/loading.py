"""Loads what files need off the loop; itself importable without it, for the start (DESIGN §5)."""

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_xmpp.core.ports import Web


async def load_web() -> "Web":
    """Import the library for HTTPS in a thread, and return what fetches files."""
    return await asyncio.to_thread(_import)


def _import() -> "Web":
    from tui_xmpp.web.fetching import WebFiles

    return WebFiles()
