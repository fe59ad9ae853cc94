"""Who may change what was said."""

from dataclasses import replace

import pytest

from tui_xmpp.core.changing import Author, is_moderation, is_proven, may_change, may_react
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.message import Direction, Encryption, Message, MessageKind, Tombstone
from tui_xmpp.model.message_parts import Retraction
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Route

OWN = Address.parse("alice@chat.test")
BOB = Address.parse("bob@chat.test/desk")
EVE = Address.parse("eve@evil.test/x")
ROOM = Address.parse("kitchen@rooms.chat.test")
CAROL_THERE = Address.parse("kitchen@rooms.chat.test/Carol")

ORIGINAL = Message(
    id=1,
    chat=ChatKey(OWN, BOB.bare),
    position=50,
    time=50,
    direction=Direction.IN,
    sender=BOB.bare,
    body="helo",
    stanza_id="m1",
)
IN_ROOM = replace(ORIGINAL, chat=ChatKey(OWN, ROOM), sender=CAROL_THERE, nick="Carol")
FROM_BOB = Author(Direction.IN, BOB.bare)
SEALED = replace(ORIGINAL, encryption=Encryption.OMEMO, device=7)
SEALED_BY_BOB = replace(FROM_BOB, encryption=Encryption.OMEMO, device=7)
FROM_CAROL = Author(Direction.IN, CAROL_THERE)


@pytest.mark.parametrize(
    ("author", "original", "kind", "allowed"),
    [
        (FROM_BOB, ORIGINAL, ChatKind.CONTACT, True),
        (Author(Direction.IN, EVE.bare), ORIGINAL, ChatKind.CONTACT, False),
        (Author(Direction.OUT, OWN), ORIGINAL, ChatKind.CONTACT, False),
        (Author(Direction.OUT, OWN), replace(ORIGINAL, direction=Direction.OUT, sender=OWN), ChatKind.CONTACT, True),
        (FROM_BOB, replace(ORIGINAL, direction=Direction.OUT, sender=OWN), ChatKind.CONTACT, False),
        # The encryption must not change under a message
        (FROM_BOB, replace(ORIGINAL, encryption=Encryption.OMEMO), ChatKind.CONTACT, False),
        (replace(FROM_BOB, encryption=Encryption.OMEMO), ORIGINAL, ChatKind.CONTACT, False),
        # Nor may the key: as long as nothing is proven, the same device may be said to have another one
        (replace(SEALED_BY_BOB, key_id=5), replace(SEALED, key_id=5), ChatKind.CONTACT, True),
        (replace(SEALED_BY_BOB, key_id=6), replace(SEALED, key_id=5), ChatKind.CONTACT, False),
        (replace(SEALED_BY_BOB, key_id=6), SEALED, ChatKind.CONTACT, True),
        (replace(SEALED_BY_BOB, device=8), SEALED, ChatKind.CONTACT, False),
        (FROM_BOB, replace(ORIGINAL, kind=MessageKind.SUBJECT), ChatKind.CONTACT, False),
        # In rooms the occupant-id decides
        (replace(FROM_CAROL, occupant_id="c"), replace(IN_ROOM, occupant_id="c"), ChatKind.ROOM, True),
        (
            replace(FROM_CAROL, occupant_id="c", sender=Address.parse(f"{ROOM}/Caroline")),
            replace(IN_ROOM, occupant_id="c"),
            ChatKind.ROOM,
            True,
        ),
        (replace(FROM_CAROL, occupant_id="d", here_since=0), replace(IN_ROOM, occupant_id="c"), ChatKind.ROOM, False),
        (replace(FROM_CAROL, occupant_id="", here_since=0), replace(IN_ROOM, occupant_id="c"), ChatKind.ROOM, False),
        (replace(FROM_CAROL, occupant_id="c", here_since=0), IN_ROOM, ChatKind.ROOM, False),
        # Without, the nickname, but never after a leave
        (replace(FROM_CAROL, here_since=10), IN_ROOM, ChatKind.ROOM, True),
        (replace(FROM_CAROL, here_since=60), IN_ROOM, ChatKind.ROOM, False),
        (FROM_CAROL, IN_ROOM, ChatKind.ROOM, False),
        (replace(FROM_CAROL, here_since=10), IN_ROOM, ChatKind.PRIVATE, True),
        (replace(FROM_CAROL, here_since=60), IN_ROOM, ChatKind.PRIVATE, False),
    ],
)
def test_only_its_author_corrects_a_message_or_takes_it_back(
    author: Author, original: Message, kind: ChatKind, allowed: bool
) -> None:
    assert may_change(author, original, kind) is allowed


@pytest.mark.parametrize(
    ("author", "kind", "proven"),
    [
        (FROM_BOB, ChatKind.CONTACT, True),
        (replace(FROM_CAROL, direction=Direction.OUT), ChatKind.ROOM, True),
        (replace(FROM_CAROL, occupant_id="c"), ChatKind.ROOM, True),
        (replace(FROM_CAROL, here_since=0), ChatKind.PRIVATE, True),
        (FROM_CAROL, ChatKind.ROOM, False),
        (FROM_CAROL, ChatKind.PRIVATE, False),
    ],
)
def test_a_nickname_alone_proves_nothing_of_what_comes_later(author: Author, kind: ChatKind, proven: bool) -> None:
    assert is_proven(author, kind) is proven


@pytest.mark.parametrize(
    ("original", "may"),
    [
        (ORIGINAL, True),
        (replace(ORIGINAL, kind=MessageKind.SUBJECT), False),
        (replace(ORIGINAL, tombstone=Tombstone(60)), False),
    ],
)
def test_nobody_reacts_to_what_is_no_text(original: Message, may: bool) -> None:
    assert may_react(original) is may


MODERATION = MessageReceived(
    Route.LIVE, ROOM, ROOM, OWN, MessageType.GROUPCHAT, retraction=Retraction("a1", moderated=True, by=CAROL_THERE)
)


@pytest.mark.parametrize(
    ("message", "kind", "believed"),
    [
        (MODERATION, ChatKind.ROOM, True),
        (replace(MODERATION, sender=CAROL_THERE), ChatKind.ROOM, False),
        (replace(MODERATION, retraction=Retraction("a1")), ChatKind.ROOM, False),
        (replace(MODERATION, type=MessageType.CHAT), ChatKind.ROOM, False),
        (replace(MODERATION, type=MessageType.CHAT), ChatKind.CONTACT, False),
        (replace(MODERATION, type=MessageType.CHAT, sender=CAROL_THERE), ChatKind.PRIVATE, False),
        (replace(MODERATION, type=MessageType.CHAT, sender=BOB.bare), ChatKind.CONTACT, False),
    ],
)
def test_only_the_room_itself_moderates(message: MessageReceived, kind: ChatKind, believed: bool) -> None:
    assert is_moderation(message, kind) is believed
