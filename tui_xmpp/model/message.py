"""A message as the history shows it."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from tui_xmpp.model.address import Address

if TYPE_CHECKING:
    from tui_xmpp.model.chat import ChatKey


class Direction(StrEnum):
    """Whose message it is: ours (from any of our devices) or somebody else's."""

    IN = "in"
    OUT = "out"


class Delivery(IntEnum):
    """How far an own message came; only ever grows, except from FAILED back to PENDING by a retry."""

    PENDING = 0
    """Committed here, not yet known to be at the server."""
    SENT = 1
    """The server has it (stream acknowledgement, archive) or the room reflected it."""
    DELIVERED = 2
    """A device of the other side has it (XEP-0184, XEP-0333)."""
    DISPLAYED = 3
    """The other side has read it (XEP-0333)."""
    FAILED = 9
    """Refused; `Message.error` says why."""


class Encryption(StrEnum):
    """How the message travelled."""

    NONE = "none"
    OMEMO = "omemo"
    UNREADABLE = "unreadable"
    """Encrypted, but not for this device or not to be decrypted here."""


class MessageKind(StrEnum):
    """What a row of the history is."""

    TEXT = "text"
    SUBJECT = "subject"
    """A room's subject was changed to `body`."""


@dataclass(frozen=True, slots=True)
class Message:
    """One row of the history; `body` is the current text, already cleaned."""

    id: int
    """Local id; stable for the life of the store."""
    chat: "ChatKey"
    position: int
    """Sort key within the chat: µs since the epoch, forced to grow along each archive's order."""
    time: int
    """When it was sent, µs since the epoch, UTC; what is shown."""
    direction: Direction
    sender: Address
    """Bare address in 1:1 chats; `room@service/nick` in rooms and private messages."""
    body: str
    kind: MessageKind = MessageKind.TEXT
    nick: str = ""
    """Room nickname at that time, cleaned; empty in 1:1 chats."""
    occupant_id: str = ""
    delivery: Delivery = Delivery.SENT
    encryption: Encryption = Encryption.NONE
    stanza_id: str = ""
    """The `id` attribute of the message stanza."""
    origin_id: str = ""
    """XEP-0359 origin-id, else empty."""
    edited: bool = False
    mentions_us: bool = False
    error: str = ""
