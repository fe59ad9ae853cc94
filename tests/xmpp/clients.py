"""A `SafeClient` for tests, with what it reported."""

from types import TracebackType
from typing import Self
from xml.etree.ElementTree import Element

from slixmpp.xmlstream import StanzaBase
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.stanzas import StreamLost
from tui_xmpp.xmpp.client import SafeClient
from tui_xmpp.xmpp.names import CLIENT, MESSAGE, tag


class Line:
    """An async context manager around one client, which is shut at the end."""

    def __init__(self, settings: AccountSettings) -> None:
        self.client = SafeClient(settings, committed=self.committed, on_lost=self._lost, on_acked=self._acked)
        self.messages: list[Element] = []
        self.lost: list[StreamLost] = []
        self.acked: list[str] = []
        self.client.register_handler(Callback("test", MatchXPath(MESSAGE), self._received))

    @property
    def bodies(self) -> list[str]:
        """The texts of the messages that came."""
        return [message.findtext(tag(CLIENT, "body"), "") for message in self.messages]

    def say(self, to: object, body: str, id_: str) -> None:
        """Send a message."""
        message = self.client.make_message(str(to), mbody=body, mtype="chat")
        message["id"] = id_
        message.send()

    async def committed(self) -> None:
        """Everything is on disk at once."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.client.shut()

    def _received(self, stanza: StanzaBase) -> None:
        self.messages.append(stanza.xml)

    def _lost(self, lost: StreamLost) -> None:
        self.lost.append(lost)

    def _acked(self, id_: str) -> None:
        self.acked.append(id_)
