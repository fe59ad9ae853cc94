"""What may be done with a message, as a pure function; the server or the room may refuse it all the same."""

from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.message import Delivery, Direction, Encryption, Message, MessageKind, Operation, is_file_here


@frozen
class Standing:
    """How a message and we stand in its chat."""

    kind: ChatKind
    has_name: bool = True
    """There is an id by which others know it, or will be as soon as it is sent."""
    on_its_way: bool = False
    """Written, and not known to be at the server."""
    held: bool = False
    """It waits for a person's decision before it goes out."""
    encrypts: bool = False
    """What is sent in its chat is encrypted."""
    may_talk: bool = True
    """It is no room's, or we are in that room or on our way in."""
    may_moderate: bool = False
    """We are a moderator in a room whose moderators can take messages back."""


def allowed(message: Message, standing: Standing) -> frozenset[Operation]:
    """What may be done with it."""
    here = set() if standing.on_its_way else {Operation.DELETE}
    if is_file_here(message):
        return frozenset(here | _with_file_here(message, standing))
    if message.kind is not MessageKind.TEXT or message.tombstone is not None:
        return frozenset(here)
    if message.delivery is Delivery.FAILED and message.direction is Direction.OUT:
        return frozenset({*here, Operation.RETRY, *({Operation.CORRECT} if _may_correct(message, standing) else set())})
    if standing.held:
        here |= {Operation.RETRY, Operation.SEND_UNENCRYPTED}
    if not standing.may_talk:
        return frozenset(here)
    if standing.has_name:
        here |= {Operation.REPLY, Operation.REACT}
    if message.direction is Direction.OUT:
        if standing.has_name:
            here.add(Operation.RETRACT)
        if message.stanza_id and _may_correct(message, standing):
            here.add(Operation.CORRECT)
    elif standing.may_moderate and standing.has_name and standing.kind is ChatKind.ROOM:
        here.add(Operation.MODERATE)
    return frozenset(here)


def _with_file_here(message: Message, standing: Standing) -> set[Operation]:
    """What may be done with a file that the server does not have, beside deleting it: nobody else knows of it."""
    if message.delivery is Delivery.FAILED:
        return {Operation.RETRY}
    return {Operation.RETRY, Operation.SEND_UNENCRYPTED} if standing.held else {Operation.CANCEL}


def _may_correct(message: Message, standing: Standing) -> bool:
    """Whether a correction would go as the message went: what was encrypted must not be corrected in clear.

    The text of a message with a file is its link, which nobody has written.
    """
    if message.upload is not None:
        return False
    return message.encryption is Encryption.NONE or (message.encryption is Encryption.OMEMO and standing.encrypts)
