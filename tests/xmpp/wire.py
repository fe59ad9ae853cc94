"""Writing stanzas for table tests the way they stand on the wire."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, fromstring

from tui_xmpp.model.address import Address
from tui_xmpp.xmpp.line import Line

OWN = Address.parse("alice@chat.test/desk")
BOB = Address.parse("bob@chat.test/phone")
ROOM = Address.parse("kitchen@rooms.chat.test")


def stanza(text: str) -> Element:
    """Return a stanza written without its namespace, `jabber:client`."""
    name, rest = text[1:].split(None, 1) if " " in text.split(">", 1)[0] else (text[1:].split(">", 1)[0], "")
    if rest:
        return fromstring(f"<{name} xmlns='jabber:client' {rest}")
    return fromstring(text.replace(f"<{name}", f"<{name} xmlns='jabber:client'", 1))


class RecordingLine(Line):
    """A line without a stream: what is sent is kept, so that a table can hold forged answers against it."""

    def __init__(self, own: Address = OWN) -> None:
        self.own = own
        self.sent: list[Element] = []
        self.pieces: Iterator[int] = iter(())
        """How much is read each time, until one looks."""
        self._read = 0

    @property
    def read(self) -> int:
        self._read += next(self.pieces, 0)
        return self._read

    @property
    def online(self) -> bool:
        return True

    def send(self, stanza: Element) -> None:
        self.sent.append(stanza)
