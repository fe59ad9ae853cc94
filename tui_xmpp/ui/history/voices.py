"""Who speaks in a chat, as the name column shows it, and from which text its colour comes."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.contact import Contact
from tui_xmpp.model.files import FileState
from tui_xmpp.model.links import without_keys
from tui_xmpp.model.message import Direction, Message, Quote
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.history.grouping import ACTION, is_action
from tui_xmpp.ui.words import YOU

if TYPE_CHECKING:
    from tui_xmpp.core.facade import Facade

FilesKnown = Callable[[Message, str], FileState | None]
"""What became of the file that a message links to."""


def nothing_known(_message: Message, _link: str) -> FileState | None:
    """No file was asked for yet."""
    return None


class Voices:
    """The names of one chat."""

    def __init__(
        self, key: ChatKey, kind: ChatKind, other: str, own_nick: str, files: FilesKnown = nothing_known
    ) -> None:
        self.kind = kind
        self._key = key
        self._other = other
        """What the other one is called in a chat of two."""
        self.own_nick = own_nick
        """What others call us in a room, to find it in their messages."""
        self.files = files
        """What became of the files that were sent here."""

    @staticmethod
    def of(engine: "Facade", key: ChatKey) -> "Voices":
        """The names of a chat as the engine knows them now."""
        chat = engine.chat(key)
        kind = chat.kind if chat is not None else ChatKind.CONTACT
        nick = engine.room(key).nick if kind is ChatKind.ROOM else ""
        contact = engine.contact(key.account, key.peer) if kind is ChatKind.CONTACT else None
        return Voices.among(key, kind, contact, nick, engine.file_state)

    @staticmethod
    def among(
        key: ChatKey, kind: ChatKind, contact: Contact | None, own_nick: str, files: FilesKnown = nothing_known
    ) -> "Voices":
        """The names of a chat with a contact, or with somebody who is none, or in a room."""
        if kind is ChatKind.ROOM:
            return Voices(key, kind, "", own_nick, files)
        if kind is ChatKind.PRIVATE:
            return Voices(key, kind, clean_line(key.peer.resource), "", files)
        other = contact.title if contact is not None else clean_line(key.peer.local or key.peer.domain)
        return Voices(key, kind, other, "", files)

    def name(self, message: Message) -> str:
        """The name to show: `you`, the contact's handle, or the nickname in a room."""
        if message.direction is Direction.OUT:
            return YOU
        if self.kind is ChatKind.ROOM:
            return message.nick or clean_line(message.sender.resource) or self._key.peer.local
        return self._other

    def hue_of(self, message: Message) -> str:
        """The text that the colour is made from: the nickname in rooms, else the bare address (XEP-0392 §5.3)."""
        if self.kind is ChatKind.CONTACT:
            return str(message.sender.bare)
        return message.nick or message.sender.resource

    def quoted(self, quote: Quote) -> tuple[str, str]:
        """The name of who wrote what is answered, and the text that its colour is made from; empty: not known."""
        if quote.own:
            return YOU, ""
        if quote.message_id is None:  # it may even be ours
            return quote.nick, quote.nick
        if self.kind is ChatKind.CONTACT:
            return self._other, str(self._key.peer.bare)
        if self.kind is ChatKind.PRIVATE:
            return self._other, self._key.peer.resource
        return quote.nick, quote.nick

    def reactor(self, nick: str) -> str:
        """The name of somebody who reacted; in a chat of two only the other one has none."""
        return nick or self._other

    def text(self, message: Message) -> str:
        """The body as it is shown: `/me waves` becomes `Mara waves` (XEP-0245 §4), and nobody reads a file's key."""
        body = without_keys(message.body)
        if is_action(message):
            who = self._own_name() if message.direction is Direction.OUT else self.name(message)
            return f"{who} {body[len(ACTION) :]}"
        return body

    def _own_name(self) -> str:
        return self.own_nick or YOU
