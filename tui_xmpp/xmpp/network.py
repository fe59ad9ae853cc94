"""The network layer as a whole (core.ports.Network)."""

from tui_xmpp.core.ports import Receiver, Registration
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.xmpp.connection import XmppConnection
from tui_xmpp.xmpp.registration import open_registration


class XmppNetwork:
    """Makes connections and registrations on slixmpp."""

    def connection(self, settings: AccountSettings, receiver: Receiver) -> XmppConnection:
        """Return a line for one account; nothing is sent before `connect`. Must be called on the running loop."""
        return XmppConnection(settings, receiver)

    async def open_registration(self, settings: AccountSettings) -> Registration:
        """Ask a server for its registration form."""
        return await open_registration(settings)
