"""What may be done with a message, as a pure function; the server or the room may refuse it all the same."""

from dataclasses import dataclass

from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.message import Delivery, Direction, Encryption, Message, MessageKind, Operation


@dataclass(frozen=True, slots=True)
class Standing:
    """How a message and we stand in its chat."""

    kind: ChatKind
    has_name: bool = True
    """There is an id by which others know it, or will be as soon as it is sent."""
    on_its_way: bool = False
    """Written, and not known to be at the server."""
    may_talk: bool = True
    """It is no room's, or we are in that room or on our way in."""
    may_moderate: bool = False
    """We are a moderator in a room whose moderators can take messages back."""


def allowed(message: Message, standing: Standing) -> frozenset[Operation]:
    """What may be done with it."""
    here = set() if standing.on_its_way else {Operation.DELETE}
    if message.kind is not MessageKind.TEXT or message.tombstone is not None:
        return frozenset(here)
    if message.delivery is Delivery.FAILED and message.direction is Direction.OUT:
        return frozenset({*here, Operation.RETRY, *({Operation.CORRECT} if _in_clear(message) else set())})
    if not standing.may_talk:
        return frozenset(here)
    if standing.has_name:
        here |= {Operation.REPLY, Operation.REACT}
    if message.direction is Direction.OUT:
        if standing.has_name:
            here.add(Operation.RETRACT)
        if message.stanza_id and _in_clear(message):
            here.add(Operation.CORRECT)
    elif standing.may_moderate and standing.has_name and standing.kind is ChatKind.ROOM:
        here.add(Operation.MODERATE)
    return frozenset(here)


def _in_clear(message: Message) -> bool:
    """Whether a correction would go as the message went: what was encrypted must not be corrected in clear."""
    return message.encryption is Encryption.NONE
