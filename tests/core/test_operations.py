"""What others do with messages, our own other devices among them; and what is not theirs to do."""

from dataclasses import replace

import pytest

from tests.core.signals import (
    ALICE_THERE,
    BOB,
    CAROL,
    DAVE,
    EVE,
    FROM_PHONE,
    IN_ROOM,
    OWN_HERE,
    ROOM,
    TEXT,
    feed,
    in_room,
    only,
    session,
)
from tests.engines import Client
from tui_xmpp.core.clock import now
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import MarkRead
from tui_xmpp.model.events import MessageAdded, MessageChanged
from tui_xmpp.model.message import Direction, Encryption, Quote, Reaction
from tui_xmpp.model.message_parts import Fallback, Reactions, ReplyTo, Retraction
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Route

REPLY = "urn:xmpp:reply:0"
NOTICE = "Bob took a message back, but this client cannot remove it."
RETRACTION = replace(
    TEXT, id="r1", body=NOTICE, retraction=Retraction("m1"), fallbacks=(Fallback("urn:xmpp:message-retract:1"),)
)
REACTION = replace(TEXT, id="r1", body=None, reactions=Reactions("m1", ("👍",)))
MODERATION = MessageReceived(
    Route.LIVE,
    ROOM,
    ROOM,
    OWN_HERE,
    MessageType.GROUPCHAT,
    id="mod1",
    retraction=Retraction("a1", moderated=True, by=DAVE, reason="spam"),
)


class TestReactions:
    async def test_one_is_shown_under_the_message_and_is_no_message(self, alice: Client) -> None:
        await feed(alice, TEXT)
        await alice.do(MarkRead(alice.key(BOB.bare)))
        await feed(alice, replace(REACTION, body="👍", fallbacks=(Fallback("urn:xmpp:reactions:0"),)))
        assert only(alice, BOB.bare).reactions == (Reaction("👍", ("",)),)
        assert alice.engine.chats()[0].unread == 0
        assert [event.message.reactions for event in alice.told(MessageChanged)][-1] == (Reaction("👍", ("",)),)
        assert len(alice.told(MessageAdded)) == 1

    async def test_a_text_beside_it_is_a_message_of_its_own(self, alice: Client) -> None:
        await feed(alice, TEXT, replace(REACTION, body="I like it"))
        first, second = alice.history(BOB.bare)
        assert [reaction.emoji for reaction in first.reactions] == ["👍"]
        assert second.body == "I like it"

    async def test_those_of_another_device_are_ours(self, alice: Client) -> None:
        await feed(alice, TEXT, replace(FROM_PHONE, body=None, reactions=Reactions("m1", ("❤",))))
        assert only(alice, BOB.bare).reactions == (Reaction("❤", own=True),)

    async def test_one_to_another_chats_message_does_nothing(self, alice: Client) -> None:
        await feed(alice, TEXT, replace(REACTION, sender=EVE, outer_sender=EVE))
        assert only(alice, BOB.bare).reactions == ()
        assert [chat.key.peer for chat in alice.engine.chats()] == [BOB.bare]

    async def test_in_rooms_the_message_is_named_by_the_rooms_id(self, alice: Client) -> None:
        in_room(alice)
        reaction = replace(IN_ROOM, id="r1", body=None, stanza_ids=(), reactions=Reactions("m1", ("👍",)))
        await feed(alice, IN_ROOM, reaction)
        assert only(alice, ROOM).reactions == ()
        await feed(alice, replace(reaction, reactions=Reactions("a1", ("👍",))))
        assert only(alice, ROOM).reactions == (Reaction("👍", ("Carol",)),)

    async def test_in_rooms_without_ids_by_its_own(self, alice: Client) -> None:
        in_room(alice).assigns_ids = False
        reaction = replace(IN_ROOM, id="r1", body=None, stanza_ids=(), reactions=Reactions("m1", ("👍",)))
        await feed(alice, IN_ROOM, reaction)
        assert only(alice, ROOM).reactions == (Reaction("👍", ("Carol",)),)

    async def test_who_has_another_nickname_now_is_the_same(self, alice: Client) -> None:
        in_room(alice)
        carol = replace(IN_ROOM, id="r1", body=None, stanza_ids=(), reactions=Reactions("a1", ("👍",)))
        caroline = replace(carol, id="r2", sender=ROOM.with_resource("Caroline"), reactions=Reactions("a1", ("❤",)))
        await feed(alice, IN_ROOM, carol, caroline)
        assert only(alice, ROOM).reactions == (Reaction("❤", ("Caroline",)),)


class TestAnswers:
    ANSWER = replace(
        TEXT,
        id="m2",
        body="> helo\nhi",
        reply_to=ReplyTo("m1", BOB),
        fallbacks=(Fallback(REPLY, 0, 7),),
    )

    async def test_the_quotation_is_cut_since_the_quote_is_drawn(self, alice: Client) -> None:
        await feed(alice, TEXT, self.ANSWER)
        first, second = alice.history(BOB.bare)
        assert (second.body, second.reply) == ("hi", Quote(first.id, text="helo"))
        assert alice.engine.whole_text(second.id) == "> helo\nhi"
        preview = alice.engine.chats()[0].preview
        assert preview is not None
        assert preview.text == "hi"

    async def test_without_its_original_the_quotation_is_the_quote(self, alice: Client) -> None:
        await feed(alice, self.ANSWER)
        assert only(alice, BOB.bare).reply == Quote(None, text="helo")

    @pytest.mark.parametrize(
        "changes",
        [
            {"reply_to": None},
            {"fallbacks": (Fallback("urn:example:other", 0, 7),)},
            {"fallbacks": (Fallback("", 0, 7),)},
            {"fallbacks": (Fallback(REPLY),)},
            {"fallbacks": ()},
        ],
    )
    async def test_only_what_stands_for_the_quote_is_cut(self, alice: Client, changes: dict[str, object]) -> None:
        await feed(alice, replace(self.ANSWER, **changes))  # type: ignore[arg-type]  # any field may be changed
        assert only(alice, BOB.bare).body == "> helo\nhi"

    async def test_the_quote_follows_its_original(self, alice: Client) -> None:
        await feed(alice, TEXT, self.ANSWER, replace(TEXT, id="m3", body="hello", replaces="m1"))
        assert alice.history(BOB.bare)[1].reply == Quote(alice.history(BOB.bare)[0].id, text="hello")
        assert [event.message.body for event in alice.told(MessageChanged)] == ["hello", "hi"]
        await feed(alice, RETRACTION)
        assert alice.history(BOB.bare)[1].reply == Quote(alice.history(BOB.bare)[0].id)

    async def test_a_corrected_answer_stays_one_and_its_quotation_is_cut_again(self, alice: Client) -> None:
        await feed(alice, TEXT, self.ANSWER)
        again = replace(self.ANSWER, id="m3", body="> helo\nhi!", replaces="m2", reply_to=None)
        await feed(alice, again)
        answer = alice.history(BOB.bare)[1]
        assert (answer.body, answer.edited, answer.reply) == (
            "hi!",
            True,
            Quote(alice.history(BOB.bare)[0].id, text="helo"),
        )

    async def test_in_rooms_the_original_is_named_by_the_rooms_id(self, alice: Client) -> None:
        in_room(alice)
        wrong = replace(IN_ROOM, id="m2", body="hi", stanza_ids=(), reply_to=ReplyTo("m1"))
        await feed(alice, IN_ROOM, wrong, replace(wrong, id="m3", body="ho", reply_to=ReplyTo("a1")))
        first, second, third = alice.history(ROOM)
        assert second.reply == Quote(None)
        assert third.reply == Quote(first.id, "Carol", text="helo")


class TestCorrections:
    async def test_it_makes_nothing_unread_and_looks_for_our_name_again(self, alice: Client) -> None:
        in_room(alice)
        await feed(alice, IN_ROOM)
        correction = replace(IN_ROOM, id="m2", body="hello, Alice", replaces="m1", stanza_ids=())
        await feed(alice, correction)
        chat = alice.engine.chat(alice.key(ROOM))
        assert chat is not None
        assert (chat.unread, chat.mentions) == (1, 1)
        assert only(alice, ROOM).mentions_us
        await alice.do(MarkRead(alice.key(ROOM)))
        await feed(alice, replace(correction, id="m3", body="hello"))
        chat = alice.engine.chat(alice.key(ROOM))
        assert chat is not None
        assert (chat.unread, chat.mentions, only(alice, ROOM).mentions_us) == (0, 0, False)

    async def test_any_of_our_own_by_another_device(self, alice: Client) -> None:
        later = [replace(FROM_PHONE, id=f"p{number}", body=f"{number}") for number in range(2, 5)]
        correction = replace(FROM_PHONE, id="c1", body="hello", replaces="p1")
        await feed(alice, FROM_PHONE, *later, correction)
        assert alice.bodies(BOB.bare) == ["hello", "2", "3", "4"]

    async def test_by_nickname_alone_nothing_waits(self, alice: Client) -> None:
        room = in_room(alice)
        room.has_occupant_ids = False
        delayed = replace(IN_ROOM, delay=now(), delay_by=ROOM, occupant_id="")
        await feed(alice, replace(delayed, id="m2", body="forged", replaces="m1", stanza_ids=()), delayed)
        assert sorted(alice.bodies(ROOM)) == ["forged", "helo"]


class TestRetraction:
    async def test_its_author_takes_a_message_back(self, alice: Client) -> None:
        await feed(alice, TEXT, RETRACTION, TEXT, RETRACTION)
        message = only(alice, BOB.bare)
        assert (message.body, message.tombstone is not None) == ("", True)
        assert message.tombstone is not None
        assert not message.tombstone.moderated
        assert alice.engine.chats()[0].unread == 0

    async def test_it_waits_for_its_message(self, alice: Client) -> None:
        await feed(alice, RETRACTION)
        assert alice.history(BOB.bare) == ()
        await feed(alice, TEXT)
        assert only(alice, BOB.bare).tombstone is not None

    async def test_a_correction_of_what_was_taken_back_changes_nothing(self, alice: Client) -> None:
        await feed(alice, TEXT, RETRACTION, replace(TEXT, id="m2", body="hello", replaces="m1"))
        assert only(alice, BOB.bare).body == ""

    @pytest.mark.parametrize(
        "forged",
        [
            replace(RETRACTION, sender=EVE, outer_sender=EVE),
            replace(RETRACTION, encrypted="eu.siacs.conversations.axolotl"),
            replace(RETRACTION, retraction=Retraction("m1", moderated=True)),
            replace(RETRACTION, type=MessageType.ERROR),
            replace(FROM_PHONE, body=None, retraction=Retraction("m1")),
        ],
    )
    async def test_nobody_else_does(self, alice: Client, forged: MessageReceived) -> None:
        await feed(alice, TEXT, forged)
        assert [message.body for message in alice.history(BOB.bare)][:1] == ["helo"]
        assert alice.history(BOB.bare)[0].tombstone is None

    async def test_ours_of_another_device(self, alice: Client) -> None:
        gone = replace(FROM_PHONE, id="p2", body=None, retraction=Retraction("p1"))
        await feed(alice, FROM_PHONE, gone)
        assert only(alice, BOB.bare).tombstone is not None

    @pytest.mark.parametrize(("occupant_id", "gone"), [("carol", True), ("dave", False), ("", False)])
    async def test_in_rooms_the_occupant_id_decides(self, alice: Client, occupant_id: str, gone: bool) -> None:
        in_room(alice)
        retraction = replace(IN_ROOM, id="r1", body=None, retraction=Retraction("a1"), stanza_ids=())
        await feed(alice, IN_ROOM, replace(retraction, occupant_id=occupant_id))
        assert (only(alice, ROOM).tombstone is not None) is gone

    async def test_old_clients_name_the_origin_id_in_rooms_too(self, alice: Client) -> None:
        in_room(alice)
        await feed(alice, replace(IN_ROOM, origin_id="o1"))
        await feed(alice, replace(IN_ROOM, id="r1", body=None, retraction=Retraction("o1"), stanza_ids=()))
        assert only(alice, ROOM).tombstone is not None


class TestModeration:
    async def test_the_room_takes_a_message_back_and_says_who_and_why(self, alice: Client) -> None:
        in_room(alice)
        await feed(alice, IN_ROOM, MODERATION)
        tombstone = only(alice, ROOM).tombstone
        assert tombstone is not None
        assert (tombstone.moderated, tombstone.by, tombstone.reason) == (True, "Dave", "spam")

    async def test_who_is_named_by_an_occupant_id_is_called_by_the_nickname(self, alice: Client) -> None:
        in_room(alice)
        by_id = Retraction("a1", moderated=True, by_occupant_id="carol")
        await feed(alice, IN_ROOM, replace(MODERATION, retraction=by_id))
        tombstone = only(alice, ROOM).tombstone
        assert tombstone is not None
        assert tombstone.by == "Carol"

    async def test_no_occupant_does(self, alice: Client) -> None:
        in_room(alice)
        forged = [
            replace(MODERATION, sender=DAVE, outer_sender=DAVE),
            replace(MODERATION, sender=CAROL, outer_sender=CAROL, occupant_id="carol"),
            replace(MODERATION, type=MessageType.CHAT),
            replace(MODERATION, type=MessageType.CHAT, sender=DAVE, outer_sender=DAVE),
        ]
        await feed(alice, IN_ROOM, *forged)
        assert only(alice, ROOM).body == "helo"

    async def test_nor_in_another_room(self, alice: Client) -> None:
        in_room(alice)
        other = Address.parse("den@rooms.chat.test")
        room = session(alice).rooms.model(other)
        room.begin_entering()
        room.entered()
        await feed(alice, IN_ROOM, replace(MODERATION, sender=other, outer_sender=other))
        assert only(alice, ROOM).body == "helo"

    async def test_a_tombstone_that_somebody_sends_is_nothing(self, alice: Client) -> None:
        in_room(alice)
        await feed(alice, TEXT, replace(TEXT, body=None, tombstone=Retraction("")))
        await feed(alice, IN_ROOM, replace(IN_ROOM, body=None, tombstone=Retraction("", moderated=True)))
        assert (only(alice, BOB.bare).body, only(alice, ROOM).body) == ("helo", "helo")

    async def test_one_that_the_room_repeats_stands_for_the_message(self, alice: Client) -> None:
        in_room(alice)
        gone = replace(
            IN_ROOM, body=None, tombstone=Retraction("", moderated=True, by=DAVE), delay=now(), delay_by=ROOM
        )
        await feed(alice, gone, IN_ROOM)
        message = only(alice, ROOM)
        assert (message.body, message.tombstone is not None) == ("", True)


class TestOurOwnInARoomWithoutOccupantIds:
    """A room repeats what we said with a stamp, under a nickname that proves nothing."""

    async def test_what_we_did_stays_ours(self, alice: Client) -> None:
        room = in_room(alice)
        room.has_occupant_ids = False
        said = replace(IN_ROOM, sender=ALICE_THERE, outer_sender=ALICE_THERE, occupant_id="")
        reaction = replace(said, id="r1", body=None, stanza_ids=(), reactions=Reactions("a1", ("👍",)))
        correction = replace(said, id="c1", body="hello", stanza_ids=(), replaces="m1")
        again = replace(reaction, id="r2", reactions=Reactions("a1", ("❤",)))
        gone = replace(said, id="g1", body=None, stanza_ids=(), retraction=Retraction("a1"))

        def repeated(message: MessageReceived) -> MessageReceived:
            return replace(message, delay=now(), delay_by=ROOM)

        await feed(alice, said, reaction, correction, again)
        await feed(alice, *map(repeated, (said, reaction, correction, again)))
        message = only(alice, ROOM)
        assert (message.direction, message.body) == (Direction.OUT, "hello")
        assert message.reactions == (Reaction("❤", own=True),)
        await feed(alice, gone, *map(repeated, (said, reaction, correction, again, gone)))
        assert only(alice, ROOM).tombstone is not None


async def test_an_unreadable_message_is_not_cut(alice: Client) -> None:
    sealed = replace(TestAnswers.ANSWER, encrypted="eu.siacs.conversations.axolotl")
    await feed(alice, sealed)
    message = only(alice, BOB.bare)
    assert (message.encryption, "cannot be read" in message.body) == (Encryption.UNREADABLE, True)
