"""A message in the words that an export shows to people, before any escaping."""

import re
from collections.abc import Iterator

from tui_xmpp.model.chat import Chat, ChatKind
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.message import Delivery, Direction, Encryption, Message, MessageKind, Quote, Reaction, Tombstone
from tui_xmpp.model.text import clean, clean_line

_ACTION = "/me "
_PUNCTUATION = ".,;:!?'\"*_~"
_LINK = re.compile(r"(\bhttps?://[^\s<>]+)", re.IGNORECASE)
_QUOTED = 80
"""Most characters of an original beside its answer."""
_NAMED = 10
"""Most people named beside a reaction."""
_SCHEMES = ("https://", "http://")


@frozen
class Spoken:
    """Who said what; all texts are cleaned again, as an export leaves the program for good."""

    name: str
    own: bool
    body: str
    event: bool
    """The body is not speech but tells what its sender did, and begins with the name."""
    notes: tuple[str, ...]
    """What else is to be known of it, a few words each."""


def spoken(chat: Chat, message: Message) -> Spoken:
    """A message in words."""
    name = _name(chat, message)
    body, event = clean(message.body), False
    if message.tombstone is not None:
        body, event = _taken_back(name, message.tombstone), True
    elif message.kind is MessageKind.SUBJECT:
        changed = f"changed the subject to: {body}" if body else "removed the subject"
        body, event = f"{name} {changed}", True
    elif body.startswith(_ACTION):  # XEP-0245 §4
        body, event = f"{name} {body[len(_ACTION) :]}", True
    return Spoken(name, message.direction is Direction.OUT, body, event, tuple(_notes(chat, message)))


def title(chat: Chat) -> str:
    """What the chat is called."""
    return clean_line(chat.title) or chat.key.peer.shown


def about(chat: Chat) -> str:
    """A sentence on whose chat with whom it is; the addresses stand beside the name (SECURITY 22)."""
    what = {
        ChatKind.CONTACT: "Chat",
        ChatKind.ROOM: "Room",
        ChatKind.PRIVATE: "Private chat in a room",
    }[chat.kind]
    return f"{what}: {chat.key.peer.shown}. Account: {chat.key.account.shown}. Times are local."


def links(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, and whether each is a web address, which is written so that it can be followed."""
    for number, piece in enumerate(_LINK.split(text)):
        if number % 2 == 0:
            yield piece, False
            continue
        marks = _PUNCTUATION if "(" in piece else _PUNCTUATION + ")"
        address = piece.rstrip(marks)
        if address.lower() in _SCHEMES:
            yield piece, False
        else:
            yield address, True
            yield piece[len(address) :], False


def _name(chat: Chat, message: Message) -> str:
    account, peer = chat.key.account, chat.key.peer
    if message.direction is Direction.OUT:
        found = message.nick or account.local
    elif chat.kind is ChatKind.ROOM:
        found = message.nick or message.sender.resource or peer.local
    elif chat.kind is ChatKind.PRIVATE:
        found = peer.resource
    else:
        found = chat.title
    return clean_line(found) or message.sender.shown


def _taken_back(name: str, tombstone: Tombstone) -> str:
    if not tombstone.moderated:
        return f"{name} took this message back"
    reason = f": {clean_line(tombstone.reason)}" if tombstone.reason else ""
    return f"{clean_line(tombstone.by) or 'A moderator'} took this message back{reason}"


def _answers(chat: Chat, quote: Quote) -> str:
    """What a message answers: whose, and the beginning of it."""
    who = ""
    if quote.own:
        who = f" {chat.key.account.local}"
    elif quote.nick or (quote.message_id is not None and chat.kind is not ChatKind.ROOM):
        who = f" {clean_line(quote.nick) or title(chat)}"
    text = clean_line(quote.text, limit=_QUOTED)
    return f"answers{who}: {text}" if text else f"answers{who or ' a message that is not here'}"


def _reacted(chat: Chat, reaction: Reaction) -> str:
    """An emoji and who put it there."""
    names = [clean_line(nick) or title(chat) for nick in reaction.nicks[:_NAMED]]
    names += [chat.key.account.local or chat.key.account.shown] if reaction.own else []
    more = len(reaction.nicks) - _NAMED
    names += [f"{more} more"] if more > 0 else []
    return f"{clean_line(reaction.emoji)} {', '.join(names)}"


def _notes(chat: Chat, message: Message) -> Iterator[str]:
    if message.reply is not None:
        yield _answers(chat, message.reply)
    for reaction in message.reactions:
        yield _reacted(chat, reaction)
    if message.edited:
        yield "edited"
    if message.encryption is Encryption.UNREADABLE:
        yield "encrypted, not readable here"
    elif message.encryption is Encryption.OMEMO:
        yield "encrypted"
    if message.delivery is Delivery.PENDING:
        yield "not sent yet"
    elif message.delivery is Delivery.FAILED:
        yield f"not sent: {clean_line(message.error)}" if message.error else "not sent"
