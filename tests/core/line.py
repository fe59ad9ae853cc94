"""A line that goes nowhere: what is written on it is kept, and asked only by the hand of a test."""

from typing import cast

from tests.core.signals import session
from tests.engines import Client
from tui_xmpp.core.ports import Connection
from tui_xmpp.errors import Unavailable
from tui_xmpp.model.address import Address
from tui_xmpp.model.stanzas import Outgoing, StanzaAcked


class QuietLine:
    """Stands where a connection stands, for what leaves an engine; nothing comes back by itself."""

    def __init__(self) -> None:
        self.online = True
        self.sent: list[Outgoing] = []
        self.moderated: list[tuple[Address, str, str]] = []

    def send(self, message: Outgoing) -> None:
        """Keep what would be written."""
        if not self.online:
            raise Unavailable("There is no line.")
        self.sent.append(message)

    async def moderate(self, room: Address, archive_id: str, reason: str) -> None:
        """Keep what would be asked."""
        self.moderated.append((room, archive_id, reason))

    async def close(self) -> None:
        """Nothing is to be ended."""


def give_line(client: Client) -> QuietLine:
    """Give a client a line."""
    line = QuietLine()
    session(client).context.connection = cast("Connection", line)
    return line


def ack(client: Client, line: QuietLine) -> None:
    """The server acknowledges all that was written."""
    for message in line.sent:
        session(client).receive(StanzaAcked(message.id))
