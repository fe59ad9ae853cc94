"""The network layer as a whole (core.ports.Network)."""

import asyncio
from typing import TYPE_CHECKING

from tui_xmpp.core.ports import Cipher, LoadKey, Receiver, Registration
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.xmpp.connection import XmppConnection
from tui_xmpp.xmpp.registration import open_registration
from tui_xmpp.xmpp.wire import Wire

if TYPE_CHECKING:
    from tui_xmpp.xmpp.omemo.cipher import OmemoCipher


class XmppNetwork:
    """Makes connections and registrations on slixmpp."""

    def connection(self, settings: AccountSettings, receiver: Receiver) -> XmppConnection:
        """Return a line for one account; nothing is sent before `connect`. Must be called on the running loop."""
        return XmppConnection(settings, receiver)

    async def open_registration(self, settings: AccountSettings, token: str = "") -> Registration:
        """Ask a server for its registration form."""
        return await open_registration(settings, token)

    async def cipher(self, account: Address, load_key: LoadKey) -> Cipher:
        """Return the OMEMO of one account. Its libraries take half a second to import, so that is done beside."""
        kind = await asyncio.to_thread(_import_cipher)
        return kind(account, load_key)

    def rest(self, seconds: float) -> None:
        """Take nothing in from any line for a moment."""
        Wire.rests_until = asyncio.get_running_loop().time() + seconds


def _import_cipher() -> "type[OmemoCipher]":
    from tui_xmpp.xmpp.omemo.cipher import OmemoCipher

    return OmemoCipher
