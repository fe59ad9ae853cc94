"""Who may change what was said: corrections, retraction, moderation, reactions, as pure functions (SECURITY 13-15)."""

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.message import Direction, Encryption, Message, MessageKind
from tui_xmpp.model.stanzas import MessageReceived, MessageType


@frozen
class Author:
    """Who does something with a message, as far as it is proven."""

    direction: Direction
    sender: Address
    occupant_id: str = ""
    """Only when the room announces that it assigns them."""
    here_since: int | None = None
    """Since when the occupant has held this nickname without a break, µs; None: not known."""
    encryption: Encryption = Encryption.NONE
    device: int = 0
    """The OMEMO device that it comes from."""
    key_id: int = 0
    """The key that encrypted it, as `Message.key_id`."""


def may_change(author: Author, original: Message, kind: ChatKind) -> bool:
    """Whether this author may correct that message or take it back (XEP-0308 §4, XEP-0424 §6, SECURITY 13, 14).

    In rooms the occupant-id decides where both have one; else the nickname, but only while its holder has not left
    since the original was sent.
    """
    if original.kind is not MessageKind.TEXT or author.direction is not original.direction:
        return False
    if not _is_as_safe(author, original):
        return False
    if kind is ChatKind.CONTACT:
        return author.sender.bare == original.sender.bare
    if author.direction is Direction.OUT:
        return True
    if kind is ChatKind.ROOM and (author.occupant_id or original.occupant_id):
        return author.occupant_id == original.occupant_id
    same_visit = author.here_since is not None and author.here_since <= original.time
    return author.sender == original.sender and same_visit


def _is_as_safe(author: Author, original: Message) -> bool:
    """Whether what changes a message came as the message did: in clear, or encrypted by the same device and key."""
    if author.encryption is not original.encryption:
        return False
    if author.direction is Direction.OUT:
        return True
    # Of what an older version of this program has stored the key is not known.
    same_key = author.key_id == original.key_id or not (author.key_id and original.key_id)
    return author.device == original.device and same_key


def is_proven(author: Author, kind: ChatKind) -> bool:
    """Whether it can be told at all which messages are this author's, whenever they come.

    A nickname without an occupant-id says nothing of who had it before.
    """
    if kind is ChatKind.CONTACT or author.direction is Direction.OUT:
        return True
    return bool(author.occupant_id) or author.here_since is not None


def may_react(original: Message) -> bool:
    """Whether anybody in a message's chat may react to it (XEP-0444 §4): it is text, and not taken back."""
    return original.kind is MessageKind.TEXT and original.tombstone is None


def is_moderation(message: MessageReceived, kind: ChatKind) -> bool:
    """Whether it is the room that takes a message back (XEP-0425 §4, SECURITY 14): no occupant and no contact may."""
    is_rooms = message.type is MessageType.GROUPCHAT and message.sender.is_bare
    return kind is ChatKind.ROOM and is_rooms and message.retraction is not None and message.retraction.moderated
