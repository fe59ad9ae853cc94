"""What a hostile contact, room or server claims is not believed: signals that no honest server sends, by hand.

The engine is real and its store too; only the line is missing, since what is fed in here is what would come over it.
"""

import asyncio
from dataclasses import replace

import pytest

from tests.engines import Client
from tui_xmpp.core import typing_states
from tui_xmpp.core.clock import now
from tui_xmpp.core.session import Session
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.commands import SendMessage
from tui_xmpp.model.events import MessageAdded, MessageChanged, ProblemRaised
from tui_xmpp.model.message import Delivery, Direction, Encryption
from tui_xmpp.model.message_parts import Invitation, StanzaId
from tui_xmpp.model.stanzas import (
    ChatState,
    MessageReceived,
    MessageType,
    RosterItem,
    RosterPushed,
    Route,
    StreamBegun,
    SubscriptionAction,
    SubscriptionReceived,
)

OWN = Address.parse("alice@chat.test")
OWN_HERE = Address.parse("alice@chat.test/here")
BOB = Address.parse("bob@chat.test/desk")
EVE = Address.parse("eve@evil.test/x")
ROOM = Address.parse("kitchen@rooms.chat.test")
CAROL = Address.parse("kitchen@rooms.chat.test/Carol")

TEXT = MessageReceived(Route.LIVE, BOB, BOB, OWN_HERE, MessageType.CHAT, id="m1", body="helo")


def session(client: Client) -> Session:
    return client.engine._of(client.account)


async def feed(client: Client, *signals: MessageReceived | SubscriptionReceived | RosterPushed) -> None:
    """Let signals come in, and wait until all they lead to is stored and told."""
    for signal in signals:
        session(client).receive(signal)
    await session(client).committed()
    await asyncio.sleep(0)
    await asyncio.sleep(0)


def texts(client: Client, peer: Address) -> list[str]:
    return client.bodies(peer)


async def test_a_forged_carbon_is_ignored(alice: Client) -> None:
    inner = replace(TEXT, route=Route.CARBON_RECEIVED, outer_sender=EVE)
    sent = replace(TEXT, route=Route.CARBON_SENT, outer_sender=EVE, sender=OWN_HERE, recipient=BOB)
    await feed(alice, inner, sent)
    assert alice.engine.chats() == ()
    await feed(alice, replace(inner, outer_sender=OWN))
    assert texts(alice, BOB.bare) == ["helo"]


async def test_a_rooms_message_from_where_we_are_not_is_ignored(alice: Client) -> None:
    await feed(alice, MessageReceived(Route.LIVE, CAROL, CAROL, OWN_HERE, MessageType.GROUPCHAT, body="hi"))
    assert alice.engine.chats() == ()


async def test_its_author_corrects_a_message(alice: Client) -> None:
    await feed(alice, TEXT, replace(TEXT, id="m2", body="hello", replaces="m1"))
    (message,) = alice.history(BOB.bare)
    assert (message.body, message.edited) == ("hello", True)
    assert [version.body for version in alice.store.messages.versions(message.id)] == ["helo", "hello"]
    assert [event.message.body for event in alice.told(MessageChanged)] == ["hello"]
    assert alice.engine.chats()[0].unread == 1


async def test_a_correction_from_another_sender_is_a_new_message(alice: Client) -> None:
    await feed(alice, TEXT)
    eve = replace(TEXT, outer_sender=EVE, sender=EVE, id="m2", body="I owe Eve money", replaces="m1")
    await feed(alice, eve)
    assert texts(alice, BOB.bare) == ["helo"]
    assert texts(alice, EVE.bare) == ["I owe Eve money"]


@pytest.mark.parametrize("body", ["I sent you an OpenPGP encrypted message.", None])
@pytest.mark.parametrize("namespace", ["jabber:x:encrypted", "urn:xmpp:openpgp:0"])
async def test_what_is_encrypted_with_openpgp_is_said_to_be_so(alice: Client, namespace: str, body: str | None) -> None:
    await feed(alice, replace(TEXT, body=body, encrypted=namespace))
    (message,) = alice.history(BOB.bare)
    assert message.body == "This message is encrypted with OpenPGP and cannot be read here."
    assert message.encryption is Encryption.UNREADABLE
    assert alice.engine.chats()[0].unread == 1


async def test_a_correction_that_would_change_the_encryption_is_a_new_message(alice: Client) -> None:
    await feed(alice, TEXT, replace(TEXT, id="m2", replaces="m1", encrypted="eu.siacs.conversations.axolotl"))
    first, second = alice.history(BOB.bare)
    assert (first.body, first.edited) == ("helo", False)
    assert second.encryption is Encryption.UNREADABLE
    assert "cannot be read" in second.body


async def test_a_correction_before_its_original_waits_where_an_archive_can_bring_it(alice: Client) -> None:
    correction = replace(TEXT, id="m2", body="hello", replaces="m1")
    session(alice).context.has_archive = True
    await feed(alice, correction)
    assert texts(alice, BOB.bare) == []
    await feed(alice, TEXT)
    assert texts(alice, BOB.bare) == ["hello"]


async def test_without_an_archive_such_a_correction_is_shown(alice: Client) -> None:
    await feed(alice, replace(TEXT, id="m2", body="hello", replaces="m1"))
    assert texts(alice, BOB.bare) == ["hello"]


async def test_a_private_message_of_a_room_is_no_contacts(alice: Client) -> None:
    session(alice).rooms.model(ROOM)
    private = replace(TEXT, outer_sender=CAROL, sender=CAROL, body="psst")
    await feed(alice, private)
    (chat,) = alice.engine.chats()
    assert (chat.key.peer, chat.kind) == (CAROL, ChatKind.PRIVATE)


async def test_a_message_without_a_room_we_know_is_private_if_it_says_so(alice: Client) -> None:
    await feed(alice, replace(TEXT, outer_sender=CAROL, sender=CAROL, is_private=True))
    assert alice.engine.chats()[0].kind is ChatKind.PRIVATE


async def test_a_receipt_counts_only_from_whom_we_wrote_to(alice: Client) -> None:
    await alice.say(BOB.bare, "bread?")
    (message,) = alice.history(BOB.bare)
    assert message.delivery is Delivery.PENDING
    receipt = replace(TEXT, id="r1", body=None, receipt_for=message.stanza_id)
    await feed(alice, replace(receipt, outer_sender=EVE, sender=EVE))
    assert alice.history(BOB.bare)[0].delivery is Delivery.PENDING
    await feed(alice, receipt)
    assert alice.history(BOB.bare)[0].delivery is Delivery.DELIVERED
    await feed(alice, replace(receipt, receipt_for="", displayed=message.stanza_id))
    assert alice.history(BOB.bare)[0].delivery is Delivery.DISPLAYED
    # A late error of one device changes nothing for what another one has read.
    await feed(alice, replace(TEXT, type=MessageType.ERROR, id=message.stanza_id, body=None, error="gone"))
    assert alice.history(BOB.bare)[0].delivery is Delivery.DISPLAYED


async def test_an_error_counts_only_from_whom_we_wrote_to(alice: Client) -> None:
    await alice.say(BOB.bare, "bread?")
    (message,) = alice.history(BOB.bare)
    error = replace(TEXT, type=MessageType.ERROR, id=message.stanza_id, body="bread?", error="There is nobody.")
    await feed(alice, replace(error, outer_sender=EVE, sender=EVE))
    assert alice.history(BOB.bare)[0].delivery is Delivery.PENDING
    await feed(alice, error)
    (message,) = alice.history(BOB.bare)
    assert (message.delivery, message.error) == (Delivery.FAILED, "There is nobody.")


async def test_a_date_in_the_future_is_clamped(alice: Client) -> None:
    await feed(alice, replace(TEXT, delay=2**62, delay_by=Address("chat.test")))
    assert alice.history(BOB.bare)[0].time <= now() + 61_000_000


async def test_the_same_message_by_carbon_and_archive_is_one(alice: Client) -> None:
    session(alice).context.assigns_ids = True
    live = replace(TEXT, delay=None)
    carbon = replace(live, route=Route.CARBON_RECEIVED, outer_sender=OWN)
    await feed(alice, live, carbon, live)
    assert texts(alice, BOB.bare) == ["helo"]
    assert len(alice.told(MessageAdded)) == 1


async def test_a_typing_state_ends_by_itself(alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typing_states, "EXPIRY", 0.05)
    await feed(alice, replace(TEXT, body=None, chat_state=ChatState.COMPOSING))
    key = ChatKey(OWN, BOB.bare)
    assert alice.engine.typing(key) == (str(BOB.bare),)
    await alice.until(lambda: alice.engine.typing(key) == ())


async def test_nobody_can_show_endless_people_writing(alice: Client) -> None:
    room = session(alice).rooms.model(ROOM)
    room.begin_entering()
    room.entered()
    writing = MessageReceived(Route.LIVE, CAROL, CAROL, OWN_HERE, MessageType.GROUPCHAT, chat_state=ChatState.COMPOSING)
    for number in range(200):
        nick = ROOM.with_resource(f"n{number}")
        await feed(alice, replace(writing, outer_sender=nick, sender=nick))
    assert len(alice.engine.typing(room.key)) == 50
    room.left()


async def test_one_sender_cannot_fill_the_requests(alice: Client) -> None:
    for number in range(30):
        room = Address.parse(f"room{number}@rooms.evil.test")
        invitation = Invitation(room, EVE, reason="come", direct=True)
        await feed(alice, replace(TEXT, outer_sender=EVE, sender=EVE, body="come", invitation=invitation))
    assert len(alice.engine.requests()) == 3
    assert alice.engine.chats() == ()


async def test_a_request_taken_back_is_gone(alice: Client) -> None:
    await feed(alice, SubscriptionReceived(BOB.bare, SubscriptionAction.SUBSCRIBE, "it is me"))
    assert [request.text for request in alice.engine.requests()] == ["it is me"]
    await feed(alice, SubscriptionReceived(BOB.bare, SubscriptionAction.SUBSCRIBE, "again"))
    assert len(alice.engine.requests()) == 1
    await feed(alice, SubscriptionReceived(BOB.bare, SubscriptionAction.UNSUBSCRIBE))
    assert alice.engine.requests() == ()


async def test_what_we_cannot_deal_with_is_told_and_the_next_is_dealt_with(alice: Client) -> None:
    session(alice).receive(object())  # type: ignore[arg-type]  # what no parser makes
    await feed(alice, TEXT)
    (problem,) = alice.told(ProblemRaised)
    assert problem.account == OWN
    assert texts(alice, BOB.bare) == ["helo"]


async def test_a_write_that_fails_takes_no_other_with_it(alice: Client) -> None:
    def fail(_writes: object) -> None:
        raise ValueError("on purpose")

    session(alice).receive(TEXT)
    session(alice).context.pen.write_soon(fail)
    session(alice).receive(replace(TEXT, id="m2", body="hello"))
    await alice.until(lambda: texts(alice, BOB.bare) == ["helo", "hello"])
    await alice.until(lambda: [event.message.body for event in alice.told(MessageAdded)] == ["helo", "hello"])
    assert alice.told(ProblemRaised)


async def test_a_contact_pushed_is_in_the_list_and_titles_the_chat(alice: Client) -> None:
    await feed(alice, TEXT, RosterPushed(RosterItem(BOB.bare, "Bobby")))
    assert [contact.title for contact in alice.engine.contacts()] == ["Bobby"]
    assert alice.engine.chats()[0].title == "Bobby"
    await feed(alice, RosterPushed(RosterItem(BOB.bare, removed=True)))
    assert alice.engine.contacts() == ()


async def test_a_rooms_reflection_that_a_resumed_stream_brings_with_a_stamp_is_ours(alice: Client) -> None:
    room = session(alice).rooms.model(ROOM)
    room.begin_entering()
    room.entered()
    await alice.do(SendMessage(alice.key(ROOM), "hello"))
    (sent,) = alice.history(ROOM)
    assert (sent.direction, sent.delivery) == (Direction.OUT, Delivery.PENDING)
    reflection = MessageReceived(
        Route.LIVE,
        sent.sender,
        sent.sender,
        OWN_HERE,
        MessageType.GROUPCHAT,
        id=sent.stanza_id,
        origin_id=sent.origin_id,
        body="hello",
        delay=now(),
        delay_by=Address("chat.test"),
    )
    await feed(alice, replace(reflection, sender=CAROL, outer_sender=CAROL), reflection)
    assert [(message.sender, message.direction) for message in alice.history(ROOM)] == [
        (CAROL, Direction.IN),
        (sent.sender, Direction.OUT),
    ]
    assert alice.history(ROOM)[1].delivery is Delivery.SENT


async def test_what_comes_while_a_new_stream_is_set_up_follows_on_a_gap(alice: Client) -> None:
    session(alice).context.assigns_ids = True

    def live(name: str) -> MessageReceived:
        return replace(TEXT, id=name, body=name, stanza_ids=(StanzaId(OWN, name),))

    await feed(alice, live("a1"), live("a2"))
    session(alice).receive(StreamBegun())
    await feed(alice, live("a8"), live("a9"))

    def held() -> list[tuple[str, str]]:
        return [(span.oldest_id, span.newest_id) for span in alice.store.archives.spans(OWN, OWN)]

    await alice.until(lambda: held() == [("a8", "a8"), ("a1", "a1")])


async def test_messages_of_others_are_never_ours(alice: Client) -> None:
    forged = replace(TEXT, sender=BOB, recipient=OWN_HERE, origin_id="x")
    await feed(alice, forged)
    assert alice.history(BOB.bare)[0].direction is Direction.IN
