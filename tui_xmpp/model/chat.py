"""A chat: the conversation with one address, as the list shows it."""

from enum import StrEnum
from typing import NamedTuple

from tui_xmpp.model.address import Address
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.message import Delivery
from tui_xmpp.model.notifying import Notify


class ChatKind(StrEnum):
    """What kind of entity the other end is."""

    CONTACT = "contact"
    """One person by bare address, in the contact list or not."""
    ROOM = "room"
    PRIVATE = "private"
    """One occupant of a room, by full address (XEP-0045 §7.5); never merged with a contact."""


class ChatKey(NamedTuple):
    """Names a chat among all accounts: our bare address and the other end's; a tuple as `Address` is.

    `peer` is bare for contacts and rooms, `room@service/nick` for private messages in a room.
    """

    account: Address
    peer: Address

    def __str__(self) -> str:
        return f"{self.account} {self.peer}"


@frozen
class Preview:
    """The last message in a line."""

    text: str
    sender: str
    """Nickname in rooms, `you` is decided by `own`; empty in 1:1 chats."""
    own: bool
    time: int
    """µs since the epoch, UTC."""
    delivery: Delivery = Delivery.SENT


@frozen
class Chat:
    """One row of the chat list."""

    key: ChatKey
    kind: ChatKind
    title: str
    """Contact's handle, room's name, or the address; cleaned."""
    unread: int = 0
    mentions: int = 0
    """How many of the unread name us."""
    draft: str = ""
    preview: Preview | None = None
    activity: int = 0
    """µs since the epoch of the last thing worth sorting by."""
    in_contacts: bool = False
    """The peer is in the account's contact list; if not, the address is shown beside the title."""
    muted: bool = False
    """It makes no notifications, and what is unread in it does not count."""
    notify: Notify | None = None
    """What it makes notifications of; None: as the settings say."""
