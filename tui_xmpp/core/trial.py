"""Signing in once, to see whether an account works."""

import logging

from tui_xmpp.core.ports import Network
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.stanzas import Signal

log = logging.getLogger(__name__)


class _Nobody:
    """Takes nothing: no presence is sent, so the server has nothing to deliver."""

    def receive(self, signal: Signal) -> None:
        log.debug("Ignored while an account is tried: %s", type(signal).__name__)

    async def committed(self) -> None:
        return


async def check_account(network: Network, settings: AccountSettings, password: str) -> None:
    """Sign in and out again. Raises a NetworkError in people's words."""
    connection = network.connection(settings, _Nobody())
    try:
        await connection.connect(password)
    finally:
        await connection.close()
