"""The line of one account as the modules of the single capabilities see it: who we are, and sending."""

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from slixmpp.stanza import Iq, Message, Presence
from slixmpp.xmlstream import StanzaBase

from tui_xmpp.errors import Unavailable
from tui_xmpp.model.address import Address
from tui_xmpp.xmpp import names

if TYPE_CHECKING:
    from tui_xmpp.xmpp.client import SafeClient

_STANZAS: dict[str, type[StanzaBase]] = {names.MESSAGE: Message, names.PRESENCE: Presence, names.IQ: Iq}


class Line:
    """Sends stanzas on whatever stream the client has now."""

    def __init__(self, client: "SafeClient", account: Address) -> None:
        self._client = client
        self.own = account
        """Our full address, or the bare one before the first stream."""

    @property
    def online(self) -> bool:
        """Whether a stream is up."""
        return self._client.online

    @property
    def read(self) -> int:
        """Bytes that have been read on the present connection."""
        return self._client.read

    def send(self, stanza: Element) -> None:
        """Write a stanza. Raises Unavailable without a stream.

        Wrapped as slixmpp's own class for it, so that stream management counts it (XEP-0198 §4).
        """
        if not self.online:
            raise Unavailable("You are not connected to the server now.")
        self._client.send(_STANZAS[stanza.tag](self._client, xml=stanza))
