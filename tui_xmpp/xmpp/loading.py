"""Loads the network libraries off the loop; itself importable without them, for the start (DESIGN §5)."""

import asyncio

from tui_xmpp.core.ports import Network


async def load_network() -> Network:
    """Import slixmpp and all that stands on it in a thread, and return the network."""
    return await asyncio.to_thread(_import)


def _import() -> Network:
    from tui_xmpp.xmpp.network import XmppNetwork

    return XmppNetwork()
