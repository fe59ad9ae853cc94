"""The second act of the story: answers, reactions, corrections, and messages that were taken back.

It goes on where `scene` ends, at 10:42, and tells the same in the kitchen and in the chat with Mara.
"""

from dataclasses import replace

from tests.ui.scene import HOME, KITCHEN, KITCHEN_KEY, MARA, MARA_KEY, at, ours, said, theirs
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.message import Delivery, Direction
from tui_xmpp.storage.values import Change, NewMessage, NewOperation, NewReply
from tui_xmpp.storage.writes import Writes

PIZZA, DOUGH, FLOUR, WINE = (
    f"in-{at(1, 18, 2)}", f"in-{at(1, 18, 5)}", f"in-{at(1, 18, 5, 30)}", f"out-{at(0, 10, 38)}",
)  # fmt: skip
"""Ids of what was said in the kitchen before."""

SEVEN = f"in-{at(0, 10, 42, 20)}"
"""Id of what Mara said last."""


def answering(message: NewMessage, target: str, quoted: str = "") -> NewMessage:
    """The message as an answer to another one."""
    return replace(message, reply=NewReply(target, quoted=quoted))


def done(nick: str, change: Change, target: str, body: str = "", **more: object) -> NewOperation:
    """Something that somebody in the kitchen, or the kitchen itself, did with a message."""
    sender = KITCHEN.with_resource(nick) if nick else KITCHEN
    return _operation(KITCHEN_KEY, ChatKind.ROOM, sender, change, target, body, nick, more)


def mara_did(change: Change, target: str, body: str = "", **more: object) -> NewOperation:
    """Something that Mara did in her chat."""
    return _operation(MARA_KEY, ChatKind.CONTACT, MARA, change, target, body, "", more)


def we_did(key: ChatKey, kind: ChatKind, change: Change, target: str, body: str = "", **more: object) -> NewOperation:
    """Something that Alice did, and that is on the server."""
    own = KITCHEN.with_resource("Alice") if kind is ChatKind.ROOM else HOME
    operation = _operation(key, kind, own, change, target, body, "Alice" if kind is ChatKind.ROOM else "", more)
    return replace(operation, direction=Direction.OUT)


def _operation(
    key: ChatKey,
    kind: ChatKind,
    sender: Address,
    change: Change,
    target: str,
    body: str,
    nick: str,
    more: dict[str, object],
) -> NewOperation:
    emojis = tuple(str(more.get("emojis", "")).split())
    return NewOperation(
        key, kind, change, target, Direction.IN, sender, at(0, 10, 42, 30), body=body, emojis=emojis, nick=nick,
        moderator=str(more.get("moderator", "")), stanza_id=f"op-{change}-{target}-{sender}",
    )  # fmt: skip


def tell(writes: Writes) -> None:
    """Go on with the story."""
    room = ChatKind.ROOM
    for message in (
        answering(ours(KITCHEN_KEY, room, "I roll it out, then.", at(0, 10, 42, 31)), DOUGH),
        said("Theo", "this was for another window", at(0, 10, 42, 32)),
        said("Kofi", "CHEAP PANS!!!", at(0, 10, 42, 33)),
        answering(said("Juno", "me!", at(0, 10, 42, 34)), "lost", "who has the big bowl?"),
        answering(ours(MARA_KEY, ChatKind.CONTACT, "at seven!", at(0, 10, 42, 31), Delivery.DISPLAYED), SEVEN),
        theirs(MARA_KEY, ChatKind.CONTACT, MARA, "bring the dog", at(0, 10, 42, 32)),
        theirs(MARA_KEY, ChatKind.CONTACT, MARA, "pasword: secret", at(0, 10, 42, 33)),
    ):
        writes.add_message(message)
    for nick, emojis in (("Juno", "🍕 👍"), ("Theo", "🍕"), ("Ines", "🍕")):
        writes.operate(done(nick, Change.REACTIONS, PIZZA, emojis=emojis))
    writes.operate(we_did(KITCHEN_KEY, room, Change.REACTIONS, PIZZA, emojis="👍"))
    writes.operate(done("Juno", Change.CORRECTION, FLOUR, "And flour 🌾, and the good tomatoes from the market."))
    writes.operate(done("Mara", Change.REACTIONS, WINE, emojis="🍷"))
    writes.operate(done("Theo", Change.RETRACTION, f"in-{at(0, 10, 42, 32)}"))
    writes.operate(done("", Change.MODERATION, f"in-{at(0, 10, 42, 33)}", "this is a kitchen", moderator="Mara"))
    writes.operate(mara_did(Change.REACTIONS, f"out-{at(0, 10, 42, 31)}", emojis="❤️"))
    writes.operate(we_did(MARA_KEY, ChatKind.CONTACT, Change.REACTIONS, f"in-{at(0, 10, 42, 32)}", emojis="🐕"))
    writes.operate(mara_did(Change.RETRACTION, f"in-{at(0, 10, 42, 33)}"))
