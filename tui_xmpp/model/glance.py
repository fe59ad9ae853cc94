"""What is seen at a glance when the program starts: the list, and the chat that is open."""

from collections.abc import Sequence

from tui_xmpp.model.chat import Chat
from tui_xmpp.model.contact import Contact
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.message import Message
from tui_xmpp.model.request import Request

FIRST = 80
"""Messages that are read when a chat is opened: what most screens show, and as much above it. The names among them make
the columns of the history as wide as they are, in the first picture as on the screen."""
LIMIT = 500
"""Most messages of a chat that are kept in memory, however many are unread."""


@frozen
class Glance:
    """As the store has it; nothing in it comes from a line that is up."""

    chats: Sequence[Chat]
    """The open chats, newest activity first."""
    open_chat: Chat
    """The one whose messages are shown."""
    messages: Sequence[Message]
    """Its newest ones, oldest first."""
    first_unread: int | None
    """Local id of its first unread message; None: everything is read."""
    gaps: frozenset[int]
    """Ids of those over which others may be missing."""
    subject: str
    """What a room is about; not cleaned."""
    nick: str
    """What one is called in the room."""
    requests: Sequence[Request]
    contacts: Sequence[Contact]
    """Of all accounts, sorted by title."""
