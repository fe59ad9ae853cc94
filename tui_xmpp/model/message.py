"""A message as the history shows it."""

from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from tui_xmpp.model.address import Address
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.omemo import Trust
from tui_xmpp.model.sending import Upload

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


@frozen
class Reaction:
    """One emoji under a message, and whose it is (XEP-0444)."""

    emoji: str
    nicks: tuple[str, ...] = ()
    """Who put it there besides us, in the order in which they did: nicknames in rooms; the contact's is empty."""
    own: bool = False

    @property
    def count(self) -> int:
        """How many put it there, ours included."""
        return len(self.nicks) + self.own


@frozen
class Quote:
    """The message that another one answers (XEP-0461), as far as it is known here."""

    message_id: int | None
    """Local id of the original, which is in the same chat; None: the store does not have it."""
    nick: str = ""
    """Nickname of its author in a room, cleaned; empty in 1:1 chats or when it is not known."""
    own: bool = False
    """The original is ours."""
    text: str = ""
    """Its present text in one line, cut; what the answer quotes where the original is not here; else empty."""


@frozen
class Tombstone:
    """What is left of a message that was taken back: by its author (XEP-0424), or by the room (XEP-0425)."""

    time: int
    """µs since the epoch."""
    moderated: bool = False
    by: str = ""
    """Nickname of the moderator, cleaned; empty: not known, or the author."""
    reason: str = ""


@frozen
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
    """Why it was refused, or what it waits for."""
    device: int = 0
    """The OMEMO device that wrote it; 0: it was not encrypted, or it was this one."""
    trust: Trust | None = None
    """What was thought of that device when it came, or when its key was proven later; of an own message, the least of
    what was thought of those it went to. On a message in clear it says that its chat was encrypted then."""
    reactions: tuple[Reaction, ...] = ()
    """In the order in which each emoji was first used."""
    reply: Quote | None = None
    tombstone: Tombstone | None = None
    """The message was taken back: `body` is empty then, and no earlier text is kept."""
    unstyled: bool = False
    """Its sender wants the text to be shown as it is (XEP-0393 §5.3)."""
    upload: Upload | None = None
    """The file that an own message carries; `body` is its link, or its name as long as it is still here."""
    waiting: bool = False
    """An own correction, retraction or reaction of this message has not reached the server yet."""
    key_id: int = 0
    """Local id of the key that encrypted it; 0: none, or not known."""


def is_exposed(message: Message) -> bool:
    """Whether a message came or went in clear in a chat that was encrypted (SECURITY 29)."""
    return message.encryption is Encryption.NONE and message.trust is not None


def is_file_here(message: Message) -> bool:
    """Whether a message carries a file that the server does not have yet, so that there is nothing to be sent."""
    return message.upload is not None and not message.upload.link


class Operation(StrEnum):
    """What can be done with a stored message; `core.facade.Facade.operations` says which may be now."""

    REPLY = "reply"
    REACT = "react"
    CORRECT = "correct"
    RETRACT = "retract"
    MODERATE = "moderate"
    """Take somebody else's message back for everybody in the room."""
    RETRY = "retry"
    SEND_UNENCRYPTED = "send-unencrypted"
    """Send a held message in clear, which everybody on its way can read."""
    DELETE = "delete"
    """From this store only."""
    CANCEL = "cancel"
    """Stop a file that is on its way out; nothing of the message is kept."""
