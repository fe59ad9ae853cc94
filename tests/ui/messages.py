"""Messages made quickly, for tests of pure things."""

from dataclasses import replace

from tests.ui.scene import HOME, KITCHEN, KITCHEN_KEY, MARA, MARA_KEY, at
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.message import Delivery, Direction, Message
from tui_xmpp.ui.history.voices import Voices

SECOND = 1_000_000
MINUTE = 60 * SECOND
NOON = at(0, 9, 0)


def message(number: int, body: str = "hello", *, nick: str = "Juno", time: int | None = None) -> Message:
    """Somebody in the kitchen says something, a minute after the message before."""
    when = NOON + number * MINUTE if time is None else time
    return Message(number, KITCHEN_KEY, when, when, Direction.IN, KITCHEN.with_resource(nick), body, nick=nick)


def own(number: int, body: str = "hello", delivery: Delivery = Delivery.SENT, error: str = "") -> Message:
    """Alice says something in the kitchen."""
    return replace(message(number, body), direction=Direction.OUT, sender=HOME, nick="", delivery=delivery, error=error)


def kitchen_voices() -> Voices:
    """The names in the kitchen."""
    return Voices(KITCHEN_KEY, ChatKind.ROOM, "", "Alice")


def mara_voices() -> Voices:
    """The names in the chat with Mara."""
    return Voices(MARA_KEY, ChatKind.CONTACT, "Mara", "")


def from_mara(number: int, body: str) -> Message:
    """Mara says something."""
    return replace(message(number, body), chat=MARA_KEY, sender=MARA, nick="")
