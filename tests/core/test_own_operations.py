"""What we do with messages: shown at once, sent once and in order, and undone where it is refused."""

from dataclasses import replace

import pytest

from tests.core.line import QuietLine, ack, give_line
from tests.core.own_operations import PEER, REPLY, error, reflection, say
from tests.core.signals import (
    ALICE_THERE,
    CAROL,
    EVE,
    IN_ROOM,
    ROOM,
    TEXT,
    feed,
    in_room,
    only,
    session,
)
from tests.engines import Client
from tui_xmpp.core.outbox import PATIENCE
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.commands import CorrectMessage, React, RetractMessage, SendMessage
from tui_xmpp.model.events import MessageChanged, ProblemRaised
from tui_xmpp.model.message import Delivery, Quote, Reaction
from tui_xmpp.model.message_parts import Fallback, Reactions, ReplyTo
from tui_xmpp.model.stanzas import MessageType, Outgoing


class TestCorrecting:
    async def test_it_is_shown_at_once_and_settled_by_the_server(self, alice: Client, line: QuietLine) -> None:
        message = await say(alice, line)
        await alice.do(CorrectMessage(message.chat, message.id, "hello"))
        assert (only(alice, PEER).body, only(alice, PEER).waiting) == ("hello", True)
        (sent,) = line.sent
        assert (sent.body, sent.replaces, sent.recipient) == ("hello", message.stanza_id, PEER)
        assert (sent.request_receipt, sent.markable) == (False, False)
        ack(alice, line)
        await feed(alice)
        assert not only(alice, PEER).waiting
        assert [version.body for version in alice.engine.versions(message.id)] == ["helo", "hello"]
        assert alice.told(MessageChanged)[-1].message == only(alice, PEER)

    async def test_what_nobody_has_seen_is_sent_with_the_new_text_alone(self, alice: Client) -> None:
        await alice.say(PEER, "helo")
        message = only(alice, PEER)
        await alice.do(CorrectMessage(message.chat, message.id, "hello"))
        line = give_line(alice)
        session(alice).outbox.pump()
        assert [(sent.body, sent.replaces) for sent in line.sent] == [("hello", "")]
        assert not only(alice, PEER).edited

    async def test_any_and_several_times_in_order(self, alice: Client, line: QuietLine) -> None:
        one, two = await say(alice, line, "one"), await say(alice, line, "two")
        line.online = False
        await alice.do(CorrectMessage(one.chat, one.id, "1"))
        await alice.do(SendMessage(two.chat, "three"))
        await alice.do(CorrectMessage(two.chat, two.id, "2"))
        await alice.do(CorrectMessage(one.chat, one.id, "One"))
        line.online = True
        session(alice).outbox.pump()
        assert [(sent.body, sent.replaces) for sent in line.sent] == [
            ("1", one.stanza_id),
            ("three", ""),
            ("2", two.stanza_id),
            ("One", one.stanza_id),
        ]

    async def test_what_may_have_arrived_is_corrected_after_it(self, alice: Client, line: QuietLine) -> None:
        await alice.say(PEER, "helo")
        line.sent.clear()
        session(alice).outbox.stream_gone()
        message = only(alice, PEER)
        await alice.do(CorrectMessage(message.chat, message.id, "hello"))
        assert line.sent == []
        session(alice).outbox.resolve(message.chat)
        assert [(sent.id, sent.body) for sent in line.sent][:1] == [(message.stanza_id, "helo")]
        assert [(sent.body, sent.replaces) for sent in line.sent][1:] == [("hello", message.stanza_id)]

    async def test_a_failed_one_is_retried_with_the_new_text(self, alice: Client, line: QuietLine) -> None:
        message = await say(alice, line)
        await feed(alice, replace(error(Outgoing(PEER, MessageType.CHAT, message.stanza_id))))
        assert only(alice, PEER).delivery is Delivery.FAILED
        await alice.do(CorrectMessage(message.chat, message.id, "hello"))
        assert line.sent == []
        await session(alice).outbox.retry(message.id)
        assert [sent.body for sent in line.sent] == ["hello"]

    async def test_what_is_refused_is_as_before_and_why_is_told(self, alice: Client, line: QuietLine) -> None:
        message = await say(alice, line)
        await alice.do(CorrectMessage(message.chat, message.id, "hello"))
        await feed(alice, error(line.sent[0]))
        assert only(alice, PEER) == message
        problem = alice.told(ProblemRaised)[-1]
        assert (problem.title, problem.text) == ("Not corrected", "No thanks.")

    async def test_also_when_our_server_had_taken_it(self, alice: Client, line: QuietLine) -> None:
        message = await say(alice, line)
        await alice.do(CorrectMessage(message.chat, message.id, "hello"))
        ack(alice, line)
        await feed(alice, error(line.sent[0]))
        assert only(alice, PEER).body == "helo"

    async def test_an_error_from_elsewhere_undoes_nothing(self, alice: Client, line: QuietLine) -> None:
        message = await say(alice, line)
        await alice.do(CorrectMessage(message.chat, message.id, "hello"))
        await feed(alice, replace(error(line.sent[0]), sender=EVE, outer_sender=EVE))
        assert only(alice, PEER).body == "hello"

    async def test_only_our_own(self, alice: Client, line: QuietLine) -> None:
        await feed(alice, TEXT)
        with pytest.raises(RequestFailed, match="own messages"):
            await alice.do(CorrectMessage(alice.key(PEER), only(alice, PEER).id, "hello"))

    @pytest.mark.parametrize("body", ["", "  ", "x" * 70_000])
    async def test_not_into_nothing_nor_too_much(self, alice: Client, line: QuietLine, body: str) -> None:
        message = await say(alice, line)
        with pytest.raises(RequestFailed):
            await alice.do(CorrectMessage(message.chat, message.id, body))
        assert only(alice, PEER).body == "helo"


class TestRetracting:
    async def test_it_is_gone_at_once(self, alice: Client, line: QuietLine) -> None:
        message = await say(alice, line)
        await alice.do(RetractMessage(message.chat, message.id))
        assert (only(alice, PEER).body, only(alice, PEER).waiting) == ("", True)
        (sent,) = line.sent
        assert (sent.retracts, sent.body) == (message.stanza_id, None)
        ack(alice, line)
        await feed(alice)
        assert not only(alice, PEER).waiting

    async def test_what_was_not_sent_is_deleted(self, alice: Client) -> None:
        await alice.say(PEER, "helo")
        message = only(alice, PEER)
        await alice.do(RetractMessage(message.chat, message.id))
        line = give_line(alice)
        session(alice).outbox.pump()
        assert (line.sent, alice.history(PEER)) == ([], ())

    async def test_corrections_that_were_not_sent_never_are(self, alice: Client, line: QuietLine) -> None:
        message = await say(alice, line)
        line.online = False
        await alice.do(CorrectMessage(message.chat, message.id, "secret"))
        await alice.do(RetractMessage(message.chat, message.id))
        line.online = True
        session(alice).outbox.pump()
        assert [(sent.retracts, sent.body) for sent in line.sent] == [(message.stanza_id, None)]

    async def test_what_may_have_arrived_is_not_sent_again(self, alice: Client, line: QuietLine) -> None:
        await alice.say(PEER, "helo")
        line.sent.clear()
        session(alice).outbox.stream_gone()
        message = only(alice, PEER)
        await alice.do(RetractMessage(message.chat, message.id))
        assert list(session(alice).outbox.doubts(None)) == [message.chat]
        session(alice).outbox.resolve(message.chat)
        assert [(sent.retracts, sent.body) for sent in line.sent] == [(message.stanza_id, None)]
        ack(alice, line)
        await feed(alice)
        assert only(alice, PEER).delivery is Delivery.SENT

    async def test_what_is_refused_comes_back(self, alice: Client, line: QuietLine) -> None:
        message = await say(alice, line)
        await alice.do(RetractMessage(message.chat, message.id))
        await feed(alice, error(line.sent[0]))
        assert only(alice, PEER) == message

    async def test_nobody_elses(self, alice: Client, line: QuietLine) -> None:
        await feed(alice, TEXT)
        with pytest.raises(RequestFailed, match="own messages"):
            await alice.do(RetractMessage(alice.key(PEER), only(alice, PEER).id))


class TestReacting:
    async def test_one_set_in_place_of_the_one_before(self, alice: Client, line: QuietLine) -> None:
        await feed(alice, replace(TEXT, origin_id="o1"))
        message = only(alice, PEER)
        await alice.do(React(message.chat, message.id, ("👍", "👍")))
        await alice.do(React(message.chat, message.id, ("👍",)))
        await alice.do(React(message.chat, message.id, ("👍", "❤")))
        await alice.do(React(message.chat, message.id, ()))
        assert [sent.reactions for sent in line.sent] == [
            Reactions("o1", ("👍",)),
            Reactions("o1", ("👍", "❤")),
            Reactions("o1", ()),
        ]
        assert only(alice, PEER).reactions == ()

    @pytest.mark.parametrize("emojis", [("yes!",), ("",), ("👍👍",), tuple(chr(0x1F600 + n) for n in range(21))])
    async def test_only_with_emojis(self, alice: Client, line: QuietLine, emojis: tuple[str, ...]) -> None:
        await feed(alice, TEXT)
        with pytest.raises(RequestFailed):
            await alice.do(React(alice.key(PEER), only(alice, PEER).id, emojis))
        assert line.sent == []

    async def test_what_is_refused_is_as_before(self, alice: Client, line: QuietLine) -> None:
        await feed(alice, TEXT)
        message = only(alice, PEER)
        await alice.do(React(message.chat, message.id, ("👍",)))
        ack(alice, line)
        await feed(alice)
        await alice.do(React(message.chat, message.id, ("❤",)))
        await feed(alice, error(line.sent[1], "not-acceptable"))
        assert only(alice, PEER).reactions == (Reaction("👍", own=True),)

    async def test_what_a_room_does_not_accept_again_and_again_is_refused(self, alice: Client, line: QuietLine) -> None:
        in_room(alice)
        await feed(alice, IN_ROOM)
        message = only(alice, ROOM)
        await alice.do(React(message.chat, message.id, ("👍",)))
        queued = session(alice).outbox.queue.named(line.sent[0].id)
        assert queued is not None
        queued.refusals = PATIENCE
        await feed(alice, replace(error(line.sent[0], "not-acceptable"), sender=ROOM, outer_sender=ROOM))
        assert only(alice, ROOM).reactions == ()


class TestAnswering:
    async def test_the_quotation_goes_out_and_is_not_kept_here(self, alice: Client, line: QuietLine) -> None:
        await feed(alice, replace(TEXT, body="one\ntwo"))
        message = only(alice, PEER)
        await alice.do(SendMessage(message.chat, "yes", reply_to=message.id))
        (sent,) = line.sent
        assert (sent.body, sent.fallbacks) == ("> one\n> two\nyes", (Fallback(REPLY, 0, 12),))
        assert sent.reply_to == ReplyTo("m1", PEER)
        answer = alice.history(PEER)[1]
        assert (answer.body, answer.reply) == ("yes", Quote(message.id, text="one two"))

    async def test_a_correction_of_it_is_an_answer_too(self, alice: Client, line: QuietLine) -> None:
        await feed(alice, TEXT)
        await alice.do(SendMessage(alice.key(PEER), "yes", reply_to=only(alice, PEER).id))
        ack(alice, line)
        await feed(alice)
        answer = alice.history(PEER)[1]
        await alice.do(CorrectMessage(answer.chat, answer.id, "no"))
        assert (line.sent[1].body, line.sent[1].reply_to) == ("> helo\nno", ReplyTo("m1", PEER))
        assert alice.history(PEER)[1].reply == answer.reply

    async def test_in_rooms_with_the_rooms_id_and_the_occupants_address(self, alice: Client, line: QuietLine) -> None:
        in_room(alice)
        await feed(alice, IN_ROOM)
        await alice.do(SendMessage(alice.key(ROOM), "yes", reply_to=only(alice, ROOM).id))
        assert line.sent[0].reply_to == ReplyTo("a1", CAROL)
        await feed(alice, reflection(line.sent[0], "a2"))
        first, second = alice.history(ROOM)
        assert (second.body, second.delivery, second.reply) == (
            "yes",
            Delivery.SENT,
            Quote(first.id, "Carol", text="helo"),
        )

    async def test_in_a_private_chat_our_address_is_not_told(self, alice: Client, line: QuietLine) -> None:
        in_room(alice)
        message = await say(alice, line, "psst", CAROL)
        await alice.do(SendMessage(message.chat, "once more", reply_to=message.id))
        assert line.sent[0].reply_to == ReplyTo(message.stanza_id, ALICE_THERE)
        assert line.sent[0].private

    async def test_what_was_encrypted_is_not_quoted_in_clear(self, alice: Client, line: QuietLine) -> None:
        await feed(alice, replace(TEXT, encrypted="eu.siacs.conversations.axolotl"))
        await alice.do(SendMessage(alice.key(PEER), "what?", reply_to=only(alice, PEER).id))
        assert (line.sent[0].body, line.sent[0].fallbacks) == ("what?", ())

    async def test_a_long_original_is_quoted_in_part(self, alice: Client, line: QuietLine) -> None:
        await feed(alice, replace(TEXT, body="\n".join(f"line {number}" for number in range(50))))
        await alice.do(SendMessage(alice.key(PEER), "yes", reply_to=only(alice, PEER).id))
        body = line.sent[0].body
        assert body is not None
        assert body.count("\n") == 11
        assert body.endswith("> …\nyes")

    async def test_nothing_that_is_not_here(self, alice: Client, line: QuietLine) -> None:
        await feed(alice, TEXT, replace(TEXT, sender=EVE, outer_sender=EVE))
        for missing in (12345, only(alice, EVE.bare).id):
            with pytest.raises(RequestFailed):
                await alice.do(SendMessage(alice.key(PEER), "yes", reply_to=missing))
