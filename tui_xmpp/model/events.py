"""Facts that the engine tells the screen: past tense, frozen, handed over in one batch per loop tick.

Each names its account, directly or through its chat key, or is of all of them. The store is the truth: an event says
what to read again, and carries the value where that saves the reading.
"""

from tui_xmpp.model.account import AccountState
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKey
from tui_xmpp.model.contact import Contact, Presence
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.message import Message
from tui_xmpp.model.request import Request
from tui_xmpp.model.room import Room


@frozen
class AccountChanged:
    """An account's connection state changed, or the account was added."""

    state: AccountState


@frozen
class AccountRemoved:
    """An account was removed from the settings."""

    account: Address


@frozen
class ContactChanged:
    """A contact was added or changed."""

    contact: Contact


@frozen
class ContactRemoved:
    """A contact was removed."""

    account: Address
    address: Address


@frozen
class PresenceChanged:
    """A contact's best presence changed."""

    account: Address
    address: Address
    presence: Presence


@frozen
class ChatChanged:
    """A chat was opened, or its row in the list changed."""

    chat: Chat


@frozen
class ChatClosed:
    """A chat was taken off the list; its history stays."""

    key: ChatKey


@frozen
class MessageAdded:
    """A message was stored; `live` ones arrived just now, others are backlog and make no notification."""

    message: Message
    live: bool


@frozen
class MessageChanged:
    """Delivery, text or another property of a stored message changed."""

    message: Message


@frozen
class HistoryExtended:
    """A page of older or newer archived messages was stored; read the window again."""

    chat: ChatKey
    count: int


@frozen
class CaughtUp:
    """What was said while nobody was connected is stored: one summary in place of a notification for each."""

    unread: int
    """Messages that nobody has read yet, on any device."""
    chats: int
    """How many chats they are in."""
    mentions: int
    """How many of them name us."""


@frozen
class TypingChanged:
    """Who is typing in the chat now, by shown name; empty: nobody."""

    chat: ChatKey
    names: tuple[str, ...]


@frozen
class RoomChanged:
    """A room's status, subject or name changed."""

    room: Room


@frozen
class OccupantsChanged:
    """Somebody came, went or changed in the room; read the people again. At most one per room and batch."""

    chat: ChatKey


@frozen
class RequestAdded:
    """Somebody asks something."""

    request: Request


@frozen
class RequestRemoved:
    """A request was answered or withdrawn."""

    request_id: int


@frozen
class FileChanged:
    """A file that a message links to has come further, is saved, or failed; read its state again."""

    chat: ChatKey
    message_id: int


@frozen
class DevicesLearned:
    """Something is known of somebody's OMEMO devices, or was decided on them; read them again."""

    account: Address
    address: Address


@frozen
class EncryptionChanged:
    """Whether what is written in a chat goes out encrypted may have changed; read it again."""

    chat: ChatKey


@frozen
class ProblemRaised:
    """Something failed that no command was waiting for; both texts are for people."""

    account: Address | None
    title: str
    text: str


Event = (
    AccountChanged
    | AccountRemoved
    | ContactChanged
    | ContactRemoved
    | PresenceChanged
    | ChatChanged
    | ChatClosed
    | MessageAdded
    | MessageChanged
    | HistoryExtended
    | CaughtUp
    | TypingChanged
    | RoomChanged
    | OccupantsChanged
    | RequestAdded
    | RequestRemoved
    | FileChanged
    | DevicesLearned
    | EncryptionChanged
    | ProblemRaised
)
