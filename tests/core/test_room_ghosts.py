"""A room that tells nobody's occupant-ids, and has not noticed yet that our last stream is gone."""

from dataclasses import replace

import pytest

from tests.core.line import QuietLine
from tests.core.own_operations import error, reflection
from tests.core.signals import ALICE_THERE, IN_ROOM, OWN, ROOM, feed, in_room, only, session
from tests.engines import Client
from tui_xmpp.core.outbox import PATIENCE
from tui_xmpp.core.room_model import RoomModel
from tui_xmpp.model.commands import SendMessage
from tui_xmpp.model.message import Delivery, Direction
from tui_xmpp.model.message_parts import StanzaId
from tui_xmpp.model.stanzas import MessageReceived, Outgoing, StreamBegun

NAME = "0b74022a-7c39-4cba-82e9-0571ec293f10"
FROM_PHONE = replace(IN_ROOM, sender=ALICE_THERE, outer_sender=ALICE_THERE, occupant_id="", id=NAME, origin_id=NAME)
"""What our phone said there, under the nickname that is ours too."""


@pytest.fixture
def room(alice: Client) -> RoomModel:
    model = in_room(alice)
    model.has_occupant_ids = False
    return model


def again(message: MessageReceived) -> MessageReceived:
    """The second copy of a message, which the room has archived too."""
    return replace(message, stanza_ids=(StanzaId(ROOM, "a2"),))


async def test_what_our_other_device_says_while_we_come_back_is_ours(alice: Client, room: RoomModel) -> None:
    await feed(alice, StreamBegun())
    assert not room.occupants
    await feed(alice, FROM_PHONE)
    assert only(alice, ROOM).direction is Direction.OUT


async def test_what_somebody_says_under_a_nickname_that_we_only_want_is_theirs(alice: Client, room: RoomModel) -> None:
    room.left()
    room.begin_entering()
    await feed(alice, FROM_PHONE)
    assert only(alice, ROOM).direction is Direction.IN


@pytest.mark.parametrize("first_is_ours", [True, False], ids=["heard first", "heard second"])
async def test_what_our_other_device_sent_twice_is_there_once_whichever_copy_was_taken_for_ours(
    alice: Client, room: RoomModel, first_is_ours: bool
) -> None:
    first, second = (FROM_PHONE, again(FROM_PHONE)) if first_is_ours else (again(FROM_PHONE), FROM_PHONE)
    was_in = room.status, room.held
    if not first_is_ours:
        room.left()
        room.begin_entering()
    await feed(alice, first)
    assert only(alice, ROOM).direction is (Direction.OUT if first_is_ours else Direction.IN)
    if first_is_ours:
        room.left()
        room.begin_entering()
    else:
        room.status, room.held = was_in
    await feed(alice, second)
    assert only(alice, ROOM).body == FROM_PHONE.body


async def test_what_we_said_is_there_once_though_it_comes_back_when_the_nickname_may_be_anybodys(
    alice: Client, line: QuietLine, room: RoomModel
) -> None:
    await alice.do(SendMessage(alice.key(ROOM), "hello"))
    (sent,) = line.sent
    room.left()
    room.begin_entering()
    await feed(alice, reflection(sent, "a1", occupant_id=""))
    assert (only(alice, ROOM).direction, only(alice, ROOM).delivery) == (Direction.OUT, Delivery.SENT)


async def test_a_message_goes_out_again_as_often_as_its_room_has_to_get_round_to_the_end_of_old_streams(
    alice: Client, line: QuietLine, room: RoomModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session(alice).rooms, "thrown_out", lambda _room: True)
    await alice.do(SendMessage(alice.key(ROOM), "hello"))
    await refuse(alice, line.sent[0], PATIENCE)
    assert only(alice, ROOM).delivery is Delivery.PENDING
    await feed(alice, StreamBegun())
    await refuse(alice, line.sent[0], PATIENCE)
    assert only(alice, ROOM).delivery is Delivery.PENDING
    await refuse(alice, line.sent[0], 1)
    assert only(alice, ROOM).delivery is Delivery.FAILED


async def refuse(client: Client, sent: Outgoing, times: int) -> None:
    """The room says that we are not in it."""
    refusal = replace(error(sent, "not-acceptable"), sender=ROOM, outer_sender=ROOM, recipient=OWN)
    for _ in range(times):
        await feed(client, refusal)
