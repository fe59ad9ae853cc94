"""What we do with messages in rooms, offline, over restarts, and here alone."""

from dataclasses import replace

import pytest

from tests.core.line import QuietLine, ack, give_line
from tests.core.own_operations import PEER, reflection, restarted, say
from tests.core.signals import (
    IN_ROOM,
    OWN,
    ROOM,
    TEXT,
    feed,
    in_room,
    only,
    session,
)
from tests.engines import Client
from tui_xmpp.errors import RequestFailed, Unavailable
from tui_xmpp.model.commands import (
    CorrectMessage,
    DeleteHistory,
    DeleteMessage,
    Moderate,
    React,
    RetractMessage,
    SendMessage,
)
from tui_xmpp.model.message import Delivery, Direction, Reaction
from tui_xmpp.model.message_parts import Reactions
from tui_xmpp.model.room import Role
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Route


class TestInRooms:
    async def test_what_is_done_waits_until_the_room_has_named_the_message(
        self, alice: Client, line: QuietLine
    ) -> None:
        in_room(alice)
        await alice.do(SendMessage(alice.key(ROOM), "helo"))
        message = only(alice, ROOM)
        await alice.do(React(message.chat, message.id, ("👍",)))
        await alice.do(CorrectMessage(message.chat, message.id, "hello"))
        await alice.do(SendMessage(alice.key(ROOM), "more"))
        assert len(line.sent) == 1
        await feed(alice, reflection(line.sent[0], "a1"))
        assert [sent.reactions for sent in line.sent[1:]] == [Reactions("a1", ("👍",)), None, None]
        assert line.sent[2].replaces == message.stanza_id
        # In a room an acknowledgement settles nothing, what it tells everybody does.
        ack(alice, line)
        await feed(alice)
        assert alice.history(ROOM)[0].waiting
        await feed(alice, *(reflection(sent) for sent in line.sent[1:3]))
        await alice.until(lambda: not alice.history(ROOM)[0].waiting)
        first = alice.history(ROOM)[0]
        assert (first.body, first.reactions) == ("hello", (Reaction("👍", own=True),))

    async def test_a_message_on_its_way_while_its_history_is_deleted_is_known_when_the_room_tells_it(
        self, alice: Client, line: QuietLine
    ) -> None:
        in_room(alice)
        await feed(alice, IN_ROOM)
        await alice.do(SendMessage(alice.key(ROOM), "helo"))
        await alice.do(DeleteHistory(alice.key(ROOM)))
        await feed(alice, reflection(line.sent[0], "a2"))
        assert only(alice, ROOM).delivery is Delivery.SENT
        session(alice).outbox.stream_gone()
        session(alice).outbox.resolve(alice.key(ROOM))
        assert len(line.sent) == 1

    async def test_a_message_that_the_room_never_got_is_taken_back_in_silence(
        self, alice: Client, line: QuietLine
    ) -> None:
        in_room(alice)
        await alice.do(SendMessage(alice.key(ROOM), "helo"))
        line.sent.clear()
        session(alice).outbox.stream_gone()
        message = only(alice, ROOM)
        await alice.do(RetractMessage(message.chat, message.id))
        session(alice).outbox.resolve(message.chat)
        await feed(alice)
        assert (line.sent, alice.history(ROOM)) == ([], ())

    async def test_a_moderator_takes_back_what_others_said(self, alice: Client, line: QuietLine) -> None:
        in_room(alice, role=Role.MODERATOR)
        await feed(alice, IN_ROOM)
        message = only(alice, ROOM)
        await alice.do(Moderate(message.chat, message.id, "spam\n"))
        assert line.moderated == [(ROOM, "a1", "spam")]
        assert only(alice, ROOM).body == "helo"

    async def test_who_is_none_is_told_so(self, alice: Client, line: QuietLine) -> None:
        in_room(alice)
        await feed(alice, IN_ROOM)
        with pytest.raises(RequestFailed, match="moderators"):
            await alice.do(Moderate(alice.key(ROOM), only(alice, ROOM).id))
        assert line.moderated == []

    async def test_in_a_room_we_have_left_nothing_is_done(self, alice: Client, line: QuietLine) -> None:
        room = in_room(alice)
        await feed(alice, IN_ROOM)
        room.left()
        with pytest.raises(Unavailable):
            await alice.do(React(alice.key(ROOM), only(alice, ROOM).id, ("👍",)))


class TestDeletingHere:
    async def test_it_does_not_come_again(self, alice: Client, line: QuietLine) -> None:
        await feed(alice, TEXT)
        await alice.do(DeleteMessage(alice.key(PEER), only(alice, PEER).id))
        await feed(alice, TEXT, replace(TEXT, id="m2", body="hello", replaces="m1"))
        assert alice.history(PEER) == ()
        assert alice.engine.chats()[0].unread == 0

    async def test_what_is_on_its_way_is_not_deleted(self, alice: Client, line: QuietLine) -> None:
        await alice.say(PEER, "helo")
        with pytest.raises(RequestFailed, match="on its way"):
            await alice.do(DeleteMessage(alice.key(PEER), only(alice, PEER).id))

    async def test_what_was_not_sent_does_not_go_out(self, alice: Client) -> None:
        await alice.say(PEER, "helo")
        await alice.do(DeleteMessage(alice.key(PEER), only(alice, PEER).id))
        line = give_line(alice)
        session(alice).outbox.pump()
        assert (line.sent, alice.history(PEER)) == ([], ())


async def test_all_that_is_done_offline_survives_a_restart(alice: Client, line: QuietLine) -> None:
    await feed(alice, TEXT)
    theirs, own = only(alice, PEER), await say(alice, line)
    line.online = False
    await alice.do(React(theirs.chat, theirs.id, ("👍",)))
    await alice.do(SendMessage(own.chat, "yes", reply_to=theirs.id))
    await alice.do(CorrectMessage(own.chat, own.id, "hello"))
    again = await restarted(alice)
    try:
        line = give_line(again)
        session(again).outbox.pump()
        assert line.sent == []  # after a start nobody knows what was written: the archive is asked first
        session(again).outbox.resolve(own.chat)
        assert [(sent.reactions, sent.body, sent.replaces) for sent in line.sent] == [
            (Reactions("m1", ("👍",)), None, ""),
            (None, "> helo\nyes", ""),
            (None, "hello", own.stanza_id),
        ]
        ack(again, line)
        await feed(again)
        assert not any(message.waiting for message in again.history(PEER))
        assert [message.direction for message in again.history(PEER)] == [Direction.IN, Direction.OUT, Direction.OUT]
    finally:
        await again.close()


async def test_what_the_archive_shows_is_not_sent_again(alice: Client, line: QuietLine) -> None:
    await feed(alice, TEXT)
    message = only(alice, PEER)
    await alice.do(React(message.chat, message.id, ("👍",)))
    (sent,) = line.sent
    session(alice).outbox.stream_gone()
    line.sent.clear()
    echo = MessageReceived(
        Route.CARBON_SENT, OWN, OWN.with_resource("x"), PEER, MessageType.CHAT, id=sent.id, reactions=sent.reactions
    )
    await feed(alice, echo)
    session(alice).outbox.resolve(message.chat)
    assert line.sent == []
    await alice.until(lambda: not only(alice, PEER).waiting)
    assert only(alice, PEER).reactions == (Reaction("👍", own=True),)


async def test_a_clock_that_goes_back_turns_nothing_round(
    alice: Client, line: QuietLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.online = False
    times = iter((9_000_000_000, 5_000_000_000, 7_000_000_000, 1_000_000_000))
    monkeypatch.setattr("tui_xmpp.core.outbox.now", lambda: next(times))
    for body in ("one", "two", "three"):
        await alice.say(PEER, body)
    line.online = True
    session(alice).outbox.pump()
    assert [sent.body for sent in line.sent] == ["one", "two", "three"]
    assert alice.bodies(PEER) == ["one", "two", "three"]
