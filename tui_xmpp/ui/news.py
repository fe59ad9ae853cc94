"""What a batch of events means for one conversation. Pure: events in, a summary out."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.events import (
    AccountChanged,
    ChatChanged,
    ContactChanged,
    ContactRemoved,
    DevicesLearned,
    EncryptionChanged,
    Event,
    FileChanged,
    HistoryExtended,
    MessageAdded,
    MessageChanged,
    OccupantsChanged,
    PresenceChanged,
    RoomChanged,
    TypingChanged,
)
from tui_xmpp.model.message import Message


@dataclass(slots=True)
class News:
    """What changed in a chat."""

    added: list[MessageAdded] = field(default_factory=list)
    changed: list[Message] = field(default_factory=list)
    files: set[int] = field(default_factory=set)
    """Ids of messages whose files have come further."""
    reread: bool = False
    """Messages were stored above, below or inside the window, of which there is no event of their own."""
    brought: int = 0
    """How many messages the pages of archives had that were stored."""
    renamed: bool = False
    """A name or our nickname may be another."""
    people: bool = False
    around: bool = False
    """Title, status or who is typing."""
    line: bool = False
    """The account's line went up or down."""


def news_of(key: ChatKey, events: Iterable[Event]) -> News:
    """Sort out what concerns a chat."""
    news = News()
    for event in events:
        if isinstance(event, AccountChanged):
            news.line |= event.state.address == key.account
        elif chat_of(event) == key:
            _note(news, event)
    latest = {message.id: message for message in news.changed}
    news.added = [replace(event, message=latest.get(event.message.id, event.message)) for event in news.added]
    # Catching up tells each message too, so that there is nothing to be looked for, unless some have moved.
    news.reread |= news.brought > len(news.added) or (news.brought > 0 and bool(news.changed))
    return news


def chat_of(event: Event) -> ChatKey | None:
    """The chat that an event is about; a contact's is that with its address."""
    match event:
        case MessageAdded(message) | MessageChanged(message):
            return message.chat
        case HistoryExtended(key) | TypingChanged(key) | OccupantsChanged(key) | EncryptionChanged(key):
            return key
        case FileChanged(key):
            return key
        case ChatChanged(chat):
            return chat.key
        case RoomChanged(room):
            return room.key
        case ContactChanged(contact):
            return ChatKey(contact.account, contact.address)
        case ContactRemoved(account, address) | PresenceChanged(account, address) | DevicesLearned(account, address):
            return ChatKey(account, address)
        case _:
            return None


def _note(news: News, event: Event) -> None:
    match event:
        case MessageAdded():
            news.added.append(event)
        case MessageChanged(message):
            news.changed.append(message)
        case FileChanged(_, message_id):
            news.files.add(message_id)
        case HistoryExtended(_, count):
            news.reread |= not count
            news.brought += count
        case RoomChanged() | ContactChanged() | ContactRemoved():
            news.renamed = news.around = True
        case OccupantsChanged():
            news.people = news.around = True
        case _:
            news.around = True
