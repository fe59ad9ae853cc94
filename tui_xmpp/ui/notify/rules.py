"""What makes a notification, and what it says. Pure: facts and settings in, a note or nothing out."""

from tui_xmpp.model.chat import Chat, ChatKey, ChatKind
from tui_xmpp.model.events import MessageAdded
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.links import without_keys
from tui_xmpp.model.message import Direction, Encryption, MessageKind
from tui_xmpp.model.notifying import NotificationSettings, Notify, Told
from tui_xmpp.model.request import Request, RequestKind
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.words import chat_title, counted

_TITLE_LIMIT = 80
_TEXT_LIMIT = 200
"""Characters; screen passes at most 256 bytes of a sequence through, and a bubble shows no more."""


@frozen
class Note:
    """One notification: two clean lines. `key` is the chat that it leads to; None: to the requests."""

    key: ChatKey | None
    title: str
    text: str
    urgent: bool = False
    """It names us, or somebody wrote to us alone."""


def rule_of(chat: Chat, settings: NotificationSettings, *, private_group: bool) -> Notify:
    """What of a chat makes notifications: its own rule, else that of its kind."""
    if chat.notify is not None:
        return chat.notify
    if chat.kind is not ChatKind.ROOM:
        return settings.contacts
    return settings.groups if private_group else settings.channels


def wanted(event: MessageAdded, kind: ChatKind, rule: Notify, *, watched: bool, quiet: bool) -> bool:
    """Whether a message makes a notification.

    `watched`: somebody looks at its chat. `quiet`: nothing shall be told at this time. Backlog never makes one.
    """
    message = event.message
    if not event.live or watched or quiet or message.direction is Direction.OUT or message.kind is not MessageKind.TEXT:
        return False
    if message.tombstone is not None or rule is Notify.NONE:
        return False
    return rule is Notify.ALL or message.mentions_us or kind is not ChatKind.ROOM


def note_of(event: MessageAdded, chat: Chat, told: Told) -> Note:
    """The notification of one message."""
    message = event.message
    urgent = message.mentions_us or chat.kind is not ChatKind.ROOM
    if told is Told.NOTHING:
        return Note(chat.key, "tui-xmpp", "New message", urgent)
    title = clean_line(chat_title(chat), limit=_TITLE_LIMIT)
    sender = clean_line(message.nick) if chat.kind is ChatKind.ROOM else ""
    if told is Told.SENDER:
        return Note(chat.key, title, f"{sender}: new message" if sender else "New message", urgent)
    text = clean_line(without_keys(message.body))
    if message.encryption is Encryption.UNREADABLE:
        text = "a message that is not readable here"
    if text.startswith("/me "):
        text = f"* {sender or title} {text.removeprefix('/me ')}"
    elif sender:
        text = f"{sender}: {text}"
    return Note(chat.key, title, clean_line(text, limit=_TEXT_LIMIT), urgent)


def summary_of(chat: Chat, count: int, told: Told, *, urgent: bool) -> Note:
    """One notification for all that came in a chat while it was not told of."""
    title = "tui-xmpp" if told is Told.NOTHING else clean_line(chat_title(chat), limit=_TITLE_LIMIT)
    return Note(chat.key, title, counted(count, "new message"), urgent)


def flood_note(messages: int, chats: int) -> Note:
    """One notification for many chats at once."""
    return Note(None, "tui-xmpp", f"{counted(messages, 'new message')} in {counted(chats, 'chat')}")


def request_note(request: Request, told: Told) -> Note:
    """The notification of somebody who asks for something."""
    if told is Told.NOTHING:
        return Note(None, "tui-xmpp", "Somebody asks for something", urgent=True)
    what = "invites you into a room" if request.kind is RequestKind.INVITATION else "asks to see when you are here"
    return Note(None, clean_line(request.sender.shown, limit=_TITLE_LIMIT), what, urgent=True)


def window_title(unread: int) -> str:
    """The terminal's title: how much is unread, and never by whom or what."""
    return f"({unread}) tui-xmpp" if unread else "tui-xmpp"
