"""A line that goes nowhere: what is written on it is kept, and asked only by the hand of a test."""

from typing import cast

from tests.core.signals import session
from tests.engines import Client
from tui_xmpp.core.ports import Connection
from tui_xmpp.errors import Unavailable
from tui_xmpp.model.address import Address
from tui_xmpp.model.sending import Slot, UploadService
from tui_xmpp.model.stanzas import Outgoing, StanzaAcked


class QuietLine:
    """Stands where a connection stands, for what leaves an engine; nothing comes back by itself."""

    def __init__(self) -> None:
        self.online = True
        self.sent: list[Outgoing] = []
        self.moderated: list[tuple[Address, str, str]] = []
        self.service: UploadService | None = None
        """Who takes files."""
        self.no_slot: list[Exception] = []
        """Why there is no place for the next files."""
        self.slots: list[tuple[str, int, str]] = []
        """What places were asked for."""

    def send(self, message: Outgoing) -> None:
        """Keep what would be written."""
        if not self.online:
            raise Unavailable("There is no line.")
        self.sent.append(message)

    async def moderate(self, room: Address, archive_id: str, reason: str) -> None:
        """Keep what would be asked."""
        self.moderated.append((room, archive_id, reason))

    async def upload_service(self) -> UploadService | None:
        """Say who takes files."""
        return self.service

    async def upload_slot(self, service: Address, name: str, size: int, kind: str) -> Slot:
        """Give a place, unless there is none."""
        self.slots.append((name, size, kind))
        if self.no_slot:
            raise self.no_slot.pop(0)
        url = f"https://{service}/{len(self.slots)}/{name}"
        return Slot(url, url)

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
