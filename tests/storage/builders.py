"""Short ways to say who writes what, for the tests of the store."""

from dataclasses import replace

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.message import Delivery, Direction, Encryption, Message
from tui_xmpp.storage.cipher import Key
from tui_xmpp.storage.values import Change, NewMessage, NewOperation
from tui_xmpp.storage.writes import Writes

ME = Address.parse("me@example.org")
OTHER_ME = Address.parse("other@example.net")
BOB = Address.parse("bob@example.org")
EVE = Address.parse("eve@example.org")
ROOM = Address.parse("room@muc.example.org")
BOBS = ChatKey(ME, BOB)
EVES = ChatKey(ME, EVE)
ROOMS = ChatKey(ME, ROOM)

KEY = Key(bytes(range(32)))
KEYS = {"plain": None, "encrypted": KEY}
"""With and without encryption."""

SECOND = 1_000_000
NOON = 1_790_000_000 * SECOND
"""A whole second."""


def incoming(body: str = "Hello", **changes: object) -> NewMessage:
    """A message from Bob."""
    new = NewMessage(
        key=BOBS, kind=ChatKind.CONTACT, direction=Direction.IN, sender=BOB, body=body, time=NOON, stanza_id="s1"
    )
    return replace(new, **changes)  # type: ignore[arg-type]  # any field may be changed


def outgoing(body: str = "Hello", **changes: object) -> NewMessage:
    """A message to Bob that has not been sent yet."""
    new = NewMessage(
        key=BOBS,
        kind=ChatKind.CONTACT,
        direction=Direction.OUT,
        sender=ME,
        body=body,
        time=NOON,
        delivery=Delivery.PENDING,
        stanza_id="o1",
        origin_id="o1",
    )
    return replace(new, **changes)  # type: ignore[arg-type]  # any field may be changed


def in_room(body: str = "Hello", nick: str = "bob", **changes: object) -> NewMessage:
    """A message of an occupant."""
    new = NewMessage(
        key=ROOMS,
        kind=ChatKind.ROOM,
        direction=Direction.IN,
        sender=ROOM.with_resource(nick),
        nick=nick,
        body=body,
        time=NOON,
        stanza_id="r1",
    )
    return replace(new, **changes)  # type: ignore[arg-type]  # any field may be changed


def archived(new: NewMessage, archive_id: str, archive: Address = ME) -> NewMessage:
    """The same message as an archive has it."""
    return replace(new, archive_ids=(*new.archive_ids, (archive, archive_id)), from_archive=True)


def operation(change: Change, target: str = "s1", **changes: object) -> NewOperation:
    """Something that Bob does with a message of the chat with him."""
    new = NewOperation(
        key=BOBS,
        kind=ChatKind.CONTACT,
        change=change,
        target=target,
        direction=Direction.IN,
        sender=BOB,
        time=NOON + SECOND,
        stanza_id="x1",
    )
    return replace(new, **changes)  # type: ignore[arg-type]  # any field may be changed


def correct(
    writes: Writes,
    key: ChatKey,
    replaces: str,
    *,
    sender: Address,
    body: str,
    time: int,
    occupant_id: str = "",
    stanza_id: str = "",
    encryption: Encryption = Encryption.NONE,
    hold: bool = True,
) -> Message | None:
    """Correct a message."""
    correction = operation(
        Change.CORRECTION,
        replaces,
        key=key,
        direction=Direction.OUT if sender == key.account else Direction.IN,
        sender=sender,
        body=body,
        time=time,
        occupant_id=occupant_id,
        stanza_id=stanza_id,
        encryption=encryption,
    )
    return writes.operate(correction, hold=hold)
